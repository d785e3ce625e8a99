/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a repository of the queue: fetched, scanned, noted. */
#include "org/work.h"

#include "base/array.h"
#include "base/oid.h"
#include "base/sha256.h"
#include "forge/forge.h"
#include "rules/rule.h"
#include "store/rule_sets.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	TRIES = 5 /* of one repository that others scan too */
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

static void end_hash(struct ks_sha256 *hash, char hex[KS_STATE_DIGEST])
{
	uint8_t bytes[KS_SHA256_BYTES];
	struct ks_oid sum;

	ks_sha256_final(hash, bytes);
	sum = ks_oid_of(bytes, KS_SHA256_BYTES);
	ks_oid_hex(&sum, KS_SHA256_BYTES, hex);
}

/* All that decides what is found, but the repositories and the rules. */
static int digest_rest(struct ks_work *work, struct ks_err *err)
{
	const struct ks_scan_options *scan = work->wish->scan;
	const struct ks_org *org = work->org;
	const uint64_t numbers[] = { scan->max_blob_size, scan->no_archives,
		scan->archive_depth, scan->archive_bytes, scan->archive_ratio,
		scan->archive_entries, (uint64_t)(1e6 * scan->min_confidence) };
	struct ks_sha256 hash;
	int rc;

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, KS_VERSION, sizeof(KS_VERSION));
	ks_sha256_update(&hash, numbers, sizeof(numbers));
	hash_words(&hash, scan->only, scan->only_count);
	hash_words(&hash, scan->skip, scan->skip_count);
	/* What was found before they were kept is looked for again. */
	ks_sha256_update(&hash, org->seal_to, strlen(org->seal_to));
	rc = hash_file(&hash, work->wish->config, err);
	if (rc == KS_OK)
		rc = hash_file(&hash, work->wish->baseline, err);
	end_hash(&hash, work->rest);
	return rc;
}

static int digest(struct ks_work *work, struct ks_err *err)
{
	const struct ks_rules *rules = work->wish->scan->rules;
	struct ks_sha256 hash;
	int rc = digest_rest(work, err);

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, work->rest, sizeof(work->rest));
	ks_sha256_update(&hash, rules->digest, sizeof(rules->digest));
	end_hash(&hash, work->rules);
	return rc;
}

/* So that a later scan can tell which rules are new. */
static int keep_rules(struct ks_work *work, struct ks_err *err)
{
	const struct ks_rules *rules = work->wish->scan->rules;
	struct ks_buf ids = { 0 };
	int rc = KS_OK;

	for (uint32_t i = 0; rc == KS_OK && i < rules->count; i++)
		rc = ks_buf_printf(&ids, "%s\n", rules->list[i].id);
	if (rc < 0 || !ks_buf_str(&ids))
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = ks_rule_sets_put(work->org->state, work->rules, work->rest,
			(const char *)ids.p, err);
	ks_buf_release(&ids);
	return rc;
}

int ks_work_begin(struct ks_work *work, struct ks_org *org,
	const struct ks_org_wish *wish, struct ks_err *err)
{
	int rc;

	*work = (struct ks_work){ .org = org, .wish = wish };
	work->visit = (struct ks_visit){ .org = org,
		.options = wish->scan,
		.rules = work->rules,
		.rest = work->rest,
		.new_rules = wish->new_rules };
	/* A name that all have alike is worth nothing. */
	if (gethostname(work->host, sizeof(work->host) - 1) < 0)
		work->host[0] = '\0';
	org->seal_to[0] = '\0';
	if (wish->secrets_to) {
		rc = ks_seal_read_key(org->seal_to, wish->secrets_to, err);
		if (rc < 0)
			return rc;
	}
	rc = digest(work, err);
	return rc == KS_OK ? keep_rules(work, err) : rc;
}

void ks_work_end(struct ks_work *work)
{
	ks_mirrors_close(work->mirrors);
	ks_arena_release(&work->arena);
}

/*
 * Called often. Clocks jump: only how long ago it was counts, and a lost lease
 * is no loss.
 */
static void keep_lease(void *payload)
{
	struct ks_work *work = payload;
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - work->told < KS_LEASE_SECONDS / 4)
		return;
	if (ks_lease_renew(work->org->state, work->leased, work->org->holder,
		    time(NULL), NULL) == KS_OK)
		work->told = now.tv_sec;
}

static int open_mirrors(struct ks_work *work, struct ks_err *err)
{
	const struct ks_org_wish *wish = work->wish;
	struct ks_mirrors_options options = {
		.cancel = wish->scan->cancel,
		.disk_max = wish->mirrors_max,
		.alive = keep_lease,
		.payload = work,
	};
	struct ks_buf folder = { 0 };
	int rc = KS_OK;

	if (work->mirrors)
		return KS_OK;
	if (!wish->mirrors)
		rc = ks_org_folder(
			&folder, "XDG_CACHE_HOME", ".cache", "mirrors", err);
	if (rc == KS_OK)
		rc = ks_mirrors_open(&work->mirrors,
			wish->mirrors ? wish->mirrors : (const char *)folder.p,
			&options, err);
	ks_buf_release(&folder);
	return rc;
}

