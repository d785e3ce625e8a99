/* SPDX-License-Identifier: Apache-2.0 */
/* The text of the hooks. */
#ifndef KS_HOOK_SCRIPT_H
#define KS_HOOK_SCRIPT_H

#include "base/buf.h"

#include <keysieve/hook.h>

/* Behind the name of a hook that was there before. */
#define KS_SCRIPT_BEFORE ".before-keysieve"

/* Append the script of ${hook} to ${out}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_script_write(struct ks_buf *out, enum ks_hook hook,
	const struct ks_hook_options *options);

/*
 * Append the script of the hook ${name}, not one of keysieve's, for a folder
 * that serves all repositories: it runs the repository's own. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_script_write_passing(struct ks_buf *out, const char *name);

/* Is ${text} a script that one of the above wrote? */
bool ks_script_is_ours(struct ks_span text);

/* Append the path of the keysieve that the script ${text} calls. KS_E_NOMEM. */
KS_MUST_CHECK int ks_script_program(struct ks_buf *out, struct ks_span text);

#endif
