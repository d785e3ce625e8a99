/* SPDX-License-Identifier: Apache-2.0 */
/* What words and names are about. */
#include "filter/lexicon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_lexicon__knows_topics_in_either_case(void **state)
{
	static const struct {
		const char *word;
		enum ks_topic topic;
	} cases[] = {
		{ "password", KS_TOPIC_SECRET },
		{ "Password", KS_TOPIC_SECRET },
		{ "TOKEN", KS_TOPIC_SECRET },
		{ "label", KS_TOPIC_TEXT },
		{ "Title", KS_TOPIC_TEXT },
		{ "author", KS_TOPIC_TEXT },
		{ "url", KS_TOPIC_PLACE },
		{ "example", KS_TOPIC_EXAMPLE },
		{ "user", KS_TOPIC_USER },
		{ "uuid", KS_TOPIC_ID },
		{ "", KS_TOPIC_NONE },
		{ "p", KS_TOPIC_NONE },
		{ "passwor", KS_TOPIC_NONE },
		{ "passwordx", KS_TOPIC_NONE },
		{ "zzzz", KS_TOPIC_NONE },
		{ "abcdefghijklmnopqrstuvwxyz", KS_TOPIC_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(ks_lexicon_topic(ks_span_str(cases[i].word)),
			cases[i].topic);
}

static void test_lexicon__finds_keywords_and_where_they_end(void **state)
{
	static const struct {
		const char *name;
		unsigned found;
		size_t end;
	} cases[] = {
		{ "", 0, 0 },
		{ "name", 0, 0 },
		{ "password", KS_KEYWORD_PASS, 4 },
		{ "DB_PASSWD", KS_KEYWORD_PASS, 7 },
		{ "myApiKey", KS_KEYWORD_API | KS_KEYWORD_KEY, 8 },
		{ "clientSecretName", KS_KEYWORD_SECRET, 12 },
		{ "public_key", KS_KEYWORD_PUBLIC | KS_KEYWORD_KEY, 10 },
		{ "pubkey", KS_KEYWORD_PUBLIC | KS_KEYWORD_KEY, 6 },
		{ "publishToken", KS_KEYWORD_TOKEN, 12 },
		{ "shared_secret", KS_KEYWORD_SECRET, 13 },
		{ "sha256_key", KS_KEYWORD_HASH | KS_KEYWORD_KEY, 10 },
		{ "encrypted_key", KS_KEYWORD_ENCRYPTED | KS_KEYWORD_KEY, 13 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t end;
		unsigned found =
			ks_lexicon_keywords(ks_span_str(cases[i].name), &end);

		if (found != cases[i].found || end != cases[i].end)
			print_error("%s: %#x %zu\n", cases[i].name, found, end);
		assert_int_equal(found, cases[i].found);
		assert_int_equal(end, cases[i].end);
	}
}

static void test_lexicon__knows_common_passwords(void **state)
{
	static const char *const common[] = { "password", "Password1",
		"changeme", "admin123", "Welcome1!", "root", "SECRET" };
	static const char *const rare[] = { "", "1234", "passwort", "rootx",
		"hunter2hunter", "kT9#vv" };

	(void)state;
	for (size_t i = 0; i < COUNT(common); i++)
		assert_true(ks_lexicon_is_common(ks_span_str(common[i])));
	for (size_t i = 0; i < COUNT(rare); i++)
		assert_false(ks_lexicon_is_common(ks_span_str(rare[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lexicon__knows_topics_in_either_case),
		cmocka_unit_test(
			test_lexicon__finds_keywords_and_where_they_end),
		cmocka_unit_test(test_lexicon__knows_common_passwords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
