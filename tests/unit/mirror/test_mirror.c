/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "mirror/mirror.h"

#include <stdio.h>
#include <stdlib.h>

/* Two commits in "one.git" and, with one more, in its fork "two.git". */
static const char make_remotes[] =
	"set -e\n"
	"export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
	"GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=a "
	"GIT_COMMITTER_EMAIL=a@x\n"
	"git init -q -b trunk work\n"
	"cd work\n"
	"seq 2000 >a; git add a; git commit -qm one\n"
	"echo b >b; git add b; git commit -qm two\n"
	"git tag -m t v1\n"
	"cd ..\n"
	"git clone -q --bare work one.git\n"
	"git clone -q --bare work two.git\n"
	"cd work; echo c >c; git add c; git commit -qm three\n"
	"git push -q ../two.git trunk\n";

static const char push_more[] =
	"set -e\n"
	"export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
	"GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=a "
	"GIT_COMMITTER_EMAIL=a@x\n"
	"cd work; echo d >>d; git add d; git commit -qm more\n"
	"git push -q ../one.git trunk trunk:other\n";

struct fixture {
	char *dir;
	struct ks_mirrors *mirrors;
	struct ks_err err;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct ks_mirrors_options options = { .timeout = 60 };
	char cache[512];

	fixture->dir = test_dir_new();
	test_shell(fixture->dir, make_remotes);
	setenv("HOME", fixture->dir, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	snprintf(cache, sizeof(cache), "%s/deep/cache", fixture->dir);
	assert_int_equal(ks_mirrors_open(&fixture->mirrors, cache, &options,
				 &fixture->err),
		KS_OK);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	ks_mirrors_close(fixture->mirrors);
	test_dir_remove(fixture->dir);
	free(fixture);
	return 0;
}

static int update(struct fixture *fixture, struct ks_mirror *out,
	const char *name, const char *network, bool is_suspect)
{
	char url[512];
	struct ks_mirror_wish wish = { .url = url,
		.key = name,
		.network = network,
		.is_suspect = is_suspect };

	snprintf(url, sizeof(url), "file://%s/%s", fixture->dir, name);
	fixture->err = (struct ks_err){ 0 };
	return ks_mirror_update(fixture->mirrors, &wish, out, &fixture->err);
}

/* Run a script, in which $M is the mirror and $S its network's store. */
static void check(struct fixture *fixture, const struct ks_mirror *mirror,
	const char *script)
{
	struct ks_buf text = { 0 };

	assert_int_equal(
		ks_buf_printf(&text, "set -e; M=%s; S=%s; %s", mirror->path,
			mirror->shared ? mirror->shared : "", script),
		KS_OK);
	assert_non_null(ks_buf_str(&text));
	test_shell(fixture->dir, (const char *)text.p);
	ks_buf_release(&text);
}

static const char same_refs[] =
	"git -C one.git for-each-ref >a; git -C $M for-each-ref >b; cmp a b; "
	"git -C $M fsck --strict; "
	"test $(git -C $M symbolic-ref HEAD) = refs/heads/trunk";

static void test_mirror__is_what_the_remote_is(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror mirror;

	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	assert_true(mirror.is_new && mirror.has_changed);
	check(fixture, &mirror, same_refs);
	ks_mirror_release(&mirror);
	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	assert_false(mirror.is_new || mirror.has_changed);
	ks_mirror_release(&mirror);
	test_shell(fixture->dir, push_more);
	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	assert_true(mirror.has_changed && !mirror.is_new);
	check(fixture, &mirror, same_refs);
	check(fixture, &mirror, "git -C one.git branch -D other");
	ks_mirror_release(&mirror);
	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	assert_true(mirror.has_changed);
	check(fixture, &mirror, same_refs);
	ks_mirror_release(&mirror);
}

static void test_mirror__keeps_what_was_pushed_away(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror mirror;

	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	check(fixture, &mirror,
		"git -C one.git rev-parse trunk >gone; git -C one.git "
		"update-ref refs/heads/trunk trunk~1; git -C one.git tag -d v1;"
		"git -C one.git reflog expire --expire=now --all; "
		"git -C one.git gc -q --prune=now");
	ks_mirror_release(&mirror);
	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	check(fixture, &mirror, same_refs);
	check(fixture, &mirror, "git -C $M cat-file -e $(cat gone)");
	ks_mirror_release(&mirror);
}

static void test_mirror__follows_a_key_to_another_url(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror mirror;
	struct ks_mirror again;
	char url[512];
	struct ks_mirror_wish wish = { .url = url, .key = "one.git" };

	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	check(fixture, &mirror, "mv one.git moved.git");
	snprintf(url, sizeof(url), "%s/moved.git", fixture->dir);
	assert_int_equal(ks_mirror_update(fixture->mirrors, &wish, &again,
				 &fixture->err),
		KS_OK);
	assert_string_equal(mirror.path, again.path);
	assert_false(again.has_changed);
	assert_int_equal(
		ks_mirror_remove(fixture->mirrors, &wish, &fixture->err),
		KS_OK);
	check(fixture, &mirror, "! test -e $M");
	ks_mirror_release(&mirror);
	ks_mirror_release(&again);
}

static void test_mirror__shares_what_forks_share(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror one;
	struct ks_mirror two;

	assert_int_equal(update(fixture, &one, "one.git", "n", false), KS_OK);
	assert_int_equal(update(fixture, &two, "two.git", "n", false), KS_OK);
	assert_string_equal(one.shared, two.shared);
	assert_string_not_equal(one.path, two.path);
	check(fixture, &one, same_refs);
	check(fixture, &two,
		"git -C $M log --format=%s trunk >log; grep -q three log; "
		"test $(ls $M/objects/pack | wc -l) = 0");
	/* The second has brought one commit, no more. */
	check(fixture, &two,
		"test $(git -C $S count-objects -v | "
		"sed -n 's/in-pack: //p') = 10");
	/* What gc would do in it takes nothing from anybody. */
	check(fixture, &two, "git -C $S gc -q; git -C $M fsck --strict");
	check(fixture, &one, same_refs);
	ks_mirror_release(&two);
	test_shell(fixture->dir, push_more);
	ks_mirror_release(&one);
	assert_int_equal(update(fixture, &two, "two.git", "n", false), KS_OK);
	assert_false(two.has_changed);
	assert_int_equal(update(fixture, &one, "one.git", "n", false), KS_OK);
	assert_true(one.has_changed);
	check(fixture, &one, same_refs);
	ks_mirror_release(&one);
	ks_mirror_release(&two);
}

static void test_mirror__joins_a_network_later(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror mirror;
	struct ks_mirror_wish wish = {
		.url = "x", .key = "one.git", .network = "n"
	};

	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	ks_mirror_release(&mirror);
	assert_int_equal(
		update(fixture, &mirror, "one.git", "n", false), KS_OK);
	assert_false(mirror.is_new);
	check(fixture, &mirror, same_refs);
	check(fixture, &mirror,
		"git -C $S for-each-ref | grep -q refs/keysieve/");
	assert_int_equal(
		ks_mirror_remove(fixture->mirrors, &wish, &fixture->err),
		KS_OK);
	check(fixture, &mirror, "test -z \"$(git -C $S for-each-ref)\"");
	ks_mirror_release(&mirror);
}

static const char damage[] =
	"for p in $P/objects/pack/*.pack; do chmod u+w $p; "
	"printf xxxx | dd of=$p bs=1 seek=200 conv=notrunc 2>e; done";

static void test_mirror__is_cloned_anew_when_damaged(void **state)
{
	struct fixture *fixture = *state;
	static const char *const networks[] = { NULL, "n" };
	struct ks_mirror mirror;
	struct ks_buf script = { 0 };

	for (size_t i = 0; i < 2; i++) {
		const char *network = networks[i];

		assert_int_equal(
			update(fixture, &mirror, "one.git", network, false),
			KS_OK);
		/* Bits that flip are seen by who reads them. */
		ks_buf_reset(&script);
		assert_int_equal(ks_buf_printf(&script, "P=%s; %s",
					 network ? "$S" : "$M", damage),
			KS_OK);
		assert_non_null(ks_buf_str(&script));
		check(fixture, &mirror, (const char *)script.p);
		ks_mirror_release(&mirror);
		assert_int_equal(
			update(fixture, &mirror, "one.git", network, true),
			KS_OK);
		assert_true(mirror.was_renewed && mirror.has_changed);
		check(fixture, &mirror, same_refs);
		/* What is cut off is seen at once. */
		check(fixture, &mirror,
			"for p in $M/objects/pack/*.pack $S/objects/pack/*.pack"
			"; do test ! -e $p || { chmod u+w $p; "
			"truncate -s -7 $p; }; done");
		ks_mirror_release(&mirror);
		assert_int_equal(
			update(fixture, &mirror, "one.git", network, false),
			KS_OK);
		assert_true(mirror.was_renewed);
		check(fixture, &mirror, same_refs);
		ks_mirror_release(&mirror);
	}
	ks_buf_release(&script);
}

static void test_mirror__a_network_cloned_anew_serves_all(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror one;
	struct ks_mirror two;

	assert_int_equal(update(fixture, &one, "one.git", "n", false), KS_OK);
	assert_int_equal(update(fixture, &two, "two.git", "n", false), KS_OK);
	check(fixture, &one, "rm -f $S/objects/pack/*.idx");
	ks_mirror_release(&one);
	ks_mirror_release(&two);
	assert_int_equal(update(fixture, &one, "one.git", "n", false), KS_OK);
	assert_true(one.was_renewed);
	check(fixture, &one, same_refs);
	/* It lacks what the other needs, until that is asked for. */
	assert_int_equal(update(fixture, &two, "two.git", "n", false), KS_OK);
	assert_true(two.has_changed && !two.was_renewed);
	check(fixture, &two, "git -C $M fsck --strict");
	ks_mirror_release(&one);
	ks_mirror_release(&two);
}

static void test_mirror__survives_a_killed_update(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror mirror;

	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	test_shell(fixture->dir, push_more);
	check(fixture, &mirror,
		"touch $M/HEAD.lock $M/packed-refs.lock "
		"$M/refs/heads/trunk.lock $M/objects/pack/tmp_pack_x "
		"$M/shallow.lock; rm -f $M/keysieve $M/config");
	ks_mirror_release(&mirror);
	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	check(fixture, &mirror, same_refs);
	check(fixture, &mirror, "! test -e $M/objects/pack/tmp_pack_x");
	/* Killed while it was cloned anew. */
	check(fixture, &mirror, "mv $M $M.damaged");
	ks_mirror_release(&mirror);
	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	assert_false(mirror.has_changed);
	check(fixture, &mirror, same_refs);
	ks_mirror_release(&mirror);
}

static void test_mirror__takes_empty_and_sha256(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror mirror;

	test_shell(fixture->dir,
		"git init -q --bare empty.git; "
		"git init -q --object-format=sha256 work2; cd work2; "
		"git -c user.name=a -c user.email=a@x commit -q "
		"--allow-empty -m x; cd ..; "
		"git clone -q --bare work2 sha256.git");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			update(fixture, &mirror, "empty.git", NULL, false),
			KS_OK);
		assert_int_equal(mirror.has_changed, i == 0);
		ks_mirror_release(&mirror);
		assert_int_equal(
			update(fixture, &mirror, "sha256.git", NULL, false),
			KS_OK);
		assert_int_equal(mirror.has_changed, i == 0);
		check(fixture, &mirror,
			"test $(git -C $M rev-parse HEAD) = "
			"$(git -C sha256.git rev-parse HEAD)");
		ks_mirror_release(&mirror);
	}
	test_shell(fixture->dir, "git push -q empty.git 2>e; cd work; "
				 "git push -q ../empty.git trunk");
	assert_int_equal(
		update(fixture, &mirror, "empty.git", NULL, false), KS_OK);
	check(fixture, &mirror, "git -C $M rev-parse trunk");
	check(fixture, &mirror,
		"git -C empty.git update-ref -d "
		"refs/heads/trunk");
	ks_mirror_release(&mirror);
	assert_int_equal(
		update(fixture, &mirror, "empty.git", NULL, false), KS_OK);
	check(fixture, &mirror, "test -z \"$(git -C $M for-each-ref)\"");
	ks_mirror_release(&mirror);
}

