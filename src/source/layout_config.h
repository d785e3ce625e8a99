/* SPDX-License-Identifier: Apache-2.0 */
/* What a repository's configuration says of its form: git-config(1). */
#ifndef KS_SOURCE_LAYOUT_CONFIG_H
#define KS_SOURCE_LAYOUT_CONFIG_H

#include "source/layout.h"

/*
 * Read the configuration of ${layout}, whose folders are known, into it:
 * object format, partial or not, bare or not, the work tree, tracking. Files
 * that it includes are not read, nor is any other configuration. Where
 * git would refuse the repository, as core.repositoryformatversion asks for,
 * it is KS_E_UNSUPPORTED. KS_E_CORRUPT, KS_E_IO, KS_E_LIMIT, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_layout_config_read(
	struct ks_layout *layout, struct ks_err *err);

#endif
