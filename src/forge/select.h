/* SPDX-License-Identifier: Apache-2.0 */
/* Which of an organisation's repositories are wanted. */
#ifndef KS_FORGE_SELECT_H
#define KS_FORGE_SELECT_H

#include "forge/forge.h"
#include "forge/items.h"

/* Is ${item} one that ${options} ask for? */
bool ks_select_takes(
	const struct ks_forge_options *options, const struct ks_item *item);

#endif
