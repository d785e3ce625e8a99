/* SPDX-License-Identifier: Apache-2.0 */
#include "store/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/ks-key-XXXXXX";
static char path[64];

static int clean(void **unused)
{
	(void)unused;
	unlink(path);
	return 0;
}

static void test_key__is_made_once(void **unused)
{
	struct ks_store_key first;
	struct ks_store_key second;
	struct stat status;

	(void)unused;
	assert_int_equal(ks_store_key_read(&first, path, true, NULL), KS_OK);
	assert_int_equal(ks_store_key_read(&second, path, true, NULL), KS_OK);
	assert_memory_equal(&first, &second, sizeof(first));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	unlink(path);
	assert_int_equal(ks_store_key_read(&second, path, true, NULL), KS_OK);
	assert_memory_not_equal(&first, &second, sizeof(first));
}

static void test_key__is_not_made_unasked(void **unused)
{
	struct ks_store_key key;

	(void)unused;
	assert_int_equal(
		ks_store_key_read(&key, path, false, NULL), KS_E_NOTFOUND);
	assert_int_equal(access(path, F_OK), -1);
}

static void test_key__is_64_hex_digits(void **unused)
{
	char text[80] = "00112233445566778899aabbccddeeff"
			"00112233445566778899aabbccddeeff";
	struct ks_store_key key;

	(void)unused;
	assert_int_equal(ks_store_key_parse(&key, text, NULL), KS_OK);
	assert_int_equal(key.bytes[1], 0x11);
	assert_int_equal(key.bytes[31], 0xff);
	strcat(text, "\r\n");
	assert_int_equal(ks_store_key_parse(&key, text, NULL), KS_OK);
	strcat(text, "0");
	assert_int_equal(ks_store_key_parse(&key, text, NULL), KS_E_USAGE);
	text[63] = '\0';
	assert_int_equal(ks_store_key_parse(&key, text, NULL), KS_E_USAGE);
	text[10] = 'g';
	assert_int_equal(ks_store_key_parse(&key, text, NULL), KS_E_USAGE);
	assert_int_equal(ks_store_key_parse(&key, "", NULL), KS_E_USAGE);
}

static void test_key__names_the_file_that_holds_none(void **unused)
{
	FILE *file = fopen(path, "w");
	struct ks_store_key key;
	struct ks_err err = { 0 };

	(void)unused;
	assert_non_null(file);
	fputs("hello\n", file);
	fclose(file);
	assert_int_equal(ks_store_key_read(&key, path, true, &err), KS_E_USAGE);
	assert_non_null(strstr(err.message, path));
}

static void test_key__hashes_differ_by_key(void **unused)
{
	struct ks_store_key key = { { 1 } };
	char first[KS_STATE_DIGEST];
	char second[KS_STATE_DIGEST];

	(void)unused;
	ks_store_key_hash(&key, "aa", first);
	ks_store_key_hash(&key, "aa", second);
	assert_string_equal(first, second);
	key.bytes[31] = 1;
	ks_store_key_hash(&key, "aa", second);
	assert_string_not_equal(first, second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_key__is_made_once, clean),
		cmocka_unit_test_setup(test_key__is_not_made_unasked, clean),
		cmocka_unit_test_setup(test_key__is_64_hex_digits, clean),
		cmocka_unit_test_setup(
			test_key__names_the_file_that_holds_none, clean),
		cmocka_unit_test_setup(test_key__hashes_differ_by_key, clean),
	};
	int failed;

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/store.key", folder);
	failed = cmocka_run_group_tests_name("store/key", tests, NULL, NULL);
	unlink(path);
	rmdir(folder);
	return failed;
}
