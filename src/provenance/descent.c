/* SPDX-License-Identifier: Apache-2.0 */
/* Going down into trees without recursion: a stack of open trees. */
#include "provenance/descent.h"

#include "base/array.h"

#include <stdlib.h>

/* A closed tree's buffer is kept for the next one unless it is larger. */
enum {
	KEEP_BYTES = 1 << 20
};

int ks_descent_check(const struct ks_descent *descent, struct ks_err *err)
{
	const volatile int *cancel = descent->input->cancel;

	if (cancel && *cancel)
		return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
	return KS_OK;
}

static void tell(const struct ks_descent *descent, const struct ks_oid *oid,
	const struct ks_err *why)
{
	const struct ks_origin_input *input = descent->input;

	if (input->unreadable)
		input->unreadable(input->payload, oid, why);
}

/* The place for one tree more; its buffer may be one used before. */
static struct ks_descent_tree *next_tree(struct ks_descent *descent)
{
	size_t cap = descent->cap;

	if (ks_array_reserve(&descent->trees, &descent->cap, descent->depth + 1,
		    sizeof(*descent->trees)) < 0)
		return NULL;
	for (; cap < descent->cap; cap++)
		descent->trees[cap] = (struct ks_descent_tree){ 0 };
	return &descent->trees[descent->depth];
}

static int read_tree(const struct ks_descent *descent,
	struct ks_descent_tree *tree, const struct ks_oid *oid,
	enum ks_object_type *type, struct ks_err *why)
{
	const struct ks_origin_input *input = descent->input;
	int rc;

	if (descent->depth >= KS_DESCENT_DEPTH_MAX)
		return ks_fail(why, KS_E_LIMIT, "tree nested too deep");
	ks_buf_reset(&tree->bytes);
	rc = input->read(input->payload, oid, type, &tree->bytes, why);
	if (rc < 0) {
		if (!why->code)
			ks_fail(why, rc, "cannot read tree");
		return rc;
	}
	if (*type != KS_OBJECT_TREE)
		return ks_fail(why, KS_E_CORRUPT, "not a tree but a %s",
			ks_object_type_name(*type));
	if (tree->bytes.n > KS_DESCENT_BYTES_MAX - descent->bytes)
		return ks_fail(why, KS_E_LIMIT, "trees too large");
	return KS_OK;
}

int ks_descent_open(struct ks_descent *descent, const struct ks_oid *oid,
	bool may_be_other, struct ks_err *err)
{
	enum ks_object_type type = KS_OBJECT_NONE;
	struct ks_descent_tree *tree = next_tree(descent);
	struct ks_err why = { 0 };
	bool is_other;
	int rc;

	if (!tree)
		return ks_fail_nomem(err);
	rc = ks_descent_check(descent, err);
	if (rc < 0)
		return rc;
	if (ks_descent_leaves_out(descent, oid->id))
		return 0;
	rc = read_tree(descent, tree, oid, &type, &why);
	if (rc == KS_E_NOMEM || rc == KS_E_INTERRUPTED)
		return ks_fail(err, rc, "%s", why.message);
	if (rc < 0) {
		is_other = rc == KS_E_NOTFOUND ||
			   (type != KS_OBJECT_NONE && type != KS_OBJECT_TREE);
		if (!may_be_other || !is_other)
			tell(descent, oid, &why);
		return 0;
	}
	tree->oid = *oid;
	tree->iter =
		ks_tree_iter_of(ks_buf_span(&tree->bytes), descent->hash_bytes);
	tree->name = ks_span_of(NULL, 0);
	tree->path_n = 0;
	tree->node = 0;
	descent->bytes += tree->bytes.n;
	descent->depth++;
	return 1;
}

static void tell_corrupt(const struct ks_descent *descent)
{
	struct ks_err why = { 0 };

	ks_fail(&why, KS_E_CORRUPT, "corrupt tree");
	tell(descent, &ks_descent_top(descent)->oid, &why);
}

int ks_descent_next(struct ks_descent *descent, struct ks_tree_entry *out)
{
	struct ks_descent_tree *tree = ks_descent_top(descent);
	int rc;

	do {
		rc = ks_tree_next(&tree->iter, out);
		if (rc > 0 && (out->mode & KS_MODE_TYPE) != KS_MODE_GITLINK)
			return 1;
	} while (rc > 0);
	if (rc < 0)
		tell_corrupt(descent);
	return 0;
}

void ks_descent_close(struct ks_descent *descent)
{
	struct ks_descent_tree *tree = ks_descent_top(descent);

	descent->bytes -= tree->bytes.n;
	descent->depth--;
	if (tree->bytes.cap > KEEP_BYTES)
		ks_buf_release(&tree->bytes);
}

void ks_descent_release(struct ks_descent *descent)
{
	for (size_t i = 0; i < descent->cap; i++)
		ks_buf_release(&descent->trees[i].bytes);
	free(descent->trees);
	descent->trees = NULL;
	descent->depth = descent->cap = descent->bytes = 0;
}
