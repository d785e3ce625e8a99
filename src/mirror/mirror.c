/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of remote repositories in a folder, kept up to date by git. */
#include "mirror/mirror.h"

#include "base/file.h"
#include "base/program.h"
#include "mirror/disk.h"
#include "mirror/evict.h"
#include "mirror/fetch.h"
#include "mirror/folder.h"
#include "mirror/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	LARGE_PAUSE = 7 * 86400, /* seconds */
	LARGE_TEXT = 24          /* bytes of a number */
};

struct ks_mirrors {
	char *folder; /* absolute */
	struct ks_buf git;
	struct ks_mirrors_options options;
	struct ks_disk disk;
};

static int open_folder(
	struct ks_mirrors *mirrors, const char *folder, struct ks_err *err)
{
	int rc = ks_file_make_folders(folder, err);

	if (rc < 0)
		return rc;
	mirrors->folder = realpath(folder, NULL);
	if (!mirrors->folder)
		return ks_fail(err, KS_E_IO, "cannot open '%s'", folder);
	/* They end lines of objects/info/alternates. */
	if (strchr(mirrors->folder, '\n') || mirrors->folder[0] == '"')
		return ks_fail(err, KS_E_USAGE,
			"a folder of mirrors cannot have such a name");
	return KS_OK;
}

int ks_mirrors_open(struct ks_mirrors **out, const char *folder,
	const struct ks_mirrors_options *options, struct ks_err *err)
{
	struct ks_mirrors *mirrors = calloc(1, sizeof(*mirrors));
	int rc;

	*out = NULL;
	if (!mirrors)
		return ks_fail_nomem(err);
	mirrors->options = *options;
	rc = ks_program_find(&mirrors->git, "git", err);
	if (rc == KS_OK)
		rc = open_folder(mirrors, folder, err);
	if (rc < 0) {
		ks_mirrors_close(mirrors);
		return rc;
	}
	mirrors->disk.folder = mirrors->folder;
	mirrors->disk.max = options->disk_max;
	mirrors->disk.spare = options->disk_spare;
	ks_disk_open(&mirrors->disk);
	*out = mirrors;
	return KS_OK;
}

void ks_mirrors_close(struct ks_mirrors *mirrors)
{
	if (!mirrors)
		return;
	free(mirrors->folder);
	ks_buf_release(&mirrors->git);
	free(mirrors);
}

/* A folder's lock lies beside it, so that it may be removed as a whole. */
static int lock(int *fd, const struct ks_mirrors *mirrors, const char *folder,
	struct ks_err *err)
{
	struct ks_buf path = { 0 };
	char *end;
	int rc = ks_buf_printf(&path, "%s.lock", folder);

	*fd = -1;
	if (rc < 0 || !ks_buf_str(&path)) {
		ks_buf_release(&path);
		return ks_fail_nomem(err);
	}
	end = strrchr((char *)path.p, '/');
	*end = '\0';
	rc = ks_file_make_folders((const char *)path.p, err);
	*end = '/';
	if (rc == KS_OK)
		rc = ks_folder_lock(
			fd, (const char *)path.p, mirrors->options.cancel, err);
	ks_buf_release(&path);
	return rc;
}

struct locks {
	int store; /* of the network */
	int repo;
};

static void unlock(struct locks *locks)
{
	if (locks->repo >= 0)
		close(locks->repo);
	if (locks->store >= 0)
		close(locks->store);
}

/* The network's first, always: nobody waits for one with the other in hand. */
static int lock_both(struct locks *locks, const struct ks_mirrors *mirrors,
	const struct ks_place *place, struct ks_err *err)
{
	int rc = KS_OK;

	*locks = (struct locks){ -1, -1 };
	if (place->is_shared)
		rc = lock(&locks->store, mirrors, place->store, err);
	if (rc == KS_OK)
		rc = lock(&locks->repo, mirrors, place->repo, err);
	if (rc < 0)
		unlock(locks);
	return rc;
}

static const char *key_of(const struct ks_mirror_wish *wish)
{
	return wish->key ? wish->key : wish->url;
}

