/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of options. */
#include "cli/settings.h"

#include <keysieve/report.h>
#include <keysieve/scan.h>

#define TARGET(member) offsetof(struct ks_settings, member)
#define GROUP(group_title, options)                                            \
	{                                                                      \
		.title = (group_title), .list = (options),                     \
		.count = sizeof(options) / sizeof(*(options))                  \
	}

static const char *const formats[] = {
	[KS_FORMAT_TEXT] = "text",
	[KS_FORMAT_JSONL] = "jsonl",
	[KS_FORMAT_JSON] = "json",
	[KS_FORMAT_SARIF] = "sarif",
	[KS_FORMAT_CSV] = "csv",
	[KS_FORMAT_JUNIT] = "junit",
	[KS_FORMAT_GITLAB] = "gitlab",
	[KS_FORMAT_GITHUB] = "github",
	[KS_FORMAT_MARKDOWN] = "markdown",
	[KS_FORMAT_HTML] = "html",
	[KS_FORMAT_COUNT] = NULL,
};

static const char *const engines[] = {
	[KS_ENGINE_FAST] = "fast",
	[KS_ENGINE_REFERENCE] = "reference",
	NULL,
};

static const char *const colours[] = {
	[KS_COLOUR_AUTO] = "auto",
	[KS_COLOUR_ALWAYS] = "always",
	[KS_COLOUR_NEVER] = "never",
	NULL,
};

static const char *const groupings[] = {
	[KS_GROUP_BY_FILE] = "file",
	[KS_GROUP_BY_RULE] = "rule",
	NULL,
};

static const char *const outcomes[] = {
	[KS_ON_ERROR_STOP] = "stop",
	[KS_ON_ERROR_PASS] = "pass",
	NULL,
};

static const struct ks_option rules[] = {
	{ "rules", 'r', "PATH",
		"add the rules of a file, or of all *.yaml in a folder; may be "
		"repeated",
		KS_OPTION_WORD, TARGET(rules), NULL },
	{ "only", 0, "RULE,...", "use these rules and no others",
		KS_OPTION_LIST, TARGET(only), NULL },
	{ "skip", 0, "RULE,...", "leave these rules out", KS_OPTION_LIST,
		TARGET(skip), NULL },
	{ "min-confidence", 0, "X",
		"leave out findings of a confidence below X, 0 to 1; 0.45 "
		"if not given",
		KS_OPTION_SHARE, TARGET(min_confidence), NULL },
};

static const struct ks_option control[] = {
	{ "config", 0, "FILE",
		"what may stand, as FILE says: docs/control.md has the format",
		KS_OPTION_TEXT, TARGET(config), NULL },
	{ "baseline", 0, "FILE",
		"leave out the findings that FILE lists: they are known",
		KS_OPTION_TEXT, TARGET(baseline), NULL },
	{ "trust-repo-config", 0, NULL,
		"heed what the scanned files say may stand: .keysieve.yaml, "
		"and markers such as keysieve:allow; a clone of yours is "
		"trusted anyway",
		KS_OPTION_FLAG, TARGET(trust_repo_config), NULL },
	{ "no-trust-repo-config", 0, NULL, "never heed it", KS_OPTION_FLAG,
		TARGET(no_trust_repo_config), NULL },
	{ "show-suppressed", 0, NULL, "list what may stand, too",
		KS_OPTION_FLAG, TARGET(show_suppressed), NULL },
};

static const struct ks_option scan[] = {
	{ "jobs", 'j', "N", "threads to use; one a processor if not given",
		KS_OPTION_COUNT, TARGET(jobs), NULL },
	{ "max-blob-size", 0, "SIZE",
		"leave out, and name, what is larger: bytes, or with k, M or "
		"G; "
		"256M if not given",
		KS_OPTION_SIZE, TARGET(max_blob_size), NULL },
	{ "memory", 0, "SIZE",
		"memory to use, for all threads, the index of the packs not "
		"counted; 256M if not given",
		KS_OPTION_SIZE, TARGET(memory), NULL },
	{ "engine", 0, "ENGINE",
		"fast, or reference: slow and simple, to check fast with",
		KS_OPTION_CHOICE, TARGET(engine), engines },
};

