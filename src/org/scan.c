/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning an organisation: one repository after the other. */
#include "base/oid.h"
#include "base/sha256.h"
#include "mirror/mirror.h"
#include "org/org.h"
#include "org/sources.h"
#include "org/visit.h"
#include "rules/rule.h"
#include "store/events.h"
#include "store/findings.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	TRIES = 5 /* of one repository that others scan too */
};

static const char vanished[] = "it is not there any more";

/* One scan. */
struct scanning {
	struct ks_org *org;
	const struct ks_org_wish *wish;
	struct ks_org_tally *tally;
	struct ks_sources sources;
	bool is_listed; /* every source could be */
	struct ks_mirrors *mirrors;
	struct ks_visit visit;
	char rules[KS_STATE_DIGEST];
	struct ks_buf error;
};

static void hash_words(
	struct ks_sha256 *hash, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ks_sha256_update(hash, words[i], strlen(words[i]) + 1);
	ks_sha256_update(hash, "", 1);
}

static int hash_file(
	struct ks_sha256 *hash, const char *path, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = path ? ks_buf_read_file(&text, path, err) : KS_OK;

	ks_sha256_update(hash, &text.n, sizeof(text.n));
	ks_sha256_update(hash, text.p, text.n);
	ks_buf_release(&text);
	return rc;
}

/* All that decides what is found, but the repositories. */
static int digest(struct scanning *scanning, struct ks_err *err)
{
	const struct ks_scan_options *scan = scanning->wish->scan;
	const struct ks_org *org = scanning->org;
	const uint64_t numbers[] = { scan->max_blob_size, scan->no_archives,
		scan->archive_depth, scan->archive_bytes, scan->archive_ratio,
		scan->archive_entries, (uint64_t)(1e6 * scan->min_confidence) };
	uint8_t bytes[KS_SHA256_BYTES];
	struct ks_sha256 hash;
	struct ks_oid sum;
	int rc;

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, KS_VERSION, sizeof(KS_VERSION));
	ks_sha256_update(
		&hash, scan->rules->digest, sizeof(scan->rules->digest));
	ks_sha256_update(&hash, numbers, sizeof(numbers));
	hash_words(&hash, scan->only, scan->only_count);
	hash_words(&hash, scan->skip, scan->skip_count);
	/* What was found before they were kept is looked for again. */
	ks_sha256_update(&hash, org->seal_to, strlen(org->seal_to));
	rc = hash_file(&hash, scanning->wish->config, err);
	if (rc == KS_OK)
		rc = hash_file(&hash, scanning->wish->baseline, err);
	ks_sha256_final(&hash, bytes);
	sum = ks_oid_of(bytes, KS_SHA256_BYTES);
	ks_oid_hex(&sum, KS_SHA256_BYTES, scanning->rules);
	return rc;
}

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

static int open_mirrors(struct scanning *scanning, struct ks_err *err)
{
	struct ks_mirrors_options options = {
		.cancel = scanning->wish->scan->cancel,
		.disk_max = scanning->wish->mirrors_max,
	};
	struct ks_buf folder = { 0 };
	int rc = KS_OK;

	if (scanning->mirrors)
		return KS_OK;
	if (!scanning->wish->mirrors)
		rc = ks_org_folder(
			&folder, "XDG_CACHE_HOME", ".cache", "mirrors", err);
	if (rc == KS_OK)
		rc = ks_mirrors_open(&scanning->mirrors,
			scanning->wish->mirrors ? scanning->wish->mirrors
						: (const char *)folder.p,
			&options, err);
	ks_buf_release(&folder);
	return rc;
}

/*
 * Where the repository can be read: ${mirror} is to be released. Forks share
 * no objects: an audit of one would find what is in others only.
 */
static int fetch(struct scanning *scanning, const struct ks_target *target,
	struct ks_mirror *mirror, struct ks_err *err)
{
	struct ks_mirror_wish wish = {
		.url = target->place,
		.key = target->name,
		.user = target->user,
		.password = target->password,
		.is_optional = target->is_optional,
	};
	int rc;

	if (!target->is_remote)
		return KS_OK;
	rc = open_mirrors(scanning, err);
	return rc == KS_OK
		       ? ks_mirror_update(scanning->mirrors, &wish, mirror, err)
		       : rc;
}

static bool is_of_all(int rc)
{
	return rc == KS_E_NOMEM || rc == KS_E_INTERRUPTED;
}

/* It could not be scanned: the others still are. */
static int give_up(struct scanning *scanning, const struct ks_target *target,
	int64_t repository, const char *why, struct ks_err *err)
{
	int rc = ks_org_note(scanning->org, target->place, why, err);

	return rc == KS_OK ? ks_state_set_error(
				     scanning->org->state, repository, why, err)
			   : rc;
}

static int visit(struct scanning *scanning, const struct ks_target *target,
	const char *path, struct ks_state_repository *known, struct ks_err *err)
{
	struct ks_org *org = scanning->org;
	struct ks_err why = { 0 };
	bool of_store = false;
	int rc = KS_VISIT_AGAIN;

	for (int i = 0; rc == KS_VISIT_AGAIN && i < TRIES; i++) {
		rc = i == 0 ? KS_OK
			    : ks_state_repository(org->state, org->id,
				      target->name, target->place, known, err);
		if (rc < 0)
			return rc;
		rc = ks_visit_repository(&scanning->visit, known, path,
			&scanning->error, &of_store, &why);
	}
	if (rc == KS_VISIT_BUSY)
		return rc;
	/* Who was faster all the time tells what there is. */
	if (rc == KS_VISIT_AGAIN)
		return KS_OK;
	if (rc < 0 && (of_store || is_of_all(rc))) {
		*err = why;
		return rc;
	}
	if (rc < 0)
		return give_up(scanning, target, known->id, why.message, err);
	return scanning->error.n ? ks_org_note(org, target->place,
					   (const char *)scanning->error.p, err)
				 : KS_OK;
}

