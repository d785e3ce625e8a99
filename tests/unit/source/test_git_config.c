/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "source/git_config.h"

#include <stdio.h>
#include <stdlib.h>

/* Items as lines: "section|subsection|key|value". */
static int take(void *payload, const struct ks_git_config_item *item)
{
	struct ks_buf *out = payload;

	return ks_buf_printf(out, "%s|%s|%s|%s\n", item->section,
		item->subsection, item->key, item->value);
}

static const struct {
	const char *text;
	const char *items; /* NULL: it is no configuration */
} cases[] = {
	{ "", "" },
	{ "[core]\n\tbare = true\n", "core||bare|true\n" },
	{ "\xef\xbb\xbf[core]\r\n\tbare = true\r\n", "core||bare|true\n" },
	{ "[core] bare = no ; a comment\n# another\n; one more\n",
		"core||bare|no\n" },
	{ "[Remote \"a \\\"b\\\\c.D\"]\nURL=x\n", "remote|a \"b\\c.D|url|x\n" },
	{ "[remote.Origin]\nurl = x", "remote|origin|url|x\n" },
	{ "[a]\nkey\n", "a||key|true\n" },
	{ "[a]\nkey =\n", "a||key|\n" },
	{ "[a]\nk = \" x \" y  \n", "a||k| x  y\n" },
	{ "[a]\nk = \"#;\" # c\n", "a||k|#;\n" },
	{ "[a]\nk = one \\\n  two\\n\n", "a||k|one   two\n\n" },
	{ "[a]\nk = \\\\\\t\\\"\n", "a||k|\\\t\"\n" },
	{ "[a]\nk1 = v1\n[b \"x\"]\nk2 = v2\n[c]\nk3=v3\n",
		"a||k1|v1\nb|x|k2|v2\nc||k3|v3\n" },
	{ "[a\nk = v\n", NULL },
	{ "[a \"b]\nk = v\n", NULL },
	{ "[a]\nk = \"v\n", NULL },
	{ "[a]\nk = \\x\n", NULL },
	{ "[a]\n= v\n", NULL },
	{ "[]\nk = v\n", NULL },
	{ "[a]\nk = \\", NULL },
};

static void test_git_config__reads_what_git_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ks_buf out = { 0 };
		struct ks_err err = { 0 };
		int rc = ks_git_config_read(
			ks_span_str(cases[i].text), take, &out, &err);

		if (cases[i].items) {
			assert_int_equal(rc, KS_OK);
			assert_string_equal(ks_buf_str(&out), cases[i].items);
		} else {
			assert_int_equal(rc, KS_E_CORRUPT);
			assert_non_null(strstr(err.message, "line "));
		}
		ks_buf_release(&out);
	}
}

/* Every beginning of a text is read without reading past its end. */
static void test_git_config__survives_being_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = strlen(cases[i].text);

		for (size_t cut = 0; cut < n; cut++) {
			char *copy = malloc(cut + 1);
			struct ks_buf out = { 0 };
			int rc;

			assert_non_null(copy);
			memcpy(copy, cases[i].text, cut);
			rc = ks_git_config_read(
				ks_span_of(copy, cut), take, &out, NULL);
			assert_true(rc == KS_OK || rc == KS_E_CORRUPT);
			ks_buf_release(&out);
			free(copy);
		}
	}
}

static int stop(void *payload, const struct ks_git_config_item *item)
{
	(void)payload;
	(void)item;
	return 7;
}

static void test_git_config__ends_when_told_to(void **state)
{
	(void)state;
	assert_int_equal(ks_git_config_read(
				 ks_span_str("[a]\nk\nl\n"), stop, NULL, NULL),
		7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_git_config__reads_what_git_reads),
		cmocka_unit_test(test_git_config__survives_being_cut),
		cmocka_unit_test(test_git_config__ends_when_told_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
