/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "unpack/kind.h"

#include <stdio.h>

/* ${head} and zeros behind it, KS_ARCHIVE_HEAD bytes in all. */
static enum ks_archive_kind kind_of(const char *head, size_t n)
{
	uint8_t bytes[KS_ARCHIVE_HEAD] = { 0 };

	memcpy(bytes, head, n);
	return ks_archive_kind_of(ks_span_of(bytes, sizeof(bytes)));
}

#define KIND(head) kind_of(head, sizeof(head) - 1)

static void test_kind__knows_magic_numbers(void **state)
{
	(void)state;
	assert_int_equal(KIND("\x1f\x8b\x08\x08"), KS_ARCHIVE_GZIP);
	assert_int_equal(KIND("\xfd\x37zXZ\0\0\4"), KS_ARCHIVE_XZ);
	assert_int_equal(KIND("BZh91AY&SY"), KS_ARCHIVE_BZIP2);
	assert_int_equal(KIND("BZh1\x17rE8P\x90"), KS_ARCHIVE_BZIP2);
	assert_int_equal(KIND("\x28\xb5\x2f\xfd\x24"), KS_ARCHIVE_ZSTD);
	assert_int_equal(KIND("\x04\x22\x4d\x18\x64\x40"), KS_ARCHIVE_LZ4);
	assert_int_equal(KIND("LZIP\x01\x0c"), KS_ARCHIVE_LZIP);
	assert_int_equal(KIND("\xed\xab\xee\xdb\x03\0\0\1"), KS_ARCHIVE_RPM);
	assert_int_equal(KIND("7z\xbc\xaf\x27\x1c\0\4"), KS_ARCHIVE_7ZIP);
	assert_int_equal(KIND("!<arch>\ndebian-binary   "), KS_ARCHIVE_DEB);
	assert_int_equal(KIND("070701"), KS_ARCHIVE_CPIO);
	assert_int_equal(KIND("PK\3\4\x14\0\0\0\x08\0"
			      "12345678901234567"
			      "\1\0"),
		KS_ARCHIVE_ZIP);
}

static void test_kind__wants_a_header_that_makes_sense(void **state)
{
	(void)state;
	assert_int_equal(KIND("\x1f\x8b\x08\xff"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("\x1f\x8b\x07"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("BZh0 1AY&SY"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("BZh9 is a magic"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("\x28\xb5\x2f\xfd\x08"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("\x04\x22\x4d\x18\x24\x40"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("\x04\x22\x4d\x18\x64\x30"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("LZIP\x02\x0c"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("LZIP\x01\x1f"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("\xed\xab\xee\xdb\x09\0\0\1"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("!<arch>\nname.o/         "), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("070707 is octal"), KS_ARCHIVE_NONE);
	/* No name; no such method. */
	assert_int_equal(KIND("PK\3\4\x14\0\0\0\x08\0"), KS_ARCHIVE_NONE);
	assert_int_equal(KIND("PK\3\4\x14\0\0\0\x08\7"
			      "12345678901234567"
			      "\1\0"),
		KS_ARCHIVE_NONE);
}

static void fill_tar(uint8_t *bytes, const char *mode)
{
	unsigned sum = 0;

	memset(bytes, 0, KS_ARCHIVE_HEAD);
	memcpy(bytes, "name", 4);
	memcpy(bytes + 100, mode, 8);
	memcpy(bytes + 257, "ustar", 6);
	memset(bytes + 148, ' ', 8);
	for (size_t i = 0; i < KS_ARCHIVE_HEAD; i++)
		sum += bytes[i];
	snprintf((char *)bytes + 148, 8, "%06o", sum);
}

static void test_kind__sums_up_the_header_of_a_tar(void **state)
{
	uint8_t bytes[KS_ARCHIVE_HEAD];
	struct ks_span head = ks_span_of(bytes, sizeof(bytes));

	(void)state;
	fill_tar(bytes, "0000644");
	assert_int_equal(ks_archive_kind_of(head), KS_ARCHIVE_TAR);
	assert_int_equal(
		ks_archive_kind_of(ks_span_cut(head, 0, 511)), KS_ARCHIVE_NONE);
	bytes[5]++;
	assert_int_equal(ks_archive_kind_of(head), KS_ARCHIVE_NONE);
	fill_tar(bytes, "000644 ");
	assert_int_equal(ks_archive_kind_of(head), KS_ARCHIVE_TAR);
}

/* What has too few bytes is read no further than they go. */
static void test_kind__takes_heads_of_any_length(void **state)
{
	static const char *const heads[] = { "\x1f\x8b\x08", "PK\3\4",
		"\xfd\x37z", "BZh9", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18",
		"LZIP", "7z\xbc", "\xed\xab\xee\xdb", "!<arch>\n", "070701",
		"070707", "x" };

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		for (size_t n = 0; n <= strlen(heads[i]); n++)
			assert_int_equal(
				ks_archive_kind_of(ks_span_of(heads[i], n)),
				KS_ARCHIVE_NONE);
	}
	assert_int_equal(
		ks_archive_kind_of(ks_span_of(NULL, 0)), KS_ARCHIVE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kind__knows_magic_numbers),
		cmocka_unit_test(test_kind__wants_a_header_that_makes_sense),
		cmocka_unit_test(test_kind__sums_up_the_header_of_a_tar),
		cmocka_unit_test(test_kind__takes_heads_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
