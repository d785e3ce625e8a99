/* SPDX-License-Identifier: Apache-2.0 */
/* Loading and starting libgit2. */
#include "source/libgit2.h"

#include "base/library.h"

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define VERSION TEXT(LIBGIT2_VER_MAJOR) "." TEXT(LIBGIT2_VER_MINOR)

/* Written once, before anything reads it. */
static struct ks_libgit2 functions;

#define X(name) { "git_" #name, &functions.name },
static const struct ks_symbol list[] = { KS_LIBGIT2_FUNCTIONS(X) };
#undef X

/* The one whose headers this was compiled with: another may differ. */
static struct ks_library library = {
	.name = "libgit2.so." VERSION,
	.list = list,
	.count = sizeof(list) / sizeof(*list),
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct ks_libgit2 *ks_libgit2(void)
{
	return &functions;
}

int ks_libgit2_start(struct ks_err *err)
{
	int rc = ks_library_need(&library, err);

	if (rc < 0)
		return rc;
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
