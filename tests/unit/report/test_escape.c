/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others in CSV, XML, workflow commands and Markdown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "report/escape.h"

#include <stdlib.h>
#include <string.h>

static void check(
	enum ks_escape_form form, const char *text, const char *expected)
{
	char *made = NULL;
	size_t n = 0;
	struct ks_escape escape = { .file = open_memstream(&made, &n) };

	assert_non_null(escape.file);
	ks_escape_str(&escape, form, text);
	assert_int_equal(fclose(escape.file), 0);
	assert_false(escape.has_failed);
	assert_string_equal(made, expected);
	ks_escape_release(&escape);
	free(made);
}

static void test_escape__quotes_fields_of_csv(void **state)
{
	(void)state;
	check(KS_ESCAPE_CSV, "", "\"\"");
	check(KS_ESCAPE_CSV, "a,b", "\"a,b\"");
	check(KS_ESCAPE_CSV, "say \"x\"", "\"say \"\"x\"\"\"");
	check(KS_ESCAPE_CSV, "a\r\nb", "\"a\\r\\nb\"");
}

static void test_escape__makes_no_formulas(void **state)
{
	(void)state;
	check(KS_ESCAPE_CSV, "=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"");
	check(KS_ESCAPE_CSV, "+1", "\"'+1\"");
	check(KS_ESCAPE_CSV, "-1", "\"'-1\"");
	check(KS_ESCAPE_CSV, "@SUM(A1)", "\"'@SUM(A1)\"");
	check(KS_ESCAPE_CSV, "  =1", "\"'  =1\"");
	check(KS_ESCAPE_CSV, "\t=1", "\"\\t=1\"");
	check(KS_ESCAPE_CSV,
		"\xef\xbc\x9d"
		"1",
		"\"'\xef\xbc\x9d"
		"1\"");
	check(KS_ESCAPE_CSV, "a=1", "\"a=1\"");
}

static void test_escape__makes_text_of_xml(void **state)
{
	(void)state;
	check(KS_ESCAPE_XML, "<a b=\"c\">&'",
		"&#60;a b=&#34;c&#34;&#62;&#38;&#39;");
	check(KS_ESCAPE_XML, "]]>\x01\xff", "]]&#62;\\x01\\xFF");
	check(KS_ESCAPE_XML, "\xef\xbf\xbf", "\xef\xbf\xbd");
}

static void test_escape__ends_no_workflow_command(void **state)
{
	(void)state;
	check(KS_ESCAPE_GITHUB, "50%\n::error::x", "50%25\\n::error::x");
	check(KS_ESCAPE_GITHUB_PROPERTY, "a,line=1::x%",
		"a%2Cline=1%3A%3Ax%25");
}

static void test_escape__means_nothing_in_markdown(void **state)
{
	(void)state;
	check(KS_ESCAPE_MARKDOWN, "a b/c9", "a b/c9");
	check(KS_ESCAPE_MARKDOWN, "</code>", "&#60;/code&#62;");
	check(KS_ESCAPE_MARKDOWN, "@me #1 |`*_",
		"&#64;me &#35;1 &#124;&#96;&#42;&#95;");
	check(KS_ESCAPE_MARKDOWN, "[x](javascript:y)",
		"&#91;x&#93;&#40;javascript&#58;y&#41;");
	check(KS_ESCAPE_MARKDOWN, "\xc3\xa4", "\xc3\xa4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape__quotes_fields_of_csv),
		cmocka_unit_test(test_escape__makes_no_formulas),
		cmocka_unit_test(test_escape__makes_text_of_xml),
		cmocka_unit_test(test_escape__ends_no_workflow_command),
		cmocka_unit_test(test_escape__means_nothing_in_markdown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
