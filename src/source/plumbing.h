/* SPDX-License-Identifier: Apache-2.0 */
/* Running git on what is scanned, without a word from its configuration. */
#ifndef KS_SOURCE_PLUMBING_H
#define KS_SOURCE_PLUMBING_H

#include "base/arena.h"
#include "base/program.h"
#include "source/repo.h"

enum {
	KS_PLUMBING_VARIABLES = 16
};

/* What git may see. */
struct ks_plumbing_view {
	const char *const *dirs; /* objects folders */
	size_t dir_count;
	size_t hash_bytes;
	const struct ks_ref_list *refs; /* NULL: none */
};

/*
 * A git that sees objects and refs and nothing else of a repository: its git
 * folder is one made for it, outside, in which the refs were written down
 * and the configuration says but the object format. So no configuration,
 * hook, attribute, alias or remote of what is scanned, nor of the user or
 * the machine, is known to it, nor the rest of our environment.
 * Zero-initialise ({0}); ks_plumbing_close() removes the folder.
 */
struct ks_plumbing {
	struct ks_arena arena;
	struct ks_buf program;
	char *folder; /* NULL: none was made */
	const char *environment[KS_PLUMBING_VARIABLES];
	size_t variable_count;
};

/*
 * Prepare git for ${view}, which need not outlive the call. KS_E_NOTFOUND:
 * there is no git in PATH; KS_E_UNSUPPORTED: it is too old for the object
 * format, or as ks_plumbing_check(); KS_E_IO, KS_E_NOMEM; ${git} is to be
 * closed then too.
 */
KS_MUST_CHECK int ks_plumbing_open(struct ks_plumbing *git,
	const struct ks_plumbing_view *view, struct ks_err *err);

/* How to run it with ${words}, "git" first; borrows both. */
struct ks_program ks_plumbing_program(
	const struct ks_plumbing *git, const char *const *words);

/*
 * Objects folders that hold what is neither a file nor a folder are
 * KS_E_UNSUPPORTED: who else reads them would wait for ever at a FIFO.
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_plumbing_check(
	const char *const *dirs, size_t count, struct ks_err *err);

void ks_plumbing_close(struct ks_plumbing *git);

#endif
