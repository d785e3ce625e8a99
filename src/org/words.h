/* SPDX-License-Identifier: Apache-2.0 */
/* What lines for people and for programs are made of. */
#ifndef KS_ORG_WORDS_H
#define KS_ORG_WORDS_H

#include "base/buf.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

enum {
	KS_ORG_DATE = 32,
	KS_ORG_SHORT = 16 /* digits of a fingerprint that people are shown */
};

/* ${seconds} since 1970 as RFC 3339 has it; 0: "". */
void ks_org_date(char out[KS_ORG_DATE], int64_t seconds);

/* Append ${text}, which may be hostile, for a terminal. KS_E_NOMEM. */
KS_MUST_CHECK int ks_org_add_safe(struct ks_buf *line, const char *text);

/* ${text} for jansson: what is no UTF-8 is made visible. NULL: no memory. */
json_t *ks_org_json(const char *text);

/* Append ${object} and a line feed, and free it; NULL is KS_E_NOMEM. */
KS_MUST_CHECK int ks_org_add_json(struct ks_buf *line, json_t *object);

/* Write ${line} to ${file}. KS_E_IO. */
KS_MUST_CHECK int ks_org_put(
	FILE *file, const struct ks_buf *line, struct ks_err *err);

#endif
