/* SPDX-License-Identifier: Apache-2.0 */
/* Standard input, read to its end. */
#ifndef KS_CLI_INPUT_H
#define KS_CLI_INPUT_H

#include "base/buf.h"

/*
 * Append all that ${fd} gives, at most ${limit} bytes, to ${out}. A signal
 * ends it if ${cancel} is set then. KS_E_IO, KS_E_LIMIT, KS_E_INTERRUPTED,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_input_read(struct ks_buf *out, int fd, size_t limit,
	const volatile int *cancel, struct ks_err *err);

#endif
