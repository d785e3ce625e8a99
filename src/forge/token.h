/* SPDX-License-Identifier: Apache-2.0 */
/* The token that a server is asked with. */
#ifndef KS_FORGE_TOKEN_H
#define KS_FORGE_TOKEN_H

#include "base/buf.h"
#include "forge/place.h"

/*
 * Put the token for ${place} into ${out} (emptied first, a NUL behind it),
 * or leave it empty if there is none. In this order:
 *
 * - the file ${credentials}, if not NULL: what it says of the place's host.
 *   It is in the format of netrc(5), "machine HOST login NAME password
 *   TOKEN", and must be readable by its owner only;
 * - KEYSIEVE_GITHUB_TOKEN, KEYSIEVE_GITLAB_TOKEN, KEYSIEVE_GITEA_TOKEN;
 * - GITHUB_TOKEN and GITLAB_TOKEN, for github.com and gitlab.com only: they
 *   are not given to another host; GITEA_TOKEN.
 *
 * KS_E_USAGE: others may read the file, or a token has spaces or control
 * characters in it; KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_token_find(struct ks_buf *out,
	const struct ks_forge_place *place, const char *credentials,
	struct ks_err *err);

#endif
