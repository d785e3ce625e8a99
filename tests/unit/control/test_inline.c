/* SPDX-License-Identifier: Apache-2.0 */
/* Markers beside a secret: which of them allow what. */
#include "lib/check.h"

#include "control/inline.h"

/* The secret in a text is what stands between the two '|'. */
static const struct {
	const char *text;
	enum ks_rule_kind kind;
	bool is_allowed;
} cases[] = {
	/* Behind the secret, on its line. */
	{ "k = |abc| # keysieve:allow\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # KeySieve:Allow", KS_RULE_TOKEN, true },
	{ "k = |abc| /* keysieve:allow */ + 1;\n", KS_RULE_TOKEN, true },
	{ "k = |abc| <!-- keysieve:allow -->\n", KS_RULE_TOKEN, true },
	{ "{\"k\": \"|abc|\", \"why\": \"keysieve:allow\"}", KS_RULE_TOKEN,
		true },
	{ "k = |abc| # gitleaks:allow\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # betterleaks:allow\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # trufflehog:ignore\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # kingfisher:ignore\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # ggignore\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # pragma: allowlist secret\n", KS_RULE_TOKEN, true },
	{ "k = |abc| // pragma:whitelist secret\n", KS_RULE_TOKEN, true },
	{ "k = |abc|", KS_RULE_TOKEN, false },
	{ "keysieve:allow\nk = |abc|\nkeysieve:allow\n", KS_RULE_TOKEN, false },
	{ "/* keysieve:allow */ k = |abc|\n", KS_RULE_TOKEN, false },
	{ "k = |abc keysieve:allow|\n", KS_RULE_TOKEN, false },
	{ "k = |abc| # not_keysieve:allow\n", KS_RULE_TOKEN, false },
	{ "k = |abc| # keysieve:allowed\n", KS_RULE_TOKEN, false },
	{ "k = |abc| # keysieve: allow\n", KS_RULE_TOKEN, false },
	{ "k = |abc| # keysieve:allow-all\n", KS_RULE_TOKEN, false },
	/* For some rules only. */
	{ "k = |abc| # keysieve:allow my-rule\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # keysieve:allow other, my-rule\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # keysieve:allow my-rule -- it is old\n", KS_RULE_TOKEN,
		true },
	{ "k = |abc| # keysieve:allow -- it is old\n", KS_RULE_TOKEN, true },
	{ "k = |abc| # keysieve:allow other\n", KS_RULE_TOKEN, false },
	{ "k = |abc| # keysieve:allow my-rules\n", KS_RULE_TOKEN, false },
	{ "k = |abc| # keysieve:allow -- my-rule\n", KS_RULE_TOKEN, true },
	/* The next line. */
	{ "# keysieve:allow-next-line\nk = |abc|\n", KS_RULE_TOKEN, true },
	{ "# keysieve:allow-next-line my-rule\nk = |abc|\n", KS_RULE_TOKEN,
		true },
	{ "# keysieve:allow-next-line other\nk = |abc|\n", KS_RULE_TOKEN,
		false },
	{ "# pragma: allowlist nextline secret\r\nk = |abc|\n", KS_RULE_TOKEN,
		true },
	{ "# keysieve:allow-next-line\n\nk = |abc|\n", KS_RULE_TOKEN, false },
	{ "k = |abc| # keysieve:allow-next-line\n", KS_RULE_TOKEN, false },
	/* What takes several lines. */
	{ "k = \"|-----BEGIN\\n\" // keysieve:allow\nabc\n-----END|",
		KS_RULE_BLOCK, true },
	{ "// keysieve:allow\n|-----BEGIN\nabc\n-----END|", KS_RULE_BLOCK,
		true },
	{ "k = \"\"\" # gitleaks:allow\n|-----BEGIN\nabc\n-----END|",
		KS_RULE_BLOCK, true },
	{ "|-----BEGIN\nabc\n-----END| # gitleaks:allow", KS_RULE_BLOCK, true },
	{ "|-----BEGIN\nabc keysieve:allow\n-----END|", KS_RULE_BLOCK, false },
	{ "# keysieve:allow\n\n|-----BEGIN\nabc\n-----END|", KS_RULE_BLOCK,
		false },
	/* A marker that is not about secrets alone. */
	{ "p = '|abc|'  # nosec\n", KS_RULE_PASSWORD, true },
	{ "p = '|abc|'  #nosec\n", KS_RULE_GENERIC, true },
	{ "p = '|abc|'  # nosec\n", KS_RULE_TOKEN, false },
	{ "p = '|abc|'  # nosec B105\n", KS_RULE_TOKEN, true },
	{ "p = '|abc|'  # nosec: B101, B106\n", KS_RULE_TOKEN, true },
	{ "p = '|abc|'  # nosec B608\n", KS_RULE_PASSWORD, false },
	{ "p := \"|abc|\" // #nosec G101 -- a test\n", KS_RULE_TOKEN, true },
	{ "p = '|abc|' + nosec\n", KS_RULE_PASSWORD, false },
	{ "p = '|abc|' # nosecond\n", KS_RULE_PASSWORD, false },
};

/* ${text} without its '|'; where those stood goes to ${start} and ${end}. */
static struct ks_span cut(
	char *out, const char *text, size_t *start, size_t *end)
{
	const char *first = strchr(text, '|');
	const char *last = strrchr(text, '|');
	size_t n = 0;

	for (const char *at = text; *at; at++) {
		if (at == first)
			*start = n;
		else if (at == last)
			*end = n;
		else
			out[n++] = *at;
	}
	return ks_span_of(out, n);
}

static void test_inline__allows_what_its_words_say(void **state)
{
	struct ks_rule rule = { .id = "my-rule" };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char buffer[256];
		size_t start = 0;
		size_t end = 0;
		struct ks_span text = cut(buffer, cases[i].text, &start, &end);

		rule.kind = cases[i].kind;
		if (ks_inline_allows(text, start, end, &rule) !=
			cases[i].is_allowed)
			fail_msg("wrong: %s", cases[i].text);
	}
}

/* So that a line of a megabyte is not read again for each of its secrets. */
static void test_inline__looks_so_far_and_no_farther(void **state)
{
	static const char marker[] = " keysieve:allow";
	struct ks_rule rule = { .id = "my-rule", .kind = KS_RULE_TOKEN };
	char text[KS_INLINE_REACH + 64];

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text + KS_INLINE_REACH - sizeof(marker), marker,
		sizeof(marker) - 1);
	assert_true(
		ks_inline_allows(ks_span_of(text, sizeof(text)), 0, 1, &rule));
	memset(text, ' ', sizeof(text));
	memcpy(text + KS_INLINE_REACH + 1, marker, sizeof(marker) - 1);
	assert_false(
		ks_inline_allows(ks_span_of(text, sizeof(text)), 0, 1, &rule));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inline__allows_what_its_words_say),
		cmocka_unit_test(test_inline__looks_so_far_and_no_farther),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
