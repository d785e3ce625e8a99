/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan may take of the machine's memory, and who of it how much. */
#ifndef KS_SCAN_BUDGET_H
#define KS_SCAN_BUDGET_H

#include "rules/rule.h"
#include "scan/windows.h"

/*
 * All in bytes, or as said. A quarter is for what grows with the history
 * (graph), and is taken over by the search for commits later; half is the
 * workers'; the rest is for what they keep of what they found, for commits
 * and for the program itself.
 */
struct ks_budget {
	uint64_t memory; /* all that follows, of all workers */
	uint64_t worker; /* objects that one worker holds at a time */
	uint64_t large;  /* an object over this is not held */
	struct ks_window_size window;
	size_t candidates; /* places to try in one subject */
	size_t cache;      /* objects that a reader keeps */
	uint64_t graph;    /* trees' entries of one worker */
	size_t pairs;      /* pairs of object and tree, in the search */
};

/* The least memory with which ${jobs} workers can work, in bytes. */
uint64_t ks_budget_least(unsigned jobs);

/* How many workers can work with ${memory} bytes (0: the default); from 1. */
unsigned ks_budget_jobs(uint64_t memory);

/*
 * Share ${memory} bytes among ${jobs} workers that look for ${rules}; 0: the
 * default, or more where the workers need it. KS_E_USAGE says how much is
 * needed where it is not enough.
 */
KS_MUST_CHECK int ks_budget_make(struct ks_budget *budget, uint64_t memory,
	unsigned jobs, const struct ks_rules *rules, struct ks_err *err);

#endif
