/* SPDX-License-Identifier: Apache-2.0 */
/* How likely it is that a candidate is a secret, from its features. */
#include "filter/model.h"

static int32_t sum_of(const struct ks_features *features)
{
	int32_t sum = ks_model_start;

	for (size_t i = 0; i < ks_model_tree_count; i++) {
		const struct ks_model_tree *tree = &ks_model_trees[i];
		size_t node = 0;

		/* Without a branch: trees then run side by side. */
		for (int depth = 0; depth < KS_MODEL_DEPTH; depth++)
			node = 2 * node + 1 +
			       (features->of[tree->features[node]] >
				       tree->limits[node]);
		sum += tree->leaves[node - KS_MODEL_NODES];
	}
	return sum;
}

float ks_model_confidence(const struct ks_features *features)
{
	float odds = (float)sum_of(features) / KS_MODEL_UNIT;
	float at = (odds + KS_MODEL_REACH) *
		   ((KS_MODEL_KNOTS - 1) / (2.0f * KS_MODEL_REACH));
	int knot;

	if (at <= 0)
		return ks_model_knots[0];
	if (at >= KS_MODEL_KNOTS - 1)
		return ks_model_knots[KS_MODEL_KNOTS - 1];
	knot = (int)at;
	return ks_model_knots[knot] +
	       (at - (float)knot) *
		       (ks_model_knots[knot + 1] - ks_model_knots[knot]);
}
