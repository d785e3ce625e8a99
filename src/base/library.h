/* SPDX-License-Identifier: Apache-2.0 */
/* Shared libraries that are loaded when they are needed, not before. */
#ifndef KS_BASE_LIBRARY_H
#define KS_BASE_LIBRARY_H

#include <stddef.h>

/* A function: its name in the library, and where its address goes. */
struct ks_symbol {
	const char *name;
	void *address;
};

/*
 * Load ${library} and look up the ${count} functions ${list}. It stays loaded:
 * what it has allocated is freed by nobody else. NULL, or what is missing:
 * ${library} or a name.
 */
const char *ks_library_load(
	const char *library, const struct ks_symbol *list, size_t count);

#endif
