/* SPDX-License-Identifier: Apache-2.0 */
/* One update of one mirror, which the caller has locked. */
#include "mirror/fetch.h"

#include "mirror/folder.h"
#include "mirror/packs.h"
#include "mirror/refs.h"
#include "mirror/share.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	PACKS_MANY = 40 /* then they become fewer */
};

/* What is there, and what was there last time. */
struct state {
	struct ks_place_state last;
	struct ks_listing listing;
	struct ks_buf text;            /* the listing's */
	char store_id[KS_LISTING_HEX]; /* of the store as it is now */
};

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* ${path}${end} in ${out}. */
static int extend(struct ks_buf *out, const char *path, const char *end,
	struct ks_err *err)
{
	ks_buf_reset(out);
	return ks_buf_printf(out, "%s%s", path, end) < 0 || !ks_buf_str(out)
		       ? ks_fail_nomem(err)
		       : KS_OK;
}

/*
 * A store is known by the inode and the time of its making: one that was
 * cloned anew lacks what other mirrors of the network need.
 */
static int identify(struct state *state, const char *store, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct stat st;
	int rc = extend(&path, store, "/objects/info/keysieve-store", err);

	if (rc == KS_OK && access((const char *)path.p, F_OK) < 0) {
		char text[64];
		struct timespec now;

		clock_gettime(CLOCK_REALTIME, &now);
		snprintf(text, sizeof(text), "%llx%09lx\n",
			(unsigned long long)now.tv_sec,
			(unsigned long)now.tv_nsec);
		rc = ks_folder_put(
			store, "objects/info/keysieve-store", text, err);
	}
	if (rc == KS_OK && stat((const char *)path.p, &st) < 0)
		rc = ks_fail_errno(
			err, errno, "cannot read '%s'", (const char *)path.p);
	if (rc == KS_OK)
		snprintf(state->store_id, sizeof(state->store_id),
			"%llx%llx%lx", (unsigned long long)st.st_ino,
			(unsigned long long)st.st_mtim.tv_sec,
			(unsigned long)st.st_mtim.tv_nsec);
	ks_buf_release(&path);
	return rc;
}

static int init(struct ks_fetch *fetch, struct state *state, bool is_sha256,
	struct ks_err *err)
{
	const struct ks_place *place = fetch->place;
	int rc = ks_folder_init(place->store, is_sha256, err);

	if (rc == KS_OK && place->is_shared) {
		rc = ks_folder_init(place->repo, is_sha256, err);
		if (rc == KS_OK)
			rc = ks_folder_share(place->repo, place->store, err);
	}
	if (rc == KS_OK)
		rc = identify(state, place->store, err);
	return rc;
}

static int list(struct ks_fetch *fetch, struct state *state, struct ks_err *err)
{
	const char *words[] = { "--git-dir", fetch->place->store, "ls-remote",
		"--symref", "--quiet", "origin", NULL };
	int rc = ks_git_run(
		&state->text, words, fetch->remote, NULL, fetch->limits, err);

	/* Gitea's word for a wiki that has no page yet. */
	if (rc == KS_E_IO && fetch->is_optional && fetch->is_new &&
		strstr(err->message, "returned error: 500"))
		rc = err->code = KS_E_NOTFOUND;
	if (rc == KS_OK)
		rc = ks_listing_parse(
			&state->listing, ks_buf_span(&state->text), err);
	if (state->listing.is_empty)
		state->listing.is_sha256 = state->last.is_sha256;
	return rc;
}

/* Only what the network has not; false in ${is_done}: all is to be fetched. */
static int transfer_share(struct ks_fetch *fetch, const struct state *state,
	bool *is_done, struct ks_err *err)
{
	struct ks_share share = { 0 };
	int rc = ks_share_plan(&share, fetch->place, ks_buf_span(&state->text),
		state->listing.is_sha256, err);

	*is_done = share.is_possible;
	if (rc == KS_OK && share.is_possible)
		rc = ks_share_fetch(&share, fetch->place, fetch->remote,
			fetch->limits, err);
	fetch->is_partial = rc == KS_OK && share.is_possible;
	ks_share_release(&share);
	return rc;
}

static int transfer(
	struct ks_fetch *fetch, const struct state *state, struct ks_err *err)
{
	const char *words[] = { "--git-dir", fetch->place->store, "fetch",
		"--quiet", "--prune", "--no-tags", "--force",
		"--no-write-fetch-head", "--no-recurse-submodules",
		"--update-head-ok", "origin", NULL };
	bool is_done = false;
	int rc = KS_OK;

