/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "net/url.h"

static void test_url__is_taken_apart(void **state)
{
	struct ks_url url;

	(void)state;
	assert_int_equal(
		ks_url_parse(&url,
			"HTTPS://a%40b:c:d@Example.org:8443/x/y?q=1#f", NULL),
		KS_OK);
	assert_true(ks_url_is(&url, "https"));
	assert_span_text(url.user, "a%40b");
	assert_span_text(url.password, "c:d");
	assert_span_text(url.host, "Example.org");
	assert_int_equal(url.port, 8443);
	assert_span_text(url.path, "/x/y");
	assert_span_text(url.query, "q=1");
	assert_int_equal(ks_url_parse(&url, "http://[::1]:80?q", NULL), KS_OK);
	assert_span_text(url.host, "[::1]");
	assert_true(ks_url_is_loopback(&url));
	assert_int_equal(url.port, 80);
	assert_int_equal(url.path.n, 0);
	assert_int_equal(ks_url_parse(&url, "file:///a", NULL), KS_OK);
	assert_int_equal(url.host.n, 0);
	/* The last '@' ends the credentials, as browsers and curl have it. */
	assert_int_equal(ks_url_parse(&url, "http://a@b@c/", NULL), KS_OK);
	assert_span_text(url.host, "c");
}

static void test_url__refuses_what_is_none(void **state)
{
	static const char *const bad[] = { "", "x", "://x", "1a://x",
		"https:/x", "https://x y/", "https://x\n/", "https://[::1",
		"https://x:99999/", "https://x:8a/", "https://-x/", "-://x" };
	struct ks_url url;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(ks_url_parse(&url, bad[i], NULL), KS_E_USAGE);
}

static bool same(const char *left, const char *right)
{
	struct ks_url a;
	struct ks_url b;

	assert_int_equal(ks_url_parse(&a, left, NULL), KS_OK);
	assert_int_equal(ks_url_parse(&b, right, NULL), KS_OK);
	return ks_url_same_origin(&a, &b);
}

static void test_url__knows_one_origin_from_another(void **state)
{
	(void)state;
	assert_true(same("https://x.org/a", "https://X.org:443/b"));
	assert_true(same("http://x.org", "http://x.org:80/"));
	assert_false(same("https://x.org", "http://x.org"));
	assert_false(same("https://x.org", "https://x.org:444"));
	assert_false(same("https://x.org", "https://x.org.evil.net"));
	assert_false(same("https://x.org", "https://x.org@evil.net"));
}

static void shows(const char *text, const char *expected)
{
	struct ks_buf shown = { 0 };

	assert_int_equal(ks_url_show(&shown, text), KS_OK);
	assert_non_null(ks_buf_str(&shown));
	assert_string_equal((const char *)shown.p, expected);
	ks_buf_release(&shown);
}

static void test_url__shows_no_credentials(void **state)
{
	(void)state;
	shows("https://jane:pa"
	      "ss@x.org/a",
		"https://x.org/a");
	shows("https://tok"
	      "en@x.org:1/a?private_token=x#y",
		"https://x.org:1/a");
	shows("ssh://git:pa"
	      "ss@x.org/a",
		"ssh://git@x.org/a");
	shows("ssh://git@x.org/a", "ssh://git@x.org/a");
	shows("https://jane:pa/"
	      "ss@x.org/a",
		"https://x.org/a");
	shows("https://x.org/@scope/a", "https://x.org/@scope/a");
	shows("https://x.org:80/@scope", "https://x.org:80/@scope");
	shows("git@x.org:a\033[1mb", "git@x.org:a?[1mb");
	shows("", "");
}

static void test_url__is_encoded_and_decoded(void **state)
{
	struct ks_buf text = { 0 };

	(void)state;
	assert_int_equal(ks_url_encode(&text, ks_span_str("a/b-c d%")), KS_OK);
	assert_span_text(ks_buf_span(&text), "a%2Fb-c%20d%25");
	ks_buf_reset(&text);
	assert_int_equal(
		ks_url_decode(&text, ks_span_str("a%2Fb%zz%4")), KS_OK);
	assert_span_text(ks_buf_span(&text), "a/b%zz%4");
	ks_buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_url__is_taken_apart),
		cmocka_unit_test(test_url__refuses_what_is_none),
		cmocka_unit_test(test_url__knows_one_origin_from_another),
		cmocka_unit_test(test_url__shows_no_credentials),
		cmocka_unit_test(test_url__is_encoded_and_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
