/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "unpack/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

enum {
	ROOM = 1 << 16,
	LONG = 5000
};

struct made {
	uint8_t *bytes;
	size_t n;
	struct archive *writer;
	bool is_open;
};

/* To be closed by finish(). */
static struct made begin(int filter, int format)
{
	struct made made = { .bytes = malloc(ROOM) };

	made.writer = archive_write_new();
	assert_int_equal(archive_write_add_filter(made.writer, filter), 0);
	assert_int_equal(archive_write_set_format(made.writer, format), 0);
	archive_write_set_bytes_per_block(made.writer, 0);
	return made;
}

static void add(struct made *made, const char *name, const char *text, size_t n)
{
	struct archive_entry *entry = archive_entry_new();

	if (!made->is_open)
		assert_int_equal(archive_write_open_memory(made->writer,
					 made->bytes, ROOM, &made->n),
			0);
	made->is_open = true;
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)n);
	assert_int_equal(archive_write_header(made->writer, entry), 0);
	assert_int_equal(archive_write_data(made->writer, text, n), n);
	archive_entry_free(entry);
}

static struct ks_span finish(struct made *made)
{
	assert_int_equal(archive_write_free(made->writer), 0);
	return ks_span_of(made->bytes, made->n);
}

static enum ks_archive_kind kind_of(struct ks_span bytes)
{
	return ks_archive_kind_of(ks_span_cut(bytes, 0,
		bytes.n < KS_ARCHIVE_HEAD ? bytes.n : KS_ARCHIVE_HEAD));
}

static struct ks_archive *open_it(struct ks_span bytes)
{
	struct ks_archive *archive;
	struct ks_err err;

	assert_true(kind_of(bytes) != KS_ARCHIVE_NONE);
	assert_int_equal(
		ks_archive_open(&archive, bytes, kind_of(bytes), &err), KS_OK);
	return archive;
}

/* The next entry is ${name}, and all that comes of it is ${n} bytes ${text}. */
static void check_entry(struct ks_archive *archive, const char *name,
	const char *text, size_t n)
{
	struct ks_stream stream = ks_archive_stream(archive);
	struct ks_archive_entry entry;
	uint8_t *read = malloc(n + 1);
	size_t got;

	assert_int_equal(ks_archive_next(archive, &entry, NULL), 1);
	assert_span_text(entry.name, name);
	assert_int_equal(ks_stream_read(&stream, read, n + 1, &got, NULL), 0);
	assert_int_equal(got, n);
	assert_memory_equal(read, text, n);
	assert_int_equal(ks_archive_why(archive, NULL), KS_OK);
	free(read);
}

static void check_end(struct ks_archive *archive)
{
	struct ks_archive_entry entry;

	assert_int_equal(ks_archive_next(archive, &entry, NULL), 0);
}

