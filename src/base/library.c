/* SPDX-License-Identifier: Apache-2.0 */
/* Shared libraries that are loaded when they are needed, not before. */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

const char *ks_library_load(
	const char *library, const struct ks_symbol *list, size_t count)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return library;
	for (size_t i = 0; i < count; i++) {
		void *symbol = dlsym(handle, list[i].name);

		if (!symbol)
			return list[i].name;
		memcpy(list[i].address, &symbol, sizeof(symbol));
	}
	return NULL;
}