static int tell(struct ks_mirror *out, const struct ks_place *place,
	const struct ks_fetch *fetch, struct ks_err *err)
{
	*out = (struct ks_mirror){
		.path = fetch->is_absent ? NULL : strdup(place->repo),
		.shared = place->is_shared ? strdup(place->store) : NULL,
		.has_changed = fetch->has_changed,
		.is_new = fetch->is_new,
		.was_renewed = fetch->was_renewed
	};
	memcpy(out->listing, fetch->listing, sizeof(out->listing));
	if ((out->path || fetch->is_absent) &&
		(out->shared || !place->is_shared))
		return KS_OK;
	ks_mirror_release(out);
	return ks_fail_nomem(err);
}

/* What is asked while git runs: is there room, and may we go on? */
struct watch {
	struct ks_disk_share share;
	const struct ks_mirrors_options *options;
};

static int check(void *payload, struct ks_err *err)
{
	struct watch *watch = payload;

	if (watch->options->alive)
		watch->options->alive(watch->options->payload);
	return ks_disk_check(&watch->share, err);
}

/*
 * Beside what was too large lies the limit that it was too large for: it is
 * tried again after a while only, or with more room, as all others would have
 * to go for it.
 */
static int name_limit(struct ks_buf *out, const char *store, struct ks_err *err)
{
	return ks_buf_printf(out, "%s.large", store) < 0 || !ks_buf_str(out)
		       ? ks_fail_nomem(err)
		       : KS_OK;
}

static int check_limit(const struct ks_disk *disk, const struct ks_place *place,
	struct ks_err *err)
{
	struct ks_buf name = { 0 };
	struct ks_buf text = { 0 };
	struct stat st;
	int rc = name_limit(&name, place->store, err);

	if (rc == KS_OK && disk->max && stat((const char *)name.p, &st) == 0 &&
		time(NULL) - st.st_mtime < LARGE_PAUSE &&
		ks_buf_read_file_max(&text, (const char *)name.p, LARGE_TEXT,
			NULL) == KS_OK &&
		ks_buf_str(&text) &&
		strtoull((const char *)text.p, NULL, 10) >= disk->max)
		rc = ks_disk_fail(disk, true, err);
	ks_buf_release(&text);
	ks_buf_release(&name);
	return rc;
}

static int note_limit(const struct ks_disk *disk, const struct ks_place *place,
	struct ks_err *err)
{
	struct ks_buf name = { 0 };
	char text[LARGE_TEXT];
	int rc = name_limit(&name, place->store, err);

	snprintf(text, sizeof(text), "%llu\n", (unsigned long long)disk->max);
	if (rc == KS_OK)
		rc = ks_file_replace(
			(const char *)name.p, ks_span_str(text), 0600, err);
	ks_buf_release(&name);
	return rc;
}

/* What is too large, or has come and found no room, does not stay. */
static int settle(struct ks_disk_share *share, const struct ks_fetch *fetch,
	int rc, struct ks_err *err)
{
	const struct ks_place *place = fetch->place;

	/* What was fetched counts, and what was tidied away does not. */
	if (rc < 0)
		(void)!ks_disk_check(share, NULL);
	else
		rc = ks_disk_check(share, err);
	if (rc != KS_E_LIMIT)
		return rc;
	if (share->is_too_large) {
		(void)!note_limit(share->disk, place, NULL);
		(void)!ks_folder_remove(place->store, NULL);
	}
	if (share->is_too_large || (fetch->is_new && !place->is_shared))
		(void)!ks_folder_remove(place->repo, NULL);
	(void)!ks_disk_check(share, NULL);
	return rc;
}

static int update(struct ks_mirrors *mirrors, struct ks_fetch *fetch, int *hold,
	struct ks_err *err)
{
	struct watch watch = { .options = &mirrors->options };
	struct ks_git_limits limits = { .git = (const char *)mirrors->git.p,
		.timeout = mirrors->options.timeout,
		.check = check,
		.payload = &watch,
		.cancel = mirrors->options.cancel };
	struct locks locks;
	int rc = lock_both(&locks, mirrors, fetch->place, err);

	if (rc < 0)
		return rc;
	rc = check_limit(&mirrors->disk, fetch->place, err);
	if (rc == KS_OK)
		rc = ks_evict_hold(hold, fetch->place->store, err);
	if (rc == KS_OK) {
		ks_disk_begin(
			&watch.share, &mirrors->disk, fetch->place->store);
		fetch->limits = &limits;
		rc = ks_fetch_run(fetch, err);
		rc = settle(&watch.share, fetch, rc, err);
	}
	unlock(&locks);
	return rc;
}

