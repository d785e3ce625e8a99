/* SPDX-License-Identifier: Apache-2.0 */
/* Loading and starting libgit2. */
#include "source/libgit2.h"

#include "base/library.h"

#include <pthread.h>

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
#define X(name) { "git_" #name, &functions.name },
	static const struct ks_symbol list[] = { KS_LIBGIT2_FUNCTIONS(X) };
#undef X

	missing = ks_library_load(library, list, sizeof(list) / sizeof(*list));
}

const struct ks_libgit2 *ks_libgit2(void)
{
	return &functions;
}

int ks_libgit2_start(struct ks_err *err)
{
	pthread_once(&is_loaded, load);
	if (missing)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' cannot be loaded: it has to be installed",
			missing);
	if (ks_libgit2()->libgit2_init() < 0)
		return ks_fail(err, KS_E_NOMEM, "libgit2 does not start");
	/* Every object is read once: caching is waste. */
	ks_libgit2()->libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	return KS_OK;
}

void ks_libgit2_stop(void)
{
	ks_libgit2()->libgit2_shutdown();
}
