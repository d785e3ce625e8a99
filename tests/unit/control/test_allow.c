/* SPDX-License-Identifier: Apache-2.0 */
/* What entries of a configuration allow. */
#include "lib/check.h"

#include "control/config.h"

#define PRINT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define COMMIT "89abcdef0123456789abcdef0123456789abcdef"

/* Does the entry ${yaml} let ${subject} stand? */
static bool allows(const char *yaml, const struct ks_allow_subject *subject)
{
	struct ks_allow_matcher matcher = { NULL, NULL };
	struct ks_config config = { .text_count = 0 };
	struct ks_arena arena = { 0 };
	struct ks_err err = { 0 };
	const struct ks_allow *allow;
	char text[1024];
	bool is_allowed;

	snprintf(text, sizeof(text), "allow:\n  - %s\n", yaml);
	if (ks_config_read(&config, &arena, ks_span_str(text), "c.yaml", &err) <
		0)
		fail_msg("%s", err.message);
	assert_int_equal(config.allows.count, 1);
	assert_int_equal(ks_allow_matcher_init(&matcher), KS_OK);
	allow = &config.allows.list[0];
	is_allowed = ks_allow_fits_secret(allow, subject, &matcher) &&
		     ks_allow_fits_place(allow, subject, &matcher);
	ks_allow_matcher_release(&matcher);
	ks_config_release(&config);
	ks_arena_release(&arena);
	return is_allowed;
}

static struct ks_allow_subject subject_at(const char *path)
{
	return (struct ks_allow_subject){
		.rule = "my-rule",
		.fingerprint = PRINT,
		.secret = ks_span_str("Abc-example-123"),
		.path = path,
		.commit = COMMIT,
		.line = ks_span_str("key = Abc-example-123 # for tests"),
	};
}

static const struct {
	const char *yaml;
	bool is_allowed;
} conditions[] = {
	{ "rule: my-rule", true },
	{ "rule: [other, my-rule]", true },
	{ "rule: my", false },
	{ "fingerprint: " PRINT, true },
	{ "fingerprint: 0123456789ABCDEF", true },
	{ "fingerprint: 1123456789abcdef", false },
	{ "commit: 89abcde", true },
	{ "commit: " COMMIT, true },
	{ "commit: [0000000, 9abcdef0]", false },
	{ "stopword: EXAMPLE", true },
	{ "stopword: [nothing, 123]", true },
	{ "stopword: examples", false },
	{ "pattern: '^Abc-\\w+'", true },
	{ "pattern: '^example'", false },
	{ "pattern: '# for tests$'", false },
	{ "{pattern: '# for tests$', on: line}", true },
	{ "{pattern: '^Abc', on: line}", false },
	{ "{pattern: '^Abc', on: secret}", true },
	{ "path_pattern: 'key\\.[ch]$'", true },
	{ "path_pattern: '^key'", false },
	/* All must hold. */
	{ "{rule: my-rule, path: src, stopword: example}", true },
	{ "{rule: my-rule, path: src, stopword: other}", false },
	{ "{rule: other, path: src}", false },
	{ "{rule: my-rule, path: doc}", false },
	/* Nothing but text, whatever it looks like. */
	{ "{rule: my-rule, reason: for tests, until: 9999-12-31}", true },
};

static void test_allow__asks_for_all_conditions(void **state)
{
	struct ks_allow_subject subject = subject_at("src/crypto/key.c");

	(void)state;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++) {
		if (allows(conditions[i].yaml, &subject) !=
			conditions[i].is_allowed)
			fail_msg("wrong: %s", conditions[i].yaml);
	}
}

static const struct {
	const char *glob;
	const char *path;
	bool is_allowed;
} globs[] = {
	{ "key.c", "key.c", true },
	{ "key.c", "src/key.c", true },
	{ "key.c", "src/key.cc", false },
	{ "*.c", "src/crypto/key.c", true },
	{ "*.c", "src/x.c/y", true },
	{ "src", "src/key.c", true },
	{ "src", "lib/src/key.c", true },
	{ "src/", "src/key.c", true },
	{ "src/", "src", false },
	{ "/src", "src/key.c", true },
	{ "/src", "lib/src/key.c", false },
	{ "src/key.c", "src/key.c", true },
	{ "src/key.c", "lib/src/key.c", false },
	{ "src/*", "src/a/b/key.c", true },
	{ "src/*.c", "src/a/key.c", false },
	{ "src/**/*.c", "src/a/b/key.c", true },
	{ "src/**/*.c", "src/key.c", true },
	{ "**/test/*.c", "a/test/key.c", true },
	{ "**/test/*.c", "test/key.c", true },
	{ "src/**", "src/a/key.c", true },
	{ "src/**", "lib/a/key.c", false },
	{ "k?y.[ch]", "key.h", true },
	{ "k?y.[!ch]", "key.h", false },
	{ "k?y", "k/y", false },
	{ "Key.c", "key.c", false },
	{ "commit:*", "commit:0123", true },
	{ "key.c", "", false },
};

static void test_allow__reads_globs_as_gitignore_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(globs) / sizeof(*globs); i++) {
		struct ks_allow_subject subject = subject_at(globs[i].path);
		char yaml[128];

		snprintf(yaml, sizeof(yaml), "path: '%s'", globs[i].glob);
		if (allows(yaml, &subject) != globs[i].is_allowed)
			fail_msg("wrong: %s of %s", globs[i].path,
				globs[i].glob);
	}
}

/* It must not hold up a scan, nor allow what it did not match. */
static void test_allow__a_pattern_without_end_matches_nothing(void **state)
{
	struct ks_allow_subject subject = subject_at("a");
	char text[4096];

	(void)state;
	memset(text, 'a', sizeof(text));
	subject.secret = ks_span_of(text, sizeof(text));
	assert_false(
		allows("pattern: '(a|aa)+(a|aa)+(a|aa)+$(?<!a)'", &subject));
}

static void test_allow__ends_with_its_day(void **state)
{
	struct ks_allow allow = { .until = "2026-06-30" };

	(void)state;
	assert_false(ks_allow_is_expired(&allow, "2026-06-29"));
	assert_false(ks_allow_is_expired(&allow, "2026-06-30"));
	assert_true(ks_allow_is_expired(&allow, "2026-07-01"));
	allow.until = "";
	assert_false(ks_allow_is_expired(&allow, "9999-12-31"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allow__asks_for_all_conditions),
		cmocka_unit_test(test_allow__reads_globs_as_gitignore_does),
		cmocka_unit_test(
			test_allow__a_pattern_without_end_matches_nothing),
		cmocka_unit_test(test_allow__ends_with_its_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
