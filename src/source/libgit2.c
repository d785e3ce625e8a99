/* SPDX-License-Identifier: Apache-2.0 */
/* Starting libgit2, out of reach of the machine's and the user's settings. */
#include "source/libgit2.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/*
 * libgit2 built with Mbed TLS, as Debian's, reads the certificates of all
 * authorities when it starts: 20 ms, most of what a short run takes. Nothing
 * here opens a connection by libgit2, so it is given this instead of the
 * library's function; it trusts nobody then. See x509_crt.h for the original.
 */
__attribute__((used)) int mbedtls_x509_crt_parse_file(
	void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

/* The one whose headers this was compiled with: another may differ. */
static const char library[] =
	"libgit2.so." TEXT(LIBGIT2_VER_MAJOR) "." TEXT(LIBGIT2_VER_MINOR);

/* Written once, before anything reads it. */
static struct ks_libgit2 functions;
static pthread_once_t is_loaded = PTHREAD_ONCE_INIT;
static const char *missing;

static void load(void)
{
	/* It stays: what it has allocated is freed by nobody else. */
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	void *symbol;

	missing = handle ? NULL : library;
#define X(name)                                                                \
	symbol = handle ? dlsym(handle, "git_" #name) : NULL;                  \
	memcpy(&functions.name, &symbol, sizeof(symbol));                      \
	if (!symbol && !missing)                                               \
		missing = "git_" #name;
	KS_LIBGIT2_FUNCTIONS(X)
#undef X
}

const struct ks_libgit2 *ks_libgit2(void)
{
	return &functions;
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

	pthread_once(&is_loaded, load);
	if (missing)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' cannot be loaded: it has to be installed",
			missing);
	if (ks_libgit2()->libgit2_init() < 0)
		return ks_fail(err, KS_E_NOMEM, "libgit2 does not start");
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		ks_libgit2()->libgit2_opts(
			GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	ks_libgit2()->libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	ks_libgit2()->libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
		sizeof(extensions) / sizeof(*extensions));
	/* Every object is read once: caching or checking twice is waste. */
	ks_libgit2()->libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	return KS_OK;
}

void ks_libgit2_stop(void)
{
	ks_libgit2()->libgit2_shutdown();
}
