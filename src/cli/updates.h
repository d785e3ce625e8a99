/* SPDX-License-Identifier: Apache-2.0 */
/* What git tells its hooks on standard input: githooks(5). */
#ifndef KS_CLI_UPDATES_H
#define KS_CLI_UPDATES_H

#include "base/arena.h"
#include "base/err.h"

#include <keysieve/scan.h>
#include <stdbool.h>

/* Zero-initialise ({0}); ks_updates_release() frees. */
struct ks_updates {
	struct ks_ref_update *list;
	size_t count;
	size_t cap;
	bool has_new; /* one is neither a deletion nor no change at all */
	struct ks_arena arena; /* holds the strings */
};

enum ks_updates_form {
	KS_UPDATES_PRE_PUSH,   /* <local ref> <new> <remote ref> <old> */
	KS_UPDATES_PRE_RECEIVE /* <old> <new> <ref> */
};

/*
 * Read the lines that ${fd} gives to a hook. KS_E_CORRUPT names a line that
 * is none; KS_E_IO, KS_E_LIMIT, KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_updates_read(struct ks_updates *updates, int fd,
	enum ks_updates_form form, const volatile int *cancel,
	struct ks_err *err);

/* The same from ${text}. */
KS_MUST_CHECK int ks_updates_parse(struct ks_updates *updates,
	struct ks_span text, enum ks_updates_form form, struct ks_err *err);

void ks_updates_release(struct ks_updates *updates);

#endif
