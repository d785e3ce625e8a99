/* SPDX-License-Identifier: Apache-2.0 */
/* Objects as others read them: what the pack stream is measured against. */
#include "source/odb.h"

#include "source/cat_file.h"
#include "source/libgit2.h"
#include "source/plumbing.h"

#include <stdlib.h>

struct ks_odb {
	git_odb *odb; /* SHA-1 */
	bool has_libgit2;
	struct ks_cat_file *git; /* SHA-256 */
};

/* What libgit2 said last; it is per thread and overwritten by its next call. */
static const char *last_message(void)
{
	const git_error *error = ks_libgit2()->error_last();

	return error && error->message ? error->message : "no reason given";
}

static int open_libgit2(struct ks_odb *odb, const char *const *dirs,
	size_t count, struct ks_err *err)
{
	int rc = ks_libgit2_start(err);

	if (rc < 0)
		return rc;
	odb->has_libgit2 = true;
	rc = ks_libgit2()->odb_new(&odb->odb);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = ks_libgit2()->odb_add_disk_alternate(odb->odb, dirs[i]);
	return rc < 0 ? ks_fail(err, KS_E_REPO, "cannot open '%s': %s",
				count ? dirs[0] : "", last_message())
		      : KS_OK;
}

int ks_odb_new(struct ks_odb **out, const char *const *dirs, size_t count,
	size_t hash_bytes, struct ks_err *err)
{
	struct ks_odb *odb = calloc(1, sizeof(*odb));
	int rc = odb ? KS_OK : ks_fail_nomem(err);

	*out = NULL;
	if (rc == KS_OK)
		rc = ks_plumbing_check(dirs, count, err);
	if (rc == KS_OK)
		rc = hash_bytes == KS_OID_SHA1
			     ? open_libgit2(odb, dirs, count, err)
			     : ks_cat_file_new(&odb->git, dirs, count, err);
	if (rc < 0)
		ks_odb_free(odb);
	else
		*out = odb;
	return rc;
}

static int read_libgit2(git_odb *odb, const struct ks_oid *oid, uint64_t limit,
	int *type, struct ks_buf *out, struct ks_err *err)
{
	git_odb_object *object = NULL;
	git_object_t kind;
	git_oid id;
	size_t size = 0;
	int rc;

	memcpy(id.id, oid->id, sizeof(id.id));
	rc = ks_libgit2()->odb_read_header(&size, &kind, odb, &id);
	if (rc == 0 && size > limit)
		return ks_fail(
			err, KS_E_LIMIT, "%zu bytes are over the limit", size);
	if (rc == 0)
		rc = ks_libgit2()->odb_read(&object, odb, &id);
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

int ks_odb_read(struct ks_odb *odb, const struct ks_oid *oid, uint64_t limit,
	int *type, struct ks_buf *out, struct ks_err *err)
{
	ks_buf_reset(out);
	return odb->git ? ks_cat_file_read(odb->git, oid, limit, type, out, err)
			: read_libgit2(odb->odb, oid, limit, type, out, err);
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

int ks_odb_each(struct ks_odb *odb,
	int (*each)(void *payload, const struct ks_oid *oid), void *payload,
	struct ks_err *err)
{
	struct each closure = { each, payload };

	if (odb->git)
		return ks_cat_file_each(odb->git, each, payload, err);
	if (ks_libgit2()->odb_foreach(odb->odb, call_each, &closure) < 0)
		return ks_fail(err, KS_E_REPO, "cannot list the objects: %s",
			last_message());
	return KS_OK;
}

void ks_odb_free(struct ks_odb *odb)
{
	if (!odb)
		return;
	ks_cat_file_free(odb->git);
	if (odb->has_libgit2) {
		ks_libgit2()->odb_free(odb->odb);
		ks_libgit2_stop();
	}
	free(odb);
}