static const struct ks_option archives[] = {
	{ "no-archives", 0, NULL, "do not unpack archives", KS_OPTION_FLAG,
		TARGET(no_archives), NULL },
	{ "archive-depth", 0, "N",
		"unpack archives in archives, N deep at most; 5 if not given",
		KS_OPTION_COUNT, TARGET(archive_depth), NULL },
	{ "archive-bytes", 0, "SIZE",
		"unpack so much of an archive, those in it included; 1G if "
		"not given",
		KS_OPTION_SIZE, TARGET(archive_bytes), NULL },
	{ "archive-ratio", 0, "N",
		"and N times its own size, or 16M if that is more; 250 if not "
		"given",
		KS_OPTION_COUNT, TARGET(archive_ratio), NULL },
	{ "archive-entries", 0, "N",
		"and so many files, or with k or M; 256k if not given",
		KS_OPTION_SIZE, TARGET(archive_entries), NULL },
};

static const struct ks_option audit[] = {
	{ "connectivity", 0, NULL,
		"walk every tree too and name each object that is missing",
		KS_OPTION_FLAG, TARGET(connectivity), NULL },
	{ "since", 0, "REV", "scan only what commits since REV bring to HEAD",
		KS_OPTION_TEXT, TARGET(since), NULL },
	{ "range", 0, "A..B",
		"scan only what commits of B bring that A has not",
		KS_OPTION_TEXT, TARGET(range), NULL },
};

static const struct ks_option hook[] = {
	{ "min-confidence", 0, "X",
		"let findings of a confidence below X pass, 0 to 1; 0.8 if "
		"not given",
		KS_OPTION_SHARE, TARGET(min_confidence), NULL },
	{ "on-error", 0, "WHAT",
		"stop or pass, where not all could be scanned; stop if not "
		"given",
		KS_OPTION_CHOICE, TARGET(on_error), outcomes },
	{ "time-limit", 0, "SECONDS",
		"what takes longer has not been scanned, as with an error",
		KS_OPTION_COUNT, TARGET(time_limit), NULL },
	{ "rules", 'r', "PATH",
		"add the rules of a file, or of all *.yaml in a folder; may be "
		"repeated",
		KS_OPTION_WORD, TARGET(rules), NULL },
	{ "only", 0, "RULE,...", "use these rules and no others",
		KS_OPTION_LIST, TARGET(only), NULL },
	{ "skip", 0, "RULE,...", "leave these rules out", KS_OPTION_LIST,
		TARGET(skip), NULL },
	{ "max-blob-size", 0, "SIZE",
		"what is larger cannot be scanned: bytes, or with k, M or G; "
		"256M if not given",
		KS_OPTION_SIZE, TARGET(max_blob_size), NULL },
	{ "config", 0, "FILE", "a configuration: what may stand, and rules",
		KS_OPTION_TEXT, TARGET(config), NULL },
	{ "baseline", 0, "FILE", "what was known before may stand",
		KS_OPTION_TEXT, TARGET(baseline), NULL },
	{ "no-trust-repo-config", 0, NULL,
		"do not heed what the files say may stand, such as markers",
		KS_OPTION_FLAG, TARGET(no_trust_repo_config), NULL },
	{ "jobs", 'j', "N", "threads to use; one a processor if not given",
		KS_OPTION_COUNT, TARGET(jobs), NULL },
	{ "color", 0, "WHEN", "auto, always or never", KS_OPTION_CHOICE,
		TARGET(colour), colours },
	{ "quiet", 'q', NULL, "say nothing of a clean scan that took long",
		KS_OPTION_FLAG, TARGET(quiet), NULL },
};

static const struct ks_option agent[] = {
	{ "agent", 0, NULL,
		"for the hook of a coding agent: standard input is the JSON "
		"of what it is about to do, exit status 2 and a word on "
		"standard error stop it",
		KS_OPTION_FLAG, TARGET(is_agent), NULL },
};

