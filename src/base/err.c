/* SPDX-License-Identifier: Apache-2.0 */
/* Filling and widening a struct ks_err on the way up. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int ks_fail(struct ks_err *err, int code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	err->code = code;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	return code;
}

int ks_fail_errno(struct ks_err *err, int errnum, const char *format, ...)
{
	char reason[128];
	va_list args;
	size_t used;

	if (!err)
		return KS_E_IO;
	err->code = KS_E_IO;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s",
		strerror_r(errnum, reason, sizeof(reason)));
	return KS_E_IO;
}

int ks_fail_nomem(struct ks_err *err)
{
	return ks_fail(err, KS_E_NOMEM, "out of memory");
}

int ks_err_wrap(struct ks_err *err, const char *format, ...)
{
	char lower[KS_ERR_MESSAGE_MAX];
	va_list args;
	size_t used;

	if (!err)
		return KS_E_IO;
	memcpy(lower, err->message, sizeof(lower));
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s",
		lower);
	return err->code;
}
