/* SPDX-License-Identifier: Apache-2.0 */
/* Results as text, to compare whole scans. */
#ifndef TESTS_SCAN_TOLD_H
#define TESTS_SCAN_TOLD_H

#include <keysieve/report.h>
#include <keysieve/scan.h>

/*
 * ${result} as lines of JSON, every place and every secret with it; to be
 * freed. Aborts without memory.
 */
char *told(const struct ks_result *result, const struct ks_rules *rules);

/* The finding of the secret ${secret}, or NULL. */
const struct ks_finding *told_finding(
	const struct ks_result *result, const char *secret);

#endif
