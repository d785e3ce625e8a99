/* SPDX-License-Identifier: Apache-2.0 */
/* What one worker does with each object of a repository. */
#include "scan/worker.h"

#include "base/array.h"
#include "blobs/tree.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	LFS_POINTER_MAX = 1024 /* bytes; git-lfs's own limit */
};

int ks_worker_init(struct ks_worker *worker, struct ks_patterns *patterns,
	bool is_reference, size_t hash_bytes, struct ks_skips *skips,
	struct ks_err *err)
{
	worker->skips = skips;
	worker->hash_bytes = hash_bytes;
	worker->commits.hash_bytes = hash_bytes;
	return ks_finder_init(&worker->finder, patterns, is_reference, err);
}

struct ks_search ks_worker_search(struct ks_worker *worker)
{
	return (struct ks_search){
		.finder = &worker->finder,
		.skips = worker->skips,
		.limits = &worker->unpacking,
		.unpacked = &worker->unpacked,
	};
}

void ks_worker_limit(struct ks_worker *worker, const struct ks_budget *budget)
{
	worker->finder.window = budget->window;
	worker->graph.memory = budget->graph;
	worker->finder.views.most = (size_t)(budget->worker / 2);
	ks_matcher_limit(worker->finder.matcher, budget->candidates);
}

static int find_in(struct ks_worker *worker, struct ks_span bytes,
	const struct ks_where *where, size_t *found, struct ks_err *err)
{
	struct ks_subject subject = { .bytes = bytes };
	struct ks_search search = ks_worker_search(worker);

	return ks_search_text(&search, &subject, where, found, err);
}

/* It may be an archive. */
static int find_in_file(struct ks_worker *worker, struct ks_span bytes,
	const struct ks_where *where, struct ks_err *err)
{
	struct ks_subject subject = { .bytes = bytes };
	struct ks_search search = ks_worker_search(worker);

	return ks_search_file(&search, &subject, where, err);
}

static int note_corrupt(struct ks_worker *worker,
	const struct ks_object *object, const struct ks_err *why,
	struct ks_err *err)
{
	if (why->code == KS_E_NOMEM)
		return ks_fail_nomem(err);
	return ks_skips_add(worker->skips, KS_SKIP_UNREADABLE, NULL,
		&object->oid, why->message, err);
}

/* Another object is named: with --connectivity it has to be there. */
static int name_object(struct ks_worker *worker, const struct ks_oid *oid)
{
	if (!worker->named)
		return KS_OK;
	return ks_oidmap_add(worker->named, oid, 0, NULL);
}

static int do_commit(struct ks_worker *worker, const struct ks_object *object,
	const struct ks_where *where, struct ks_err *err)
{
	struct ks_err why = { 0 };
	struct ks_subject subject = { .bytes = object->bytes };
	struct ks_search search = ks_worker_search(worker);
	int rc = ks_commits_add(
		&worker->commits, &object->oid, object->bytes, &why);

	/* Ids are no secrets, but look like some. */
	if (rc == KS_OK)
		subject.head = ks_commits_head(&worker->commits);
	else
		rc = note_corrupt(worker, object, &why, err);
	if (rc < 0)
		return rc;
	if (subject.head > subject.bytes.n)
		subject.head = subject.bytes.n;
	return ks_search_text(&search, &subject, where, NULL, err);
}

/* "object <id>" is the first line of a tag: gitformat, git-mktag(1). */
static int do_tag(struct ks_worker *worker, const struct ks_object *object,
	const struct ks_where *where, struct ks_err *err)
{
	const size_t digits = 2 * worker->hash_bytes;
	struct ks_tag tag = { .oid = object->oid };

	if (object->bytes.n > 7 + digits &&
		ks_span_starts(object->bytes, "object ") &&
		ks_oid_parse(&tag.target, (const char *)object->bytes.p + 7,
			worker->hash_bytes)) {
		if (ks_array_reserve(&worker->tags, &worker->tag_cap,
			    worker->tag_count + 1, sizeof(tag)) < 0)
			return ks_fail_nomem(err);
		worker->tags[worker->tag_count++] = tag;
	}
	return find_in(worker, object->bytes, where, NULL, err);
}