static void test_mirror__runs_nothing_of_anybodys(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror mirror;

	test_shell(fixture->dir,
		"mkdir hooks; for h in reference-transaction post-checkout; do "
		"printf '#!/bin/sh\\ntouch %s/ran\\n' \"$PWD\" >hooks/$h; "
		"chmod +x hooks/$h; done; "
		"git config --file .gitconfig core.hooksPath \"$PWD/hooks\"");
	setenv("GIT_DIR", "/nowhere", 1);
	setenv("GIT_OBJECT_DIRECTORY", "/nowhere", 1);
	setenv("GIT_CONFIG_PARAMETERS", "'core.hookspath=/tmp'", 1);
	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	unsetenv("GIT_DIR");
	unsetenv("GIT_OBJECT_DIRECTORY");
	unsetenv("GIT_CONFIG_PARAMETERS");
	check(fixture, &mirror, "! test -e ran");
	/* What stands in its own configuration is put right. */
	check(fixture, &mirror,
		"git -C $M config core.sshCommand 'touch ran'; "
		"git -C $M config core.fsmonitor 'touch ran'");
	ks_mirror_release(&mirror);
	assert_int_equal(
		update(fixture, &mirror, "one.git", NULL, false), KS_OK);
	check(fixture, &mirror, "! grep -i touch $M/config");
	check(fixture, &mirror, same_refs);
	ks_mirror_release(&mirror);
}