static const struct ks_option where[] = {
	{ "global", 0, NULL, "for all repositories of yours, by core.hooksPath",
		KS_OPTION_FLAG, TARGET(is_global), NULL },
};

/* Of the options of a report, those that are not about progress. */
enum {
	REPORT_TOLD = 7
};

static const struct ks_option report[] = {
	{ "format", 'f', "FORMAT",
		"text, jsonl, json, sarif, csv, junit, gitlab, github, "
		"markdown or html",
		KS_OPTION_CHOICE, TARGET(format), formats },
	{ "output", 'o', "FILE",
		"write the report there, whole or not at all, readable by you "
		"only",
		KS_OPTION_TEXT, TARGET(output), NULL },
	{ "group-by", 0, "WHAT", "file or rule, in text", KS_OPTION_CHOICE,
		TARGET(group_by), groupings },
	{ "occurrences", 0, NULL, "tell every place of a finding",
		KS_OPTION_FLAG, TARGET(occurrences), NULL },
	{ "show-secrets", 0, NULL, "do not redact", KS_OPTION_FLAG,
		TARGET(show_secrets), NULL },
	{ "color", 0, "WHEN", "auto, always or never", KS_OPTION_CHOICE,
		TARGET(colour), colours },
	{ "quiet", 'q', NULL, "findings only: no summary, no progress",
		KS_OPTION_FLAG, TARGET(quiet), NULL },
	{ "no-progress", 0, NULL, "no progress on a terminal", KS_OPTION_FLAG,
		TARGET(no_progress), NULL },
};

static const struct ks_option entries[] = {
	{ "who", 0, "NAME", "who says that they may stand; you if not given",
		KS_OPTION_TEXT, TARGET(who), NULL },
	{ "why", 0, "TEXT", "and why", KS_OPTION_TEXT, TARGET(why), NULL },
	{ "until", 0, "DATE", "the last day, YYYY-MM-DD; for ever if not given",
		KS_OPTION_TEXT, TARGET(until), NULL },
};

static const struct ks_option from[] = {
	{ "from", 0, "FILE",
		"take the findings of a report, json or jsonl, instead of "
		"auditing",
		KS_OPTION_TEXT, TARGET(from), NULL },
};

static const struct ks_option file[] = {
	{ "output", 'o', "FILE", "write there, whole or not at all",
		KS_OPTION_TEXT, TARGET(output), NULL },
	{ "quiet", 'q', NULL, "no counts, no progress", KS_OPTION_FLAG,
		TARGET(quiet), NULL },
	{ "no-progress", 0, NULL, "no progress on a terminal", KS_OPTION_FLAG,
		TARGET(no_progress), NULL },
};

static const char *const org_formats[] = {
	[KS_FORMAT_TEXT] = "text",
	[KS_FORMAT_JSONL] = "jsonl",
	NULL,
};

static const struct ks_option store[] = {
	{ "store", 0, "STORE",
		"what is known: a file, or postgresql://USER@HOST/DATABASE; "
		"KEYSIEVE_STORE or ~/.local/state/keysieve/findings.sqlite if "
		"not given",
		KS_OPTION_TEXT, TARGET(store), NULL },
	{ "store-key", 0, "FILE",
		"the key of the store; KEYSIEVE_STORE_KEY or "
		"~/.config/keysieve/store.key if not given",
		KS_OPTION_TEXT, TARGET(store_key), NULL },
};

static const struct ks_option source[] = {
	{ "no-archived", 0, NULL, "leave out archived repositories",
		KS_OPTION_FLAG, TARGET(no_archived), NULL },
	{ "no-forks", 0, NULL, "leave out forks", KS_OPTION_FLAG,
		TARGET(no_forks), NULL },
	{ "wikis", 0, NULL, "scan the wikis, too", KS_OPTION_FLAG,
		TARGET(wikis), NULL },
	{ "include", 0, "GLOB",
		"only repositories with such a name, or with a '/' in GLOB "
		"such a whole name; may be repeated",
		KS_OPTION_WORD, TARGET(include), NULL },
	{ "exclude", 0, "GLOB", "none of those; may be repeated",
		KS_OPTION_WORD, TARGET(exclude), NULL },
};

