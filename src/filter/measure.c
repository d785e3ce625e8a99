/* SPDX-License-Identifier: Apache-2.0 */
/* What the model is told about a candidate: one number a feature. */
#include "filter/measure.h"

void ks_measure_features(
	struct ks_features *out, const struct ks_specimen *specimen)
{
	*out = (struct ks_features){ { 0 } };
	ks_value_features(out, specimen);
	ks_naming_features(out, specimen);
	ks_nearby_features(out, specimen);
}