/* A submodule: its content is in another repository. */
static int note_gitlink(struct ks_worker *worker,
	const struct ks_tree_entry *entry, struct ks_err *err)
{
	char hex[KS_OID_HEX_MAX];
	struct ks_oid oid = ks_oid_of(entry->id, worker->hash_bytes);
	struct ks_buf name = { 0 };
	enum ks_name_state *state;
	int rc;

	ks_oid_hex(&oid, worker->hash_bytes, hex);
	if (ks_buf_printf(&name, "submodule %.*s", (int)entry->name.n,
		    (const char *)entry->name.p) < 0 ||
		!(state = ks_names_find(&worker->names, ks_buf_span(&name))) ||
		!ks_buf_str(&name)) {
		ks_buf_release(&name);
		return ks_fail_nomem(err);
	}
	rc = KS_OK;
	if (*state == KS_NAME_NEW)
		rc = ks_skips_add(worker->skips, KS_SKIP_GITLINK,
			(const char *)name.p, NULL, "another repository", err);
	*state = KS_NAME_CLEAN;
	ks_buf_release(&name);
	return rc;
}

/* A tree while its entries are told. */
struct tree_reading {
	struct ks_worker *worker;
	const struct ks_object *tree;
	bool has_secret;
	struct ks_err *err;
};

/* A name that holds a secret is noted in each tree that has it. */
static int find_name(struct ks_worker *worker, const struct ks_oid *tree,
	struct ks_span name, bool *has_secret, struct ks_err *err)
{
	enum ks_name_state *state = ks_names_find(&worker->names, name);
	struct ks_where where = {
		.oid = *tree, .type = KS_OBJECT_TREE, .kind = KS_PLACE_NAME
	};
	size_t found;
	char *text;
	int rc;

	if (!state)
		return ks_fail_nomem(err);
	if (*state == KS_NAME_CLEAN)
		return KS_OK;
	text = strndup((const char *)name.p, name.n);
	if (!text)
		return ks_fail_nomem(err);
	where.name = text;
	rc = find_in(worker, name, &where, &found, err);
	free(text);
	*state = found ? KS_NAME_SECRET : KS_NAME_CLEAN;
	*has_secret |= found > 0;
	return rc;
}

static int do_name(struct tree_reading *reading, struct ks_span name)
{
	return find_name(reading->worker, &reading->tree->oid, name,
		&reading->has_secret, reading->err);
}

static int do_entry(
	void *payload, const struct ks_tree_entry *entry, bool is_gone)
{
	struct tree_reading *reading = payload;
	struct ks_worker *worker = reading->worker;
	int rc = KS_OK;

	if (ks_graph_add(&worker->graph, entry->id, is_gone) < 0)
		return ks_fail_nomem(reading->err);
	if (is_gone)
		return KS_OK;
	if ((entry->mode & KS_MODE_TYPE) == KS_MODE_GITLINK) {
		rc = note_gitlink(worker, entry, reading->err);
	} else if (worker->named) {
		struct ks_oid oid = ks_oid_of(entry->id, worker->hash_bytes);

		if (name_object(worker, &oid) < 0)
			return ks_fail_nomem(reading->err);
	}
	return rc < 0 ? rc : do_name(reading, entry->name);
}

static struct ks_tree_carry *tree_of(struct ks_worker *worker, uint32_t slot)
{
	if (ks_array_reserve(&worker->trees, &worker->tree_cap,
		    (size_t)slot + 1, sizeof(*worker->trees)) < 0)
		return NULL;
	for (; worker->tree_count <= slot; worker->tree_count++)
		worker->trees[worker->tree_count] =
			(struct ks_tree_carry){ .has_secret = false };
	return &worker->trees[slot];
}

/* Names and ids that the base has too were met there. */
static int do_tree(struct ks_worker *worker, const struct ks_object *object,
	struct ks_err *err)
{
	struct tree_reading reading = { .worker = worker, .tree = object };
	struct ks_tree_carry *carry = NULL;
	const struct ks_tree_carry *known = NULL;
	struct ks_tree_base base = { .delta = NULL };
	uint32_t number;
	struct ks_err why = { 0 };
	int rc;

