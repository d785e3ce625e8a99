/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a repository may say what is not to be reported. */
#include "control/trust.h"

#include <sys/stat.h>
#include <unistd.h>

static bool is_ours(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_uid == geteuid();
}

bool ks_trust_repository(enum ks_trust trust, const struct ks_repo *repo)
{
	const char *work = ks_repo_work_dir(repo);

	if (trust != KS_TRUST_OWN)
		return trust == KS_TRUST_ALWAYS;
	return work && is_ours(work) && is_ours(ks_repo_git_dir(repo));
}

bool ks_trust_paths(enum ks_trust trust, const char *const *paths, size_t count)
{
	if (trust != KS_TRUST_OWN)
		return trust == KS_TRUST_ALWAYS;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(paths[i], "-") != 0 && !is_ours(paths[i]))
			return false;
	}
	return true;
}
