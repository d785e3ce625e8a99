/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "source/repo.h"

#include <stdlib.h>

struct context {
	char *dir;
	struct ks_repo *repo;
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ .dir = test_dir_new() };
	*state = &context;
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CONFIG_SYSTEM", "/dev/null", 1);
	setenv("GIT_AUTHOR_NAME", "A U Thor", 1);
	setenv("GIT_AUTHOR_EMAIL", "author@example.com", 1);
	setenv("GIT_COMMITTER_NAME", "A U Thor", 1);
	setenv("GIT_COMMITTER_EMAIL", "author@example.com", 1);
	return 0;
}

static int tear_down(void **state)
{
	struct context *context = *state;

	ks_repo_close(context->repo);
	test_dir_remove(context->dir);
	return 0;
}

static void shell(struct context *context, const char *script)
{
	test_shell(context->dir, script);
}

static int open_at(struct context *context, const char *name)
{
	struct ks_buf path = { 0 };
	int rc;

	ks_repo_close(context->repo);
	context->repo = NULL;
	assert_int_equal(
		ks_buf_printf(&path, "%s/%s", context->dir, name), KS_OK);
	rc = ks_repo_open(&context->repo, ks_buf_str(&path), NULL);
	ks_buf_release(&path);
	return rc;
}

/* How many refs of that name there are, reflog lines or not. */
static size_t count(struct context *context, const char *name, bool is_reflog)
{
	const struct ks_ref_list *refs;
	size_t n = 0;

	assert_int_equal(ks_repo_refs(context->repo, &refs, NULL), KS_OK);
	for (size_t i = 0; i < refs->count; i++)
		n += strcmp(refs->list[i].name, name) == 0 &&
		     refs->list[i].is_reflog == is_reflog;
	return n;
}

static const char history[] =
	"git init -q -b main repo && cd repo && "
	"git commit -q --allow-empty -m one && "
	"git commit -q --allow-empty -m two && git tag v1 && "
	"git tag -a -m note v2 && git branch side";

static void test_repo__lists_refs_and_reflogs(void **state)
{
	shell(*state, history);
	assert_int_equal(open_at(*state, "repo"), KS_OK);
	assert_int_equal(count(*state, "HEAD", false), 1);
	assert_int_equal(count(*state, "refs/heads/main", false), 1);
	assert_int_equal(count(*state, "refs/heads/side", false), 1);
	assert_int_equal(count(*state, "refs/tags/v1", false), 1);
	assert_int_equal(count(*state, "refs/tags/v2", false), 1);
	assert_int_equal(count(*state, "refs/heads/main", true), 2);
}

static void test_repo__lists_packed_refs_too(void **state)
{
	shell(*state, history);
	shell(*state, "cd repo && git pack-refs --all");
	assert_int_equal(open_at(*state, "repo"), KS_OK);
	assert_int_equal(count(*state, "refs/heads/side", false), 1);
	assert_int_equal(count(*state, "refs/tags/v2", false), 1);
}

static void test_repo__lists_the_others_beside_a_broken_ref(void **state)
{
	shell(*state, history);
	shell(*state, "echo nonsense >repo/.git/refs/heads/broken");
	assert_int_equal(open_at(*state, "repo"), KS_OK);
	assert_int_equal(count(*state, "refs/heads/main", false), 1);
	assert_int_equal(count(*state, "refs/heads/side", false), 1);
	assert_int_equal(count(*state, "refs/heads/broken", false), 0);
}

static void test_repo__opens_what_git_opens(void **state)
{
	shell(*state, history);
	shell(*state, "git clone -q --bare repo bare.git && "
		      "git -C repo worktree add -q ../linked side && "
		      "mkdir repo/folder");
	assert_int_equal(open_at(*state, "repo/.git"), KS_OK);
	assert_int_equal(open_at(*state, "repo/folder"), KS_OK);
	assert_int_equal(open_at(*state, "bare.git"), KS_OK);
	assert_int_equal(count(*state, "refs/heads/side", false), 1);
	assert_int_equal(open_at(*state, "linked"), KS_OK);
	assert_int_equal(count(*state, "refs/heads/main", false), 1);
	assert_int_equal(open_at(*state, "linked/.git"), KS_OK);
}

static void test_repo__of_no_commit_has_no_refs(void **state)
{
	struct context *context = *state;
	const struct ks_ref_list *refs;

	shell(context, "git init -q empty");
	assert_int_equal(open_at(context, "empty"), KS_OK);
	assert_int_equal(ks_repo_refs(context->repo, &refs, NULL), KS_OK);
	assert_int_equal(refs->count, 0);
	assert_int_equal(refs->broken_count, 0);
}

static void test_repo__says_what_is_none(void **state)
{
	assert_int_equal(open_at(*state, "nowhere"), KS_E_REPO);
	shell(*state, "mkdir folder");
	assert_int_equal(open_at(*state, "folder"), KS_E_REPO);
}

static void test_repo__opens_sha256(void **state)
{
	struct context *context = *state;

	shell(context, "GIT_DEFAULT_HASH=sha256 git init -q -b main repo && "
		       "cd repo && git commit -q --allow-empty -m one && "
		       "git tag v1 && git pack-refs --all && git branch side");
	assert_int_equal(open_at(context, "repo"), KS_OK);
	assert_int_equal(ks_repo_hash_bytes(context->repo), KS_OID_SHA256);
	assert_int_equal(count(context, "HEAD", false), 1);
	assert_int_equal(count(context, "refs/heads/side", false), 1);
	assert_int_equal(count(context, "refs/tags/v1", false), 1);
	assert_int_equal(count(context, "refs/heads/main", true), 1);
}

static void test_repo__knows_shallow_and_partial_clones(void **state)
{
	struct context *context = *state;
	size_t n;

	shell(context, history);
	shell(context, "git -C repo config uploadpack.allowFilter true && "
		       "git clone -q --depth=1 \"file://$PWD/repo\" shallow && "
		       "git clone -q --filter=blob:none \"file://$PWD/repo\" "
		       "partial");
	assert_int_equal(open_at(context, "repo"), KS_OK);
	assert_false(ks_repo_is_shallow(context->repo));
	assert_false(ks_repo_is_partial(context->repo));
	assert_int_equal(open_at(context, "shallow"), KS_OK);
	assert_true(ks_repo_is_shallow(context->repo));
	ks_repo_shallow_commits(context->repo, &n);
	assert_int_equal(n, 1);
	assert_int_equal(open_at(context, "partial"), KS_OK);
	assert_true(ks_repo_is_partial(context->repo));
	assert_false(ks_repo_is_shallow(context->repo));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_repo__lists_refs_and_reflogs),
		TEST(test_repo__lists_packed_refs_too),
		TEST(test_repo__lists_the_others_beside_a_broken_ref),
		TEST(test_repo__opens_what_git_opens),
		TEST(test_repo__of_no_commit_has_no_refs),
		TEST(test_repo__says_what_is_none),
		TEST(test_repo__opens_sha256),
		TEST(test_repo__knows_shallow_and_partial_clones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
