/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning an organisation: what has to be looked at, and what came of it. */
#include "org/org.h"
#include "org/sources.h"
#include "org/work.h"
#include "store/events.h"
#include "store/findings.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const char vanished[] = "it is not there any more";
static const char poisoned[] =
	"whoever scanned it was killed, 3 times or more: it is tried again in "
	"some hours";

/* One scan. */
struct scanning {
	struct ks_org *org;
	const struct ks_org_wish *wish;
	struct ks_org_tally *tally;
	struct ks_sources sources;
	bool is_listed; /* every source could be */
	struct ks_work work;
	int64_t id;           /* of the scan */
	int64_t organisation; /* the work's is that of each job */
};

static int take_trouble(
	void *payload, const char *where, const char *why, struct ks_err *err)
{
	struct scanning *scanning = payload;

	scanning->is_listed = false;
	return ks_org_note(scanning->org, where, why, err);
}

static int take_source(void *payload, const char *text, const char *options,
	struct ks_err *err)
{
	struct scanning *scanning = payload;

	return ks_sources_add(&scanning->sources, text, options, err);
}

/* Of a repository that no source has any more: named once, not forgotten. */
static int look_for(void *payload, const struct ks_state_standing *standing,
	struct ks_err *err)
{
	struct scanning *scanning = payload;

	if (ks_sources_have(&scanning->sources, standing->name) ||
		strcmp(standing->error, vanished) == 0)
		return KS_OK;
	return ks_org_note(scanning->org, standing->place, vanished, err);
}

static int mark_vanished(struct scanning *scanning, struct ks_err *err)
{
	struct ks_org *org = scanning->org;
	size_t first = org->trouble_count;
	int rc = KS_OK;

	if (!scanning->is_listed)
		return KS_OK;
	rc = ks_state_standings(
		org->state, scanning->organisation, look_for, scanning, err);
	for (size_t i = first; rc == KS_OK && i < org->trouble_count; i++)
		rc = ks_state_set_error_at(org->state, scanning->organisation,
			org->troubles[i].where, vanished, err);
	return rc;
}

/* For what another is at: soon at first, and then less often. */
static void pause_for(int round)
{
	struct timespec delay = { .tv_nsec = 100 * 1000 * 1000 };

	if (round > 6)
		delay.tv_sec = 5;
	nanosleep(&delay, NULL);
}

/* About how many bytes the packs of the repository ${path} are. */
static int64_t size_of(const char *path)
{
	static const char *const folders[] = { "objects/pack",
		".git/objects/pack" };
	int64_t bytes = 0;

	for (int i = 0; i < 2; i++) {
		struct ks_buf name = { 0 };
		struct dirent *item;
		DIR *folder = NULL;

		if (ks_buf_printf(&name, "%s/%s", path, folders[i]) == KS_OK &&
			ks_buf_str(&name))
			folder = opendir((const char *)name.p);
		while (folder && (item = readdir(folder))) {
			struct stat status;

			if (fstatat(dirfd(folder), item->d_name, &status, 0) ==
					0 &&
				S_ISREG(status.st_mode))
				bytes += (int64_t)status.st_size;
		}
		if (folder)
			closedir(folder);
		ks_buf_release(&name);
	}
	return bytes;
}

static int enter(struct scanning *scanning, const struct ks_target *target,
	const char *name, int64_t main, bool is_network, int64_t *id,
	struct ks_err *err)
{
	struct ks_work *work = &scanning->work;
	struct ks_queue_item item = {
		.name = name,
		.place = target->place,
		.mirror = target->is_remote ? target->name : "",
		.source = target->source ? target->source : "",
		.host = target->is_remote ? "" : work->host,
		.size = target->size        ? (int64_t)target->size
			: target->is_remote ? 0
					    : size_of(target->place),
		.main = main,
		.is_network = is_network,
		.is_optional = target->is_optional,
	};

	return ks_queue_enter(scanning->org->state, scanning->organisation,
		scanning->id, work->rules, &item, id, err);
}