/* As compressed as it gets, by what other programs write. */
static void test_archive__tells_entries_of_all_formats(void **state)
{
	static const struct {
		int filter;
		int format;
		enum ks_archive_kind kind;
	} kinds[] = {
		{ ARCHIVE_FILTER_NONE, ARCHIVE_FORMAT_ZIP, KS_ARCHIVE_ZIP },
		{ ARCHIVE_FILTER_NONE, ARCHIVE_FORMAT_7ZIP, KS_ARCHIVE_7ZIP },
		{ ARCHIVE_FILTER_NONE, ARCHIVE_FORMAT_TAR, KS_ARCHIVE_TAR },
		{ ARCHIVE_FILTER_NONE, ARCHIVE_FORMAT_CPIO_SVR4_NOCRC,
			KS_ARCHIVE_CPIO },
		{ ARCHIVE_FILTER_NONE, ARCHIVE_FORMAT_CPIO_POSIX,
			KS_ARCHIVE_CPIO },
		{ ARCHIVE_FILTER_GZIP, ARCHIVE_FORMAT_TAR, KS_ARCHIVE_GZIP },
		{ ARCHIVE_FILTER_BZIP2, ARCHIVE_FORMAT_TAR, KS_ARCHIVE_BZIP2 },
		{ ARCHIVE_FILTER_XZ, ARCHIVE_FORMAT_TAR, KS_ARCHIVE_XZ },
		{ ARCHIVE_FILTER_ZSTD, ARCHIVE_FORMAT_TAR, KS_ARCHIVE_ZSTD },
		{ ARCHIVE_FILTER_LZ4, ARCHIVE_FORMAT_TAR, KS_ARCHIVE_LZ4 },
		{ ARCHIVE_FILTER_LZIP, ARCHIVE_FORMAT_TAR, KS_ARCHIVE_LZIP },
		{ ARCHIVE_FILTER_GZIP, ARCHIVE_FORMAT_CPIO_POSIX,
			KS_ARCHIVE_GZIP },
	};
	char text[LONG];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct made made = begin(kinds[i].filter, kinds[i].format);
		struct ks_span bytes;
		struct ks_archive *archive;

		add(&made, "a", "first", 5);
		add(&made, "in/b", text, sizeof(text));
		bytes = finish(&made);
		assert_int_equal(kind_of(bytes), kinds[i].kind);
		archive = open_it(bytes);
		check_entry(archive, "a", "first", 5);
		check_entry(archive, "in/b", text, sizeof(text));
		check_end(archive);
		ks_archive_free(archive);
		free(made.bytes);
	}
}

static void test_archive__has_no_name_for_one_compressed_file(void **state)
{
	struct made made = begin(ARCHIVE_FILTER_GZIP, ARCHIVE_FORMAT_RAW);
	struct ks_archive *archive;
	struct ks_span bytes;

	(void)state;
	add(&made, "lost", "text", 4);
	bytes = finish(&made);
	archive = open_it(bytes);
	check_entry(archive, "", "text", 4);
	check_end(archive);
	ks_archive_free(archive);
	free(made.bytes);
}

static void test_archive__ends_an_entry_where_it_is_damaged(void **state)
{
	struct made made = begin(ARCHIVE_FILTER_NONE, ARCHIVE_FORMAT_TAR);
	struct ks_archive_entry entry;
	struct ks_archive *archive;
	struct ks_stream stream;
	char text[LONG] = { 0 };
	uint8_t read[LONG];
	struct ks_span bytes;
	size_t got;

	(void)state;
	add(&made, "a", text, sizeof(text));
	bytes = finish(&made);
	archive = open_it(ks_span_cut(bytes, 0, 512 + 1000));
	stream = ks_archive_stream(archive);
	assert_int_equal(ks_archive_next(archive, &entry, NULL), 1);
	assert_int_equal(
		ks_stream_read(&stream, read, sizeof(read), &got, NULL), KS_OK);
	assert_true(got <= 1000);
	assert_int_equal(ks_archive_why(archive, NULL), KS_E_CORRUPT);
	assert_true(ks_archive_next(archive, &entry, NULL) <= 0);
	ks_archive_free(archive);
	free(made.bytes);
}

static void test_archive__says_so_where_nothing_can_be_read(void **state)
{
	struct made made = begin(ARCHIVE_FILTER_XZ, ARCHIVE_FORMAT_TAR);
	struct ks_archive *archive;
	struct ks_err err = { 0 };
	struct ks_span bytes;

	(void)state;
	add(&made, "a", "text", 4);
	bytes = finish(&made);
	assert_int_equal(ks_archive_open(&archive, ks_span_cut(bytes, 0, 30),
				 KS_ARCHIVE_XZ, &err),
		KS_E_CORRUPT);
	assert_null(archive);
	assert_non_null(strstr(err.message, "cannot be unpacked"));
	free(made.bytes);
	ks_archive_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_archive__tells_entries_of_all_formats),
		cmocka_unit_test(
			test_archive__has_no_name_for_one_compressed_file),
		cmocka_unit_test(
			test_archive__ends_an_entry_where_it_is_damaged),
		cmocka_unit_test(
			test_archive__says_so_where_nothing_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
