/* SPDX-License-Identifier: Apache-2.0 */
/* How many findings each rule has. */
#include "report/tally.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

size_t ks_tally_find(const struct ks_tally *tally, const char *id)
{
	size_t i = 0;

	while (i < tally->count && strcmp(tally->rules[i].first->rule, id) != 0)
		i++;
	return i;
}

int ks_tally_count(struct ks_tally *tally, const struct ks_finding *findings,
	size_t count, struct ks_err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct ks_finding *finding = &findings[i];
		size_t at = ks_tally_find(tally, finding->rule);

		if (at == tally->count) {
			if (ks_array_reserve(&tally->rules, &tally->cap, at + 1,
				    sizeof(*tally->rules)))
				return ks_fail_nomem(err);
			tally->rules[at] = (struct ks_tally_rule){
				.first = finding,
			};
			tally->count++;
		}
		tally->rules[at].count++;
		if (finding->in_head) {
			tally->rules[at].in_head++;
			tally->in_head++;
		}
	}
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct ks_tally_rule *a = left;
	const struct ks_tally_rule *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->first->rule, b->first->rule);
}

void ks_tally_sort(struct ks_tally *tally)
{
	if (tally->count > 1)
		qsort(tally->rules, tally->count, sizeof(*tally->rules),
			compare);
}

void ks_tally_release(struct ks_tally *tally)
{
	free(tally->rules);
	*tally = (struct ks_tally){ 0 };
}
