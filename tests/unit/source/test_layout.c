/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/packs.h"
#include "source/layout.h"

#include <stdio.h>
#include <stdlib.h>

struct context {
	char *dir;
	struct ks_layout layout;
	struct ks_err err;
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

	ks_layout_release(&context->layout);
	test_dir_remove(context->dir);
	return 0;
}

static void put(struct context *context, const char *name, const char *text)
{
	test_file_write(context->dir, name, ks_span_str(text));
}

/* A git folder ${name} with the configuration ${config}. */
static void make(struct context *context, const char *name, const char *config)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/HEAD", name);
	put(context, path, "ref: refs/heads/main\n");
	snprintf(path, sizeof(path), "%s/objects/info/x", name);
	put(context, path, "");
	snprintf(path, sizeof(path), "%s/refs/x", name);
	put(context, path, "");
	snprintf(path, sizeof(path), "%s/config", name);
	put(context, path, config);
}

static int find(struct context *context, const char *name)
{
	char path[512];

	ks_layout_release(&context->layout);
	context->err = (struct ks_err){ 0 };
	snprintf(path, sizeof(path), "%s/%s", context->dir, name);
	return ks_layout_find(&context->layout, path, &context->err);
}

/* Its work tree is ${expected}, below the folder; NULL: it has none. */
static void expect_work(struct context *context, const char *expected)
{
	char *dir = realpath(context->dir, NULL);
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, expected ? expected : "");
	free(dir);
	if (expected)
		assert_string_equal(context->layout.work, path);
	else
		assert_null(context->layout.work);
}

static void test_layout__knows_the_work_tree(void **state)
{
	struct context *context = *state;

	make(context, "a/.git", "[core]\nbare = false\n");
	put(context, "a/b/c", "");
	assert_int_equal(find(context, "a"), KS_OK);
	expect_work(context, "a/");
	assert_int_equal(find(context, "a/b"), KS_OK);
	expect_work(context, "a/");
	assert_int_equal(find(context, "a/.git"), KS_OK);
	expect_work(context, "a/");
	make(context, "a/.git", "[core]\nbare = yes\n");
	assert_int_equal(find(context, "a"), KS_OK);
	expect_work(context, NULL);
	make(context, "a/.git", "[core]\nworktree = ../b\n");
	assert_int_equal(find(context, "a"), KS_OK);
	expect_work(context, "a/b/");
	make(context, "bare.git", "");
	assert_int_equal(find(context, "bare.git"), KS_OK);
	expect_work(context, NULL);
	put(context, "file/.git", "gitdir: ../bare.git\n");
	assert_int_equal(find(context, "file"), KS_OK);
	expect_work(context, "file/");
}

static void test_layout__of_a_linked_worktree(void **state)
{
	struct context *context = *state;

	make(context, "a/.git", "[core]\nbare = true\n");
	put(context, "a/.git/worktrees/b/HEAD", "ref: refs/heads/b\n");
	put(context, "a/.git/worktrees/b/commondir", "../..\n");
	put(context, "a/.git/worktrees/b/gitdir", "../../../../b/.git\n");
	put(context, "b/.git", "gitdir: ../a/.git/worktrees/b\n");
	assert_int_equal(find(context, "b"), KS_OK);
	expect_work(context, "b/");
	assert_string_not_equal(
		context->layout.common, context->layout.git_dir);
	assert_int_equal(context->layout.objects.count, 1);
}

static void test_layout__reads_the_configuration_of_a_worktree(void **state)
{
	struct context *context = *state;

	make(context, "a/.git",
		"[extensions]\nworktreeConfig = true\n[core]\nbare = true\n");
	put(context, "a/.git/config.worktree",
		"[core]\nbare = false\n[extensions]\nobjectformat = x\n");
	assert_int_equal(find(context, "a"), KS_OK);
	expect_work(context, "a/");
}

