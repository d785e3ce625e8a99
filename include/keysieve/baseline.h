/* SPDX-License-Identifier: Apache-2.0 */
/* Baselines: findings that are known, so that only new ones are reported. */
#ifndef KEYSIEVE_BASELINE_H
#define KEYSIEVE_BASELINE_H

#include <keysieve/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A list of known findings. docs/control.md has the format of its file. */
struct ks_baseline;

/* One of them; strings live as long as the baseline, none is NULL. */
struct ks_baseline_entry {
	const char *fingerprint; /* 64 hex digits, lower-case */
	const char *rule;        /* id; for people */
	const char *until;       /* the last day, YYYY-MM-DD; "": for ever */
	const char *who;         /* no blanks; or "" */
	const char *why;         /* one line; or "" */
};

/* An empty one, the caller's. KS_E_NOMEM. */
int ks_baseline_new(struct ks_baseline **out, struct ks_err *err);

/* NULL is fine. */
void ks_baseline_free(struct ks_baseline *baseline);

/*
 * Add a copy of ${entry}. Of several of one fingerprint one is kept, the same
 * in whatever order they come: that which runs out first. Of a text
 * only what the format can hold is kept: a line, of who a word. KS_E_NOMEM,
 * KS_E_USAGE for a fingerprint or a date that is none.
 */
int ks_baseline_add(struct ks_baseline *baseline,
	const struct ks_baseline_entry *entry, struct ks_err *err);

/*
 * Add all of the file ${path}. KS_E_IO; KS_E_CORRUPT names file, line and
 * what is wrong; KS_E_NOMEM.
 */
int ks_baseline_read(
	struct ks_baseline *baseline, const char *path, struct ks_err *err);

/*
 * Add the findings of the report ${path}, of the format jsonl or json, with
 * who, why and until of ${entry}. Errors as above.
 */
int ks_baseline_read_report(struct ks_baseline *baseline, const char *path,
	const struct ks_baseline_entry *entry, struct ks_err *err);

/* All entries, sorted by fingerprint; valid until the next change. */
const struct ks_baseline_entry *ks_baseline_list(
	struct ks_baseline *baseline, size_t *count);

/* The entry of ${fingerprint}, or NULL; valid until the next change. */
const struct ks_baseline_entry *ks_baseline_find(
	struct ks_baseline *baseline, const char *fingerprint);

/* Has ${entry} run out on the day ${today}, YYYY-MM-DD? */
bool ks_baseline_is_expired(
	const struct ks_baseline_entry *entry, const char *today);

/* The day it is, in UTC, as YYYY-MM-DD. */
void ks_baseline_today(char out[11]);

/* Is ${text} a date, YYYY-MM-DD? */
bool ks_baseline_is_date(const char *text);

/* Write ${baseline} as a file. KS_E_IO. */
int ks_baseline_write(
	FILE *file, struct ks_baseline *baseline, struct ks_err *err);

#ifdef __cplusplus
}
#endif
#endif