int ks_mirror_update(struct ks_mirrors *mirrors,
	const struct ks_mirror_wish *wish, struct ks_mirror *out,
	struct ks_err *err)
{
	struct ks_arena arena = { 0 };
	struct ks_remote remote;
	struct ks_place place;
	struct ks_fetch fetch = { .remote = &remote,
		.place = &place,
		.leads = wish->leads,
		.known = wish->listing,
		.is_suspect = wish->is_suspect,
		.is_optional = wish->is_optional };
	struct ks_err own = { 0 };
	int hold = -1;
	int rc;

	/* It is looked at on the way. */
	err = err ? err : &own;
	rc = ks_remote_parse(&remote, wish->url, &arena, err);
	*out = (struct ks_mirror){ 0 };
	if (rc == KS_OK && wish->password && remote.origin) {
		remote.user = wish->user ? wish->user : "";
		remote.password = wish->password;
	}
	if (rc == KS_OK)
		rc = ks_place_find(&place, mirrors->folder, key_of(wish),
			wish->network, &arena, err);
	if (rc == KS_OK) {
		rc = update(mirrors, &fetch, &hold, err);
		if (rc < 0 && !strstr(err->message, remote.shown))
			ks_err_wrap(err, "cannot fetch '%s'", remote.shown);
	}
	if (rc == KS_OK)
		rc = tell(out, &place, &fetch, err);
	if (rc == KS_OK)
		out->hold = hold + 1;
	else if (hold >= 0)
		close(hold);
	ks_arena_release(&arena);
	return rc;
}

int ks_mirror_settle(struct ks_mirrors *mirrors, const char *network,
	const char *const *keys, size_t count, struct ks_err *err)
{
	struct ks_arena arena = { 0 };
	struct locks locks = { -1, -1 };
	struct ks_place place = { 0 };
	const char **repos = ks_arena_array(&arena, count + 1, sizeof(*repos));
	const char **names = ks_arena_array(&arena, count + 1, sizeof(*names));
	int rc = repos && names ? KS_OK : ks_fail_nomem(err);

	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		rc = ks_place_find(
			&place, mirrors->folder, keys[i], network, &arena, err);
		repos[i] = place.repo;
		names[i] = place.name;
	}
	if (rc == KS_OK && count)
		rc = lock(&locks.store, mirrors, place.store, err);
	if (rc == KS_OK && count)
		rc = ks_share_settle(place.store, repos, names, count, err);
	unlock(&locks);
	ks_arena_release(&arena);
	return rc;
}

int ks_mirror_prefix(struct ks_buf *out, const char *key, struct ks_err *err)
{
	struct ks_arena arena = { 0 };
	struct ks_place place;
	int rc = ks_place_find(&place, "", key, "", &arena, err);

	if (rc == KS_OK &&
		(ks_buf_printf(out, "refs/keysieve/%s/", place.name) < 0 ||
			!ks_buf_str(out)))
		rc = ks_fail_nomem(err);
	ks_arena_release(&arena);
	return rc;
}

void ks_mirror_release(struct ks_mirror *mirror)
{
	free(mirror->path);
	free(mirror->shared);
	if (mirror->hold)
		close(mirror->hold - 1);
	*mirror = (struct ks_mirror){ 0 };
}

int ks_mirror_remove(struct ks_mirrors *mirrors,
	const struct ks_mirror_wish *wish, struct ks_err *err)
{
	struct ks_git_limits limits = { .git = (const char *)mirrors->git.p,
		.timeout = mirrors->options.timeout,
		.cancel = mirrors->options.cancel };
	struct ks_arena arena = { 0 };
	struct ks_place place;
	struct locks locks;
	int rc = ks_place_find(&place, mirrors->folder, key_of(wish),
		wish->network, &arena, err);

	if (rc == KS_OK)
		rc = lock_both(&locks, mirrors, &place, err);
	if (rc == KS_OK) {
		uint64_t bytes =
			mirrors->disk.max ? ks_folder_size(place.repo) : 0;

		rc = ks_folder_remove(place.repo, err);
		if (rc == KS_OK && place.is_shared)
			rc = ks_fetch_forget(&place, &limits, err);
		if (rc == KS_OK)
			atomic_fetch_sub(&mirrors->disk.used, bytes);
		unlock(&locks);
	}
	ks_arena_release(&arena);
	return rc;
}