	if (fetch->place->is_shared)
		rc = ks_share_unsettle(fetch->place->store, err);
	if (rc == KS_OK && fetch->limits->check)
		rc = fetch->limits->check(fetch->limits->payload, err);
	if (rc == KS_OK && fetch->place->is_shared)
		rc = transfer_share(fetch, state, &is_done, err);
	if (rc == KS_OK && !is_done)
		rc = ks_git_run(NULL, words, fetch->remote,
			fetch->place->refspec, fetch->limits, err);
	return rc;
}

/* Clone anew beside what is damaged, which goes when that is done. */
static int renew(
	struct ks_fetch *fetch, struct state *state, struct ks_err *err)
{
	const char *store = fetch->place->store;
	struct ks_buf aside = { 0 };
	struct ks_err why = *err;
	int rc = extend(&aside, store, ".damaged", err);

	if (rc == KS_OK)
		rc = ks_folder_remove((const char *)aside.p, err);
	if (rc == KS_OK && rename(store, (const char *)aside.p) < 0)
		rc = ks_fail_errno(err, errno, "cannot move '%s'", store);
	if (rc == KS_OK) {
		rc = init(fetch, state, state->listing.is_sha256, err);
		if (rc == KS_OK && !state->listing.is_empty)
			rc = transfer(fetch, state, err);
		if (rc == KS_OK) {
			fetch->was_renewed = true;
			rc = ks_folder_remove((const char *)aside.p, err);
		} else if (ks_folder_remove(store, NULL) == KS_OK) {
			(void)!rename((const char *)aside.p, store);
			ks_err_wrap(err, "%s, and it cannot be cloned anew",
				why.message);
		}
	}
	ks_buf_release(&aside);
	return rc;
}

/* Where a renewal was killed, one of both is whole. */
static int restore(const char *store, struct ks_err *err)
{
	struct ks_buf aside = { 0 };
	int rc = extend(&aside, store, ".damaged", err);

	if (rc == KS_OK && is_dir((const char *)aside.p)) {
		if (!is_dir(store))
			rc = rename((const char *)aside.p, store) < 0
				     ? ks_fail_errno(err, errno,
					       "cannot move '%s'", store)
				     : KS_OK;
		else
			rc = ks_folder_remove((const char *)aside.p, err);
	}
	ks_buf_release(&aside);
	return rc;
}

/*
 * What a mirror has of its own, of the time before it had a network, the
 * network can do without.
 */
static int drop_own(struct ks_fetch *fetch, bool is_sha256, struct ks_err *err)
{
	const struct ks_place *place = fetch->place;
	int rc = ks_folder_remove(place->repo, err);

	fetch->was_renewed = true;
	if (rc == KS_OK)
		rc = ks_folder_init(place->repo, is_sha256, err);
	return rc == KS_OK ? ks_folder_share(place->repo, place->store, err)
			   : rc;
}

/* Does it need nothing? Else KS_E_CORRUPT and why, or KS_OK to fetch. */
static int look(struct ks_fetch *fetch, struct state *state, bool *is_current,
	struct ks_err *err)
{
	const struct ks_place *place = fetch->place;
	bool is_sha256 = state->last.is_sha256;
	size_t count;
	int rc = KS_OK;

	*is_current = false;
	if (fetch->is_new)
		return KS_OK;
	if (is_sha256 != state->listing.is_sha256)
		return ks_fail(err, KS_E_CORRUPT,
			"it has another object format than it had");
	rc = ks_packs_look(place->store, is_sha256, &count, err);
	if (place->is_shared &&
		ks_packs_look(place->repo, is_sha256, &count, NULL) < 0) {
		struct ks_err why = { 0 };
		int own = drop_own(fetch, is_sha256, &why);

		if (rc == KS_OK && own < 0) {
			*err = why;
			rc = own;
		}
	}
	if (rc == KS_OK && fetch->is_suspect)
		rc = ks_packs_verify(
			place->store, is_sha256, fetch->limits, err);
	*is_current = rc == KS_OK && !fetch->was_renewed &&
		      strcmp(state->last.listing, state->listing.digest) == 0 &&
		      strcmp(state->last.store, state->store_id) == 0;
	return rc;
}

/* Fetch; where that fails although the remote answers, it may be our fault. */
static int bring(
	struct ks_fetch *fetch, struct state *state, struct ks_err *err)
{
	struct ks_err why = { 0 };
	bool is_current = false;
	int rc = look(fetch, state, &is_current, err);

	if (rc == KS_OK && is_current)
		return KS_OK;
	fetch->has_changed = true;
	if (rc == KS_OK && !(state->listing.is_empty && fetch->is_new)) {
		rc = transfer(fetch, state, err);
		if (rc == KS_E_IO && !fetch->is_new &&
			ks_packs_verify(fetch->place->store,
				state->last.is_sha256, fetch->limits,
				&why) == KS_E_CORRUPT) {
			rc = KS_E_CORRUPT;
			*err = why;
		}
	}
	return rc == KS_E_CORRUPT ? renew(fetch, state, err) : rc;
}

