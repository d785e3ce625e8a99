/* SPDX-License-Identifier: Apache-2.0 */
/* Every object as others read it: what the pack stream is measured against. */
#include "scan/reference.h"

#include "base/array.h"
#include "base/oidmap.h"
#include "source/odb.h"
#include "source/repo.h"

#include <stdlib.h>

struct list {
	struct ks_oidmap seen; /* libgit2 lists an object once a pack */
	struct ks_oid *oids;
	size_t count;
	size_t cap;
};

static int add(void *payload, const struct ks_oid *oid)
{
	struct list *list = payload;
	size_t before = list->seen.count;

	if (ks_oidmap_add(&list->seen, oid, 0, NULL) < 0)
		return -1;
	if (list->seen.count == before)
		return 0;
	if (ks_array_reserve(&list->oids, &list->cap, list->count + 1,
		    sizeof(*list->oids)) < 0)
		return -1;
	list->oids[list->count++] = *oid;
	return 0;
}

static int visit(struct ks_odb *odb, const struct ks_oid *oid,
	const struct ks_visitor *visitor, struct ks_buf *bytes,
	struct ks_err *err)
{
	struct ks_object object = { .oid = *oid };
	struct ks_err why = { 0 };
	int type = KS_OBJECT_NONE;
	int rc = ks_odb_read(odb, oid, visitor->max_object, &type, bytes, &why);

	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	if (rc < 0)
		return visitor->declined(visitor->payload, 0, oid, &why, err);
	object.type = (enum ks_object_type)type;
	object.bytes = ks_buf_span(bytes);
	return visitor->object(visitor->payload, 0, &object, err);
}

static int visit_all(struct ks_odb *odb, const struct ks_visitor *visitor,
	struct ks_err *err)
{
	struct list list = { 0 };
	struct ks_buf bytes = { 0 };
	int rc = ks_odb_each(odb, add, &list, err);

	for (size_t i = 0; rc == KS_OK && i < list.count; i++) {
		if (visitor->cancel && *visitor->cancel)
			rc = ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		else
			rc = visit(odb, &list.oids[i], visitor, &bytes, err);
		if (visitor->tick && i % 1024 == 0)
			visitor->tick(visitor->payload);
	}
	ks_buf_release(&bytes);
	ks_oidmap_release(&list.seen);
	free(list.oids);
	return rc;
}

int ks_reference_walk(struct ks_repo *repo, const struct ks_visitor *visitor,
	struct ks_err *err)
{
	size_t count;
	const char *const *dirs = ks_repo_object_dirs(repo, &count);
	struct ks_odb *odb;
	int rc = ks_odb_new(&odb, dirs, count, ks_repo_hash_bytes(repo), err);

	if (rc == KS_OK)
		rc = visit_all(odb, visitor, err);
	ks_odb_free(odb);
	return rc;
}
