/* SPDX-License-Identifier: Apache-2.0 */
/* From accepted secrets to hits: lines, markers, the other half. */
#ifndef KS_SCAN_NOTING_H
#define KS_SCAN_NOTING_H

#include "provenance/lines.h"
#include "scan/finder.h"

/* The hits of one object, noted window by window. */
struct ks_noting {
	const struct ks_rules *rules;
	struct ks_hits *hits;
	const struct ks_where *where;
	bool keeps_lines; /* hits are to have their line */
	bool keeps_shown; /* and the bytes around them */
	size_t first;     /* of the object's hits */
	uint32_t index;   /* of where in hits; set with the first one */
	struct ks_place place;
	uint64_t at; /* whose place that is, in the object */
};

/* To note in ${hits} (borrowed, as all is) what is found at ${where}. */
struct ks_noting ks_noting_of(const struct ks_rules *rules,
	struct ks_hits *hits, const struct ks_where *where);

/*
 * Add the ${count} secrets ${list} of ${window}, sorted by raw_start. Of an
 * object each window comes, in order, also with none. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_noting_add(struct ks_noting *noting,
	const struct ks_window *window, const struct ks_accepted *list,
	size_t count);

/* That was all of the object: pair its hits. */
void ks_noting_end(struct ks_noting *noting);

#endif
