/* SPDX-License-Identifier: Apache-2.0 */
/* All that says what may stand, in one place. */
#include "control/control.h"

#include "control/trust.h"

#include <stdlib.h>

static int ask_repository(struct ks_control *control,
	const struct ks_control_options *options, struct ks_err *err)
{
	struct ks_repo *repo;
	int rc = ks_repo_open(&repo, options->repository, err);

	if (rc < 0)
		return rc;
	control->heeds_markers = ks_trust_repository(options->trust, repo);
	ks_repo_close(repo);
	return KS_OK;
}

int ks_control_load(struct ks_control **out,
	const struct ks_control_options *options, struct ks_err *err)
{
	struct ks_control *control = calloc(1, sizeof(*control));
	int rc = KS_OK;

	*out = NULL;
	if (!control)
		return ks_fail_nomem(err);
	if (options->repository)
		rc = ask_repository(control, options, err);
	else
		control->heeds_markers = ks_trust_paths(
			options->trust, options->paths, options->path_count);
	if (rc < 0) {
		ks_control_free(control);
		return rc;
	}
	*out = control;
	return KS_OK;
}

void ks_control_free(struct ks_control *control)
{
	if (!control)
		return;
	ks_arena_release(&control->arena);
	free(control);
}
