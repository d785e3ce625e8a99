/* SPDX-License-Identifier: Apache-2.0 */
/* What is a secret and what only looks like one. */
#include "draw.h"
#include "filter/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Judge the part of ${line} between its two bars.
 */
static struct ks_verdict judge(const struct ks_rule *rule, const char *line)
{
	char text[4096];
	struct ks_match match = { 0 };
	struct ks_verdict verdict;
	size_t n = 0;
	bool is_open = false;

	for (const char *at = line; *at; at++) {
		if (*at != '|') {
			assert_true(n < sizeof(text));
			text[n++] = *at;
		} else if (!is_open) {
			match.start = match.secret_start = n;
			is_open = true;
		} else {
			match.end = match.secret_end = n;
		}
	}
	assert_true(match.end > match.start);
	ks_filter_judge(&verdict, rule, ks_span_of(text, n), &match);
	return verdict;
}

static struct ks_rule rule_of(enum ks_rule_kind kind)
{
	return (struct ks_rule){
		.id = "test", .kind = kind, .confidence = 0.5f
	};
}

static void assert_reject(
	const struct ks_rule *rule, const char *line, enum ks_reject want)
{
	struct ks_verdict verdict = judge(rule, line);

	if (verdict.reject != want)
		print_error("%s: %s, expected: %s\n", line,
			ks_reject_text(verdict.reject), ks_reject_text(want));
	assert_int_equal(verdict.reject, want);
	if (want != KS_REJECT_NONE)
		assert_true(verdict.confidence == 0);
}

/* A line for judge() whose secret is ${prefix} and ${n} drawn characters. */
static const char *draw_line(
	struct draw *draw, const char *prefix, size_t n, const char *alphabet)
{
	static char line[2048];
	char text[1024];

	draw_text(draw, text, n, alphabet);
	snprintf(line, sizeof(line), "value = \"|%s%s|\"\n", prefix, text);
	return line;
}

static void test_judge__drops_password_templates(void **state)
{
	static const char *const lines[] = {
		"password=|${DB_PASSWORD}|",
		"password: |$DB_PASSWORD|",
		"password: |$(cat secret)|",
		"password: \"|{{ db_password }}|\"",
		"password: {{ |db_password1| }}",
		"password: ${|Dpassword9|}",
		"password: \"|<password>|\"",
		"password: |<your|",
		"PASSWORD=|%s|",
		"PASSWORD=|%PASSWORD%|",
		"password=|%(password)s|",
		"pw: '|#{password}|'",
		"pw: |[PASSWORD]|",
		"pw: |[your password here]|",
		"pw: |{password}|",
		"pw: |__PASSWORD__|",
		"pw: |@DB_PASS@|",
		"pw: 'prefix-|abc${X}def|'",
		"password: |process.env.DB_PASS|,",
		"password = |os.environ['DB_PASS']|",
		"password = |os.getenv(\"DB_PASS\")|",
		"password = |getenv(\"X\")|;",
		"password = |getpass|()",
		"password = |getpass(|)",
		"password = |ENV['X']|",
		"password = |Config::get('x')|;",
		"password = |user->password(x)|;",
		"password = |var.db_password|",
		"password = |null|",
		"password = |None|;",
		"password: |undefined|,",
		"password: |true|",
		"password: |string|;",
		"password: |op://vault/item/field|",
		"postgres://u:|$PASS|@host/db",
		"postgres://u:|<%= pass %>|@host/db",
	};
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_TEMPLATE);
}

