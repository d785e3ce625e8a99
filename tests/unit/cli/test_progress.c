/* SPDX-License-Identifier: Apache-2.0 */
/* How far the scan is: one line on standard error. */
#include "cli/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const struct ks_progress half = {
	.objects_done = 500,
	.objects_total = 1000,
	.bytes_done = 1500000000,
	.stage = "scanning",
};

static void test_progress__tells_all_where_there_is_room(void **state)
{
	char line[KS_PROGRESS_MAX];

	(void)state;
	ks_progress_text(line, &half, 75, 200);
	assert_string_equal(line,
		"scanning  [##########          ]  50%  500/1000 objects  "
		"1.5 GB  20 MB/s  1:15 left");
	ks_progress_text(line, &half, 4000, 200);
	assert_non_null(strstr(line, "1:06:40 left"));
}

static void test_progress__never_is_wider_than_asked(void **state)
{
	char line[KS_PROGRESS_MAX];

	(void)state;
	for (unsigned columns = 0; columns < 300; columns++) {
		ks_progress_text(line, &half, 75, columns);
		assert_true(strlen(line) <= columns);
	}
}

static void test_progress__unknown_totals_are_no_bar(void **state)
{
	struct ks_progress progress = { .objects_done = 7,
		.stage = "scanning" };
	char line[KS_PROGRESS_MAX];

	(void)state;
	ks_progress_text(line, &progress, 5, 200);
	assert_string_equal(line, "scanning  7 objects");
}

static void test_progress__more_done_than_there_is(void **state)
{
	struct ks_progress progress = half;
	char line[KS_PROGRESS_MAX];

	(void)state;
	progress.objects_done = 2000;
	ks_progress_text(line, &progress, 5, 200);
	assert_non_null(strstr(line, "[####################] 100%"));
	assert_null(strstr(line, "left"));
}

static void test_progress__silent_without_a_terminal(void **state)
{
	struct ks_progress_bar bar = { 0 };

	(void)state;
	ks_progress_begin(&bar, NULL, 80);
	ks_progress_tell(&half, &bar);
	ks_progress_end(&bar);
}

static void draw(struct ks_progress_bar *bar, uint64_t done)
{
	const struct ks_progress progress = { .stage = "reading",
		.objects_done = done };

	bar->shown = 0; /* long ago: it is time to */
	ks_progress_tell(&progress, bar);
}

static void test_progress__writes_over_itself_and_leaves_nothing(void **state)
{
	struct ks_progress_bar bar = { 0 };
	char text[KS_PROGRESS_MAX] = "";
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	ks_progress_begin(&bar, file, 80);
	draw(&bar, 10);
	draw(&bar, 7);
	ks_progress_end(&bar);
	rewind(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	/* What was longer is blanked behind it; no escape sequence. */
	assert_string_equal(text, "\rreading  10 objects\rreading  7 objects "
				  "\r                  \r");
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_progress__tells_all_where_there_is_room),
		cmocka_unit_test(test_progress__never_is_wider_than_asked),
		cmocka_unit_test(test_progress__unknown_totals_are_no_bar),
		cmocka_unit_test(test_progress__more_done_than_there_is),
		cmocka_unit_test(test_progress__silent_without_a_terminal),
		cmocka_unit_test(
			test_progress__writes_over_itself_and_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
