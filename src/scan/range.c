/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning a range of history. */
#include "scan/bring.h"
#include "source/repo.h"

#include <keysieve/scan.h>

/* Where a clone is shallow, what is not there may only be too deep. */
static int resolve(struct ks_repo *repo, const char *name, struct ks_oid *out,
	struct ks_err *err)
{
	int rc = ks_repo_resolve(repo, name, out, err);

	if (rc == KS_E_NOTFOUND && ks_repo_is_shallow(repo))
		return ks_fail(err, rc,
			"there is no revision '%s' in this shallow clone; "
			"fetch deeper: 'git fetch --unshallow', or in CI all "
			"history (fetch-depth: 0)",
			name);
	return rc;
}

static int find_ends(struct ks_bring *bring, const char *path, const char *from,
	const char *to, struct ks_err *err)
{
	struct ks_repo *repo;
	struct ks_oid begin;
	struct ks_oid end;
	int rc = ks_repo_open(&repo, path, err);

	if (rc < 0)
		return rc;
	rc = resolve(repo, from, &begin, err);
	if (rc == KS_OK)
		rc = resolve(repo, to, &end, err);
	if (rc == KS_OK && (ks_oids_add(&bring->hidden, &begin) < 0 ||
				   ks_oids_add(&bring->tips, &end) < 0))
		rc = ks_fail_nomem(err);
	ks_repo_close(repo);
	return rc;
}

int ks_scan_range(struct ks_result **out, const char *path, const char *from,
	const char *to, const struct ks_scan_options *options,
	struct ks_err *err)
{
	struct ks_bring bring = {
		.options = options, .source = path, .is_bounded = true
	};
	int rc = ks_layout_find(&bring.layout, path, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = find_ends(&bring, path, from, to, err);
	if (rc == KS_OK)
		rc = ks_bring_scan(out, &bring, err);
	ks_bring_release(&bring);
	return rc;
}