	if (object->has_children) {
		carry = tree_of(worker, object->slot);
		if (!carry)
			return ks_fail_nomem(err);
		carry->starts.is_whole = false;
	}
	if (object->is_repeated)
		return KS_OK;
	if (object->delta && worker->tree_count > object->base_slot)
		known = &worker->trees[object->base_slot];
	if (known && known->starts.is_whole && !known->has_secret)
		base = (struct ks_tree_base){ object->delta, &known->starts,
			object->base_bytes };
	if (ks_graph_begin(&worker->graph, object->oid.id,
		    base.delta ? known->number : KS_GRAPH_NONE, &number) < 0)
		return ks_fail_nomem(err);
	reading.err = &why;
	rc = ks_tree_news(carry ? &carry->starts : NULL, object->bytes,
		worker->hash_bytes, &base, do_entry, &reading, &why);
	if (carry)
		carry->number = number;
	if (carry)
		carry->has_secret = reading.has_secret;
	if (rc == KS_E_CORRUPT || rc == KS_E_LIMIT)
		return note_corrupt(worker, object, &why, err);
	if (rc < 0)
		*err = why;
	return rc;
}

/* What was learnt of the object in ${slot}, or is to be. */
static struct ks_carry *carry_of(struct ks_worker *worker, uint32_t slot)
{
	if (ks_array_reserve(&worker->carries, &worker->carry_cap,
		    (size_t)slot + 1, sizeof(*worker->carries)) < 0)
		return NULL;
	for (; worker->carry_count <= slot; worker->carry_count++)
		worker->carries[worker->carry_count] = (struct ks_carry){ 0 };
	return &worker->carries[slot];
}

/* A blob that was scanned before: its deltas need to know of it, if any. */
static int learn(struct ks_worker *worker, const struct ks_subject *subject,
	struct ks_err *err)
{
	int rc = KS_OK;

	if (subject->carry)
		rc = ks_finder_look(&worker->finder, subject, err);
	return rc == KS_E_LIMIT ? KS_OK : rc;
}

/* A large blob, piece by piece; nothing is a delta against it. */
static int do_stream(struct ks_worker *worker, const struct ks_object *object,
	const struct ks_where *where, struct ks_err *err)
{
	struct ks_search search = ks_worker_search(worker);
	struct ks_err why = { 0 };
	int rc;

	if (object->is_repeated)
		return KS_OK;
	rc = ks_search_stream(&search, object->stream, where, &why);
	if (rc == KS_E_CORRUPT || rc == KS_E_IO)
		return note_corrupt(worker, object, &why, err);
	if (rc < 0)
		*err = why;
	return rc;
}

static int do_blob(struct ks_worker *worker, const struct ks_object *object,
	const struct ks_where *where, struct ks_err *err)
{
	struct ks_search search = ks_worker_search(worker);
	struct ks_subject subject = {
		.bytes = object->bytes,
		.rest = object->rest,
	};

	if (object->stream)
		return do_stream(worker, object, where, err);
	if (object->has_children) {
		subject.carry = carry_of(worker, object->slot);
		if (!subject.carry)
			return ks_fail_nomem(err);
		subject.carry->is_whole = false;
	}
	if (object->delta && worker->carry_count > object->base_slot) {
		subject.delta = object->delta;
		subject.base = &worker->carries[object->base_slot];
	}
	if (object->is_repeated)
		return learn(worker, &subject, err);
	if (object->bytes.n < LFS_POINTER_MAX &&
		ks_span_starts(object->bytes,
			"version https://git-lfs.github.com/spec/v1\n")) {
		int rc = ks_skips_add(worker->skips, KS_SKIP_LFS, NULL,
			&object->oid, "its content is in an LFS store", err);

		if (rc < 0)
			return rc;
	}
	return ks_search_file(&search, &subject, where, err);
}

