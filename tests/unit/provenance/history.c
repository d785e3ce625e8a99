/* SPDX-License-Identifier: Apache-2.0 */
/* Histories in memory, written down tersely. */
#include "history.h"

#include "base/array.h"

#include <assert.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

uint32_t history_random(uint64_t *state, uint32_t n)
{
	*state += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = *state;

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) >> 16) % n;
}

static uint64_t hash(uint64_t seed, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		seed = (seed ^ p[i]) * UINT64_C(0x100000001b3);
	return seed ^ seed >> 29;
}

struct history *history_new(void)
{
	struct history *history = calloc(1, sizeof(*history));

	assert_non_null(history);
	return history;
}

struct ks_oid history_put(struct history *history, enum ks_object_type type,
	const void *bytes, size_t n)
{
	struct history_object new = { .type = type };
	uint32_t at;

	for (unsigned i = 0; i < KS_OID_SHA1 / 4; i++) {
		uint64_t part = hash(i * 1000003 + (unsigned)type, bytes, n);

		part *= UINT64_C(0x9e3779b97f4a7c15);
		memcpy(new.oid.id + 4 * i, (uint8_t *)&part + 4, 4);
	}
	if (ks_oidmap_add(&history->index, &new.oid, (uint32_t)history->count,
		    &at) < 0)
		abort();
	if (at < history->count)
		return new.oid;
	if ((n && ks_buf_add(&new.bytes, bytes, n) < 0) ||
		ks_array_reserve(&history->objects, &history->cap,
			history->count + 1, sizeof(new)) < 0)
		abort();
	history->objects[history->count++] = new;
	return new.oid;
}

struct ks_oid history_blob(struct history *history, const char *label)
{
	return history_put(history, KS_OBJECT_BLOB, label, strlen(label));
}

static int compare_files(const void *a, const void *b)
{
	const struct history_file *left = a;
	const struct history_file *right = b;

	return strcmp(left->path, right->path);
}

static void add_entry(struct ks_buf *tree, const char *mode, const char *name,
	size_t n, const struct ks_oid *oid)
{
	if (ks_buf_printf(tree, "%s %.*s", mode, (int)n, name) < 0 ||
		ks_buf_add_byte(tree, 0) < 0 ||
		ks_buf_add(tree, oid->id, KS_OID_SHA1) < 0)
		abort();
}

/* ${files} are sorted and agree in their first ${from} bytes. */
static struct ks_oid build(struct history *history,
	const struct history_file *files, size_t count, size_t from)
{
	struct ks_buf tree = { 0 };
	struct ks_oid oid;

	for (size_t i = 0; i < count;) {
		const char *name = files[i].path + from;
		const char *slash = strchr(name, '/');
		size_t n = slash ? (size_t)(slash - name) + 1 : strlen(name);
		size_t end = i + 1;

		if (!slash) {
			add_entry(&tree, "100644", name, n, &files[i++].oid);
			continue;
		}
		while (end < count &&
			strncmp(files[end].path + from, name, n) == 0)
			end++;
		oid = build(history, files + i, end - i, from + n);
		add_entry(&tree, "40000", name, n - 1, &oid);
		i = end;
	}
	oid = history_put(history, KS_OBJECT_TREE, tree.p, tree.n);
	ks_buf_release(&tree);
	return oid;
}

struct ks_oid history_snapshot(
	struct history *history, struct history_file *files, size_t count)
{
	if (count)
		qsort(files, count, sizeof(*files), compare_files);
	return build(history, files, count, 0);
}

struct ks_oid history_tree(struct history *history, const char *files)
{
	struct history_file list[64];
	size_t count = 0;
	char *text = strdup(files);
	char *next = text;
	struct ks_oid oid;

	for (char *word; (word = strsep(&next, " "));) {
		char *label = strchr(word, '=');

		if (!label)
			continue;
		assert(count < 64);
		*label++ = '\0';
		list[count].path = word;
		list[count++].oid = history_blob(history, label);
	}
	oid = history_snapshot(history, list, count);
	free(text);
	return oid;
}

static void add_id(
	struct ks_buf *raw, const char *field, const struct ks_oid *oid)
{
	char hex[KS_OID_HEX_MAX];

	ks_oid_hex(oid, KS_OID_SHA1, hex);
	if (ks_buf_printf(raw, "%s %s\n", field, hex) < 0)
		abort();
}

struct ks_oid history_commit_tree(struct history *history, int64_t time,
	const struct ks_oid *tree, const struct ks_oid *parent,
	const struct ks_oid *second)
{
	struct ks_buf raw = { 0 };
	struct ks_oid oid;

	add_id(&raw, "tree", tree);
	if (parent)
		add_id(&raw, "parent", parent);
	if (second)
		add_id(&raw, "parent", second);
	if (ks_buf_printf(&raw,
		    "author A <a@b> 1 +0000\n"
		    "committer C <c@d> %" PRId64 " +0000\n\nmessage\n",
		    time) < 0 ||
		ks_array_reserve(&history->commits, &history->commit_cap,
			history->commit_count + 1, sizeof(oid)) < 0)
		abort();
	oid = history_put(history, KS_OBJECT_COMMIT, raw.p, raw.n);
	history->commits[history->commit_count++] = oid;
	ks_buf_release(&raw);
	return oid;
}

