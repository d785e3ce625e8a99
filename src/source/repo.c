/* SPDX-License-Identifier: Apache-2.0 */
/* A repository: where its objects are, its refs, what it lacks. */
#include "source/repo.h"

#include "source/alternates.h"
#include "source/libgit2.h"
#include "source/refs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct ks_repo {
	git_repository *git;
	git_odb *odb;
	struct ks_arena arena;
	char *git_dir;
	struct ks_dirs dirs;
	struct ks_oid *shallow;
	size_t shallow_count;
	size_t hash_bytes;
	bool is_partial;
	struct ks_refs refs;
};

/* What libgit2 said last; it is per thread and overwritten by its next call. */
static const char *last_message(void)
{
	const git_error *error = ks_libgit2()->error_last();

	return error && error->message ? error->message : "no reason given";
}

static int fail_git(
	struct ks_err *err, int code, int git_code, const char *what)
{
	if (git_code == GIT_ENOTFOUND && code == KS_E_REPO)
		return ks_fail(
			err, code, "'%s' is not in a git repository", what);
	return ks_fail(err, code, "cannot open '%s': %s", what, last_message());
}

/*
 * Does the setting ${name} say that objects were left at a remote? libgit2's
 * own search by regular expression leaks where it does not match.
 */
static bool is_promisor(const char *name)
{
	static const char suffix[] = ".promisor";
	size_t n = strlen(name);

	return strcmp(name, "extensions.partialclone") == 0 ||
	       (strncmp(name, "remote.", 7) == 0 && n > sizeof(suffix) &&
		       strcmp(name + n - (sizeof(suffix) - 1), suffix) == 0);
}

static int read_config(struct ks_repo *repo, struct ks_err *err)
{
	git_config *config = NULL;
	git_config_iterator *items = NULL;
	git_config_entry *item;
	const char *format = NULL;

	repo->hash_bytes = KS_OID_SHA1;
	if (ks_libgit2()->repository_config_snapshot(&config, repo->git) < 0)
		return ks_fail(err, KS_E_REPO,
			"cannot read the configuration: %s", last_message());
	if (ks_libgit2()->config_get_string(
		    &format, config, "extensions.objectformat") == 0 &&
		strcmp(format, "sha256") == 0)
		repo->hash_bytes = KS_OID_SHA256;
	if (ks_libgit2()->config_iterator_new(&items, config) == 0) {
		while (ks_libgit2()->config_next(&item, items) == 0)
			repo->is_partial |= is_promisor(item->name);
		ks_libgit2()->config_iterator_free(items);
	}
	ks_libgit2()->config_free(config);
	return KS_OK;
}

/* One object id a line; commits whose parents were left behind. */
static int read_shallow(struct ks_repo *repo, struct ks_err *err)
{
	const char *common = ks_libgit2()->repository_commondir(repo->git);
	struct ks_buf text = { 0 };
	char path[4096];
	size_t digits = 2 * repo->hash_bytes;
	size_t at = 0;

	snprintf(path, sizeof(path), "%s/shallow", common);
	if (ks_buf_read_file(&text, path, NULL) < 0 || text.n == 0) {
		ks_buf_release(&text);
		return KS_OK;
	}
	repo->shallow = ks_arena_array(
		&repo->arena, text.n / digits + 1, sizeof(*repo->shallow));
	if (!repo->shallow) {
		ks_buf_release(&text);
		return ks_fail_nomem(err);
	}
	for (; at + digits <= text.n; at += digits + 1) {
		if (ks_oid_parse(&repo->shallow[repo->shallow_count],
			    (const char *)text.p + at, repo->hash_bytes))
			repo->shallow_count++;
	}
	ks_buf_release(&text);
	return KS_OK;
}

static int open_parts(
	struct ks_repo *repo, const char *path, struct ks_err *err)
{
	char objects[4096];
	int rc = ks_libgit2()->repository_open_ext(&repo->git, path, 0, NULL);

	if (rc < 0)
		return fail_git(err, KS_E_REPO, rc, path);
	repo->git_dir = ks_arena_copy(&repo->arena,
		ks_span_str(ks_libgit2()->repository_path(repo->git)));
	if (!repo->git_dir)
		return ks_fail_nomem(err);
	rc = read_config(repo, err);
	if (rc < 0)
		return rc;
	if (repo->hash_bytes != KS_OID_SHA1)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' has SHA-256 objects, which cannot be read yet",
			path);
	snprintf(objects, sizeof(objects), "%sobjects",
		ks_libgit2()->repository_commondir(repo->git));
	rc = ks_dirs_find(&repo->dirs, objects, &repo->arena, err);
	if (rc == KS_OK)
		rc = read_shallow(repo, err);
	if (rc == KS_OK &&
		ks_libgit2()->repository_odb(&repo->odb, repo->git) < 0)
		rc = fail_git(err, KS_E_REPO, 0, path);
	return rc;
}

int ks_repo_open(struct ks_repo **out, const char *path, struct ks_err *err)
{
	struct ks_repo *repo;
	int rc = ks_libgit2_start(err);

	*out = NULL;
	if (rc < 0)
		return rc;
	repo = calloc(1, sizeof(*repo));
	if (!repo) {
		ks_libgit2_stop();
		return ks_fail_nomem(err);
	}
	rc = open_parts(repo, path, err);
	if (rc < 0) {
		ks_repo_close(repo);
		return rc;
	}
	*out = repo;
	return KS_OK;
}

const char *ks_repo_git_dir(const struct ks_repo *repo)
{
	return repo->git_dir;
}

