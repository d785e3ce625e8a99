/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan found, and what it could not read. */
#ifndef KEYSIEVE_FINDING_H
#define KEYSIEVE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * All strings and arrays below belong to the struct ks_result that they are
 * reached from and live as long as it. Strings are NUL-terminated and never
 * NULL; what is not known is "". They hold bytes as the repository has them
 * (a path need not be UTF-8), but for secrets: paths, messages, names and
 * snippets have every secret in them redacted, unless the scan was asked
 * not to.
 */

/* One place of a finding. */
struct ks_occurrence {
	/*
	 * Relative to the repository for a blob, as given for a file;
	 * "commit:<oid>", "tag:<oid>", "note:<oid of what it is about>" for
	 * the text of such an object; "ref:<name>" for a ref's name. For a
	 * path that is the secret itself: that path. "blob:<oid>" for a blob
	 * that no tree names. For what is in an archive, "!/" and its name
	 * in there come behind that, and again for an archive in it.
	 */
	const char *path;
	const char *blob; /* hex object id; "" for files and ref names */
	uint64_t line;    /* from 1 */
	uint64_t column;  /* from 1, in bytes */
	uint64_t end_line;
	uint64_t end_column; /* of the last byte */
	/*
	 * How it is encoded there: "base64", "hex", "percent", "escape",
	 * "entity", "joined", "utf-16" or "base64>gzip", several joined by '>',
	 * the outermost first; "": it stands there as it is.
	 */
	const char *encoding;
	/* The line with the secret, at most 200 bytes around it. */
	const char *snippet;
	/* The oldest commit that has it; "" if there is none. */
	const char *commit; /* hex object id */
	const char *author;
	const char *email;
	int64_t time;        /* seconds since the epoch; author's date */
	int32_t utc_offset;  /* minutes */
	const char *message; /* first line */
	bool is_root;        /* that commit has no parents */
	bool is_name;        /* it stands in the path itself */
	bool in_head;        /* stands in HEAD's tree at this path */
	bool is_reachable;   /* from a ref or a reflog */
};

/* The commit that removed a secret. */
struct ks_removal {
	const char *commit; /* hex object id */
	const char *author;
	const char *email;
	int64_t time;        /* seconds since the epoch; author's date */
	int32_t utc_offset;  /* minutes */
	const char *message; /* first line */
};

/* Something the secret itself tells, e.g. account = 123456789012. */
struct ks_fact {
	const char *name;
	const char *value;
};

/* Who says that a finding need not be reported. */
enum ks_suppression {
	KS_SUPPRESSED_CONFIG,   /* an entry of a configuration */
	KS_SUPPRESSED_INLINE,   /* a marker beside the secret */
	KS_SUPPRESSED_BASELINE, /* the baseline: it was known before */
	KS_SUPPRESSION_COUNT
};

/* One rule and one secret, with all its places merged. */
struct ks_finding {
	const char *fingerprint; /* 64 hex digits: of rule id and secret */
	const char *rule;        /* id */
	const char *rule_name;
	const char *rotate;   /* URL: how to replace it; may be "" */
	const char *secret;   /* raw bytes, then a NUL */
	size_t secret_length; /* bytes */
	const char *redacted; /* printable, safe to show */
	double confidence;    /* 0 to 1 */
	double entropy;       /* bits per character */
	const struct ks_fact *facts;
	size_t fact_count;
	/* The fingerprint of the other half (key id and key), or "". */
	const char *pair;
	/* Oldest first; at least one. */
	const struct ks_occurrence *occurrences;
	size_t occurrence_count;
	/* All places, where those above are only some; 0: they are all. */
	size_t place_count;
	bool in_head; /* any occurrence does */
	/*
	 * The commit on the way to HEAD that took the last of it out of the
	 * files; other branches may have it still. NULL: HEAD has it, or
	 * never had, or it is not known.
	 */
	const struct ks_removal *removed;
	/* Local and remote-tracking branches whose tips still have it. */
	const char *const *branches;
	size_t branch_count;
	/* Of those that are not reported: who says so, and why; or "". */
	bool is_suppressed;
	enum ks_suppression suppression;
	const char *reason;
};

/* What was found and is not reported. */
struct ks_suppressed {
	uint64_t findings[KS_SUPPRESSION_COUNT]; /* with all their places */
	uint64_t occurrences; /* other places, of findings reported */
	/* What a repository that is not trusted says is not heeded: */
	uint64_t markers_ignored;   /* markers beside secrets */
	const char *config_ignored; /* its configuration file, or "" */
};

