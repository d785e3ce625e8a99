/* SPDX-License-Identifier: Apache-2.0 */
/* Starting libgit2, out of reach of the machine's and the user's settings. */
#include "source/libgit2.h"

#include <git2.h>
#include <stddef.h>

/*
 * libgit2 built with Mbed TLS, as Debian's, reads the certificates of all
 * authorities when it starts: 20 ms, most of what a short run takes. Nothing
 * here opens a connection by libgit2, so it is given this instead of the
 * library's function; it trusts nobody then. See x509_crt.h for the original.
 */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}

/*
 * Extensions of repository format 1 that change nothing for reading objects
 * and refs; any other makes libgit2 refuse, as git-config(5) asks for.
 */
static const char *extensions[] = { "noop", "partialclone", "preciousobjects",
	"worktreeconfig", "relativeworktrees", "objectformat" };

int ks_libgit2_start(struct ks_err *err)
{
	static const git_config_level_t levels[] = { GIT_CONFIG_LEVEL_SYSTEM,
		GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
		GIT_CONFIG_LEVEL_PROGRAMDATA };

	if (git_libgit2_init() < 0)
		return ks_fail(err, KS_E_NOMEM, "libgit2 does not start");
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
		sizeof(extensions) / sizeof(*extensions));
	/* Every object is read once: caching or checking twice is waste. */
	git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	return KS_OK;
}

void ks_libgit2_stop(void)
{
	git_libgit2_shutdown();
}
