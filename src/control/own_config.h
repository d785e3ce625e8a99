/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration that is among what is scanned: .keysieve.yaml. */
#ifndef KS_CONTROL_OWN_CONFIG_H
#define KS_CONTROL_OWN_CONFIG_H

#include "base/buf.h"
#include "source/repo.h"

/*
 * Read the configuration of ${repo} into ${out}: the file in the work tree,
 * or of a bare repository that in HEAD's tree. ${name} (emptied first) is
 * what to call it, also where reading fails. Symlinks are not followed.
 * KS_E_NOTFOUND if there is none; KS_E_IO, KS_E_LIMIT, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_own_config_of_repository(struct ks_buf *out,
	struct ks_buf *name, struct ks_repo *repo, struct ks_err *err);

/* Likewise of the folder ${folder}; KS_E_NOTFOUND also if it is none. */
KS_MUST_CHECK int ks_own_config_of_folder(struct ks_buf *out,
	struct ks_buf *name, const char *folder, struct ks_err *err);

#endif