static void test_mirror__tells_what_is_not_there(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirror mirror;
	struct ks_mirror_wish wish = { .url = "https://a:hun"
					      "ter2@"
					      "127.0.0.1:1/x" };

	assert_int_equal(update(fixture, &mirror, "none.git", NULL, false),
		KS_E_NOTFOUND);
	assert_non_null(strstr(fixture->err.message, "none.git"));
	assert_null(mirror.path);
	assert_int_equal(ks_mirror_update(fixture->mirrors, &wish, &mirror,
				 &fixture->err),
		KS_E_IO);
	assert_non_null(strstr(fixture->err.message, "https://127.0.0.1:1/x"));
	assert_null(strstr(fixture->err.message, "hunter2"));
}

static void test_mirror__keeps_to_its_disk(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirrors_options options = { .disk_max = 4096 };
	struct ks_mirrors *mirrors;
	struct ks_mirror mirror;
	char url[512];
	char cache[512];
	struct ks_mirror_wish wish = { .url = url };

	snprintf(url, sizeof(url), "%s/one.git", fixture->dir);
	snprintf(cache, sizeof(cache), "%s/small", fixture->dir);
	assert_int_equal(
		ks_mirrors_open(&mirrors, cache, &options, &fixture->err),
		KS_OK);
	assert_int_equal(
		ks_mirror_update(mirrors, &wish, &mirror, &fixture->err),
		KS_E_LIMIT);
	assert_non_null(strstr(fixture->err.message, "MiB"));
	ks_mirrors_close(mirrors);
	options = (struct ks_mirrors_options){ .disk_spare = UINT64_MAX };
	assert_int_equal(
		ks_mirrors_open(&mirrors, cache, &options, &fixture->err),
		KS_OK);
	assert_int_equal(
		ks_mirror_update(mirrors, &wish, &mirror, &fixture->err),
		KS_E_LIMIT);
	ks_mirrors_close(mirrors);
	options = (struct ks_mirrors_options){ .disk_max = 64 << 20 };
	assert_int_equal(
		ks_mirrors_open(&mirrors, cache, &options, &fixture->err),
		KS_OK);
	assert_int_equal(
		ks_mirror_update(mirrors, &wish, &mirror, &fixture->err),
		KS_OK);
	check(fixture, &mirror, same_refs);
	ks_mirror_release(&mirror);
	ks_mirrors_close(mirrors);
}

