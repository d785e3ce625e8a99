/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/packs.h"
#include "notify/metrics.h"

#include <stdio.h>

static void expect(const char *path, const char *text)
{
	struct ks_buf read = { 0 };

	assert_int_equal(ks_buf_read_file(&read, path, NULL), KS_OK);
	assert_span_text(ks_buf_span(&read), text);
	ks_buf_release(&read);
}

static void test_metrics__are_as_prometheus_reads_them(void **state)
{
	static const char *const one[] = { "organisation", "a\"\\\n\xff",
		"state", "open", NULL };
	static const char *const two[] = { "organisation", "b", NULL };
	const struct ks_metric list[] = {
		{ "keysieve_findings", "Findings.", false, one, 3 },
		{ "keysieve_findings", "Findings.", false, two, 0 },
		{ "keysieve_scan_seconds", "Duration.", false, NULL, 1.5 },
		{ "keysieve_bytes_total", "Bytes.", true, NULL, 8123456789.0 },
	};
	char *dir = test_dir_new();
	char path[512];

	(void)state;
	snprintf(path, sizeof(path), "%s/keysieve.prom", dir);
	assert_int_equal(ks_metrics_write(path, list, 4, NULL), KS_OK);
	expect(path, "# HELP keysieve_findings Findings.\n"
		     "# TYPE keysieve_findings gauge\n"
		     "keysieve_findings{organisation=\"a\\\"\\\\\\n\xef\xbf"
		     "\xbd\",state=\"open\"} 3\n"
		     "keysieve_findings{organisation=\"b\"} 0\n"
		     "# HELP keysieve_scan_seconds Duration.\n"
		     "# TYPE keysieve_scan_seconds gauge\n"
		     "keysieve_scan_seconds 1.5\n"
		     "# HELP keysieve_bytes_total Bytes.\n"
		     "# TYPE keysieve_bytes_total counter\n"
		     "keysieve_bytes_total 8123456789\n");
	/* Nothing half written lies beside it. */
	test_shell(dir, "test \"$(ls -A)\" = keysieve.prom && "
			"test \"$(stat -c %a keysieve.prom)\" = 644");
	test_dir_remove(dir);
}

static void test_metrics__what_has_no_name_leaves_the_old(void **state)
{
	static const char *const bad[] = { "a b", "x", NULL };
	const struct ks_metric good = { "x", "X.", false, NULL, 1 };
	const struct ks_metric wrong = { "1x", "X.", false, NULL, 1 };
	const struct ks_metric label = { "x", "X.", false, bad, 1 };
	char *dir = test_dir_new();
	char path[512];

	(void)state;
	snprintf(path, sizeof(path), "%s/x.prom", dir);
	assert_int_equal(ks_metrics_write(path, &good, 1, NULL), KS_OK);
	assert_int_equal(ks_metrics_write(path, &wrong, 1, NULL), KS_E_USAGE);
	assert_int_equal(ks_metrics_write(path, &label, 1, NULL), KS_E_USAGE);
	expect(path, "# HELP x X.\n# TYPE x gauge\nx 1\n");
	snprintf(path, sizeof(path), "%s/none/x.prom", dir);
	assert_int_equal(ks_metrics_write(path, &good, 1, NULL), KS_E_IO);
	test_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_metrics__are_as_prometheus_reads_them),
		cmocka_unit_test(test_metrics__what_has_no_name_leaves_the_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
