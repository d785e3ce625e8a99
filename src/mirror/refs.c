/* SPDX-License-Identifier: Apache-2.0 */
/* The refs of a mirror whose objects its network's store has. */
#include "mirror/refs.h"

#include "base/file.h"
#include "mirror/folder.h"

/* The three strings as one, in ${out}. */
static int join(struct ks_buf *out, const char *a, const char *b, const char *c,
	struct ks_err *err)
{
	ks_buf_reset(out);
	return ks_buf_printf(out, "%s%s%s", a, b, c) < 0 || !ks_buf_str(out)
		       ? ks_fail_nomem(err)
		       : KS_OK;
}

/* "ID refs/keysieve/NAME/rest" lines; NULL-terminated words behind. */
static int list(struct ks_buf *out, const struct ks_place *place,
	const char *format, const struct ks_git_limits *limits,
	struct ks_err *err)
{
	struct ks_buf prefix = { 0 };
	const char *words[] = { "--git-dir", place->store, "for-each-ref",
		format, NULL, NULL };
	int rc = join(&prefix, "refs/keysieve/", place->name, "/", err);

	words[4] = (const char *)prefix.p;
	if (rc == KS_OK)
		rc = ks_git_run(out, words, NULL, NULL, limits, err);
	ks_buf_release(&prefix);
	return rc;
}

/* The same lines with the names that the remote gave: gitpacked-refs. */
static int rename_all(struct ks_buf *out, struct ks_span listed,
	const struct ks_place *place, struct ks_err *err)
{
	size_t skipped = strlen("refs/keysieve/") + strlen(place->name) + 1;
	struct ks_span line;
	int rc = ks_buf_add_str(out, "# pack-refs with: sorted \n");

	while (rc == KS_OK && ks_span_next_line(&listed, &line)) {
		const uint8_t *space = memchr(line.p, ' ', line.n);
		size_t id = space ? (size_t)(space - line.p) : line.n;

		if (line.n < id + 1 + skipped)
			return ks_fail(err, KS_E_CORRUPT,
				"the refs of '%s' make no sense", place->store);
		rc = ks_buf_add(out, line.p, id);
		if (rc == KS_OK)
			rc = ks_buf_add_str(out, " refs/");
		if (rc == KS_OK)
			rc = ks_buf_add(out, line.p + id + 1 + skipped,
				line.n - id - 1 - skipped);
		if (rc == KS_OK)
			rc = ks_buf_add_byte(out, '\n');
	}
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

int ks_refs_copy(const struct ks_place *place,
	const struct ks_git_limits *limits, struct ks_err *err)
{
	struct ks_buf listed = { 0 };
	struct ks_buf packed = { 0 };
	struct ks_buf path = { 0 };
	int rc = list(&listed, place, "--format=%(objectname) %(refname)",
		limits, err);

	if (rc == KS_OK)
		rc = rename_all(&packed, ks_buf_span(&listed), place, err);
	if (rc == KS_OK)
		rc = join(&path, place->repo, "/packed-refs", "", err);
	if (rc == KS_OK)
		rc = ks_file_replace(
			(const char *)path.p, ks_buf_span(&packed), 0600, err);
	/* Loose ones, of the time before it had a network, would hide them. */
	if (rc == KS_OK)
		rc = join(&path, place->repo, "/refs", "", err);
	if (rc == KS_OK)
		rc = ks_folder_remove((const char *)path.p, err);
	if (rc == KS_OK)
		rc = join(&path, place->repo, "/refs/heads", "", err);
	if (rc == KS_OK)
		rc = ks_file_make_folders((const char *)path.p, err);
	ks_buf_release(&listed);
	ks_buf_release(&packed);
	ks_buf_release(&path);
	return rc;
}

/* Fetched from itself, by names that nothing has, they are all pruned. */
int ks_refs_forget(const struct ks_place *place,
	const struct ks_git_limits *limits, struct ks_err *err)
{
	const char *words[] = { "--git-dir", place->store, "fetch", "--quiet",
		"--prune", "--no-tags", "--no-write-fetch-head", place->store,
		NULL, NULL };
	struct ks_buf refspec = { 0 };
	int rc = join(&refspec, "+refs/keysieve-none/*:refs/keysieve/",
		place->name, "/*", err);

	words[8] = (const char *)refspec.p;
	if (rc == KS_OK)
		rc = ks_git_run(NULL, words, NULL, NULL, limits, err);
	ks_buf_release(&refspec);
	return rc;
}

int ks_refs_point(const char *repo, struct ks_span branch, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	if (branch.n == 0)
		return KS_OK;
	if (ks_buf_printf(&text, "ref: %.*s\n", (int)branch.n,
		    (const char *)branch.p) < 0 ||
		!ks_buf_str(&text))
		rc = ks_fail_nomem(err);
	else
		rc = ks_folder_put(repo, "HEAD", (const char *)text.p, err);
	ks_buf_release(&text);
	return rc;
}
