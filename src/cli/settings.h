/* SPDX-License-Identifier: Apache-2.0 */
/* What the command line asked for. */
#ifndef KS_CLI_SETTINGS_H
#define KS_CLI_SETTINGS_H

#include "base/arena.h"
#include "cli/options.h"
#include "cli/words.h"

#include <keysieve/scan.h>

enum ks_colour {
	KS_COLOUR_AUTO, /* if a person reads it */
	KS_COLOUR_ALWAYS,
	KS_COLOUR_NEVER
};

enum ks_grouping {
	KS_GROUP_BY_FILE,
	KS_GROUP_BY_RULE
};

/* What a hook does that cannot scan. */
enum ks_on_error {
	KS_ON_ERROR_STOP,
	KS_ON_ERROR_PASS
};

/* Initialise with {0}: all defaults; ks_settings_release() frees. */
struct ks_settings {
	bool help;
	/* What to look for. */
	struct ks_words rules; /* files and folders */
	struct ks_words only;  /* rule ids */
	struct ks_words skip;  /* rule ids */
	double min_confidence; /* negative: not given */
	/* What may stand. */
	const char *config;   /* NULL: none */
	const char *baseline; /* NULL: none */
	const char *from;     /* a report; NULL: none */
	const char *who;      /* NULL: the user */
	const char *why;      /* NULL: nothing */
	const char *until;    /* a date; NULL: for ever */
	bool trust_repo_config;
	bool no_trust_repo_config;
	bool show_suppressed;
	/* How to scan. */
	unsigned jobs;          /* 0: one a processor */
	uint64_t max_blob_size; /* bytes; 0: the default */
	uint64_t memory;        /* bytes; 0: the default */
	int engine;             /* enum ks_engine */
	/* What of archives to unpack; 0: the default. */
	bool no_archives;
	unsigned archive_depth;
	unsigned archive_ratio;
	uint64_t archive_bytes;
	uint64_t archive_entries;
	bool connectivity;
	/* Where what is known is kept. */
	const char *store;      /* NULL: the default */
	const char *store_key;  /* a file; NULL: the default */
	const char *secrets_to; /* a file; NULL: secrets are not kept */
	const char *secret_key; /* a file; NULL: they are not told */
	bool no_archived;       /* repositories of forges */
	bool no_forks;
	bool wikis;
	struct ks_words include;
	struct ks_words exclude;
	const char *credentials; /* a file; NULL: none */
	const char *mirrors;     /* a folder; NULL: the default */
	uint64_t mirrors_max;    /* bytes; 0: no limit */
	bool once;               /* a worker: until there is nothing to do */
	unsigned wait;           /* and for so many seconds; 0: not given */
	bool events;             /* tell each as JSON */
	bool new_rules; /* of rules that changed, only those that are new */
	bool only_new;
	struct ks_words states; /* of findings */
	const char *text;       /* a file to try rules on; NULL: none */
	const char *repository; /* a glob; NULL: any */
	const char *rule;       /* an id; NULL: any */
	const char *webhook;    /* NULL: none */
	const char *metrics;    /* a file; NULL: none */
	const char *since;      /* a revision; NULL: all history */
	const char *range;      /* "A..B" */
	/* What a hook does. */
	int on_error;        /* enum ks_on_error */
	unsigned time_limit; /* seconds; 0: none */
	bool is_agent;       /* for a coding agent */
	bool is_global;      /* for all repositories of the user */
	/* What to tell. */
	int format;         /* enum ks_format */
	const char *output; /* NULL: standard output */
	int group_by;       /* enum ks_grouping */
	bool occurrences;
	bool show_secrets;
	int colour; /* enum ks_colour */
	bool quiet;
	bool no_progress;
	/* What is no option; borrowed from argv. */
	const char *const *operands;
	size_t operand_count;
	struct ks_arena arena; /* of the words that were split */
};

/* Groups of options, to be joined to those of a command. */
extern const struct ks_option_group ks_settings_rules;
extern const struct ks_option_group ks_settings_control;
extern const struct ks_option_group ks_settings_scan;
extern const struct ks_option_group ks_settings_archives;
extern const struct ks_option_group ks_settings_audit;
extern const struct ks_option_group ks_settings_agent;
extern const struct ks_option_group ks_settings_hook;
extern const struct ks_option_group ks_settings_where;
extern const struct ks_option_group ks_settings_report;
/* The same without progress: for what scans nothing. */
extern const struct ks_option_group ks_settings_told;
extern const struct ks_option_group ks_settings_other;
extern const struct ks_option_group ks_settings_entries;
extern const struct ks_option_group ks_settings_from;
extern const struct ks_option_group ks_settings_file;
extern const struct ks_option_group ks_settings_store;
extern const struct ks_option_group ks_settings_org_scan;
extern const struct ks_option_group ks_settings_org_list;
extern const struct ks_option_group ks_settings_source;
extern const struct ks_option_group ks_settings_worker;
extern const struct ks_option_group ks_settings_try;
extern const struct ks_option_group ks_settings_mirrors;
extern const struct ks_option_group ks_settings_org_history;
/* --rules alone: for commands that scan nothing. */
extern const struct ks_option_group ks_settings_rule_files;

/* What of archives to unpack, into ${options}. */
void ks_settings_unpack(
	const struct ks_settings *settings, struct ks_scan_options *options);

void ks_settings_release(struct ks_settings *settings);

#endif
