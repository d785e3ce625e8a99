/* SPDX-License-Identifier: Apache-2.0 */
/* Of secrets that overlap one is kept. */
#ifndef KS_SCAN_OVERLAPS_H
#define KS_SCAN_OVERLAPS_H

#include "rules/rule.h"
#include "scan/finder.h"

/*
 * Sort the ${count} secrets ${list} by raw_start and keep of those that
 * overlap one another the best; returns how many are left.
 */
size_t ks_overlaps_resolve(
	const struct ks_rules *rules, struct ks_accepted *list, size_t count);

#endif
