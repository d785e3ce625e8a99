/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a rule file's fields, read from YAML events. */
#ifndef KS_RULES_FIELD_H
#define KS_RULES_FIELD_H

#include "base/yaml.h"
#include "rules/draft.h"

/* A rule file on the way. */
struct ks_field_reader {
	struct ks_yaml yaml;
	struct ks_drafts *drafts;
	struct ks_draft *draft; /* the rule being read, or NULL */
	char within[96];        /* of it: yaml.within */
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
	KS_FIELD_LINK,
	KS_FIELD_ASSIGNED
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
 * Read the value of ${field}, whose first event is the current one, into the
 * draft being read. KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_field_value(
	struct ks_field_reader *reader, const struct ks_field *field);

#endif
