/* SPDX-License-Identifier: Apache-2.0 */
/* Standard input, read to its end. */
#include "cli/input.h"

#include <errno.h>
#include <unistd.h>

enum {
	PIECE = 65536 /* bytes */
};

int ks_input_read(struct ks_buf *out, int fd, size_t limit,
	const volatile int *cancel, struct ks_err *err)
{
	for (;;) {
		ssize_t got;

		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		if (out->n > limit)
			return ks_fail(err, KS_E_LIMIT,
				"standard input is larger than %zu bytes",
				limit);
		if (ks_buf_reserve(out, out->n + PIECE) < 0)
			return ks_fail_nomem(err);
		got = read(fd, out->p + out->n, out->cap - out->n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ks_fail_errno(
				err, errno, "cannot read standard input");
		if (got == 0)
			return KS_OK;
		out->n += (size_t)got;
	}
}