static void test_judge__drops_password_placeholders(void **state)
{
	static const char *const values[] = { "password", "Password", "PASSWD",
		"passwd", "changeme", "change-me", "CHANGE_ME", "changeme123",
		"secret", "s", "example", "test", "test123", "testing",
		"foobar", "foo", "dummy", "sample", "user", "pass", "guest",
		"admin", "root", "your_password", "your-password-here",
		"yourpassword", "my-password", "mysecretpassword", "mytoken1",
		"password1", "password123", "admin1234", "pw", "some.password",
		"db_password", "postgres", "mysql", "rabbitmq", "default",
		"placeholder", "redacted", "REDACTED", "notasecret", "xxxx",
		"xxxx-xxxx", "abc***", "abc...", "ab\xe2\x80\xa6",
		"this_is_a_test_password", "insert-your-password-here",
		"replace_me", "ReplaceMe", "secret-key", "access_token" };
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		char line[256];

		snprintf(line, sizeof(line), "login = '|%s|'\n", values[i]);
		assert_reject(&rule, line, KS_REJECT_PLACEHOLDER);
	}
}

static void test_judge__drops_regular_passwords(void **state)
{
	static const struct {
		const char *value;
		enum ks_reject reject;
	} cases[] = {
		{ "********", KS_REJECT_PLACEHOLDER },
		{ "........", KS_REJECT_PLACEHOLDER },
		{ "------", KS_REJECT_PLACEHOLDER },
		{ "kkkkkkkk", KS_REJECT_REPEATED },
		{ "00000000", KS_REJECT_REPEATED },
		{ "abababab", KS_REJECT_REPEATED },
		{ "wxyqwxyqwxyq", KS_REJECT_REPEATED },
		{ "111122223333", KS_REJECT_REPEATED },
		{ "123456", KS_REJECT_SEQUENCE },
		{ "12345678", KS_REJECT_SEQUENCE },
		{ "987654321", KS_REJECT_SEQUENCE },
		{ "abcdef", KS_REJECT_SEQUENCE },
		{ "abcd1234", KS_REJECT_SEQUENCE },
		{ "qwerty", KS_REJECT_SEQUENCE },
		{ "qwerty123", KS_REJECT_SEQUENCE },
		{ "asdfghjkl", KS_REJECT_SEQUENCE },
		{ "a1b2c3d4e5", KS_REJECT_SEQUENCE },
		{ "aabbccddeeff", KS_REJECT_SEQUENCE },
	};
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char line[256];

		snprintf(line, sizeof(line), "'|%s|'", cases[i].value);
		assert_reject(&rule, line, cases[i].reject);
	}
}

/* What people do choose, weak as it may be. */
static void test_judge__keeps_real_passwords(void **state)
{
	static const char *const lines[] = {
		"password = '|hunter2!x9|'",
		"password = '|Tr0ub4dor&3|'",
		"password = '|Summer2019!|'",
		"password: |admin2019|",
		"password: |correct-horse-battery-staple|",
		"password: |Fluffy1987|",
		"password: |iloveyou|",
		"password: |P@ssw0rd!|",
		"postgres://app:|mu5tang#|@db.internal/x",
		"password=|zaq1@WSX|",
		"password=|geh$eim7|",
		"password: |l33t{haxor|",
		"password: |pa%ss%d|",
		"password: |40%off|",
		"password: |Kx(9b|",
		"password: |$ecr#t99|",
		"DB_PASS=|Trustno1|",
	};
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_NONE);
}

static void test_judge__drops_variables_named_password(void **state)
{
	static const char *const lines[] = {
		"password = |passwordEncoder|;",
		"password: |hashedPassword|,",
		"password = |form.password_confirmation|",
		"login(user, |plainPassword|)",
	};
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_IDENTIFIER);
	/* Quoted, it is a value. */
	assert_reject(
		&rule, "password = \"|passwordEncoder|\";", KS_REJECT_NONE);
}