static const struct ks_option mirrors[] = {
	{ "credentials", 0, "FILE",
		"tokens for forges, in the format of netrc(5); else they are "
		"in the environment",
		KS_OPTION_TEXT, TARGET(credentials), NULL },
	{ "mirrors", 0, "FOLDER",
		"where copies of remote repositories are; "
		"~/.cache/keysieve/mirrors if not given",
		KS_OPTION_TEXT, TARGET(mirrors), NULL },
	{ "mirrors-max", 0, "SIZE",
		"how much they may take: bytes, or with k, M or G; those "
		"scanned longest ago are removed",
		KS_OPTION_SIZE, TARGET(mirrors_max), NULL },
};

static const struct ks_option org_scan[] = {
	{ "format", 'f', "FORMAT", "text, jsonl", KS_OPTION_CHOICE,
		TARGET(format), org_formats },
	{ "webhook", 0, "URL",
		"tell it what is new, too; slack:URL, json:URL; a URL that is "
		"a secret goes into KEYSIEVE_WEBHOOK instead",
		KS_OPTION_TEXT, TARGET(webhook), NULL },
	{ "store-secrets", 0, "FILE.pub",
		"keep secrets in full, encrypted for whoever has the private "
		"key: 'keysieve org keygen' makes both",
		KS_OPTION_TEXT, TARGET(secrets_to), NULL },
	{ "events", 0, NULL,
		"a JSON object a line on standard error for each repository",
		KS_OPTION_FLAG, TARGET(events), NULL },
	{ "new-rules", 0, NULL,
		"where only the rules are others than at the last scan, look "
		"for those with new ids, not for all again",
		KS_OPTION_FLAG, TARGET(new_rules), NULL },
	{ "metrics", 0, "FILE", "write figures for Prometheus there",
		KS_OPTION_TEXT, TARGET(metrics), NULL },
	{ "quiet", 'q', NULL, "what is new only: no summary, no progress",
		KS_OPTION_FLAG, TARGET(quiet), NULL },
	{ "no-progress", 0, NULL, "no progress on a terminal", KS_OPTION_FLAG,
		TARGET(no_progress), NULL },
};

static const struct ks_option try[] = {
	{ "text", 0, "FILE",
		"say what they make of the text FILE, too; - is standard input",
		KS_OPTION_TEXT, TARGET(text), NULL },
};

static const struct ks_option worker[] = {
	{ "once", 0, NULL, "end when there is nothing to do", KS_OPTION_FLAG,
		TARGET(once), NULL },
	{ "wait", 0, "SECONDS",
		"end when there was nothing to do for so long; else it waits "
		"for ever",
		KS_OPTION_COUNT, TARGET(wait), NULL },
	{ "store-secrets", 0, "FILE.pub",
		"as the scans have it: else their work is left to others",
		KS_OPTION_TEXT, TARGET(secrets_to), NULL },
	{ "new-rules", 0, NULL,
		"where only the rules are others than at the last scan, look "
		"for those with new ids, not for all again",
		KS_OPTION_FLAG, TARGET(new_rules), NULL },
	{ "events", 0, NULL,
		"a JSON object a line on standard error for each repository",
		KS_OPTION_FLAG, TARGET(events), NULL },
	{ "quiet", 'q', NULL, "say nothing of what was done", KS_OPTION_FLAG,
		TARGET(quiet), NULL },
};

