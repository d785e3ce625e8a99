/* SPDX-License-Identifier: Apache-2.0 */
/* Cache files: ours only, whole only, and never missed. */
#include "rules/cache.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const uint8_t key[KS_SHA256_BYTES] = { 1, 2, 3, 0xff };
static char root[] = "/tmp/ks-cache-XXXXXX";
static char folder[64];
static char file[192];

static int set_up(void **state)
{
	(void)state;
	strcpy(root + sizeof(root) - 7, "XXXXXX");
	assert_non_null(mkdtemp(root));
	setenv("XDG_CACHE_HOME", root, 1);
	snprintf(folder, sizeof(folder), "%s/keysieve", root);
	snprintf(file, sizeof(file), "%s/010203ff%056d.rules", folder, 0);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

static bool reads(const char *wanted)
{
	struct ks_buf bytes = { 0 };
	bool is_read = ks_cache_read(&bytes, key);
	bool is_same = is_read && bytes.n == strlen(wanted) &&
		       memcmp(bytes.p, wanted, bytes.n) == 0;

	ks_buf_release(&bytes);
	return is_same;
}

static mode_t mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static void test_cache__reads_what_it_wrote(void **state)
{
	(void)state;
	assert_false(reads("hello"));
	assert_true(ks_cache_write(key, ks_span_str("hello")));
	assert_true(reads("hello"));
	assert_true(ks_cache_write(key, ks_span_str("again")));
	assert_true(reads("again"));
}

static void test_cache__is_private(void **state)
{
	(void)state;
	umask(0);
	assert_true(ks_cache_write(key, ks_span_str("hello")));
	assert_int_equal(mode_of(folder), 0700);
	assert_int_equal(mode_of(file), 0600);
}

static void test_cache__does_not_trust_what_others_can_write(void **state)
{
	(void)state;
	assert_true(ks_cache_write(key, ks_span_str("hello")));
	assert_int_equal(chmod(file, 0620), 0);
	assert_false(reads("hello"));
	assert_int_equal(chmod(file, 0600), 0);
	assert_true(reads("hello"));
	assert_int_equal(chmod(folder, 0777), 0);
	assert_false(reads("hello"));
	assert_false(ks_cache_write(key, ks_span_str("other")));
	assert_int_equal(chmod(folder, 0700), 0);
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(file, 12345, 0), 0);
	assert_false(reads("hello"));
	assert_int_equal(chown(file, 0, 0), 0);
	assert_int_equal(chown(folder, 12345, 0), 0);
	assert_false(reads("hello"));
}

static void test_cache__follows_no_links(void **state)
{
	char target[96];

	(void)state;
	assert_true(ks_cache_write(key, ks_span_str("hello")));
	snprintf(target, sizeof(target), "%s/target", folder);
	assert_int_equal(rename(file, target), 0);
	assert_int_equal(symlink(target, file), 0);
	assert_false(reads("hello"));
	/* Writing replaces the link, not what it leads to. */
	assert_true(ks_cache_write(key, ks_span_str("other")));
	assert_true(reads("other"));
	assert_int_equal(rename(target, file), 0);
	assert_true(reads("hello"));
}

static void test_cache__takes_files_only(void **state)
{
	(void)state;
	assert_true(ks_cache_write(key, ks_span_str("hello")));
	assert_int_equal(unlink(file), 0);
	assert_int_equal(mkfifo(file, 0600), 0);
	assert_false(reads("hello"));
	assert_int_equal(unlink(file), 0);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_false(reads("hello"));
	assert_false(ks_cache_write(key, ks_span_str("hello")));
}

static void test_cache__does_without_a_folder(void **state)
{
	(void)state;
	setenv("XDG_CACHE_HOME", "relative", 1);
	unsetenv("HOME");
	assert_false(ks_cache_write(key, ks_span_str("hello")));
	assert_false(reads("hello"));
	setenv("HOME", root, 1);
	assert_true(ks_cache_write(key, ks_span_str("hello")));
	assert_true(reads("hello"));
	snprintf(folder, sizeof(folder), "%s/.cache/keysieve", root);
	assert_int_equal(mode_of(folder), 0700);
	setenv("XDG_CACHE_HOME", "/nowhere/at/all", 1);
	assert_false(ks_cache_write(key, ks_span_str("hello")));
}

static void test_cache__drops_old_files(void **state)
{
	const struct timespec old[2] = { { .tv_sec = 1000000 },
		{ .tv_sec = 1000000 } };
	const uint8_t other[KS_SHA256_BYTES] = { 9 };
	struct ks_buf bytes = { 0 };

	(void)state;
	assert_true(ks_cache_write(key, ks_span_str("hello")));
	assert_int_equal(utimensat(AT_FDCWD, file, old, 0), 0);
	assert_true(reads("hello"));
	assert_true(ks_cache_write(other, ks_span_str("new")));
	assert_false(reads("hello"));
	assert_true(ks_cache_read(&bytes, other));
	ks_buf_release(&bytes);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_cache__reads_what_it_wrote),
		CASE(test_cache__is_private),
		CASE(test_cache__does_not_trust_what_others_can_write),
		CASE(test_cache__follows_no_links),
		CASE(test_cache__takes_files_only),
		CASE(test_cache__does_without_a_folder),
		CASE(test_cache__drops_old_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
