/* SPDX-License-Identifier: Apache-2.0 */
/* Filling and widening a struct ks_err on the way up. */
#ifndef KS_BASE_ERR_H
#define KS_BASE_ERR_H

#include <keysieve/error.h>

#define KS_MUST_CHECK __attribute__((warn_unused_result))
#define KS_PRINTF(format_index, first_arg)                                     \
	__attribute__((format(printf, format_index, first_arg)))

/*
 * Set ${err} to ${code} and the printf-style message and return ${code}, so
 * that a function can fail in one statement. ${err} may be NULL.
 */
int ks_fail(struct ks_err *err, int code, const char *format, ...)
	KS_PRINTF(3, 4);

/* As ks_fail() with KS_E_IO; ": " and the text of ${errnum} are appended. */
int ks_fail_errno(struct ks_err *err, int errnum, const char *format, ...)
	KS_PRINTF(3, 4);

/* ks_fail() for a failed allocation. */
int ks_fail_nomem(struct ks_err *err);

/*
 * Prepend the printf-style context and ": " to the message of ${err}, where
 * a caller knows more of what was being done. Returns the unchanged code.
 */
int ks_err_wrap(struct ks_err *err, const char *format, ...) KS_PRINTF(2, 3);

#endif
