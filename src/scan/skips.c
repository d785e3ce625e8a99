/* SPDX-License-Identifier: Apache-2.0 */
/* What was not scanned, and why; from all workers. */
#include "scan/skips.h"

#include "base/array.h"

#include <stdlib.h>

void ks_skips_init(struct ks_skips *skips)
{
	*skips = (struct ks_skips){ 0 };
	pthread_mutex_init(&skips->lock, NULL);
}

static int add(struct ks_skips *skips, enum ks_skip_reason reason,
	const struct ks_skip_place *place, const char *detail)
{
	struct ks_left_out *one;

	if (skips->totals[reason]++ >= KS_SKIPS_NAMED_MAX)
		return KS_OK;
	if (ks_array_reserve(&skips->list, &skips->cap, skips->count + 1,
		    sizeof(*skips->list)) < 0)
		return KS_E_NOMEM;
	one = &skips->list[skips->count];
	*one = (struct ks_left_out){ .reason = reason };
	one->detail = ks_arena_copy(&skips->arena, ks_span_str(detail));
	if (place->what)
		one->what =
			ks_arena_copy(&skips->arena, ks_span_str(place->what));
	if (place->inside)
		one->inside = ks_arena_copy(
			&skips->arena, ks_span_str(place->inside));
	if (!one->detail || (place->what && !one->what) ||
		(place->inside && !one->inside))
		return KS_E_NOMEM;
	if (place->oid)
		one->oid = *place->oid;
	skips->count++;
	return KS_OK;
}

int ks_skips_add_at(struct ks_skips *skips, enum ks_skip_reason reason,
	const struct ks_skip_place *place, const char *detail,
	struct ks_err *err)
{
	int rc;

	pthread_mutex_lock(&skips->lock);
	rc = add(skips, reason, place, detail);
	pthread_mutex_unlock(&skips->lock);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

int ks_skips_add(struct ks_skips *skips, enum ks_skip_reason reason,
	const char *what, const struct ks_oid *oid, const char *detail,
	struct ks_err *err)
{
	const struct ks_skip_place place = { .what = what, .oid = oid };

	return ks_skips_add_at(skips, reason, &place, detail, err);
}

void ks_skips_release(struct ks_skips *skips)
{
	ks_arena_release(&skips->arena);
	free(skips->list);
	pthread_mutex_destroy(&skips->lock);
}
