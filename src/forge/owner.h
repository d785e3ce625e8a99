/* SPDX-License-Identifier: Apache-2.0 */
/* Is it an organisation, a group or a user, and where is its list? */
#ifndef KS_FORGE_OWNER_H
#define KS_FORGE_OWNER_H

#include "forge/ask.h"

/*
 * Ask who the place's owner is. The path of the list of its repositories goes
 * to ${path} (emptied first, a NUL behind it), the query of its first page to
 * ${query}, a constant. Errors of ks_ask().
 */
KS_MUST_CHECK int ks_owner_find(const struct ks_ask *ask, struct ks_buf *path,
	const char **query, struct ks_err *err);

#endif