/* What is many small packs is made fewer; what is unreachable stays. */
static int tidy(
	struct ks_fetch *fetch, const struct state *state, struct ks_err *err)
{
	const char *pack_refs[] = { "--git-dir", fetch->place->store,
		"pack-refs", "--all", NULL };
	const char *repack[] = { "--git-dir", fetch->place->store, "repack",
		"-q", "-d", "--geometric=2", NULL };
	size_t count = 0;
	int rc = KS_OK;

	if (!fetch->is_partial)
		rc = ks_git_run(
			NULL, pack_refs, NULL, NULL, fetch->limits, err);
	if (rc == KS_OK)
		rc = ks_packs_look(fetch->place->store,
			state->listing.is_sha256, &count, err);
	if (rc == KS_OK && count > PACKS_MANY &&
		ks_git_run(NULL, repack, NULL, NULL, fetch->limits, err) ==
			KS_E_INTERRUPTED)
		rc = KS_E_INTERRUPTED;
	return rc;
}

/* Where HEAD of this one leads, among the refs of its network. */
static int lead(
	const struct ks_fetch *fetch, struct ks_span head, struct ks_err *err)
{
	static const char refs[] = "refs/";
	struct ks_buf name = { 0 };
	int rc = KS_OK;

	if (head.n < sizeof(refs) ||
		memcmp(head.p, refs, sizeof(refs) - 1) != 0)
		return KS_OK;
	head = ks_span_cut(head, sizeof(refs) - 1, head.n);
	if (ks_buf_printf(&name, "refs/keysieve/%s/%.*s", fetch->place->name,
		    (int)head.n, (const char *)head.p) < 0)
		rc = ks_fail_nomem(err);
	else
		rc = ks_refs_point(
			fetch->place->store, ks_buf_span(&name), err);
	ks_buf_release(&name);
	return rc;
}

static int finish(
	struct ks_fetch *fetch, struct state *state, struct ks_err *err)
{
	const struct ks_place *place = fetch->place;
	struct ks_place_state now = { .is_sha256 = state->listing.is_sha256 };
	int rc = tidy(fetch, state, err);

	if (rc == KS_OK && place->is_shared && !fetch->is_partial)
		rc = ks_refs_copy(place, fetch->limits, err);
	if (rc == KS_OK)
		rc = ks_refs_point(place->repo, state->listing.head, err);
	if (rc == KS_OK && place->is_shared && fetch->leads)
		rc = lead(fetch, state->listing.head, err);
	memcpy(now.listing, state->listing.digest, sizeof(now.listing));
	memcpy(now.store, state->store_id, sizeof(now.store));
	return rc == KS_OK ? ks_place_write(place->repo, &now, err) : rc;
}

/* What came of nothing takes no room. */
static void give_up(const struct ks_fetch *fetch, bool is_sha256)
{
	const struct ks_place *place = fetch->place;
	size_t count = 0;

	(void)!ks_folder_clean(place->store, NULL);
	if (fetch->is_new &&
		(place->is_shared || (ks_packs_look(place->repo, is_sha256,
					      &count, NULL) == KS_OK &&
					     count == 0)))
		(void)!ks_folder_remove(place->repo, NULL);
}

int ks_fetch_run(struct ks_fetch *fetch, struct ks_err *err)
{
	const struct ks_place *place = fetch->place;
	struct state state = { 0 };
	int rc;

	rc = restore(place->store, err);
	ks_place_read(&state.last, place->repo);
	fetch->is_new = !*state.last.listing;
	if (rc == KS_OK)
		rc = init(fetch, &state, state.last.is_sha256, err);
	if (rc == KS_OK)
		rc = list(fetch, &state, err);
	memcpy(fetch->listing, state.listing.digest, sizeof(fetch->listing));
	fetch->is_absent = rc == KS_OK && fetch->is_new && fetch->known &&
			   !place->is_shared &&
			   strcmp(fetch->known, fetch->listing) == 0;
	if (rc == KS_OK && fetch->is_absent) {
		ks_buf_release(&state.text);
		return ks_folder_remove(place->repo, err);
	}
	if (rc == KS_OK && fetch->is_new && state.listing.is_sha256)
		rc = init(fetch, &state, true, err);
	if (rc == KS_OK)
		rc = bring(fetch, &state, err);
	if (rc == KS_OK && fetch->has_changed)
		rc = finish(fetch, &state, err);
	if (rc < 0)
		give_up(fetch, state.listing.is_sha256);
	ks_buf_release(&state.text);
	return rc;
}

int ks_fetch_forget(const struct ks_place *place,
	const struct ks_git_limits *limits, struct ks_err *err)
{
	return is_dir(place->store) ? ks_refs_forget(place, limits, err)
				    : KS_OK;
}