static const struct ks_option org_list[] = {
	{ "new", 0, NULL, "only what the last scan told of", KS_OPTION_FLAG,
		TARGET(only_new), NULL },
	{ "state", 0, "STATE,...", "new, open, gone, dismissed", KS_OPTION_LIST,
		TARGET(states), NULL },
	{ "repository", 0, "GLOB",
		"only in these: the end of where it is, such as acme/web or "
		"web*",
		KS_OPTION_TEXT, TARGET(repository), NULL },
	{ "rule", 0, "RULE", "only of this rule", KS_OPTION_TEXT, TARGET(rule),
		NULL },
	{ "min-confidence", 0, "X",
		"leave out findings of a confidence below X, 0 to 1",
		KS_OPTION_SHARE, TARGET(min_confidence), NULL },
	{ "since", 0, "DATE", "only those first seen that day or later",
		KS_OPTION_TEXT, TARGET(since), NULL },
	{ "secret-key", 0, "FILE",
		"show secrets in full where --store-secrets kept them, with "
		"the private key",
		KS_OPTION_TEXT, TARGET(secret_key), NULL },
	{ "format", 'f', "FORMAT",
		"text, jsonl, or any of a report's: html, csv, sarif, ...",
		KS_OPTION_CHOICE, TARGET(format), formats },
	{ "output", 'o', "FILE", "write to FILE", KS_OPTION_TEXT,
		TARGET(output), NULL },
	{ "quiet", 'q', NULL, "do not say how many", KS_OPTION_FLAG,
		TARGET(quiet), NULL },
};

static const struct ks_option org_history[] = {
	{ "since", 0, "DATE", "only what happened that day or later",
		KS_OPTION_TEXT, TARGET(since), NULL },
	{ "format", 'f', "FORMAT", "text, jsonl", KS_OPTION_CHOICE,
		TARGET(format), org_formats },
};

static const struct ks_option other[] = {
	{ "help", 'h', NULL, "show this help", KS_OPTION_FLAG, TARGET(help),
		NULL },
};

const struct ks_option_group ks_settings_rules =
	GROUP("What to look for", rules);
const struct ks_option_group ks_settings_control =
	GROUP("What may stand", control);
const struct ks_option_group ks_settings_scan = GROUP("How to scan", scan);
const struct ks_option_group ks_settings_archives =
	GROUP("What to unpack", archives);
const struct ks_option_group ks_settings_audit = GROUP("What to check", audit);
const struct ks_option_group ks_settings_hook = GROUP("What to let pass", hook);
const struct ks_option_group ks_settings_agent = GROUP("Who asks", agent);
const struct ks_option_group ks_settings_where = GROUP("Where", where);
const struct ks_option_group ks_settings_report = GROUP("What to tell", report);
const struct ks_option_group ks_settings_told = {
	.title = "What to tell", .list = report, .count = REPORT_TOLD
};
const struct ks_option_group ks_settings_entries =
	GROUP("What to say of new entries", entries);
const struct ks_option_group ks_settings_from = GROUP("What is found", from);
const struct ks_option_group ks_settings_file = GROUP("What to write", file);
const struct ks_option_group ks_settings_store = GROUP("Where", store);
const struct ks_option_group ks_settings_org_scan =
	GROUP("What to tell", org_scan);
const struct ks_option_group ks_settings_org_list =
	GROUP("What to tell", org_list);
const struct ks_option_group ks_settings_try =
	GROUP("What to try them on", try);
const struct ks_option_group ks_settings_worker = GROUP("What to do", worker);
const struct ks_option_group ks_settings_source =
	GROUP("What of a forge", source);
const struct ks_option_group ks_settings_mirrors =
	GROUP("What is remote", mirrors);
const struct ks_option_group ks_settings_org_history =
	GROUP("What to tell", org_history);
const struct ks_option_group ks_settings_other = GROUP("Other", other);
const struct ks_option_group ks_settings_rule_files = {
	.title = "Which rules", .list = rules, .count = 1
};

void ks_settings_unpack(
	const struct ks_settings *settings, struct ks_scan_options *options)
{
	options->no_archives = settings->no_archives;
	options->archive_depth = settings->archive_depth;
	options->archive_ratio = settings->archive_ratio;
	options->archive_bytes = settings->archive_bytes;
	options->archive_entries = settings->archive_entries;
}

void ks_settings_release(struct ks_settings *settings)
{
	ks_words_release(&settings->rules);
	ks_words_release(&settings->only);
	ks_words_release(&settings->skip);
	ks_words_release(&settings->states);
	ks_words_release(&settings->include);
	ks_words_release(&settings->exclude);
	ks_arena_release(&settings->arena);
}