/* ${is_busy}: another scans it now. */
static int scan_target(struct scanning *scanning,
	const struct ks_target *target, bool *is_busy, struct ks_err *err)
{
	struct ks_org *org = scanning->org;
	struct ks_state_repository known;
	struct ks_mirror mirror = { 0 };
	struct ks_err why = { 0 };
	int rc = fetch(scanning, target, &mirror, &why);
	int fetched = rc;

	*is_busy = false;
	if (is_of_all(fetched)) {
		*err = why;
		return fetched;
	}
	if (fetched == KS_E_NOTFOUND && target->is_optional)
		return KS_OK;
	rc = ks_state_repository(
		org->state, org->id, target->name, target->place, &known, err);
	if (rc == KS_OK && fetched < 0)
		rc = give_up(scanning, target, known.id, why.message, err);
	else if (rc == KS_OK)
		rc = visit(scanning, target,
			target->is_remote ? mirror.path : target->place, &known,
			err);
	ks_mirror_release(&mirror);
	*is_busy = rc == KS_VISIT_BUSY;
	return *is_busy ? KS_OK : rc;
}

/* A repository that no source has any more: named once, and not forgotten. */
static int look_for(void *payload, const struct ks_state_standing *standing,
	struct ks_err *err)
{
	struct scanning *scanning = payload;
	struct ks_sources *sources = &scanning->sources;

	for (size_t i = 0; i < sources->count; i++) {
		if (strcmp(sources->list[i].name, standing->name) == 0)
			return KS_OK;
	}
	if (strcmp(standing->error, vanished) == 0)
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
	rc = ks_state_standings(org->state, org->id, look_for, scanning, err);
	for (size_t i = first; rc == KS_OK && i < org->trouble_count; i++)
		rc = ks_state_set_error_at(org->state, org->id,
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

/*
 * What another process scans is left to it, and looked at in the end: by then
 * it is done, or who had it was killed.
 */
static int scan_targets(struct scanning *scanning, struct ks_err *err)
{
	const volatile int *cancel = scanning->wish->scan->cancel;
	struct ks_sources *sources = &scanning->sources;
	bool *is_done = calloc(sources->count + 1, sizeof(*is_done));
	size_t left = sources->count;
	int rc = is_done ? KS_OK : ks_fail_nomem(err);

	for (int round = 0; rc == KS_OK && left; round++) {
		if (round)
			pause_for(round);
		for (size_t i = 0; rc == KS_OK && i < sources->count; i++) {
			bool is_busy = false;

			if (cancel && *cancel)
				rc = ks_fail(
					err, KS_E_INTERRUPTED, "interrupted");
			if (rc < 0 || is_done[i])
				continue;
			rc = scan_target(
				scanning, &sources->list[i], &is_busy, err);
			is_done[i] = !is_busy;
			left -= is_done[i];
		}
	}
	free(is_done);
	return rc;
}

static int scan_all(struct scanning *scanning, struct ks_err *err)
{
	const volatile int *cancel = scanning->wish->scan->cancel;
	struct ks_org *org = scanning->org;
	struct ks_buf answers = { 0 };
	int rc = ks_org_folder(
		&answers, "XDG_CACHE_HOME", ".cache", "forges", NULL);

	if (rc == KS_OK)
		scanning->sources.cache = (const char *)answers.p;
	scanning->sources.cancel = cancel;
	scanning->sources.credentials = scanning->wish->credentials;
	rc = ks_state_sources(org->state, org->id, take_source, scanning, err);
	scanning->sources.cache = NULL;
	ks_buf_release(&answers);
	if (rc == KS_OK)
		ks_sources_sort(&scanning->sources);
	if (rc == KS_OK)
		rc = scan_targets(scanning, err);
	return rc == KS_OK ? mark_vanished(scanning, err) : rc;
}

static int begin(struct scanning *scanning, struct ks_err *err)
{
	struct ks_org *org = scanning->org;
	int rc = digest(scanning, err);

	if (rc == KS_OK)
		rc = ks_state_begin(org->state, err);
	if (rc < 0)
		return rc;
	rc = ks_state_begin_scan(
		org->state, org->id, time(NULL), &org->scan, err);
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
		.visit = { .org = org, .options = wish->scan, .tally = tally },
	};
	int rc;

	*tally = (struct ks_org_tally){ 0 };
	org->seal_to[0] = '\0';
	if (wish->secrets_to &&
		ks_seal_read_key(org->seal_to, wish->secrets_to, err) < 0)
		return err ? err->code : KS_E_USAGE;
	scanning.visit.rules = scanning.rules;
	scanning.sources.trouble = take_trouble;
	scanning.sources.payload = &scanning;
	rc = begin(&scanning, err);
	if (rc == KS_OK)
		rc = scan_all(&scanning, err);
	if (rc == KS_OK)
		rc = end(&scanning, err);
	ks_mirrors_close(scanning.mirrors);
	ks_sources_release(&scanning.sources);
	ks_buf_release(&scanning.error);
	tally->troubles = org->troubles;
	tally->trouble_count = org->trouble_count;
	return rc;
}