struct ks_oid history_commit(struct history *history, int64_t time,
	const char *files, const struct ks_oid *parent,
	const struct ks_oid *second)
{
	struct ks_oid tree = history_tree(history, files);

	return history_commit_tree(history, time, &tree, parent, second);
}

void history_tip(
	struct history *history, const char *name, const struct ks_oid *oid)
{
	assert(history->tip_count < HISTORY_TIPS_MAX);
	history->tips[history->tip_count++] = (struct ks_tip){
		.name = name,
		.oid = *oid,
		.is_branch = strncmp(name, "refs/heads/", 11) == 0,
		.is_head = strcmp(name, "HEAD") == 0,
	};
}

struct history_object *history_object(
	struct history *history, const struct ks_oid *oid)
{
	uint32_t at = ks_oidmap_get(&history->index, oid);

	assert(at != KS_OIDMAP_NONE);
	return &history->objects[at];
}

static int read_object(void *payload, const struct ks_oid *oid,
	enum ks_object_type *type, struct ks_buf *out, struct ks_err *err)
{
	struct history *history = payload;
	uint32_t at = ks_oidmap_get(&history->index, oid);
	struct history_object *object;

	if (at == KS_OIDMAP_NONE)
		return ks_fail(err, KS_E_NOTFOUND, "object not found");
	object = &history->objects[at];
	object->reads++;
	if (++history->reads == history->cancel_after)
		history->cancel = 1;
	if (object->is_missing)
		return ks_fail(err, KS_E_NOTFOUND, "object not found");
	if (object->is_broken)
		return ks_fail(err, KS_E_CORRUPT, "object broken");
	ks_buf_reset(out);
	*type = object->type;
	if (!object->bytes.n)
		return KS_OK;
	return ks_buf_add(out, object->bytes.p, object->bytes.n);
}

static void unreadable(
	void *payload, const struct ks_oid *oid, const struct ks_err *why)
{
	struct history *history = payload;

	history->unreadable++;
	history->unreadable_oid = *oid;
	history->unreadable_code = why->code;
}

static void shuffle_tips(struct history *history, uint64_t *state)
{
	for (size_t i = history->tip_count; i > 1; i--) {
		size_t k = history_random(state, (uint32_t)i);
		struct ks_tip tip = history->tips[i - 1];

		history->tips[i - 1] = history->tips[k];
		history->tips[k] = tip;
	}
}

void history_gather(struct history *history, unsigned seed)
{
	size_t n = history->commit_count;
	struct ks_oid *list = malloc((n + 1) * sizeof(*list));
	uint64_t state = seed;

	assert(list);
	if (n)
		memcpy(list, history->commits, n * sizeof(*list));
	for (size_t i = n; seed && i > 1; i--) {
		size_t k = history_random(&state, (uint32_t)i);
		struct ks_oid oid = list[i - 1];

		list[i - 1] = list[k];
		list[k] = oid;
	}
	ks_commits_release(&history->graph);
	for (size_t i = 0; i < n; i++) {
		const struct history_object *object =
			history_object(history, &list[i]);

		if (!object->is_missing &&
			ks_commits_add(&history->graph, &object->oid,
				ks_buf_span(&object->bytes), NULL) < 0)
			abort();
	}
	free(list);
	if (seed)
		shuffle_tips(history, &state);
}

int history_find(struct history *history, struct ks_origin *origins,
	size_t count, unsigned seed)
{
	const struct ks_origin_input input = {
		.commits = &history->graph,
		.tips = history->tips,
		.tip_count = history->tip_count,
		.read = read_object,
		.payload = history,
		.cancel = &history->cancel,
		.unreadable = unreadable,
	};
	struct ks_err err = { 0 };

	history_gather(history, seed);
	history->reads = history->unreadable = 0;
	for (size_t i = 0; i < history->count; i++)
		history->objects[i].reads = 0;
	return ks_origin_find(origins, count, &input, &history->arena, &err);
}

struct ks_oid history_found(
	const struct history *history, const struct ks_origin *origin)
{
	if (origin->commit == UINT32_MAX)
		return (struct ks_oid){ { 0 } };
	return history->graph.list[origin->commit].oid;
}

struct ks_origin history_expect(struct history *history,
	const struct ks_oid *oid, const struct ks_oid *commit, const char *path)
{
	const struct ks_oid none = { { 0 } };
	struct ks_origin origin = { .oid = *oid };
	struct ks_oid found;

	for (unsigned seed = 0; seed < 4; seed++) {
		assert_int_equal(history_find(history, &origin, 1, seed), 0);
		found = history_found(history, &origin);
		assert_memory_equal(
			&found, commit ? commit : &none, sizeof(found));
		if (path) {
			assert_non_null(origin.path);
			assert_string_equal(origin.path, path);
		} else {
			assert_null(origin.path);
		}
	}
	return origin;
}

struct ks_origin history_expect_blob(struct history *history, const char *label,
	const struct ks_oid *commit, const char *path)
{
	struct ks_oid oid = history_blob(history, label);

	return history_expect(history, &oid, commit, path);
}

void history_free(struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		ks_buf_release(&history->objects[i].bytes);
	free(history->objects);
	free(history->commits);
	ks_oidmap_release(&history->index);
	ks_commits_release(&history->graph);
	ks_arena_release(&history->arena);
	free(history);
}