const char *ks_repo_work_dir(const struct ks_repo *repo)
{
	return ks_libgit2()->repository_workdir(repo->git);
}

size_t ks_repo_hash_bytes(const struct ks_repo *repo)
{
	return repo->hash_bytes;
}

const char *const *ks_repo_object_dirs(
	const struct ks_repo *repo, size_t *count)
{
	*count = repo->dirs.count;
	return (const char *const *)repo->dirs.list;
}

int ks_repo_refs(struct ks_repo *repo, const struct ks_ref_list **out,
	struct ks_err *err)
{
	*out = &repo->refs.out;
	if (repo->refs.is_read)
		return KS_OK;
	repo->refs.is_read = true;
	return ks_refs_read(
		&repo->refs, repo->git, repo->hash_bytes, &repo->arena, err);
}

int ks_repo_resolve(struct ks_repo *repo, const char *name, struct ks_oid *out,
	struct ks_err *err)
{
	git_object *object = NULL;

	if (ks_libgit2()->revparse_single(&object, repo->git, name) < 0)
		return ks_fail(err, KS_E_NOTFOUND,
			"there is no revision '%s' here: %s", name,
			last_message());
	*out = ks_oid_of(ks_libgit2()->object_id(object)->id, KS_OID_SHA1);
	ks_libgit2()->object_free(object);
	return KS_OK;
}

bool ks_repo_is_shallow(const struct ks_repo *repo)
{
	return repo->shallow_count > 0;
}

const struct ks_oid *ks_repo_shallow_commits(
	const struct ks_repo *repo, size_t *count)
{
	*count = repo->shallow_count;
	return repo->shallow;
}

bool ks_repo_is_partial(const struct ks_repo *repo)
{
	return repo->is_partial;
}

int ks_repo_read(struct ks_repo *repo, const struct ks_oid *oid, uint64_t limit,
	int *type, struct ks_buf *out, struct ks_err *err)
{
	git_odb_object *object = NULL;
	git_object_t kind;
	git_oid id;
	size_t size = 0;
	int rc;

	ks_buf_reset(out);
	memcpy(id.id, oid->id, sizeof(id.id));
	rc = ks_libgit2()->odb_read_header(&size, &kind, repo->odb, &id);
	if (rc == 0 && size > limit)
		return ks_fail(
			err, KS_E_LIMIT, "%zu bytes are over the limit", size);
	if (rc == 0)
		rc = ks_libgit2()->odb_read(&object, repo->odb, &id);
	if (rc == GIT_ENOTFOUND)
		return ks_fail(err, KS_E_NOTFOUND, "it is not there");
	if (rc < 0)
		return ks_fail(err, KS_E_CORRUPT, "%s", last_message());
	*type = (int)ks_libgit2()->odb_object_type(object);
	rc = ks_buf_add(out, ks_libgit2()->odb_object_data(object),
		ks_libgit2()->odb_object_size(object));
	ks_libgit2()->odb_object_free(object);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

int ks_repo_hash(const struct ks_repo *repo, int type, struct ks_span bytes,
	struct ks_oid *out, struct ks_err *err)
{
	git_oid id;

	(void)repo;
	if (ks_libgit2()->odb_hash(&id, bytes.p ? (const void *)bytes.p : "",
		    bytes.n, (git_object_t)type) < 0)
		return ks_fail(err, KS_E_CORRUPT, "%s", last_message());
	*out = ks_oid_of(id.id, KS_OID_SHA1);
	return KS_OK;
}

int ks_repo_read_head(struct ks_repo *repo, const char *name, uint64_t limit,
	struct ks_buf *out, struct ks_err *err)
{
	git_object *tree = NULL;
	const git_tree_entry *entry = NULL;
	struct ks_oid oid;
	git_filemode_t mode;
	int type;

	ks_buf_reset(out);
	if (ks_libgit2()->revparse_single(&tree, repo->git, "HEAD^{tree}") == 0)
		entry = ks_libgit2()->tree_entry_byname((git_tree *)tree, name);
	if (!entry) {
		ks_libgit2()->object_free(tree);
		return ks_fail(err, KS_E_NOTFOUND, "it is not there");
	}
	oid = ks_oid_of(ks_libgit2()->tree_entry_id(entry)->id, KS_OID_SHA1);
	mode = ks_libgit2()->tree_entry_filemode(entry);
	ks_libgit2()->object_free(tree);
	if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
		return ks_fail(err, KS_E_UNSUPPORTED, "it is no regular file");
	return ks_repo_read(repo, &oid, limit, &type, out, err);
}

struct each {
	int (*each)(void *payload, const struct ks_oid *oid);
	void *payload;
};

static int call_each(const git_oid *id, void *payload)
{
	struct each *each = payload;
	struct ks_oid oid = ks_oid_of(id->id, KS_OID_SHA1);

	return each->each(each->payload, &oid);
}

int ks_repo_each(struct ks_repo *repo,
	int (*each)(void *payload, const struct ks_oid *oid), void *payload,
	struct ks_err *err)
{
	struct each closure = { each, payload };

	if (ks_libgit2()->odb_foreach(repo->odb, call_each, &closure) < 0)
		return ks_fail(err, KS_E_REPO, "cannot list the objects: %s",
			last_message());
	return KS_OK;
}

void ks_repo_close(struct ks_repo *repo)
{
	if (!repo)
		return;
	ks_refs_release(&repo->refs);
	ks_dirs_release(&repo->dirs);
	ks_libgit2()->odb_free(repo->odb);
	ks_libgit2()->repository_free(repo->git);
	ks_arena_release(&repo->arena);
	free(repo);
	ks_libgit2_stop();
}
