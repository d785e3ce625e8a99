/* SPDX-License-Identifier: Apache-2.0 */
/* How far the scan is: one line on standard error. */
#ifndef KS_CLI_PROGRESS_H
#define KS_CLI_PROGRESS_H

#include <keysieve/scan.h>

#include <stdio.h>

/* Zero-initialise ({0}), then ks_progress_begin(). */
struct ks_progress_bar {
	FILE *file; /* NULL: nothing is shown */
	unsigned columns;
	size_t drawn;      /* columns of what stands there */
	double begun;      /* seconds, of the stage */
	double shown;      /* seconds, when it was last drawn */
	const char *stage; /* of which begun is told */
};

enum {
	KS_PROGRESS_MAX = 256 /* columns, a NUL included */
};

/* Show the progress on ${file}, a terminal of ${columns} (0: not known). */
void ks_progress_begin(
	struct ks_progress_bar *bar, FILE *file, unsigned columns);

/* For struct ks_scan_options: draw it, if it is time to. */
void ks_progress_tell(const struct ks_progress *progress, void *payload);

/* Wipe it. */
void ks_progress_end(struct ks_progress_bar *bar);

/*
 * What stands in the line ${seconds} after the stage began, in at most
 * ${columns} columns (less than KS_PROGRESS_MAX).
 */
void ks_progress_text(char out[KS_PROGRESS_MAX],
	const struct ks_progress *progress, double seconds, unsigned columns);

#endif
