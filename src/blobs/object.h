/* SPDX-License-Identifier: Apache-2.0 */
/* An object of a repository, bytes in hand. */
#ifndef KS_BLOBS_OBJECT_H
#define KS_BLOBS_OBJECT_H

#include "base/oid.h"

/* The numbers are those of a pack entry's type field, gitformat-pack(5). */
enum ks_object_type {
	KS_OBJECT_COMMIT = 1,
	KS_OBJECT_TREE = 2,
	KS_OBJECT_BLOB = 3,
	KS_OBJECT_TAG = 4
};

#endif