static void test_judge__drops_example_tokens(void **state)
{
	static const struct {
		const char *value;
		enum ks_reject reject;
	} cases[] = {
		{ "AKIAIOSFODNN7EXAMPLE", KS_REJECT_PLACEHOLDER },
		{ "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
			KS_REJECT_PLACEHOLDER },
		{ "AKIAXXXXXXXXXXXXXXXX", KS_REJECT_PLACEHOLDER },
		{ "tok_xxxxxxxxxxxxxxxxxxxx", KS_REJECT_PLACEHOLDER },
		{ "xoxb-your-token-here-please", KS_REJECT_PLACEHOLDER },
		{ "sk_live_YOUR_SECRET_KEY_HERE", KS_REJECT_PLACEHOLDER },
		{ "key_abc123...", KS_REJECT_PLACEHOLDER },
		{ "glpat-REDACTED0123456789", KS_REJECT_PLACEHOLDER },
		{ "thisisnotarealtokenbutalongone", KS_REJECT_PLACEHOLDER },
		{ "my-very-own-personal-access-token", KS_REJECT_PLACEHOLDER },
		{ "tok_${TOKEN_SUFFIX}", KS_REJECT_TEMPLATE },
		{ "AKIA0000000000000000", KS_REJECT_REPEATED },
		{ "AKIAABCDABCDABCDABCD", KS_REJECT_REPEATED },
		{ "deadbeefdeadbeefdeadbeef", KS_REJECT_PLACEHOLDER },
		{ "f00dfacef00dfacef00dface", KS_REJECT_REPEATED },
		{ "amzn.mws.00000000-0000-0000-0000-000000000000",
			KS_REJECT_REPEATED },
		{ "AKIA1234567890ABCDEF", KS_REJECT_SEQUENCE },
		{ "tok_0123456789abcdefABCDEF", KS_REJECT_SEQUENCE },
		{ "123456789:AAbbccddeeffgghhiijjkk", KS_REJECT_SEQUENCE },
		{ "a1b2c3d4e5f6a7b8c9d0", KS_REJECT_SEQUENCE },
	};
	struct ks_rule rule = rule_of(KS_RULE_TOKEN);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char line[256];

		snprintf(line, sizeof(line), "x = '|%s|'", cases[i].value);
		assert_reject(&rule, line, cases[i].reject);
	}
}

static void test_judge__keeps_random_tokens(void **state)
{
	static const struct {
		const char *prefix;
		size_t n;
		const char *alphabet;
	} forms[] = {
		{ "AKIA", 16, BASE32 },
		{ "ghp_", 36, BASE62 },
		{ "sk_test_", 24, BASE62 },
		{ "xoxb-", 50, DIGITS BASE62 },
		{ "", 40, BASE64 },
		{ "", 40, HEX },
		{ "", 32, HEX },
		{ "da2-", 26, BASE36 },
		{ "", 24, BASE36 },
		{ "https://hooks.host.com/services/T", 33, UPPER DIGITS },
		{ "", 86, BASE64URL },
		{ "", 400, BASE64 },
	};
	struct ks_rule rule = rule_of(KS_RULE_TOKEN);
	struct draw draw = { 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		for (size_t j = 0; j < 400; j++)
			assert_reject(&rule,
				draw_line(&draw, forms[i].prefix, forms[i].n,
					forms[i].alphabet),
				KS_REJECT_NONE);
	}
}

static void test_judge__drops_generic_identifiers(void **state)
{
	static const char *const lines[] = {
		"token = \"|userAccessTokenProvider|\"",
		"secret: \"|com.company.product.module|\"",
		"key: |some-kubernetes-resource-name|",
		"key: |SOME_CONSTANT_NAME_IN_CODE|",
		"key = \"|/etc/ssl/private/server|\"",
		"key = \"|./keys/server_ed25519|\"",
		"key = \"|C:\\keys\\server|\"",
		"key = \"|build/tls/wildcard.key|\"",
		"key = \"|id_server_7f3a.pem|\"",
		"token = \"|https://h.io/x9f8a7|\"",
		"token: |1234.5678.90|",
		"token: |20260131120000|",
		"token: |2026-01-31T12:00:00Z|",
		"token: |v1.22.333|",
		"token: |10.200.30.40:8080|",
		"secret: \"|someone@company.org|\"",
		"secret: \"|The key that is used to sign tokens|\"",
		"secret: \"|Rotate it monthly|\"",
		"integrity: \"|sha512-k8Gq2ZpX1vTm4Rw7k8|\"",
		"image: foo@sha256:|0a1b9c3d7e5f2a4b6c8d0e1f3a5b7c9d|",
		"sha1: |da39a3ee5e6b4b0d3255bfef95601890afd80709|",
		"commit_token: |da39a3ee5e6b4b0d3255bfef95601890afd80709|",
		"md5: |d41d8cd98f00b204e9800998ecf8427e|",
		"key_id: |d3b07384-d113-4ec6-a7d8-9c1b2e3f4a5b|",
		"key = |a=>b[c9X]|;",
		"pattern: |[a-zA-Z0-9]{3,9}|",
		"secret_name: |UserCredentialsRepository|",
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_IDENTIFIER);
}

