/* SPDX-License-Identifier: Apache-2.0 */
/* A whole file, mapped for reading. */
#ifndef KS_BASE_MAP_H
#define KS_BASE_MAP_H

#include "base/err.h"
#include "base/span.h"

/* Zero-initialise ({0}); ks_map_close() unmaps. */
struct ks_map {
	struct ks_span bytes; /* valid until ks_map_close() */
};

/*
 * Map the regular file ${path}. An empty file maps to an empty span.
 * KS_E_IO, KS_E_NOTFOUND if it does not exist.
 */
KS_MUST_CHECK int ks_map_open(
	struct ks_map *map, const char *path, struct ks_err *err);

/* ${map} may be zeroed. */
void ks_map_close(struct ks_map *map);

#endif
