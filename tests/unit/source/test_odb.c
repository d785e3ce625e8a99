/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/packs.h"
#include "source/odb.h"
#include "source/repo.h"

#include <stdio.h>
#include <stdlib.h>

struct context {
	char *dir;
	struct ks_repo *repo;
	struct ks_odb *odb;
	size_t met;
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ .dir = test_dir_new() };
	*state = &context;
	return 0;
}

static int tear_down(void **state)
{
	struct context *context = *state;

	ks_odb_free(context->odb);
	ks_repo_close(context->repo);
	test_dir_remove(context->dir);
	return 0;
}

static void shell(struct context *context, const char *script)
{
	test_shell(context->dir, script);
}

/* A repository with three blobs: "one", "two" packed, and 100000 bytes. */
static void make(struct context *context, const char *format)
{
	struct ks_buf script = { 0 };
	const char *const *dirs;
	size_t count;

	ks_odb_free(context->odb);
	ks_repo_close(context->repo);
	context->odb = NULL;
	assert_int_equal(
		ks_buf_printf(&script,
			"rm -rf repo && git init -q --object-format=%s repo && "
			"cd repo && printf two | git hash-object -w --stdin | "
			"git pack-objects -q .git/objects/pack/pack && "
			"git prune-packed && printf one | git hash-object -w "
			"--stdin && head -c 100000 /dev/zero | "
			"git hash-object -w --stdin",
			format),
		KS_OK);
	shell(context, ks_buf_str(&script));
	ks_buf_reset(&script);
	assert_int_equal(
		ks_buf_printf(&script, "%s/repo", context->dir), KS_OK);
	assert_int_equal(
		ks_repo_open(&context->repo, ks_buf_str(&script), NULL), KS_OK);
	ks_buf_release(&script);
	dirs = ks_repo_object_dirs(context->repo, &count);
	assert_int_equal(ks_odb_new(&context->odb, dirs, count,
				 ks_repo_hash_bytes(context->repo), NULL),
		KS_OK);
}

static int read_blob(struct context *context, const char *content, size_t n,
	uint64_t limit, struct ks_buf *out)
{
	struct ks_oid oid;
	int type = 0;
	int rc;

	assert_int_equal(ks_repo_hash(context->repo, 3, ks_span_of(content, n),
				 &oid, NULL),
		KS_OK);
	rc = ks_odb_read(context->odb, &oid, limit, &type, out, NULL);
	if (rc == KS_OK)
		assert_int_equal(type, 3);
	return rc;
}

static int meet(void *payload, const struct ks_oid *oid)
{
	struct context *context = payload;
	struct ks_buf bytes = { 0 };
	int type;

	assert_int_equal(
		ks_odb_read(context->odb, oid, UINT64_MAX, &type, &bytes, NULL),
		KS_OK);
	ks_buf_release(&bytes);
	context->met++;
	return 0;
}

static void test_odb__reads_objects_of_either_format(void **state)
{
	static const char *const formats[] = { "sha1", "sha256" };
	static char zeros[100000];
	struct context *context = *state;
	struct ks_buf out = { 0 };

	for (int i = 0; i < 2; i++) {
		make(context, formats[i]);
		assert_int_equal(read_blob(context, "one", 3, 3, &out), KS_OK);
		assert_span_text(out, "one");
		assert_int_equal(
			read_blob(context, "two", 3, 100, &out), KS_OK);
		assert_span_text(out, "two");
		assert_int_equal(read_blob(context, "none", 4, 100, &out),
			KS_E_NOTFOUND);
		assert_int_equal(
			read_blob(context, zeros, sizeof(zeros), 99999, &out),
			KS_E_LIMIT);
		/* What was not kept does not stand in the way of the next. */
		assert_int_equal(read_blob(context, "one", 3, 3, &out), KS_OK);
		assert_span_text(out, "one");
		assert_int_equal(
			read_blob(context, zeros, sizeof(zeros), 100000, &out),
			KS_OK);
		assert_int_equal(out.n, sizeof(zeros));
		context->met = 0;
		assert_int_equal(
			ks_odb_each(context->odb, meet, context, NULL), KS_OK);
		assert_int_equal(context->met, 3);
	}
	ks_buf_release(&out);
}

/* git ends at such an object; another is asked for the next. */
static void test_odb__outlives_a_corrupt_object(void **state)
{
	struct context *context = *state;
	struct ks_buf out = { 0 };

	make(context, "sha256");
	shell(context, "cd repo/.git/objects/?? && for i in *; do "
		       "chmod u+w $i && printf x >$i; done");
	assert_true(read_blob(context, "one", 3, 100, &out) < 0);
	assert_int_equal(read_blob(context, "two", 3, 100, &out), KS_OK);
	assert_span_text(out, "two");
	ks_buf_release(&out);
}

static void test_odb__refuses_what_is_no_file(void **state)
{
	struct context *context = *state;
	const char *dirs[1];
	char path[256];
	struct ks_err err = { 0 };
	struct ks_odb *odb;

	shell(context, "mkdir -p objects/pack && mkfifo objects/pack/x.idx");
	snprintf(path, sizeof(path), "%s/objects", context->dir);
	dirs[0] = path;
	assert_int_equal(
		ks_odb_new(&odb, dirs, 1, KS_OID_SHA1, &err), KS_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, "x.idx"));
	assert_int_equal(ks_odb_new(&odb, dirs, 1, KS_OID_SHA256, NULL),
		KS_E_UNSUPPORTED);
	assert_null(odb);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_odb__reads_objects_of_either_format),
		TEST(test_odb__outlives_a_corrupt_object),
		TEST(test_odb__refuses_what_is_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
