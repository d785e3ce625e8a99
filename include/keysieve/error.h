/* SPDX-License-Identifier: Apache-2.0 */
/* How every fallible call of libkeysieve reports what went wrong. */
#ifndef KEYSIEVE_ERROR_H
#define KEYSIEVE_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* What a fallible function returns: 0, or one of the negative codes. */
enum ks_status {
	KS_OK = 0,
	KS_E_NOMEM = -1,       /* an allocation failed */
	KS_E_IO = -2,          /* reading or writing a file failed */
	KS_E_USAGE = -3,       /* the caller asked for something senseless */
	KS_E_REPO = -4,        /* not a repository, or it cannot be opened */
	KS_E_CORRUPT = -5,     /* stored data breaks its own format */
	KS_E_RULE = -6,        /* a rule file or a pattern is wrong */
	KS_E_LIMIT = -7,       /* a limit was reached */
	KS_E_NOTFOUND = -8,    /* the thing named does not exist */
	KS_E_UNSUPPORTED = -9, /* the thing exists, but we cannot read it */
	KS_E_INTERRUPTED = -10 /* stopped by the caller's cancel flag */
};

enum {
	KS_ERR_MESSAGE_MAX = 1024 /* bytes, NUL included */
};

/*
 * An error in storage of the caller: no allocation is needed to report that
 * memory ran out. `message` is one line without a full stop, what failed
 * first, names in 'quotes'; it never holds a secret. Initialise with {0}. It
 * counts only if the function says that it failed: one that did not may have
 * left a word of what it tried on the way.
 */
struct ks_err {
	int code;                         /* enum ks_status */
	char message[KS_ERR_MESSAGE_MAX]; /* NUL-terminated, may be cut */
};

#ifdef __cplusplus
}
#endif
#endif