/*
 * Bring the mirror of ${item}, of the forks ${network} or NULL, up to date;
 * without one if it lists ${listing}, which may be NULL.
 */
static int fetch(struct ks_work *work, const struct ks_queue_item *item,
	const char *network, const char *listing, struct ks_mirror *mirror,
	struct ks_err *err)
{
	struct ks_mirror_wish wish = {
		.url = item->place,
		.key = item->mirror,
		.network = network,
		.listing = listing,
		.leads = network && !item->main,
		.is_optional = item->is_optional,
	};
	struct ks_buf token = { 0 };
	int rc = open_mirrors(work, err);

	if (rc == KS_OK && item->source[0])
		rc = ks_forge_login(&wish.user, &token, item->source,
			work->wish->credentials, err);
	if (token.n)
		wish.password = (const char *)token.p;
	else
		wish.user = NULL;
	if (rc == KS_OK)
		rc = ks_mirror_update(work->mirrors, &wish, mirror, err);
	if (token.p)
		explicit_bzero(token.p, token.cap);
	ks_buf_release(&token);
	/* What was damaged and is whole again is nobody's trouble. */
	if (rc == KS_OK)
		err->message[0] = '\0';
	return rc;
}

static bool is_of_all(int rc)
{
	return rc == KS_E_NOMEM || rc == KS_E_INTERRUPTED;
}

/* Forks that are scanned with one that was taken. */
struct gathering {
	struct ks_work *work;
	const struct ks_queue_job *job;
	struct ks_mirror last; /* that was fetched, if one was */
	int rc;                /* of the last that was not */
	struct ks_err why;
	struct ks_err of_main; /* why that could not be fetched */
	const char **keys;     /* of all their mirrors, the main one's first */
	size_t key_count;
	size_t key_cap;
};

static int gather(void *payload, int64_t id, const struct ks_queue_item *item,
	struct ks_err *err)
{
	struct gathering *gathering = payload;
	struct ks_work *work = gathering->work;
	struct ks_mirror mirror = { 0 };
	struct ks_err why = { 0 };
	char *key = ks_arena_copy(&work->arena, ks_span_str(item->mirror));
	int rc = KS_OK;

	if (!key || ks_array_reserve(&gathering->keys, &gathering->key_cap,
			    gathering->key_count + 1, sizeof(key)) < 0)
		return ks_fail_nomem(err);
	gathering->keys[gathering->key_count++] = key;
	rc = fetch(work, item, gathering->job->item.name, NULL, &mirror, &why);

	if (is_of_all(rc)) {
		*err = why;
		return rc;
	}
	if (rc == KS_OK) {
		ks_mirror_release(&gathering->last);
		gathering->last = mirror;
		mirror = (struct ks_mirror){ 0 };
	} else {
		gathering->rc = rc;
		gathering->why = why;
		if (item->main == 0)
			gathering->of_main = why;
	}
	/* What was fetched of it before is there still. */
	rc = ks_members_add(&work->visit.members, item->place, item->mirror,
		item->main == 0, err);
	ks_mirror_release(&mirror);
	return rc == KS_OK ? ks_state_set_error(
				     work->org->state, id, why.message, err)
			   : rc;
}

/* As many as can be fetched; only if none can it has failed. */
static int gather_all(struct ks_work *work, const struct ks_queue_job *job,
	struct ks_mirror *mirror, struct ks_err *why, struct ks_err *err)
{
	struct gathering gathering = { .work = work, .job = job };
	int rc = gather(&gathering, job->known.id, &job->item, err);

	if (rc == KS_OK)
		rc = ks_queue_members(
			work->org->state, job, gather, &gathering, err);
	if (rc == KS_OK && gathering.last.path)
		rc = ks_mirror_settle(work->mirrors, job->item.name,
			gathering.keys, gathering.key_count, err);
	free(gathering.keys);
	*mirror = gathering.last;
	if (rc < 0)
		return rc;
	*why = mirror->path ? gathering.of_main : gathering.why;
	return mirror->path ? KS_OK : gathering.rc;
}

/* What it listed when all of it was scanned as it would be now, or NULL. */
static const char *known_listing(
	const struct ks_work *work, const struct ks_queue_job *job)
{
	const struct ks_state_repository *known = &job->known;

	return job->listing[0] && known->scanned && known->refs[0] &&
			       strcmp(known->rules, work->rules) == 0
		       ? job->listing
		       : NULL;
}

/*
 * Where it can be read, to ${path}, or NULL: it is as it was; in ${mirror}, to
 * be released in any case, if it is remote. ${why} is told of what is not of
 * all.
 */
static int find_path(struct ks_work *work, const struct ks_queue_job *job,
	struct ks_mirror *mirror, const char **path, struct ks_err *why,
	struct ks_err *err)
{
	int rc;

