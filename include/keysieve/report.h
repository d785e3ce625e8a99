/* SPDX-License-Identifier: Apache-2.0 */
/* Telling what a scan found, to people and to other programs. */
#ifndef KEYSIEVE_REPORT_H
#define KEYSIEVE_REPORT_H

#include <keysieve/error.h>
#include <keysieve/finding.h>
#include <keysieve/rules.h>

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a report is written as: docs/output.md. */
enum ks_format {
	KS_FORMAT_TEXT,
	KS_FORMAT_JSONL,
	KS_FORMAT_JSON,
	KS_FORMAT_SARIF,
	KS_FORMAT_CSV,
	KS_FORMAT_JUNIT,
	KS_FORMAT_GITLAB,
	KS_FORMAT_GITHUB,
	KS_FORMAT_MARKDOWN,
	KS_FORMAT_HTML,
	KS_FORMAT_COUNT
};

/* How a report is written. Zero-initialise ({0}). */
struct ks_report_options {
	enum ks_format format;
	bool show_secrets; /* the secret itself instead of its redacted form */
	bool occurrences;  /* every place of a finding, not the first only */
	bool colour;       /* text: ANSI escapes */
	bool by_rule;      /* text: group by rule instead of by file */
	bool quiet;        /* text: findings only, no summary */
	unsigned width;    /* text: columns of the terminal, 0: no limit */
};

/*
 * Write ${result} to ${file} as ${options} say. ${rules} are those it was
 * scanned with (SARIF lists them). The stream is flushed. KS_E_IO (message
 * without the file's name: the caller knows it), KS_E_NOMEM.
 */
int ks_report_write(FILE *file, const struct ks_result *result,
	const struct ks_rules *rules, const struct ks_report_options *options,
	struct ks_err *err);

/*
 * Write to ${file} only the closing lines of the text format: what was
 * found, what was covered, what was left out and what to do next; for
 * stderr, where a program reads the report. ${options} says colour and
 * width. The stream is flushed. Errors as ks_report_write().
 */
int ks_report_summarise(FILE *file, const struct ks_result *result,
	const struct ks_report_options *options, struct ks_err *err);

/*
 * Read the report ${path} ("-" is standard input) that was written as json or
 * jsonl into ${out}, to be told again; what such a report does not say is not
 * known then. ${show_secrets} says whether it may hold secrets in full: else
 * one that does is refused. KS_E_IO, KS_E_CORRUPT, KS_E_USAGE, KS_E_NOMEM.
 */
int ks_report_load(struct ks_result **out, const char *path, bool show_secrets,
	struct ks_err *err);

/* Free ${result}, which came from ks_report_load(); NULL is fine. */
void ks_report_unload(struct ks_result *result);

/* What a hook stops. */
enum ks_stop {
	KS_STOP_PUSH,
	KS_STOP_COMMIT,
	KS_STOP_WRITE,  /* what a coding agent is about to do */
	KS_STOP_RECEIVE /* a push, by the side that receives it */
};

struct ks_ref_update;

/* What was stopped, and how to say it. Zero-initialise ({0}). */
struct ks_stop_options {
	enum ks_stop what;
	const char *remote; /* PUSH: name or URL */
	/* PUSH, RECEIVE: what is sent. */
	const struct ks_ref_update *updates;
	size_t update_count;
	bool distrusts; /* what the repository says may stand does not count */
	bool colour;
	unsigned width; /* columns of the terminal, 0: no limit */
};

/*
 * Write to ${file} what a person needs whose push or commit is stopped
 * because of the findings in ${result}: each with its place, its line
 * redacted, why it is thought a secret, and the shortest way out. The stream
 * is flushed. Errors as ks_report_write().
 */
int ks_report_stop(FILE *file, const struct ks_result *result,
	const struct ks_stop_options *options, struct ks_err *err);

/* The format called ${name}, or -1. */
int ks_format_parse(const char *name);

#ifdef __cplusplus
}
#endif
#endif