static void test_judge__drops_generic_templates(void **state)
{
	static const char *const lines[] = {
		"token = \"|${{ secrets.TOKEN }}|\"",
		"token = |secrets.DEPLOY_TOKEN|",
		"token = |request.headers['X-Token']|",
		"token = |parseToken(buffer)|;",
		"token = \"|rgba(0,0,0,0.5)|\"",
		"token = \"|Bearer %(token)s|\"",
		"api_key: |${API_KEY}|",
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_TEMPLATE);
}

static void test_judge__keeps_random_generic_values(void **state)
{
	static const struct {
		size_t n;
		const char *alphabet;
	} forms[] = {
		{ 20, BASE62 "!#%^*" },
		{ 24, BASE62 },
		{ 32, BASE64URL },
		{ 40, BASE64 },
		{ 32, HEX },
		{ 64, HEX },
		{ 32, BASE36 },
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);
	struct draw draw = { 2 };
	size_t kept = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		for (size_t j = 0; j < 1000; j++) {
			struct ks_verdict verdict =
				judge(&rule, draw_line(&draw, "", forms[i].n,
						     forms[i].alphabet));

			kept += verdict.reject == KS_REJECT_NONE;
		}
	}
	/* A few do look like names. */
	assert_true(kept >= COUNT(forms) * 1000 - 7);
}

static void test_judge__asks_for_length_entropy_and_checksum(void **state)
{
	struct ks_rule rule = rule_of(KS_RULE_TOKEN);

	(void)state;
	rule.min_length = 10;
	assert_reject(&rule, "'|k8Gq2ZpX1|'", KS_REJECT_LENGTH);
	assert_reject(&rule, "'|k8Gq2ZpX1v|'", KS_REJECT_NONE);
	rule.entropy = 3.4f;
	assert_reject(&rule, "'|k8Gq2ZkG8q|'", KS_REJECT_ENTROPY);
	rule.checksum = KS_CHECKSUM_GITHUB;
	assert_reject(&rule, "'|ghp_k8Gq2ZpX1v|'", KS_REJECT_CHECKSUM);
}

static void test_judge__measures_entropy(void **state)
{
	struct ks_rule rule = rule_of(KS_RULE_TOKEN);
	struct ks_verdict verdict = judge(&rule, "'|qzjxkvbwpmyfghtd|'");

	(void)state;
	assert_int_equal(verdict.reject, KS_REJECT_NONE);
	assert_true(verdict.entropy > 3.999f && verdict.entropy < 4.001f);
}

