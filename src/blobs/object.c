/* SPDX-License-Identifier: Apache-2.0 */
/* An object of a repository, bytes in hand. */
#include "blobs/object.h"

static const char *const names[] = { "object", "commit", "tree", "blob",
	"tag" };

enum ks_object_type ks_object_type_parse(struct ks_span name)
{
	for (int type = KS_OBJECT_COMMIT; type <= KS_OBJECT_TAG; type++) {
		if (ks_span_eq(name, ks_span_str(names[type])))
			return (enum ks_object_type)type;
	}
	return KS_OBJECT_NONE;
}

const char *ks_object_type_name(enum ks_object_type type)
{
	return names[type <= KS_OBJECT_TAG ? type : KS_OBJECT_NONE];
}
