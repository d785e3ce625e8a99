/* SPDX-License-Identifier: Apache-2.0 */
/* Reading YAML event by event, with messages that name file and line. */
#ifndef KS_BASE_YAML_H
#define KS_BASE_YAML_H

#include "base/arena.h"
#include "base/err.h"

#include <yaml.h>

enum {
	KS_YAML_MAX_TEXT = 64 << 10, /* bytes of one value */
	KS_YAML_MAX_ITEMS = 4096     /* of one list of texts */
};

/* The events of one file, pulled one at a time. ks_yaml_end() frees. */
struct ks_yaml {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one */
	bool has_event;
	const char *file;       /* what messages call it; borrowed */
	unsigned line;          /* of the current event, from 1 */
	struct ks_arena *arena; /* texts are copied to it */
	const char *within;     /* messages: "rule 'x': "; or "" */
	struct ks_err *err;
};

/* Texts read; they belong to the arena. */
struct ks_yaml_texts {
	const char *const *list;
	uint32_t count;
};

/*
 * Begin to read ${text}, called ${file}; all that is given must outlive
 * ${yaml}. KS_E_NOMEM; ks_yaml_end() is to be called then too.
 */
KS_MUST_CHECK int ks_yaml_begin(struct ks_yaml *yaml, struct ks_span text,
	const char *file, struct ks_arena *arena, struct ks_err *err);

void ks_yaml_end(struct ks_yaml *yaml);

/* Fail with KS_E_RULE and the printf-style message, at the current line. */
int ks_yaml_wrong(struct ks_yaml *yaml, const char *format, ...)
	KS_PRINTF(2, 3);

/*
 * Move to the next event. Returns its type (not negative), or KS_E_RULE or
 * KS_E_NOMEM: no YAML, or an anchor, an alias or a tag.
 */
int ks_yaml_next(struct ks_yaml *yaml);

/*
 * Move to the first event of the document's only node; returns its type, or
 * YAML_STREAM_END_EVENT if there is none. Errors as above.
 */
int ks_yaml_root(struct ks_yaml *yaml);

/* The node at hand was the document's: is there nothing behind it? */
KS_MUST_CHECK int ks_yaml_finish(struct ks_yaml *yaml);

/* Pass over the node whose first event is the current one. */
KS_MUST_CHECK int ks_yaml_skip(struct ks_yaml *yaml);

/*
 * The current event's text, copied; ${name} is what messages call it.
 * KS_E_RULE if it is not a text, empty, too long or holds a NUL; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_yaml_text(
	struct ks_yaml *yaml, const char **out, const char *name);

/*
 * A number from 0 to ${most}: digits with at most one dot, whatever the
 * locale says. Errors as above.
 */
KS_MUST_CHECK int ks_yaml_number(
	struct ks_yaml *yaml, double *out, const char *name, double most);

/* "true" or "false". */
KS_MUST_CHECK int ks_yaml_flag(
	struct ks_yaml *yaml, bool *out, const char *name);

/* A list of at least ${least} texts. Errors as above. */
KS_MUST_CHECK int ks_yaml_list(struct ks_yaml *yaml, struct ks_yaml_texts *out,
	const char *name, uint32_t least);

/* Has ${text} the form YYYY-MM-DD? */
bool ks_yaml_is_date(const char *text);

#endif
