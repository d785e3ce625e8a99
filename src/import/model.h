/* SPDX-License-Identifier: Apache-2.0 */
/* What is imported, between the file it was read from and our own. */
#ifndef KS_IMPORT_MODEL_H
#define KS_IMPORT_MODEL_H

#include "base/arena.h"
#include "base/buf.h"
#include "rules/rule.h"

#include <keysieve/import.h>

enum {
	KS_MODEL_MAX_BYTES = 32 << 20, /* of a file to import */
	KS_MODEL_MAX_PATTERN = 4096    /* bytes of a joined pattern */
};

/* Texts; they belong to the arena, the list does not. */
struct ks_model_texts {
	const char **list;
	size_t count;
	size_t cap;
};

struct ks_model_rule {
	const char *id;   /* ours */
	const char *from; /* theirs */
	const char *name;
	const char *pattern; /* with a group `secret` */
	const char *kind;
	const char *source; /* URL; or "" */
	double entropy;
	double confidence;
	struct ks_model_texts allow;
};

/* An entry of `allow:`; empty lists are no conditions. */
struct ks_model_entry {
	struct ks_model_texts rules;
	struct ks_model_texts paths; /* as they are: no globs */
	struct ks_model_texts path_patterns;
	struct ks_model_texts patterns;
	struct ks_model_texts commits;
	struct ks_model_texts stopwords;
	bool on_line;
	const char *reason; /* or "" */
};

/* Zero-initialise but for rules and note; ks_model_release() frees. */
struct ks_model {
	struct ks_arena arena;
	struct ks_model_rule *list;
	size_t count;
	size_t cap;
	struct ks_model_entry *entries;
	size_t entry_count;
	size_t entry_cap;
	size_t lost;
	const struct ks_rules *rules; /* those there are already */
	void (*note)(void *payload, const char *about, const char *what);
	void *payload;
};

/* Tell of something that was not carried over, or not exactly. */
void ks_model_note(struct ks_model *model, const char *about,
	const char *format, ...) KS_PRINTF(3, 4);

/* Append a copy of ${text}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_model_add_text(
	struct ks_model *model, struct ks_model_texts *texts, const char *text);

/* An empty entry to be filled, valid until the next; NULL: no memory. */
struct ks_model_entry *ks_model_add_entry(struct ks_model *model);

/* What is to be said of a rule, in the words of another tool. */
struct ks_model_draft {
	const char *id;
	const char *name;
	const char *pattern;
	const char *source;     /* URL; or "" */
	const char *group_name; /* of the secret; NULL: see below */
	unsigned group;         /* its number; 0: the first group */
	double entropy;
	double confidence;
};

/*
 * Append the rule ${draft}, if it can be made one of ours: ${out} is it,
 * valid until the next, or NULL; why not is noted. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_model_add_rule(struct ks_model *model,
	const struct ks_model_draft *draft, struct ks_model_rule **out,
	struct ks_err *err);

/* Our id for the rule that they call ${from}; NULL when memory ran out. */
const char *ks_model_id(struct ks_model *model, const char *from);

void ks_model_release(struct ks_model *model);

#endif