/* What lies here is looked at at once: mostly nothing is new. */
static int enter_local(struct scanning *scanning,
	const struct ks_target *target, struct ks_err *err)
{
	struct ks_org *org = scanning->org;
	struct ks_state_repository known;
	bool is_unchanged = false;
	int64_t id;
	int rc = ks_state_repository(org->state, scanning->organisation,
		target->name, target->place, &known, err);

	if (rc < 0)
		return rc;
	rc = ks_visit_is_unchanged(&scanning->work.visit, &known, target->place,
		&is_unchanged, NULL);
	if (rc == KS_E_NOMEM || rc == KS_E_INTERRUPTED)
		return ks_fail(err, rc, "no memory, or interrupted");
	if (!is_unchanged)
		return enter(
			scanning, target, target->name, 0, false, &id, err);
	scanning->tally->unchanged++;
	return known.has_error
		       ? ks_state_set_error(org->state, known.id, "", err)
		       : KS_OK;
}

/* Forks are entered with the one they stem from, or the first of them. */
static int enter_group(struct scanning *scanning,
	const struct ks_target *targets, size_t count, struct ks_err *err)
{
	const struct ks_target *first = targets;
	bool is_network = first->network != NULL;
	int64_t main = 0;
	int64_t id;
	int rc;

	if (!first->is_remote)
		return enter_local(scanning, first, err);
	for (size_t i = 0; is_network && i < count; i++) {
		if (strcmp(targets[i].name, targets[i].network) == 0)
			first = &targets[i];
	}
	rc = enter(scanning, first, is_network ? first->network : first->name,
		0, is_network, &main, err);
	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		if (&targets[i] != first)
			rc = enter(scanning, &targets[i], targets[i].name, main,
				true, &id, err);
	}
	return rc;
}

static bool is_cancelled(const struct scanning *scanning, struct ks_err *err)
{
	const volatile int *cancel = scanning->wish->scan->cancel;

	if (cancel && *cancel)
		ks_fail(err, KS_E_INTERRUPTED, "interrupted");
	return cancel && *cancel;
}

/* All at once, so that the largest can be done first. */
static int enter_all(struct scanning *scanning, struct ks_err *err)
{
	const struct ks_sources *sources = &scanning->sources;
	int rc = KS_OK;

	for (size_t i = 0, n; rc == KS_OK && i < sources->count; i += n) {
		n = ks_sources_group(sources, i);
		if (is_cancelled(scanning, err))
			return KS_E_INTERRUPTED;
		rc = enter_group(scanning, &sources->list[i], n, err);
	}
	return rc;
}

static void tell_event(const struct scanning *scanning, const char *place,
	enum ks_queue_outcome outcome, int64_t left)
{
	const struct ks_org_wish *wish = scanning->wish;
	struct ks_org_event event = {
		.place = place,
		.outcome = outcome == KS_QUEUE_NONE        ? "queued"
			   : outcome == KS_QUEUE_UNCHANGED ? "unchanged"
			   : outcome == KS_QUEUE_FOLLOWED  ? "followed"
			   : outcome == KS_QUEUE_AUDITED   ? "audited"
							   : "failed",
		.left = (uint64_t)left,
	};

	if (wish->event)
		wish->event(&event, wish->event_payload);
}

/*
 * Until nothing is left that this scan wants: what others have is waited for,
 * as they may be killed.
 */
static int work_off(struct scanning *scanning, struct ks_err *err)
{
	struct ks_state *state = scanning->org->state;
	struct ks_queue_left left = { 0 };
	int round = 0;
	int rc = ks_queue_count(state, scanning->id, time(NULL), &left, err);

	if (rc == KS_OK)
		tell_event(scanning, "", KS_QUEUE_NONE, left.count);
	while (rc == KS_OK && left.count) {
		enum ks_queue_outcome outcome = KS_QUEUE_FAILED;
		const char *place = NULL;

		if (is_cancelled(scanning, err))
			return KS_E_INTERRUPTED;
		rc = ks_work_next(&scanning->work, scanning->organisation,
			&place, &outcome, err);
		/* Others take some, too: it is counted anew in the end. */
		if (place && left.count > 1)
			left.count--;
		else if (rc == KS_OK)
			rc = ks_queue_count(
				state, scanning->id, time(NULL), &left, err);
		if (rc < 0)
			break;
		if (place) {
			tell_event(scanning, place, outcome, left.count);
			round = 0;
		} else if (left.poisoned) {
			rc = ks_queue_drop_poisoned(
				state, scanning->id, time(NULL), poisoned, err);
		} else if (left.count) {
			pause_for(round++);
		}
	}
	return rc;
}

