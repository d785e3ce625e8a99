/* SPDX-License-Identifier: Apache-2.0 */
/* Shared libraries that are loaded when they are needed, not before. */
#ifndef KS_BASE_LIBRARY_H
#define KS_BASE_LIBRARY_H

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* A function: its name in the library, and where its address goes. */
struct ks_symbol {
	const char *name;
	void *address;
};

/* A library. The lock is PTHREAD_MUTEX_INITIALIZER; zeroes behind it. */
struct ks_library {
	const char *name;
	const char *other; /* the same interface, if that is not there; NULL */
	const struct ks_symbol *list;
	size_t count;
	/* Called once it is loaded: NULL, or what is missing. May be NULL. */
	const char *(*start)(void);
	pthread_mutex_t lock;
	bool is_tried;
	const char *missing; /* a library, a function; NULL: nothing */
};

/*
 * Load ${library}, at the first call, and look up the functions of its list.
 * It stays loaded: what it has allocated is freed by nobody else. Thread-safe.
 * KS_E_UNSUPPORTED: it cannot be loaded, now and later.
 */
KS_MUST_CHECK int ks_library_need(
	struct ks_library *library, struct ks_err *err);

#endif