/* Each pair: what should be surer first. */
static void test_judge__confidence_follows_the_line(void **state)
{
	static const struct {
		enum ks_rule_kind kind;
		const char *surer;
		const char *less;
	} cases[] = {
		{ KS_RULE_TOKEN, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"fakeKey = '|k8Gq2ZpX1vTm4Rw7|'" },
		{ KS_RULE_TOKEN, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"key = '|k8Gq2ZpX1vTm4Rw7|' # example" },
		{ KS_RULE_TOKEN, "key = '|k8Gq2ZpX1vTm4Rw7|' # test",
			"key = '|k8Gq2ZpX1vTm4Rw7|' # dummy" },
		{ KS_RULE_TOKEN, "token = '|k8Gq2ZpX1vTm4Rw7|'",
			"thing = '|k8Gq2ZpX1vTm4Rw7|'" },
		{ KS_RULE_TOKEN, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"publicKey = '|k8Gq2ZpX1vTm4Rw7|'" },
		{ KS_RULE_GENERIC, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"key = |k8Gq2ZpX1vTm4Rw7|" },
		{ KS_RULE_GENERIC, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"key = '|k8gq2zpx1vtm4rw7|'" },
		{ KS_RULE_GENERIC, "key = '|k8gq2zpx1vtm4rw7|'",
			"key = '|kxgqczpxbvtmzrwq|'" },
		{ KS_RULE_GENERIC, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"key_hash = '|k8Gq2ZpX1vTm4Rw7|'" },
		{ KS_RULE_PASSWORD, "db://app:|k8Gq2ZpX|@db.corp.net/x",
			"db://app:|k8Gq2ZpX|@localhost/x" },
		{ KS_RULE_PASSWORD, "db://app:|warehouse7|@db.corp.net/x",
			"db://warehouse7:|warehouse7|@db.corp.net/x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ks_rule rule = rule_of(cases[i].kind);
		struct ks_verdict surer = judge(&rule, cases[i].surer);
		struct ks_verdict less = judge(&rule, cases[i].less);

		if (surer.confidence <= less.confidence)
			print_error("%s: %g, %s: %g\n", cases[i].surer,
				(double)surer.confidence, cases[i].less,
				(double)less.confidence);
		assert_true(surer.confidence > less.confidence);
		assert_true(less.confidence >= 0.01f);
	}
}

static void test_judge__confidence_is_clamped(void **state)
{
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);
	const char *good = "secret_token = '|k8Gq2ZpX1vTm4Rw7|'";
	struct ks_verdict verdict;

	(void)state;
	rule.confidence = 1;
	assert_true(judge(&rule, good).confidence <= 0.99f);
	rule.confidence = 0;
	verdict = judge(&rule, "mock public uuid = |kxgqczpxbvtmzrwq| # fake");
	assert_int_equal(verdict.reject, KS_REJECT_NONE);
	assert_true(verdict.confidence >= 0.01f);
	rule.confidence = 0.9f;
	rule.is_public = true;
	assert_true(judge(&rule, good).confidence <= 0.31f);
}

/*
 * The delta scan relies on it: bytes beyond the line, or 256 bytes away from
 * the secret, change nothing.
 */
static void test_judge__looks_at_the_window_only(void **state)
{
	static const char *const words[] = { "example", "password", "\n", "\"",
		"${", "}", "public ", "sha256:", "localhost", "\x80", "= ",
		"test" };
	struct draw draw = { 3 };
	uint8_t text[2000];
	uint8_t other[2000];

	(void)state;
	for (size_t round = 0; round < 6000; round++) {
		struct ks_rule rule = rule_of(1 + draw_below(&draw, 3));
		size_t n = 8 + draw_below(&draw, 60);
		size_t start = draw_below(&draw, (uint32_t)(2000 - n));
		struct ks_match match = { 0, start, start + n, start,
			start + n };
		size_t from = start > 256 ? start - 256 : 0;
		size_t to = start + n + 256 < 2000 ? start + n + 256 : 2000;
		struct ks_verdict a;
		struct ks_verdict b;

		draw_text(&draw, (char *)text, 1999, BASE64 "      =:'\"");
		for (size_t i = 0; i < 60; i++) {
			const char *word =
				words[draw_below(&draw, COUNT(words))];
			size_t at = draw_below(&draw, 1980);

			memcpy(text + at, word, strlen(word));
		}
		/* Newlines in the window, too, cut off what is beyond. */
		if (round % 3 == 0 && start > from) {
			from += draw_below(&draw, (uint32_t)(start - from));
			text[from] = '\n';
		}
		if (round % 5 == 0 && to > start + n) {
			to -= draw_below(&draw, (uint32_t)(to - start - n));
			text[to - 1] = '\n';
		}
		for (size_t i = 0; i < sizeof(other); i++)
			other[i] = i >= from && i < to
					   ? text[i]
					   : (uint8_t)draw_below(&draw, 256);
		ks_filter_judge(&a, &rule, ks_span_of(text, 2000), &match);
		ks_filter_judge(&b, &rule, ks_span_of(other, 2000), &match);
		assert_int_equal(a.reject, b.reject);
		assert_true(a.confidence == b.confidence);
		assert_true(a.entropy == b.entropy);
		/* The same window, alone. */
		match.secret_start -= from;
		match.secret_end -= from;
		ks_filter_judge(
			&b, &rule, ks_span_of(text + from, to - from), &match);
		assert_int_equal(a.reject, b.reject);
		assert_true(a.confidence == b.confidence);
	}
}