static int take_outcome(void *payload, enum ks_queue_outcome outcome,
	const char *place, const char *error, const char *lacking,
	struct ks_err *err)
{
	struct scanning *scanning = payload;
	struct ks_org_tally *tally = scanning->tally;

	tally->unchanged += outcome == KS_QUEUE_UNCHANGED;
	tally->followed += outcome == KS_QUEUE_FOLLOWED;
	tally->audited += outcome == KS_QUEUE_AUDITED;
	if (error[0])
		return ks_org_note(scanning->org, place, error, err);
	if (lacking[0] && outcome != KS_QUEUE_UNCHANGED)
		return ks_org_note(scanning->org, place, lacking, err);
	return KS_OK;
}

static int scan_all(struct scanning *scanning, struct ks_err *err)
{
	struct ks_org *org = scanning->org;
	struct ks_buf answers = { 0 };
	int rc = ks_org_folder(
		&answers, "XDG_CACHE_HOME", ".cache", "forges", NULL);

	if (rc == KS_OK)
		scanning->sources.cache = (const char *)answers.p;
	scanning->sources.cancel = scanning->wish->scan->cancel;
	scanning->sources.credentials = scanning->wish->credentials;
	rc = ks_state_sources(org->state, org->id, take_source, scanning, err);
	scanning->sources.cache = NULL;
	ks_buf_release(&answers);
	if (rc == KS_OK)
		ks_sources_sort(&scanning->sources);
	if (rc == KS_OK)
		rc = enter_all(scanning, err);
	if (rc == KS_OK)
		rc = work_off(scanning, err);
	if (rc == KS_OK)
		rc = ks_queue_outcomes(
			org->state, scanning->id, take_outcome, scanning, err);
	return rc == KS_OK ? mark_vanished(scanning, err) : rc;
}

static int begin(struct scanning *scanning, struct ks_err *err)
{
	struct ks_org *org = scanning->org;
	int rc = ks_work_begin(&scanning->work, org, scanning->wish, err);

	if (rc == KS_OK)
		rc = ks_state_begin(org->state, err);
	if (rc < 0)
		return rc;
	rc = ks_state_begin_scan(
		org->state, org->id, time(NULL), &scanning->id, err);
	if (rc == KS_OK)
		rc = ks_events_expire(
			org->state, org->id, org->today, time(NULL), err);
	if (rc == KS_OK)
		rc = ks_findings_expire(org->state, org->id, org->today, err);
	return ks_state_end(org->state, rc, err);
}

/* What is to be told is known now; it is new until the next scan ends. */
static int end(struct scanning *scanning, struct ks_err *err)
{
	const struct ks_org_tally *tally = scanning->tally;
	struct ks_org *org = scanning->org;
	struct ks_events_scan counts = {
		.unchanged = (int64_t)tally->unchanged,
		.followed = (int64_t)tally->followed,
		.audited = (int64_t)tally->audited,
		.failed = (int64_t)org->trouble_count,
	};
	int rc = ks_state_begin(org->state, err);

	if (rc < 0)
		return rc;
	rc = ks_findings_claim(org->state, org->id, org->scan, time(NULL), err);
	if (rc == KS_OK)
		rc = ks_events_scanned(org->state, org->scan, &counts, err);
	if (rc == KS_OK)
		rc = ks_state_end_scan(org->state, org->scan, time(NULL), err);
	return ks_state_end(org->state, rc, err);
}

int ks_org_scan(struct ks_org *org, const struct ks_org_wish *wish,
	struct ks_org_tally *tally, struct ks_err *err)
{
	struct scanning scanning = {
		.org = org,
		.wish = wish,
		.tally = tally,
		.is_listed = true,
		.organisation = org->id,
	};
	int rc;

	*tally = (struct ks_org_tally){ 0 };
	scanning.sources.trouble = take_trouble;
	scanning.sources.payload = &scanning;
	rc = begin(&scanning, err);
	if (rc == KS_OK)
		rc = scan_all(&scanning, err);
	org->id = scanning.organisation;
	org->scan = scanning.id;
	if (rc == KS_OK)
		rc = end(&scanning, err);
	ks_work_end(&scanning.work);
	ks_sources_release(&scanning.sources);
	tally->troubles = org->troubles;
	tally->trouble_count = org->trouble_count;
	return rc;
}
