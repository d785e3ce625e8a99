/* SPDX-License-Identifier: Apache-2.0 */
/* Where a mirror and its network's store lie, and what was there last. */
#include "mirror/place.h"

#include "mirror/folder.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum {
	NAME_BYTES = 20, /* of a hash: enough that none has another's */
	STATE_MAX = 512
};

static const char state_file[] = "keysieve";

static char *hash_name(const char *key, struct ks_arena *arena)
{
	uint8_t digest[KS_SHA256_BYTES];
	struct ks_sha256 hash;
	char *name = ks_arena_alloc(arena, 2 * NAME_BYTES + 1);

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, key, strlen(key));
	ks_sha256_final(&hash, digest);
	for (size_t i = 0; name && i < NAME_BYTES; i++)
		snprintf(name + 2 * i, 3, "%02x", digest[i]);
	return name;
}

/* ${folder}/${kind}/NA/NAME.git */
static char *folder_of(struct ks_arena *arena, const char *folder,
	const char *kind, const char *name)
{
	struct ks_buf text = { 0 };
	char *out = NULL;

	if (name && ks_buf_printf(&text, "%s/%s/%.2s/%s.git", folder, kind,
			    name, name) == KS_OK)
		out = ks_arena_copy(arena, ks_buf_span(&text));
	ks_buf_release(&text);
	return out;
}

static char *own_refspec(struct ks_arena *arena, const char *name)
{
	struct ks_buf text = { 0 };
	char *out = NULL;

	if (ks_buf_printf(&text, "+refs/*:refs/keysieve/%s/*", name) == KS_OK)
		out = ks_arena_copy(arena, ks_buf_span(&text));
	ks_buf_release(&text);
	return out;
}

int ks_place_find(struct ks_place *out, const char *folder, const char *key,
	const char *network, struct ks_arena *arena, struct ks_err *err)
{
	const char *name = hash_name(key, arena);

	*out = (struct ks_place){ .name = name,
		.repo = folder_of(arena, folder, "repos", name),
		.refspec = "+refs/*:refs/*",
		.is_shared = network != NULL };
	out->store = out->repo;
	if (network && name) {
		out->store = folder_of(
			arena, folder, "networks", hash_name(network, arena));
		out->refspec = own_refspec(arena, name);
	}
	return out->repo && out->store && out->refspec ? KS_OK
						       : ks_fail_nomem(err);
}

void ks_place_read(struct ks_place_state *out, const char *repo)
{
	struct ks_place_state state = { 0 };
	struct ks_buf path = { 0 };
	struct ks_buf text = { 0 };
	char format[8];

	*out = state;
	if (ks_buf_printf(&path, "%s/%s", repo, state_file) == KS_OK &&
		ks_buf_str(&path) &&
		ks_buf_read_file_max(&text, (const char *)path.p, STATE_MAX,
			NULL) == KS_OK &&
		ks_buf_str(&text) &&
		sscanf((const char *)text.p,
			"listing %64[0-9a-f]\nstore %64[0-9a-f]\n"
			"format %6[sha0-9]\n",
			state.listing, state.store, format) == 3) {
		state.is_sha256 = strcmp(format, "sha256") == 0;
		*out = state;
	}
	ks_buf_release(&path);
	ks_buf_release(&text);
}

int ks_place_write(const char *repo, const struct ks_place_state *state,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = ks_buf_printf(&text, "listing %s\nstore %s\nformat %s\n",
		state->listing, state->store,
		state->is_sha256 ? "sha256" : "sha1");

	if (rc < 0 || !ks_buf_str(&text))
		rc = ks_fail_nomem(err);
	else
		rc = ks_folder_put(repo, state_file, (const char *)text.p, err);
	ks_buf_release(&text);
	return rc;
}

int ks_place_forget(const char *repo, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	int rc = KS_OK;

	if (ks_buf_printf(&path, "%s/%s", repo, state_file) < 0 ||
		!ks_buf_str(&path))
		rc = ks_fail_nomem(err);
	else if (unlink((const char *)path.p) < 0 && errno != ENOENT)
		rc = ks_fail_errno(
			err, errno, "cannot remove '%s'", (const char *)path.p);
	ks_buf_release(&path);
	return rc;
}
