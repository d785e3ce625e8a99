/* SPDX-License-Identifier: Apache-2.0 */
/* How likely it is that a candidate is a secret, from its features. */
#include "filter/model.h"

/* Features of one kind, by the first of them. */
static const struct {
	enum ks_feature first;
	const char *what;
} kinds[] = {
	{ KS_FEATURE_RULE_KIND, "its rule" },
	{ KS_FEATURE_LENGTH, "its value" },
	{ KS_FEATURE_NAME_LENGTH, "its name" },
	{ KS_FEATURE_SIGN, "how it is assigned" },
	{ KS_FEATURE_LINE_BEFORE, "its line" },
	{ KS_FEATURE_NEAR_USER, "what is near" },
};

enum {
	KIND_COUNT = sizeof(kinds) / sizeof(kinds[0])
};

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

static size_t kind_of(uint8_t feature)
{
	size_t kind = KIND_COUNT - 1;

	while (feature < kinds[kind].first)
		kind--;
	return kind;
}

/* Of each node, leaves too: the mean of the leaves below. */
static void find_means(float means[KS_MODEL_NODES + KS_MODEL_LEAVES],
	const struct ks_model_tree *tree)
{
	for (size_t i = 0; i < KS_MODEL_LEAVES; i++)
		means[KS_MODEL_NODES + i] = tree->leaves[i];
	for (size_t i = KS_MODEL_NODES; i-- > 0;)
		means[i] = (means[2 * i + 1] + means[2 * i + 2]) / 2;
}

size_t ks_model_weigh(struct ks_weight list[KS_WEIGHTS_MAX],
	const struct ks_features *features)
{
	float means[KS_MODEL_NODES + KS_MODEL_LEAVES];
	float sums[KIND_COUNT] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < ks_model_tree_count; i++) {
		const struct ks_model_tree *tree = &ks_model_trees[i];
		size_t node = 0;

		find_means(means, tree);
		while (node < KS_MODEL_NODES) {
			uint8_t feature = tree->features[node];
			size_t next =
				2 * node + 1 +
				(features->of[feature] > tree->limits[node]);

			sums[kind_of(feature)] += means[next] - means[node];
			node = next;
		}
	}
	for (size_t i = 0; i < KIND_COUNT; i++) {
		float odds = sums[i] / KS_MODEL_UNIT;

		if (odds > 0.05f || odds < -0.05f)
			list[count++] =
				(struct ks_weight){ kinds[i].what, odds };
	}
	return count;
}
