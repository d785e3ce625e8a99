/* SPDX-License-Identifier: Apache-2.0 */
/* How likely it is that a candidate is a secret, from its features. */
#ifndef KS_FILTER_MODEL_H
#define KS_FILTER_MODEL_H

#include "filter/filter.h"
#include "filter/measure.h"

enum {
	KS_MODEL_DEPTH = 6,
	KS_MODEL_NODES = (1 << KS_MODEL_DEPTH) - 1,
	KS_MODEL_LEAVES = 1 << KS_MODEL_DEPTH,
	KS_MODEL_UNIT = 1024, /* of leaves: one in log odds */
	KS_MODEL_KNOTS = 33,  /* of the calibration */
	KS_MODEL_REACH = 8    /* log odds each way that these cover */
};

/*
 * A tree whose branches are all of the same depth: node i leads to 2i + 1
 * where the feature is at most the limit, else to 2i + 2.
 */
struct ks_model_tree {
	uint8_t features[KS_MODEL_NODES];
	int16_t limits[KS_MODEL_NODES];
	int16_t leaves[KS_MODEL_LEAVES];
};

/* What tests/quality/train.py wrote: weights.c. */
extern const struct ks_model_tree ks_model_trees[];
extern const size_t ks_model_tree_count;
extern const int32_t ks_model_start; /* in KS_MODEL_UNIT */
/* The probability at each knot, evenly over [-REACH, REACH]. */
extern const float ks_model_knots[KS_MODEL_KNOTS];

/*
 * The probability, 0 to 1, that a candidate of ${features} is a secret: of
 * those that are given 0.9, nine in ten are.
 */
float ks_model_confidence(const struct ks_features *features);

/* As ks_filter_weigh(), in no order; what moves nothing is left out. */
size_t ks_model_weigh(struct ks_weight list[KS_WEIGHTS_MAX],
	const struct ks_features *features);

#endif