	*path = job->item.place;
	if (job->item.is_network) {
		rc = gather_all(work, job, mirror, why, err);
		*path = mirror->shared;
		return rc;
	}
	if (!job->item.mirror[0])
		return KS_OK;
	rc = fetch(
		work, &job->item, NULL, known_listing(work, job), mirror, why);
	*path = mirror->path;
	if (is_of_all(rc))
		*err = *why;
	return rc;
}

static int visit(struct ks_work *work, const struct ks_queue_job *job,
	const char *path, const char *listing, enum ks_queue_outcome *outcome,
	struct ks_err *err)
{
	struct ks_state *state = work->org->state;
	struct ks_state_repository known = job->known;
	struct ks_err why = { 0 };
	bool of_store = false;
	int rc = KS_VISIT_AGAIN;

	for (int i = 0; rc == KS_VISIT_AGAIN && i < TRIES; i++) {
		rc = i == 0 ? KS_OK
			    : ks_state_repository(state, job->organisation,
				      job->item.name, job->item.place, &known,
				      err);
		if (rc < 0)
			return rc;
		rc = ks_visit_repository(
			&work->visit, &known, path, outcome, &of_store, &why);
	}
	/* Who was faster all the time tells what there is. */
	if (rc == KS_VISIT_AGAIN)
		return KS_OK;
	if (rc < 0 && (of_store || is_of_all(rc))) {
		*err = why;
		return rc;
	}
	if (rc == KS_OK &&
		(!listing[0] || (*outcome == KS_QUEUE_UNCHANGED &&
					strcmp(listing, job->listing) == 0)))
		return KS_OK;
	if (rc == KS_OK)
		return ks_queue_listed(
			state, job, work->org->holder, listing, err);
	*outcome = KS_QUEUE_FAILED;
	return ks_state_set_error(state, known.id, why.message, err);
}

static int run(struct ks_work *work, const struct ks_queue_job *job,
	enum ks_queue_outcome *outcome, struct ks_err *err)
{
	struct ks_err why = { 0 };
	struct ks_mirror mirror = { 0 };
	const char *path;
	int rc = find_path(work, job, &mirror, &path, &why, err);

	*outcome = KS_QUEUE_UNCHANGED;
	if (rc == KS_OK && !path) {
		if (job->known.has_error)
			rc = ks_state_set_error(
				work->org->state, job->known.id, "", err);
	} else if (rc == KS_OK) {
		rc = visit(work, job, path,
			job->item.is_network ? "" : mirror.listing, outcome,
			err);
		/* Of forks, the others were scanned without the main one. */
		if (rc == KS_OK && why.message[0])
			rc = ks_state_set_error(work->org->state, job->known.id,
				why.message, err);
	} else if (rc == KS_E_NOTFOUND && job->item.is_optional) {
		rc = ks_queue_forget(work->org->state, job, err);
	} else if (!is_of_all(rc) && why.message[0]) {
		*outcome = KS_QUEUE_FAILED;
		rc = ks_state_set_error(
			work->org->state, job->known.id, why.message, err);
	}
	ks_mirror_release(&mirror);
	return rc;
}

static void tell_progress(const struct ks_progress *progress, void *payload)
{
	struct ks_work *work = payload;
	const struct ks_scan_options *given = work->wish->scan;

	if (given->progress)
		given->progress(progress, given->payload);
	keep_lease(work);
}

static int do_job(struct ks_work *work, const struct ks_queue_job *job,
	enum ks_queue_outcome *outcome, struct ks_err *err)
{
	struct ks_org *org = work->org;
	struct ks_scan_options options = *work->wish->scan;
	struct timespec now = { 0 };
	int rc;

	clock_gettime(CLOCK_MONOTONIC, &now);
	work->told = now.tv_sec;
	work->leased = job->known.id;
	org->id = job->organisation;
	org->scan = job->scan;
	options.progress = tell_progress;
	options.payload = work;
	work->visit.options = &options;
	rc = run(work, job, outcome, err);
	ks_members_release(&work->visit.members);
	if (rc == KS_OK)
		return ks_queue_done(
			org->state, job, org->holder, *outcome, err);
	(void)!ks_lease_end(org->state, job->known.id, org->holder, NULL);
	return rc;
}

int ks_work_next(struct ks_work *work, int64_t organisation, const char **place,
	enum ks_queue_outcome *outcome, struct ks_err *err)
{
	struct ks_queue_worker worker = {
		.holder = work->org->holder,
		.host = work->host,
		.rules = work->rules,
		.organisation = organisation,
		.now = time(NULL),
	};
	struct ks_queue_job job;
	int rc;

	*place = NULL;
	ks_arena_release(&work->arena);
	rc = ks_queue_take(work->org->state, &worker, &work->arena, &job, err);
	if (rc == KS_E_NOTFOUND)
		return KS_OK;
	if (rc < 0)
		return rc;
	*place = job.item.place;
	return do_job(work, &job, outcome, err);
}
