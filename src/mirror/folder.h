/* SPDX-License-Identifier: Apache-2.0 */
/* A bare repository of our own making: gitrepository-layout(5). */
#ifndef KS_MIRROR_FOLDER_H
#define KS_MIRROR_FOLDER_H

#include "base/buf.h"

/*
 * Make ${path} a bare repository, or put right what of one is there: its
 * configuration becomes ours whatever it was. No template, no hook.
 * Files of a git that was killed in it are removed, as below.
 * KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_folder_init(
	const char *path, bool is_sha256, struct ks_err *err);

/*
 * Make ${text} what the file ${name} of ${path} holds, if it is not yet.
 * KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_folder_put(const char *path, const char *name,
	const char *text, struct ks_err *err);

/*
 * Remove what a git that was killed left in the repository ${path}, which the
 * caller has locked. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_folder_clean(const char *path, struct ks_err *err);

/* Remove ${path} and all in it; KS_OK also if it does not exist. KS_E_IO. */
KS_MUST_CHECK int ks_folder_remove(const char *path, struct ks_err *err);

/*
 * Take the lock ${path} (a file, made if need be) for this process and
 * thread alone, waiting for who has it; closing ${fd} gives it back.
 * KS_E_INTERRUPTED, KS_E_IO.
 */
KS_MUST_CHECK int ks_folder_lock(int *fd, const char *path,
	const volatile int *cancel, struct ks_err *err);

/* The bytes of all files in ${path}, as they take up disk. */
uint64_t ks_folder_size(const char *path);

/*
 * Name the objects folder of ${other}, an absolute path, in ${path}'s
 * objects/info/alternates, if it is not yet. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_folder_share(
	const char *path, const char *other, struct ks_err *err);

#endif
