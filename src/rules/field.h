/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a rule file's fields, read from YAML events. */
#ifndef KS_RULES_FIELD_H
#define KS_RULES_FIELD_H

#include "rules/draft.h"

#include <yaml.h>

enum {
	KS_FIELD_MAX_TEXT = 64 << 10, /* bytes of one value */
	KS_FIELD_MAX_ITEMS = 4096     /* of one list */
};

/* The events of one file, pulled one at a time. */
struct ks_field_reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one */
	bool has_event;
	struct ks_drafts *drafts;
	struct ks_draft *draft; /* the rule being read, or NULL */
	const char *file;
	unsigned line; /* of the current event, from 1 */
	struct ks_err *err;
};

enum ks_field_type {
	KS_FIELD_ID,
	KS_FIELD_TEXT,
	KS_FIELD_URL,
	KS_FIELD_DATE,
	KS_FIELD_LIST,
	KS_FIELD_REAL,  /* limits.real */
	KS_FIELD_COUNT, /* limits.count */
	KS_FIELD_NAME,  /* one of names */
	KS_FIELD_FLAG,
	KS_FIELD_LINK
};

struct ks_field {
	const char *name;
	enum ks_field_type type;
	bool is_required;
	size_t at;       /* in struct ks_draft */
	size_t at_count; /* KS_FIELD_LIST: of the count; KS_FIELD_LINK: of the
			    id */
	double most;     /* KS_FIELD_REAL, KS_FIELD_COUNT */
	uint32_t least;  /* KS_FIELD_LIST: items */
	const char *const *names;
	int name_count;
};

/*
 * Fail with KS_E_RULE and the printf-style message, at the current line, in
 * the rule being read.
 */
int ks_field_wrong(struct ks_field_reader *reader, const char *format, ...)
	KS_PRINTF(2, 3);

/*
 * Move to the next event. Returns its type (not negative), or KS_E_RULE or
 * KS_E_NOMEM: no YAML, or an anchor, an alias or a tag.
 */
int ks_field_next(struct ks_field_reader *reader);

/*
 * The current event's text, copied into the drafts' arena; ${name} is what
 * messages call it. KS_E_RULE if it is not a text, empty, too long or holds
 * a NUL; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_field_text(
	struct ks_field_reader *reader, const char **out, const char *name);

/*
 * Read the value of ${field}, whose first event is the current one, into the
 * draft being read. KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_field_value(
	struct ks_field_reader *reader, const struct ks_field *field);

#endif
