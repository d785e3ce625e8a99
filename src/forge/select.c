/* SPDX-License-Identifier: Apache-2.0 */
/* Which of an organisation's repositories are wanted. */
#include "forge/select.h"

#include <fnmatch.h>

static bool fits(const char *const *globs, const char *name)
{
	const char *last = strrchr(name, '/');

	for (; *globs; globs++) {
		const char *text =
			last && !strchr(*globs, '/') ? last + 1 : name;

		if (fnmatch(*globs, text, FNM_CASEFOLD) == 0)
			return true;
	}
	return false;
}

bool ks_select_takes(
	const struct ks_forge_options *options, const struct ks_item *item)
{
	if (options->no_archived && item->is_archived)
		return false;
	if (options->no_forks && item->is_fork)
		return false;
	if (options->include && options->include[0] &&
		!fits(options->include, item->name))
		return false;
	return !options->exclude || !fits(options->exclude, item->name);
}
