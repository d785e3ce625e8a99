/* SPDX-License-Identifier: Apache-2.0 */
/* Running another program. */
#ifndef KS_BASE_PROGRAM_H
#define KS_BASE_PROGRAM_H

#include "base/buf.h"

#include <sys/types.h>

/*
 * Find the program ${name} in the folders of PATH; its path goes to ${out}
 * (emptied first, a NUL behind it). Folders that are not absolute are passed
 * over: there, what is scanned could lie. KS_E_NOTFOUND, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_program_find(
	struct ks_buf *out, const char *name, struct ks_err *err);

struct ks_program {
	const char *path;         /* absolute */
	const char *const *words; /* the first is its name; NULL-terminated */
	const char *const *environment; /* NULL-terminated; NULL: our own */
	int in;                         /* -1: nothing */
	int out;
	int complaints; /* where standard error goes; 0: it is lost */
	/*
	 * In a session of its own: it cannot ask on a terminal, and what it
	 * starts can be ended with it. It ends when the thread that started it
	 * does, however that ends.
	 */
	bool is_apart;
};

/*
 * Start ${program}; its descriptors stay open here too. One that is apart
 * leads a process group, whose id is ${pid}. KS_E_IO.
 */
KS_MUST_CHECK int ks_program_start(
	pid_t *pid, const struct ks_program *program, struct ks_err *err);

/* Wait until it has ended; its exit status, -1 if a signal ended it. */
int ks_program_wait(pid_t pid);

/*
 * Run ${program}, whose ${out} is not looked at; what it writes to standard
 * output goes to ${out} (emptied first, a NUL behind it), its exit status
 * to ${status}. KS_E_IO, KS_E_NOMEM; KS_E_LIMIT: it writes more than ${max}
 * bytes.
 */
KS_MUST_CHECK int ks_program_ask(struct ks_buf *out,
	const struct ks_program *program, size_t max, int *status,
	struct ks_err *err);

#endif