static void count_object(struct ks_worker *worker, uint64_t bytes)
{
	worker->tally.bytes += bytes;
	atomic_fetch_add_explicit(
		&worker->objects_done, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(
		&worker->bytes_done, bytes, memory_order_relaxed);
}

int ks_worker_object(struct ks_worker *worker, const struct ks_object *object,
	struct ks_err *err)
{
	struct ks_where where = {
		.oid = object->oid,
		.type = object->type,
		.kind = KS_PLACE_OBJECT,
	};

	if (object->is_repeated && object->type != KS_OBJECT_BLOB &&
		object->type != KS_OBJECT_TREE)
		return KS_OK;
	if (!object->is_repeated) {
		worker->tally.types[object->type]++;
		count_object(worker,
			object->stream ? object->size : object->bytes.n);
	}
	switch (object->type) {
	case KS_OBJECT_COMMIT:
		return do_commit(worker, object, &where, err);
	case KS_OBJECT_TREE:
		return do_tree(worker, object, err);
	case KS_OBJECT_TAG:
		return do_tag(worker, object, &where, err);
	default:
		return do_blob(worker, object, &where, err);
	}
}

int ks_worker_ref(
	struct ks_worker *worker, const char *name, struct ks_err *err)
{
	struct ks_where where = { .kind = KS_PLACE_REF, .name = name };

	return find_in(worker, ks_span_str(name), &where, NULL, err);
}

int ks_worker_name(struct ks_worker *worker, const struct ks_oid *tree,
	const char *name, struct ks_err *err)
{
	bool has_secret = false;

	return find_name(worker, tree, ks_span_str(name), &has_secret, err);
}

int ks_worker_staged(struct ks_worker *worker, const struct ks_oid *oid,
	const char *path, struct ks_span bytes, struct ks_err *err)
{
	struct ks_where where = { .oid = *oid,
		.type = KS_OBJECT_BLOB,
		.kind = KS_PLACE_STAGED,
		.name = path };

	worker->tally.types[KS_OBJECT_BLOB]++;
	count_object(worker, bytes.n);
	return find_in_file(worker, bytes, &where, err);
}

int ks_worker_text(struct ks_worker *worker, const char *name,
	struct ks_span bytes, struct ks_err *err)
{
	struct ks_where where = { .kind = KS_PLACE_TEXT, .name = name };

	count_object(worker, bytes.n);
	return find_in(worker, bytes, &where, NULL, err);
}

int ks_worker_file(struct ks_worker *worker, const char *path,
	struct ks_span bytes, struct ks_err *err)
{
	struct ks_where where = { .kind = KS_PLACE_FILE, .name = path };

	count_object(worker, bytes.n);
	return find_in_file(worker, bytes, &where, err);
}

int ks_worker_flow(struct ks_worker *worker, const char *path,
	struct ks_stream *stream, struct ks_err *err)
{
	struct ks_where where = { .kind = KS_PLACE_FILE, .name = path };
	struct ks_search search = ks_worker_search(worker);

	return ks_search_stream(&search, stream, &where, err);
}

void ks_worker_count(struct ks_worker *worker, uint64_t bytes)
{
	count_object(worker, bytes);
}

void ks_worker_rest(struct ks_worker *worker)
{
	for (size_t i = 0; i < worker->carry_count; i++)
		ks_carry_release(&worker->carries[i]);
	for (size_t i = 0; i < worker->tree_count; i++)
		ks_tree_starts_release(&worker->trees[i].starts);
	ks_reader_free(worker->reader);
	worker->reader = NULL;
	free(worker->carries);
	free(worker->trees);
	worker->carries = NULL;
	worker->trees = NULL;
	worker->carry_count = worker->carry_cap = 0;
	worker->tree_count = worker->tree_cap = 0;
	ks_names_release(&worker->names);
}

void ks_worker_release(struct ks_worker *worker)
{
	ks_worker_rest(worker);
	ks_finder_release(&worker->finder);
	ks_commits_release(&worker->commits);
	ks_graph_release(&worker->graph);
	if (worker->named) {
		ks_oidmap_release(worker->named);
		free(worker->named);
	}
	free(worker->tags);
}
