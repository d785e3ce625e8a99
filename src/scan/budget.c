/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan may take of the machine's memory, and who of it how much. */
#include "scan/budget.h"

#include <keysieve/scan.h>

#include <inttypes.h>

#define MIB ((uint64_t)1 << 20)

enum {
	PROGRAM_MIB = 8, /* rules, libraries, stacks */
	WORKER_MIB = 8,  /* the least of one worker */
	WINDOW_MIB = 16, /* larger ones are not faster */
	MARGIN_MIN = 64 << 10,
	LINE_BYTES = 4096, /* as far as near.c looks along a line */
	CONTEXT = 8192     /* lines, markers and what judges them */
};

uint64_t ks_budget_least(unsigned jobs)
{
	return (PROGRAM_MIB + (uint64_t)WORKER_MIB * jobs) * MIB;
}

unsigned ks_budget_jobs(uint64_t memory)
{
	uint64_t mib = (memory ? memory : KS_MEMORY) / MIB;

	if (mib < PROGRAM_MIB + WORKER_MIB)
		return 1;
	mib = (mib - PROGRAM_MIB) / WORKER_MIB;
	return mib > UINT32_MAX ? UINT32_MAX : (unsigned)mib;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* As far as any rule looks around a secret, its longest match included. */
static size_t reach_of(const struct ks_rules *rules)
{
	size_t reach = MARGIN_MIN;

	for (uint32_t i = 0; i < rules->count; i++) {
		const struct ks_rule *rule = &rules->list[i];
		size_t near = 0;
		size_t extent = 0;

		if (rule->near.rule != KS_RULE_NONE)
			near = (size_t)LINE_BYTES *
			       (rule->near.within_lines + (size_t)1);
		if (rule->extent != UINT32_MAX)
			extent = (size_t)rule->extent + rule->lookbehind;
		if (reach < near + extent + CONTEXT)
			reach = near + extent + CONTEXT;
	}
	return reach;
}

/* Half of a window at least is its own. */
static struct ks_window_size window_of(
	uint64_t large, const struct ks_rules *rules)
{
	size_t window =
		large < WINDOW_MIB * MIB ? (size_t)large : WINDOW_MIB * MIB;
	size_t margin = least(reach_of(rules), window / 4) & ~(size_t)1;

	return (struct ks_window_size){
		.own = (window - 2 * margin) & ~(size_t)1,
		.margin = margin,
	};
}

int ks_budget_make(struct ks_budget *budget, uint64_t memory, unsigned jobs,
	const struct ks_rules *rules, struct ks_err *err)
{
	uint64_t needed = ks_budget_least(jobs);
	uint64_t shared;

	if (!memory)
		memory = needed > KS_MEMORY ? needed : KS_MEMORY;
	if (memory < needed)
		return ks_fail(err, KS_E_USAGE,
			"%" PRIu64 " bytes of memory are too few for %u job%s: "
			"%" PRIu64 "M are the least",
			memory, jobs, jobs == 1 ? "" : "s", needed / MIB);
	shared = memory - PROGRAM_MIB * MIB;
	*budget = (struct ks_budget){
		.memory = memory,
		.worker = shared / 2 / jobs,
		.graph = shared / 4 / jobs,
	};
	budget->large = budget->worker / 5;
	budget->window = window_of(budget->large, rules);
	budget->candidates = (size_t)(budget->worker / 32);
	budget->cache = (size_t)(budget->worker / 8);
	budget->pairs = (size_t)(shared / 4 / 8);
	return KS_OK;
}