/* Why something was not scanned, or is outside of what was asked. */
enum ks_skip_reason {
	KS_SKIP_UNREADABLE, /* corrupt, or no permission */
	KS_SKIP_MISSING,    /* an object that others name is not there */
	KS_SKIP_TOO_LARGE,  /* over --max-blob-size */
	KS_SKIP_LIMIT,      /* matching or unpacking stopped at a limit */
	KS_SKIP_SHALLOW,    /* history ends here: a shallow clone */
	KS_SKIP_PARTIAL,    /* a partial clone: objects left at the remote */
	KS_SKIP_DANGLING,   /* a ref that names an object not there */
	KS_SKIP_SPECIAL,    /* a file that is no file: socket, device */
	/* Those from here on do not make a scan incomplete. */
	KS_SKIP_GITLINK,      /* a submodule: another repository */
	KS_SKIP_LFS,          /* an LFS pointer: the content is elsewhere */
	KS_SKIP_TEMPORARY,    /* files that git had not finished writing */
	KS_SKIP_NOT_UNPACKED, /* in an archive: damaged, or encrypted */
	KS_SKIP_REASON_COUNT
};

/* One thing that was not scanned. */
struct ks_skip {
	enum ks_skip_reason reason;
	const char *what;   /* the object, path or ref */
	const char *detail; /* what happened; may be "" */
};

/* What a scan does, one after the other. */
enum ks_stage {
	KS_STAGE_OPEN,       /* rules, repository, pack indexes */
	KS_STAGE_SCAN,       /* every object read and searched */
	KS_STAGE_HISTORY,    /* refs; what workers found, merged; what lacks */
	KS_STAGE_PROVENANCE, /* whose the findings are, and the result */
	KS_STAGE_COUNT
};

/* What was covered. All are counts of this run. */
struct ks_coverage {
	uint64_t refs;
	uint64_t commits;
	uint64_t trees;
	uint64_t blobs;
	uint64_t tags;
	uint64_t files;          /* of `scan` */
	uint64_t bytes;          /* of content: blobs, commits, tags, trees */
	uint64_t bytes_inflated; /* from packs and files, deltas as such */
	uint64_t bytes_matched;  /* given to stage one */
	uint64_t candidates;     /* reported by stage one */
	uint64_t confirmed;      /* of those, that PCRE2 confirmed */
	uint64_t declined;       /* objects read from another copy */
	uint64_t archives;       /* opened, those in archives too */
	uint64_t entries;        /* files in them */
	uint64_t bytes_unpacked; /* of these; not counted in bytes */
	uint64_t skips[KS_SKIP_REASON_COUNT];
	double seconds;                       /* wall time */
	double stage_seconds[KS_STAGE_COUNT]; /* of that */
};

/* What is worth a look in what says that something may stand. */
enum ks_notice_kind {
	KS_NOTICE_ALLOW_EXPIRED,      /* an entry that has run out */
	KS_NOTICE_ALLOW_UNUSED,       /* its fingerprint is not found */
	KS_NOTICE_ALLOW_UNKNOWN_RULE, /* it names a rule that is not there */
	KS_NOTICE_BASELINE_EXPIRED,   /* found, and its day is over */
	KS_NOTICE_BASELINE_STALE,     /* not found any more */
	KS_NOTICE_KIND_COUNT
};

/* One of these. */
struct ks_notice {
	enum ks_notice_kind kind;
	const char *what;   /* "file:line" of an entry, or a fingerprint */
	const char *detail; /* for people; may be "" */
};

/* Everything one scan has to tell. */
struct ks_result {
	const char *source; /* the repository or path as given */
	/* Sorted: in HEAD first, then by confidence, path and line. */
	const struct ks_finding *findings;
	size_t finding_count;
	/* The first ones of each reason; coverage.skips counts all. */
	const struct ks_skip *skips;
	size_t skip_count;
	struct ks_coverage coverage;
	struct ks_suppressed suppressed;
	/* Only if asked for (ks_scan_options.list_suppressed); sorted. */
	const struct ks_finding *suppressed_findings;
	size_t suppressed_count;
	const struct ks_notice *notices; /* by kind */
	size_t notice_count;
	/* Of a push: hex id of the commit checked out; "": not known. */
	char head[65];
	bool has_merges; /* and some of its commits have several parents */
	bool is_repository;
	bool is_shallow;
	bool is_partial;
	bool is_complete; /* nothing asked for was left out */
};

/* The name of ${reason}: "unreadable", "missing", … Static. */
const char *ks_skip_reason_name(enum ks_skip_reason reason);

/* The name of ${stage}: "open", "scan", … Static. */
const char *ks_stage_name(enum ks_stage stage);

/* Does a skip for ${reason} make a scan incomplete? */
bool ks_skip_is_incomplete(enum ks_skip_reason reason);

/* "allow_expired", "baseline_stale", … Static. */
const char *ks_notice_name(enum ks_notice_kind kind);

/* "config", "inline", "baseline". Static. */
const char *ks_suppression_name(enum ks_suppression suppression);

#ifdef __cplusplus
}
#endif
#endif
