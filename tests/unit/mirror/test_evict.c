/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "mirror/mirror.h"

#include <stdio.h>
#include <stdlib.h>

struct fixture {
	char *dir;
	struct ks_err err;
};

/* Run a script, in which $M is the mirror. */
static void check(struct fixture *fixture, const struct ks_mirror *mirror,
	const char *script)
{
	struct ks_buf text = { 0 };

	assert_int_equal(
		ks_buf_printf(&text, "set -e; M=%s; %s", mirror->path, script),
		KS_OK);
	assert_non_null(ks_buf_str(&text));
	test_shell(fixture->dir, (const char *)text.p);
	ks_buf_release(&text);
}

static const char make_large[] =
	"set -e\n"
	"export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
	"GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=a "
	"GIT_COMMITTER_EMAIL=a@x\n"
	"for i in 1 2 3 9; do\n"
	"  git init -q -b trunk large$i; cd large$i\n"
	"  head -c ${i}000000 /dev/urandom >a; git add a; git commit -qm a\n"
	"  cd ..\n"
	"done\n";

/* Update large${i} in a folder of mirrors that may take 5 MB. */
static int update_large(struct fixture *fixture, struct ks_mirrors *mirrors,
	int i, struct ks_mirror *mirror)
{
	char url[512];
	struct ks_mirror_wish wish = { .url = url };

	fixture->err = (struct ks_err){ 0 };
	snprintf(url, sizeof(url), "%s/large%d", fixture->dir, i);
	return ks_mirror_update(mirrors, &wish, mirror, &fixture->err);
}

static struct ks_mirrors *open_small(struct fixture *fixture)
{
	struct ks_mirrors_options options = { .disk_max = 5000000 };
	struct ks_mirrors *mirrors = NULL;
	char cache[512];

	snprintf(cache, sizeof(cache), "%s/small", fixture->dir);
	assert_int_equal(
		ks_mirrors_open(&mirrors, cache, &options, &fixture->err),
		KS_OK);
	return mirrors;
}

static void test_evict__makes_room_for_others(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirrors *mirrors = open_small(fixture);
	struct ks_mirrors *others;
	struct ks_mirror kept[4];

	/* 2 was used longer ago than 1, which was made first. */
	for (int i = 1; i < 4; i++) {
		assert_int_equal(
			update_large(fixture, mirrors, 1 + i % 2, &kept[i]),
			KS_OK);
		assert_int_equal(kept[i].is_new, i < 3);
		ks_mirror_release(&kept[i]);
	}
	assert_int_equal(update_large(fixture, mirrors, 1, &kept[1]), KS_OK);
	/* As another process has it. */
	others = open_small(fixture);
	assert_int_equal(update_large(fixture, others, 3, &kept[3]), KS_OK);
	check(fixture, &kept[1], "test -e $M");
	assert_int_equal(
		update_large(fixture, others, 2, &kept[2]), KS_E_LIMIT);
	assert_non_null(strstr(fixture->err.message, "in use"));
	check(fixture, &kept[1],
		"test $(ls -d small/repos/*/*.git | wc -l) = 2");
	/* Not in use, and there is room without it. */
	ks_mirror_release(&kept[3]);
	assert_int_equal(update_large(fixture, mirrors, 2, &kept[2]), KS_OK);
	assert_true(kept[2].is_new);
	check(fixture, &kept[1], "test -e $M");
	check(fixture, &kept[2], "git -C $M fsck --strict");
	ks_mirror_release(&kept[1]);
	ks_mirror_release(&kept[2]);
	ks_mirrors_close(mirrors);
	ks_mirrors_close(others);
}

static void test_evict__removes_nothing_for_what_is_too_large(void **state)
{
	struct fixture *fixture = *state;
	struct ks_mirrors *mirrors = open_small(fixture);
	struct ks_mirror mirror;

	assert_int_equal(update_large(fixture, mirrors, 3, &mirror), KS_OK);
	for (int i = 0; i < 2; i++) {
		struct ks_mirror none;

		assert_int_equal(
			update_large(fixture, mirrors, 9, &none), KS_E_LIMIT);
		assert_non_null(strstr(fixture->err.message, "more than"));
		check(fixture, &mirror,
			"test $(ls -d $PWD/small/repos/*/*.git) = $M");
	}
	ks_mirror_release(&mirror);
	ks_mirrors_close(mirrors);
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->dir = test_dir_new();
	test_shell(fixture->dir, make_large);
	setenv("HOME", fixture->dir, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	test_dir_remove(fixture->dir);
	free(fixture);
	return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_evict__makes_room_for_others),
		TEST(test_evict__removes_nothing_for_what_is_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
