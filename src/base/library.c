/* SPDX-License-Identifier: Apache-2.0 */
/* Shared libraries that are loaded when they are needed, not before. */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

/* NULL, or what is missing: ${name} or that of a function. */
static const char *load(const struct ks_library *library, const char *name)
{
	void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return name;
	for (size_t i = 0; i < library->count; i++) {
		void *symbol = dlsym(handle, library->list[i].name);

		if (!symbol)
			return library->list[i].name;
		memcpy(library->list[i].address, &symbol, sizeof(symbol));
	}
	return NULL;
}

static const char *load_any(const struct ks_library *library)
{
	const char *missing = load(library, library->name);

	if (missing && library->other)
		missing = load(library, library->other);
	return !missing && library->start ? library->start() : missing;
}

int ks_library_need(struct ks_library *library, struct ks_err *err)
{
	const char *missing;

	pthread_mutex_lock(&library->lock);
	if (!library->is_tried)
		library->missing = load_any(library);
	library->is_tried = true;
	missing = library->missing;
	pthread_mutex_unlock(&library->lock);
	return missing ? ks_fail(err, KS_E_UNSUPPORTED,
				 "'%s' cannot be loaded: it has to be "
				 "installed",
				 missing)
		       : KS_OK;
}