static void test_mirror__can_be_stopped(void **state)
{
	struct fixture *fixture = *state;
	static const volatile int cancel = 1;
	struct ks_mirrors_options options = { .cancel = &cancel };
	struct ks_mirrors *mirrors;
	struct ks_mirror mirror;
	char url[512];
	struct ks_mirror_wish wish = { .url = url };

	snprintf(url, sizeof(url), "%s/one.git", fixture->dir);
	assert_int_equal(ks_mirrors_open(&mirrors, fixture->dir, &options,
				 &fixture->err),
		KS_OK);
	assert_int_equal(
		ks_mirror_update(mirrors, &wish, &mirror, &fixture->err),
		KS_E_INTERRUPTED);
	ks_mirrors_close(mirrors);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mirror__is_what_the_remote_is),
		TEST(test_mirror__keeps_what_was_pushed_away),
		TEST(test_mirror__follows_a_key_to_another_url),
		TEST(test_mirror__shares_what_forks_share),
		TEST(test_mirror__joins_a_network_later),
		TEST(test_mirror__is_cloned_anew_when_damaged),
		TEST(test_mirror__a_network_cloned_anew_serves_all),
		TEST(test_mirror__survives_a_killed_update),
		TEST(test_mirror__takes_empty_and_sha256),
		TEST(test_mirror__runs_nothing_of_anybodys),
		TEST(test_mirror__tells_what_is_not_there),
		TEST(test_mirror__keeps_to_its_disk),
		TEST(test_mirror__can_be_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
