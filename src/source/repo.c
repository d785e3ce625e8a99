/* SPDX-License-Identifier: Apache-2.0 */
/* A repository: where its objects are, its refs, what it lacks. */
#include "source/repo.h"

#include "base/sha256.h"
#include "source/layout.h"
#include "source/libgit2.h"
#include "source/plumbing.h"
#include "source/ref_files.h"
#include "source/refs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct ks_repo {
	struct ks_layout layout;
	struct ks_arena arena;
	struct ks_refs refs;
	pthread_mutex_t lock;
	bool has_libgit2; /* started, for hashing; under lock */
};

int ks_repo_open(struct ks_repo **out, const char *path, struct ks_err *err)
{
	struct ks_repo *repo = calloc(1, sizeof(*repo));
	int rc;

	*out = NULL;
	if (!repo)
		return ks_fail_nomem(err);
	pthread_mutex_init(&repo->lock, NULL);
	rc = ks_layout_find(&repo->layout, path, err);
	if (rc == KS_OK && repo->layout.has_reftable)
		rc = ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' keeps its refs as no files, which cannot be read "
			"yet; 'git refs migrate --ref-format=files' changes it",
			path);
	if (rc < 0) {
		ks_repo_close(repo);
		return rc;
	}
	*out = repo;
	return KS_OK;
}

const char *ks_repo_git_dir(const struct ks_repo *repo)
{
	return repo->layout.git_dir;
}

const char *ks_repo_work_dir(const struct ks_repo *repo)
{
	return repo->layout.work;
}

size_t ks_repo_hash_bytes(const struct ks_repo *repo)
{
	return repo->layout.hash_bytes;
}

const char *const *ks_repo_object_dirs(
	const struct ks_repo *repo, size_t *count)
{
	*count = repo->layout.objects.count;
	return (const char *const *)repo->layout.objects.list;
}

int ks_repo_refs(struct ks_repo *repo, const struct ks_ref_list **out,
	struct ks_err *err)
{
	*out = &repo->refs.out;
	if (repo->refs.is_read)
		return KS_OK;
	repo->refs.is_read = true;
	return ks_refs_read(&repo->refs, &repo->layout, &repo->arena, err);
}

/* "<id>\n", of the commit that ${name} leads to. */
static int ask_git(const struct ks_plumbing *git, const char *name,
	size_t hash_bytes, struct ks_oid *out, struct ks_err *err)
{
	struct ks_buf revision = { 0 };
	struct ks_buf said = { 0 };
	int status = -1;
	int rc = ks_buf_printf(&revision, "%s^{commit}", name);

	if (rc == KS_OK && ks_buf_str(&revision)) {
		const char *const words[] = { "git", "rev-parse", "--verify",
			"--quiet", (const char *)revision.p, NULL };
		struct ks_program program = ks_plumbing_program(git, words);

		rc = ks_program_ask(&said, &program, 4096, &status, err);
	} else {
		rc = ks_fail_nomem(err);
	}
	if (rc == KS_OK &&
		(status != 0 || !ks_oid_parse_word(
					out, ks_buf_span(&said), hash_bytes)))
		rc = ks_fail(err, KS_E_NOTFOUND,
			"there is no revision '%s' here", name);
	ks_buf_release(&revision);
	ks_buf_release(&said);
	return rc;
}

int ks_repo_resolve(struct ks_repo *repo, const char *name, struct ks_oid *out,
	struct ks_err *err)
{
	struct ks_plumbing git = { .folder = NULL };
	struct ks_plumbing_view view = {
		.dirs = (const char *const *)repo->layout.objects.list,
		.dir_count = repo->layout.objects.count,
		.hash_bytes = repo->layout.hash_bytes,
	};
	int rc = KS_OK;

	/* No revision begins so; to git it would be an option. */
	if (*name == '-')
		return ks_fail(err, KS_E_NOTFOUND,
			"there is no revision '%s' here", name);
	rc = ks_repo_refs(repo, &view.refs, err);
	if (rc == KS_OK) {
		rc = ks_plumbing_open(&git, &view, err);
		if (rc < 0)
			ks_err_wrap(err, "git tells what '%s' is", name);
	}
	if (rc == KS_OK)
		rc = ask_git(&git, name, view.hash_bytes, out, err);
	ks_plumbing_close(&git);
	return rc;
}

bool ks_repo_is_shallow(const struct ks_repo *repo)
{
	return repo->layout.shallow_count > 0;
}

const struct ks_oid *ks_repo_shallow_commits(
	const struct ks_repo *repo, size_t *count)
{
	*count = repo->layout.shallow_count;
	return repo->layout.shallow;
}

bool ks_repo_is_partial(const struct ks_repo *repo)
{
	return repo->layout.is_partial;
}

int ks_repo_head(
	const struct ks_repo *repo, struct ks_oid *out, struct ks_err *err)
{
	const struct ks_layout *layout = &repo->layout;

	return ks_ref_files_resolve(out, layout->git_dir, layout->common,
		"HEAD", layout->hash_bytes, err);
}

/* For ids few are asked for: libgit2 starts with the first. */
static int need_libgit2(struct ks_repo *repo, struct ks_err *err)
{
	int rc = KS_OK;

	pthread_mutex_lock(&repo->lock);
	if (!repo->has_libgit2)
		rc = ks_libgit2_start(err);
	repo->has_libgit2 |= rc == KS_OK;
	pthread_mutex_unlock(&repo->lock);
	return rc;
}

static int hash_sha256(
	int type, struct ks_span bytes, struct ks_oid *out, struct ks_err *err)
{
	static const char *const names[] = { "", "commit", "tree", "blob",
		"tag" };
	struct ks_sha256 hash;
	char head[64];
	int n;

	if (type < 1 || type > 4)
		return ks_fail(err, KS_E_CORRUPT, "it has no type");
	n = snprintf(head, sizeof(head), "%s %zu", names[type], bytes.n);
	ks_sha256_init(&hash);
	ks_sha256_update(&hash, head, (size_t)n + 1);
	ks_sha256_update(&hash, bytes.p, bytes.n);
	ks_sha256_final(&hash, out->id);
	return KS_OK;
}

int ks_repo_hash(struct ks_repo *repo, int type, struct ks_span bytes,
	struct ks_oid *out, struct ks_err *err)
{
	git_oid id;
	int rc;

	if (repo->layout.hash_bytes == KS_OID_SHA256)
		return hash_sha256(type, bytes, out, err);
	rc = need_libgit2(repo, err);
	if (rc < 0)
		return rc;
	if (ks_libgit2()->odb_hash(&id, bytes.p ? (const void *)bytes.p : "",
		    bytes.n, (git_object_t)type) < 0)
		return ks_fail(err, KS_E_CORRUPT, "it has no id");
	*out = ks_oid_of(id.id, KS_OID_SHA1);
	return KS_OK;
}

void ks_repo_close(struct ks_repo *repo)
{
	if (!repo)
		return;
	ks_refs_release(&repo->refs);
	ks_layout_release(&repo->layout);
	ks_arena_release(&repo->arena);
	if (repo->has_libgit2)
		ks_libgit2_stop();
	pthread_mutex_destroy(&repo->lock);
	free(repo);
}
