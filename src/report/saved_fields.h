/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a saved report: record.c and json.c the other way. */
#ifndef KS_REPORT_SAVED_FIELDS_H
#define KS_REPORT_SAVED_FIELDS_H

#include <keysieve/finding.h>

#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>

/* A report that is being read. */
struct ks_saved {
	const char *path; /* of the file, for errors */
	bool show_secrets;
	struct ks_arena *arena; /* of all that the result has */
	struct ks_result *result;
	struct ks_finding *findings; /* with room for all */
	size_t finding_count;
	struct ks_finding *suppressed;
	size_t suppressed_count;
	struct ks_err *err;
};

/* The string ${key} of ${object}, "" where it has none; the object's. */
const char *ks_saved_text(json_t *object, const char *key);

/* Fill ${finding} from ${object}. What lacks is unknown. KS_E_NOMEM. */
KS_MUST_CHECK int ks_saved_finding(
	struct ks_saved *saved, struct ks_finding *finding, json_t *object);

/* Fill all but the findings of the result from ${whole}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_saved_result(struct ks_saved *saved, json_t *whole);

#endif
