/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects, built member by member from what a result holds. */
#ifndef KS_REPORT_FIELDS_H
#define KS_REPORT_FIELDS_H

#include "base/err.h"
#include "base/span.h"

#include <jansson.h>
#include <stdio.h>

/*
 * An object in the making; ks_fields_begin() starts it and ks_fields_end()
 * must follow. Members stand in the order in which they were set. A failed
 * allocation is remembered and told at the end.
 */
struct ks_fields {
	json_t *object;
	bool has_failed;
};

struct ks_fields ks_fields_begin(void);

/* The object, the caller's; NULL when memory ran out on the way. */
json_t *ks_fields_end(struct ks_fields *fields);

/* Set ${key} to ${value}, which is taken; NULL is memory that ran out. */
void ks_fields_set(struct ks_fields *fields, const char *key, json_t *value);

void ks_fields_str(struct ks_fields *fields, const char *key, const char *text);
void ks_fields_count(struct ks_fields *fields, const char *key, uint64_t value);
void ks_fields_bool(struct ks_fields *fields, const char *key, bool value);

/*
 * Set ${key} to ${value} rounded to ${decimals} (at most 6) places; what is
 * no number becomes 0.
 */
void ks_fields_real(struct ks_fields *fields, const char *key, double value,
	unsigned decimals);

/* Set ${key} to the base64 (RFC 4648, section 4) of ${bytes}. */
void ks_fields_base64(
	struct ks_fields *fields, const char *key, struct ks_span bytes);

/*
 * A JSON string of ${text}: each byte that is not UTF-8, and each NUL, is
 * U+FFFD in it. NULL when memory ran out.
 */
json_t *ks_fields_string(struct ks_span text);

/*
 * Write ${value} to ${file} on one line, without a newline, and free it.
 * NULL is memory that ran out. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_fields_write(
	FILE *file, json_t *value, struct ks_err *err);

#endif