static void test_layout__heeds_the_format(void **state)
{
	static const struct {
		const char *config;
		int rc;
		size_t hash_bytes;
	} cases[] = {
		{ "", KS_OK, KS_OID_SHA1 },
		{ "[extensions]\nother = 1\n", KS_OK, KS_OID_SHA1 },
		{ "[core]\nrepositoryformatversion = 1\n"
		  "[extensions]\nobjectformat = sha256\n",
			KS_OK, KS_OID_SHA256 },
		{ "[core]\nrepositoryformatversion = 1\n"
		  "[extensions]\nobjectformat = sha1\n",
			KS_OK, KS_OID_SHA1 },
		{ "[core]\nrepositoryformatversion = 1\n"
		  "[extensions]\nnoop = 1\npreciousObjects = 1\n"
		  "partialClone = x\nworktreeConfig = 0\n",
			KS_OK, KS_OID_SHA1 },
		{ "[core]\nrepositoryformatversion = 1\n"
		  "[extensions \"x\"]\nother = 1\n",
			KS_OK, KS_OID_SHA1 },
		{ "[core]\nrepositoryformatversion = 1\n"
		  "[extensions]\nobjectformat = md5\n",
			KS_E_UNSUPPORTED, 0 },
		{ "[core]\nrepositoryformatversion = 1\n"
		  "[extensions]\nother = 1\n",
			KS_E_UNSUPPORTED, 0 },
		{ "[core]\nrepositoryformatversion = 0\n"
		  "[extensions]\nobjectformat = sha256\n",
			KS_E_UNSUPPORTED, 0 },
		{ "[extensions]\nobjectformat = sha256\n", KS_E_UNSUPPORTED,
			0 },
		{ "[core]\nrepositoryformatversion = 2\n", KS_E_UNSUPPORTED,
			0 },
		{ "[core]\nrepositoryformatversion = 1x\n", KS_E_UNSUPPORTED,
			0 },
		{ "[core\n", KS_E_CORRUPT, 0 },
	};
	struct context *context = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		make(context, "a/.git", cases[i].config);
		assert_int_equal(find(context, "a"), cases[i].rc);
		if (cases[i].rc == KS_OK)
			assert_int_equal(context->layout.hash_bytes,
				cases[i].hash_bytes);
		else
			assert_non_null(strstr(context->err.message, "a/.git"));
	}
}

/* The repository around it is another one. */
static void test_layout__does_not_look_behind_a_broken_git_file(void **state)
{
	struct context *context = *state;

	make(context, ".git", "");
	assert_int_equal(find(context, "."), KS_OK);
	put(context, "a/.git", "nonsense\n");
	assert_int_equal(find(context, "a"), KS_E_REPO);
	put(context, "a/.git", "gitdir: ../nowhere\n");
	assert_int_equal(find(context, "a"), KS_E_REPO);
	assert_non_null(strstr(context->err.message, "a/.git"));
}

static void test_layout__heeds_the_environment_where_no_path_is(void **state)
{
	struct context *context = *state;

	make(context, "a/.git", "");
	make(context, "b/.git", "");
	put(context, "c/x", "");
	setenv("GIT_OBJECT_DIRECTORY", "/nowhere", 1);
	setenv("GIT_SHALLOW_FILE", "/dev/null", 1);
	assert_int_equal(find(context, "a"), KS_OK);
	assert_string_not_equal(context->layout.objects.list[0], "/nowhere");
	unsetenv("GIT_OBJECT_DIRECTORY");
	unsetenv("GIT_SHALLOW_FILE");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_layout__knows_the_work_tree),
		TEST(test_layout__of_a_linked_worktree),
		TEST(test_layout__reads_the_configuration_of_a_worktree),
		TEST(test_layout__heeds_the_format),
		TEST(test_layout__does_not_look_behind_a_broken_git_file),
		TEST(test_layout__heeds_the_environment_where_no_path_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
