/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "mirror/remote.h"

static int parse(struct ks_remote *out, const char *url, struct ks_arena *arena,
	struct ks_err *err)
{
	*err = (struct ks_err){ 0 };
	return ks_remote_parse(out, url, arena, err);
}

static void test_remote__takes_what_git_fetches(void **state)
{
	static const char *const good[] = { "https://example.org/a/b.git",
		"http://example.org:8080/a", "ssh://git@example.org/a.git",
		"ssh://git@example.org:22/~a/b", "git://example.org/a",
		"file:///srv/a", "/srv/git/a.git", "git@example.org:a/b.git",
		"example.org:a/b", "https://example.org/a::b" };
	struct ks_arena arena = { 0 };
	struct ks_remote remote;
	struct ks_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(parse(&remote, good[i], &arena, &err), KS_OK);
		assert_string_equal(remote.url, good[i]);
		assert_null(remote.user);
	}
	ks_arena_release(&arena);
}

static void test_remote__refuses_what_runs_programs(void **state)
{
	static const char *const bad[] = { "", "-u", "--upload-pack=touch x",
		"-oProxyCommand=x", "ext::sh -c touch% x", "fd::3",
		"ext::https://example.org/a", "foo::bar", "a/b", "../a",
		"-host:path", "user@-host:path", "host:-path",
		"host:", "https://-x/a", "ssh://-oProxyCommand=x/a",
		"ssh://-x@example.org/a", "ftp://example.org/a",
		"ext://example.org", "https://example.org/a\nb",
		"rsync://example.org/a", "https://example.org:99999/a" };
	struct ks_arena arena = { 0 };
	struct ks_remote remote;
	struct ks_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(
			parse(&remote, bad[i], &arena, &err), KS_E_USAGE);
		assert_true(*err.message);
	}
	ks_arena_release(&arena);
}

static void test_remote__keeps_credentials_apart(void **state)
{
	struct ks_arena arena = { 0 };
	struct ks_remote remote;
	struct ks_err err;

	(void)state;
	assert_int_equal(parse(&remote,
				 "https://jane:a%2Fb"
				 "@example.org:8443/x",
				 &arena, &err),
		KS_OK);
	assert_string_equal(remote.url, "https://example.org:8443/x");
	assert_string_equal(remote.shown, "https://example.org:8443/x");
	assert_string_equal(remote.origin, "https://example.org:8443");
	assert_string_equal(remote.user, "jane");
	assert_string_equal(remote.password, "a/b");
	assert_int_equal(parse(&remote,
				 "ssh://git:hun"
				 "ter2"
				 "@example.org/x",
				 &arena, &err),
		KS_E_USAGE);
	assert_null(strstr(err.message, "hunter2"));
	assert_non_null(strstr(err.message, "ssh://git@example.org/x"));
	assert_int_equal(parse(&remote,
				 "ftp://git:hun/"
				 "ter2"
				 "@example.org/x",
				 &arena, &err),
		KS_E_USAGE);
	assert_null(strstr(err.message, "ter2"));
	ks_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_remote__takes_what_git_fetches),
		cmocka_unit_test(test_remote__refuses_what_runs_programs),
		cmocka_unit_test(test_remote__keeps_credentials_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
