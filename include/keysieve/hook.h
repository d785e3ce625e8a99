/* SPDX-License-Identifier: Apache-2.0 */
/* Installing keysieve as a hook of git: githooks(5). */
#ifndef KEYSIEVE_HOOK_H
#define KEYSIEVE_HOOK_H

#include <keysieve/error.h>

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The hooks of git that keysieve can be. */
enum ks_hook {
	KS_HOOK_PRE_PUSH,
	KS_HOOK_PRE_COMMIT,
	KS_HOOK_PRE_RECEIVE,
	KS_HOOK_COUNT
};

enum {
	KS_HOOK_PATH_MAX = 4096 /* bytes, NUL included */
};

/* How a hook is to be installed. */
struct ks_hook_options {
	bool is_global;      /* for all repositories of this user */
	const char *program; /* keysieve: an absolute path */
	/* Given to keysieve before what git gives. */
	const char *const *arguments;
	size_t argument_count;
};

/* What there is. */
struct ks_hook_state {
	char path[KS_HOOK_PATH_MAX]; /* of the hook's file */
	bool is_ours;                /* keysieve's; else see has_other */
	bool has_other;              /* a file that is not keysieve's */
	bool has_before; /* one that was there before, and runs after it */
	bool is_program_there; /* the keysieve that it calls */
};

/* "pre-push", … Static. */
const char *ks_hook_name(enum ks_hook hook);

/* The hook called ${name}, or -1. */
int ks_hook_parse(const char *name);

/*
 * The hooks that a repository at the current folder wants if none are named:
 * pre-push and pre-commit, or pre-receive where it is bare; their number goes
 * to ${count}. Asks git. KS_E_REPO, KS_E_IO.
 */
int ks_hook_defaults(enum ks_hook hooks[KS_HOOK_COUNT], size_t *count,
	bool is_global, struct ks_err *err);

/*
 * Look at ${hook} of the repository at the current folder, or of all where
 * ${is_global}. Git is asked where hooks lie: core.hooksPath counts.
 * KS_E_REPO, KS_E_IO, KS_E_NOMEM.
 */
int ks_hook_look(enum ks_hook hook, bool is_global, struct ks_hook_state *out,
	struct ks_err *err);

/*
 * Install ${hook}. A hook that is there is kept: it is put beside, its name
 * with ".before-keysieve" behind, and runs after keysieve with the same
 * arguments and input. One that is keysieve's is written anew. With
 * options->is_global core.hooksPath of the user is set, unless it is, to a
 * folder whose hooks run those of each repository too. Nothing is changed
 * where it fails. KS_E_USAGE: it cannot be so, and what to do instead;
 * KS_E_REPO, KS_E_IO, KS_E_NOMEM.
 */
int ks_hook_install(enum ks_hook hook, const struct ks_hook_options *options,
	struct ks_hook_state *out, struct ks_err *err);

/*
 * Remove keysieve's ${hook} and put back what was there before. ${out} is what
 * there was. Nothing is done where the hook is not keysieve's. Errors as
 * above.
 */
int ks_hook_uninstall(enum ks_hook hook, bool is_global,
	struct ks_hook_state *out, struct ks_err *err);

#ifdef __cplusplus
}
#endif
#endif
