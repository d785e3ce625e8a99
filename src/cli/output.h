/* SPDX-License-Identifier: Apache-2.0 */
/* Where the report goes: standard output, or a file, whole or not at all. */
#ifndef KS_CLI_OUTPUT_H
#define KS_CLI_OUTPUT_H

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>

/* Zero-initialise ({0}); after ks_output_open() finish it or abandon it. */
struct ks_output {
	FILE *file; /* to write to; the fields below are private */
	const char *name;
	int fd;
	int errnum;   /* why writing failed; 0: it did not */
	char *target; /* what part becomes when all is written */
	char *part;   /* NULL: written to directly */
};

/* Does ${path} mean standard output? NULL and "-" do. */
bool ks_output_is_stdout(const char *path);

/*
 * Could a report be written to ${path}? To be
 * asked before the work is done; what it cannot foresee,
 * ks_output_finish() tells. KS_E_IO.
 */
KS_MUST_CHECK int ks_output_check(const char *path, struct ks_err *err);

/*
 * Open ${path}, which outlives ${output}. A regular file, or one that does
 * not exist yet, is written beside itself, for the owner's eyes only, and
 * takes its place in ks_output_finish(); anything else (a FIFO, a device) is
 * written directly. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_output_open(
	struct ks_output *output, const char *path, struct ks_err *err);

/*
 * Write what is buffered and close; the file takes its place. KS_E_IO, also
 * if writing failed before; the file that was there stands unchanged then.
 */
KS_MUST_CHECK int ks_output_finish(
	struct ks_output *output, struct ks_err *err);

/* Close and leave nothing behind. */
void ks_output_abandon(struct ks_output *output);

/*
 * Did it fail because nobody reads any more, as with `keysieve … | head`?
 * That is nothing to complain of.
 */
bool ks_output_is_unread(const struct ks_output *output);

/* Write to ${file}. KS_E_IO: to that, why ks_output_put() tells. */
typedef int ks_output_writer(FILE *file, void *payload, struct ks_err *err);

/*
 * Let ${write} write to ${path}, as above: all of it or nothing. No message
 * in ${err}, but an error: whoever was to read it closed the pipe.
 */
KS_MUST_CHECK int ks_output_put(const char *path, ks_output_writer *write,
	void *payload, struct ks_err *err);

#endif
