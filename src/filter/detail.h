/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what a token tells, while it is filled. */
#ifndef KS_FILTER_DETAIL_H
#define KS_FILTER_DETAIL_H

#include "filter/filter.h"

struct ks_details {
	struct ks_detail *list; /* KS_DETAILS_MAX */
	size_t count;
};

/*
 * Add ${text}, printable characters only, cut to fit. Nothing is added for
 * an empty text or to a full list.
 */
void ks_detail_add(
	struct ks_details *details, const char *name, struct ks_span text);

/* Add ${seconds} since the epoch as ISO 8601 in UTC, if it has such a form. */
void ks_detail_add_time(
	struct ks_details *details, const char *name, double seconds);

#endif
