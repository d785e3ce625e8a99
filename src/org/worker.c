/* SPDX-License-Identifier: Apache-2.0 */
/* Doing what scans on other machines want done. */
#include "org/org.h"
#include "org/work.h"

#include <stdlib.h>
#include <time.h>

enum {
	POLL_SECONDS = 2
};

static bool is_cancelled(const struct ks_org_wish *wish)
{
	return wish->scan->cancel && *wish->scan->cancel;
}

static void tell(const struct ks_org_wish *wish, const char *place,
	enum ks_queue_outcome outcome)
{
	static const char *const names[] = { [KS_QUEUE_UNCHANGED] = "unchanged",
		[KS_QUEUE_FOLLOWED] = "followed",
		[KS_QUEUE_AUDITED] = "audited",
		[KS_QUEUE_FAILED] = "failed" };
	struct ks_org_event event = { .place = place,
		.outcome = names[outcome] };

	if (wish->event)
		wish->event(&event, wish->event_payload);
}

static void wait_a_little(const struct ks_org_wish *wish)
{
	struct timespec delay = { .tv_nsec = 100 * 1000 * 1000 };

	for (int i = 0; i < 10 * POLL_SECONDS && !is_cancelled(wish); i++)
		nanosleep(&delay, NULL);
}

static int work_on(struct ks_work *work, int patience, struct ks_err *err)
{
	const struct ks_org_wish *wish = work->wish;
	int waited = 0; /* seconds */
	int rc = KS_OK;

	while (rc == KS_OK && !is_cancelled(wish)) {
		enum ks_queue_outcome outcome = KS_QUEUE_FAILED;
		const char *place = NULL;

		rc = ks_work_next(work, 0, &place, &outcome, err);
		if (rc == KS_OK && place) {
			tell(wish, place, outcome);
			waited = 0;
		} else if (rc == KS_OK) {
			if (patience >= 0 && waited >= patience)
				break;
			wait_a_little(wish);
			waited += POLL_SECONDS;
		}
	}
	/* What it was at is given back, and nothing is lost. */
	return rc == KS_E_INTERRUPTED && is_cancelled(wish) ? KS_OK : rc;
}

int ks_org_work(const struct ks_org_store *store, int patience,
	const struct ks_org_wish *wish, struct ks_err *err)
{
	struct ks_org *org = calloc(1, sizeof(*org));
	struct ks_work work = { 0 };
	int rc;

	if (!org)
		return ks_fail_nomem(err);
	rc = ks_lease_name(org->holder, err);
	if (rc == KS_OK)
		rc = ks_org_open_state(&org->state, store, false, err);
	if (rc == KS_OK)
		rc = ks_work_begin(&work, org, wish, err);
	if (rc == KS_OK)
		rc = work_on(&work, patience, err);
	ks_work_end(&work);
	ks_org_close(org);
	return rc;
}
