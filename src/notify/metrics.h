/* SPDX-License-Identifier: Apache-2.0 */
/* Figures for Prometheus, in the text format of its node_exporter. */
#ifndef KS_NOTIFY_METRICS_H
#define KS_NOTIFY_METRICS_H

#include "base/buf.h"

/* One figure. Those of one name follow each other. */
struct ks_metric {
	const char *name; /* "keysieve_findings" */
	const char *help; /* a sentence */
	bool is_counter;  /* it only grows; its name ends with _total */
	/* Label name and value in turn, NULL-terminated, or NULL. */
	const char *const *labels;
	double value;
};

/*
 * Write the ${count} figures ${list} to ${path}, whole or not at all and
 * readable by everybody: node_exporter reads files that end with ".prom".
 * Values of labels may be any bytes. KS_E_USAGE: a name is none; KS_E_IO,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_metrics_write(const char *path,
	const struct ks_metric *list, size_t count, struct ks_err *err);

#endif