/* Any bytes at all; the sanitizers watch. */
static void test_judge__survives_any_bytes(void **state)
{
	static const char hostile[] =
		"${}<>[](){{%s\\\"'`=:/.@-_*xX\xe2\x80\xa6"
		"aA0 \t\n\r\x00\x01\xff";
	struct draw draw = { 4 };

	(void)state;
	for (size_t round = 0; round < 20000; round++) {
		struct ks_rule rule = rule_of(draw_below(&draw, 4));
		size_t n = 1 + draw_below(&draw, 40);
		uint8_t text[48];
		struct ks_match match = { 0 };
		struct ks_verdict verdict;

		rule.checksum = draw_below(&draw, KS_CHECKSUM_COUNT);
		for (size_t i = 0; i < n; i++)
			text[i] = (uint8_t)
				hostile[draw_below(&draw, sizeof(hostile))];
		match.secret_start = draw_below(&draw, (uint32_t)n);
		match.secret_end =
			match.secret_start +
			draw_below(
				&draw, (uint32_t)(n - match.secret_start + 1));
		ks_filter_judge(&verdict, &rule, ks_span_of(text, n), &match);
		assert_true(verdict.reject < KS_REJECT_COUNT);
		assert_true((verdict.reject == KS_REJECT_NONE) ==
			    (verdict.confidence > 0));
	}
}

static void test_judge__names_each_reason(void **state)
{
	(void)state;
	for (unsigned i = 0; i < KS_REJECT_COUNT; i++)
		assert_true(ks_reject_text(i)[0] != '\0');
	assert_string_equal(ks_reject_text(KS_REJECT_COUNT), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge__drops_password_templates),
		cmocka_unit_test(test_judge__drops_password_placeholders),
		cmocka_unit_test(test_judge__drops_regular_passwords),
		cmocka_unit_test(test_judge__keeps_real_passwords),
		cmocka_unit_test(test_judge__drops_variables_named_password),
		cmocka_unit_test(test_judge__drops_example_tokens),
		cmocka_unit_test(test_judge__keeps_random_tokens),
		cmocka_unit_test(test_judge__drops_generic_identifiers),
		cmocka_unit_test(test_judge__drops_generic_templates),
		cmocka_unit_test(test_judge__keeps_random_generic_values),
		cmocka_unit_test(
			test_judge__asks_for_length_entropy_and_checksum),
		cmocka_unit_test(test_judge__measures_entropy),
		cmocka_unit_test(test_judge__confidence_follows_the_line),
		cmocka_unit_test(test_judge__confidence_is_clamped),
		cmocka_unit_test(test_judge__looks_at_the_window_only),
		cmocka_unit_test(test_judge__survives_any_bytes),
		cmocka_unit_test(test_judge__names_each_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
