/* SPDX-License-Identifier: Apache-2.0 */
/* The model tells plain secrets from plain placeholders, as a probability. */
#include "draw.h"
#include "filter/model.h"
#include "judging.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_model__knots_rise_within_0_and_1(void **state)
{
	(void)state;
	assert_true(ks_model_knots[0] >= 0);
	for (size_t i = 1; i < KS_MODEL_KNOTS; i++)
		assert_true(ks_model_knots[i] >= ks_model_knots[i - 1]);
	assert_true(ks_model_knots[0] < 0.05f);
	assert_true(ks_model_knots[KS_MODEL_KNOTS - 1] > 0.9f);
	assert_true(ks_model_knots[KS_MODEL_KNOTS - 1] <= 1);
}

static void test_model__trees_ask_for_features_there_are(void **state)
{
	(void)state;
	assert_true(ks_model_tree_count > 0);
	for (size_t i = 0; i < ks_model_tree_count; i++) {
		for (size_t j = 0; j < KS_MODEL_NODES; j++)
			assert_true(ks_model_trees[i].features[j] <
				    KS_FEATURE_COUNT);
	}
}

/* The sum by going down each tree, written another way. */
static double odds_of(const struct ks_features *features)
{
	double sum = ks_model_start;

	for (size_t i = 0; i < ks_model_tree_count; i++) {
		const struct ks_model_tree *tree = &ks_model_trees[i];
		size_t path = 0;

		for (int depth = 0; depth < KS_MODEL_DEPTH; depth++) {
			size_t node = ((size_t)1 << depth) - 1 + path;

			path = 2 * path;
			if (features->of[tree->features[node]] >
				tree->limits[node])
				path++;
		}
		sum += tree->leaves[path];
	}
	return sum / KS_MODEL_UNIT;
}

static void test_model__confidence_rises_with_the_odds(void **state)
{
	enum {
		TRIES = 4000
	};
	static double odds[TRIES];
	static float confidence[TRIES];
	struct draw draw = { 3 };

	(void)state;
	for (size_t i = 0; i < TRIES; i++) {
		struct ks_features features;

		for (size_t j = 0; j < KS_FEATURE_COUNT; j++)
			features.of[j] =
				(int16_t)((int)draw_below(&draw, 200) - 20);
		odds[i] = odds_of(&features);
		confidence[i] = ks_model_confidence(&features);
		assert_true(confidence[i] >= ks_model_knots[0]);
		assert_true(
			confidence[i] <= ks_model_knots[KS_MODEL_KNOTS - 1]);
	}
	for (size_t i = 1; i < TRIES; i++) {
		if (odds[i] > odds[i - 1])
			assert_true(confidence[i] >= confidence[i - 1] - 1e-5f);
		else
			assert_true(confidence[i] <= confidence[i - 1] + 1e-5f);
	}
}

/* The odds before any feature is looked at. */
static double mean_odds(void)
{
	double sum = 0;

	for (size_t i = 0; i < ks_model_tree_count; i++) {
		for (size_t j = 0; j < KS_MODEL_LEAVES; j++)
			sum += ks_model_trees[i].leaves[j];
	}
	return (ks_model_start + sum / KS_MODEL_LEAVES) / KS_MODEL_UNIT;
}

static void test_model__weights_add_up_to_the_odds(void **state)
{
	struct draw draw = { 9 };

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		struct ks_weight weights[KS_WEIGHTS_MAX];
		struct ks_features features;
		double sum = mean_odds();
		size_t count;

		for (size_t j = 0; j < KS_FEATURE_COUNT; j++)
			features.of[j] =
				(int16_t)((int)draw_below(&draw, 200) - 20);
		count = ks_model_weigh(weights, &features);
		for (size_t j = 0; j < count; j++) {
			assert_true(fabsf(weights[j].odds) > 0.05f);
			sum += (double)weights[j].odds;
		}
		/* Small ones are left out, of six kinds. */
		assert_true(fabs(sum - odds_of(&features)) <
			    0.05 * (6 - (double)count) + 0.001);
	}
}

enum {
	LINE_MAX_BYTES = 256
};

/* A line for judge(): ${value} between the two ${parts}. */
static void fill(char line[LINE_MAX_BYTES], const char *const parts[2],
	const char *value)
{
	snprintf(line, LINE_MAX_BYTES, "%s|%s|%s", parts[0], value, parts[1]);
}

/* What follows "password" and the like: surely one, and surely none. */
static void test_model__knows_secrets_from_placeholders(void **state)
{
	static const char *const lines[][2] = {
		{ "DB_PASSWORD=", "\n" },
		{ "  \"client_secret\": \"", "\",\n" },
		{ "const apiKey = '", "';\n" },
		{ "    password: ", "\n" },
		{ "auth_token = \"", "\"\n" },
	};
	static const char *const placeholders[] = {
		"your-token-here",
		"your-password-here",
		"string",
		"passwordField",
		"<password>",
		"user.password.label",
		"Enter your password",
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);
	struct draw draw = { 5 };

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		float least = 1;

		for (size_t j = 0; j < 50; j++) {
			char value[32];
			char line[LINE_MAX_BYTES];
			struct ks_verdict verdict;

			draw_text(&draw, value, 24, BASE62);
			fill(line, lines[i], value);
			verdict = judge(&rule, line);
			least = fminf(least, verdict.confidence);
		}
		assert_true(least >= 0.5f);
		for (size_t j = 0; j < COUNT(placeholders); j++) {
			char line[LINE_MAX_BYTES];
			struct ks_verdict verdict;

			fill(line, lines[i], placeholders[j]);
			verdict = judge(&rule, line);
			if (verdict.confidence >= least)
				print_error("%s: %g\n", line,
					(double)verdict.confidence);
			assert_true(verdict.confidence < least);
		}
	}
}

static void test_model__believes_names_that_say_it_is_public(void **state)
{
	static const char *const lines[][2] = {
		{ "public_key = \"", "\"\n" },
		{ "encrypted_token: '", "'\n" },
		{ "\"LABEL_PASSWORD\": \"", "\",\n" },
		{ "password_hash = \"", "\"\n" },
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);
	struct draw draw = { 7 };

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		char value[32];
		char line[LINE_MAX_BYTES];

		draw_text(&draw, value, 24, BASE62);
		fill(line, lines[i], value);
		assert_unlikely(&rule, line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model__knots_rise_within_0_and_1),
		cmocka_unit_test(test_model__trees_ask_for_features_there_are),
		cmocka_unit_test(test_model__confidence_rises_with_the_odds),
		cmocka_unit_test(test_model__weights_add_up_to_the_odds),
		cmocka_unit_test(test_model__knows_secrets_from_placeholders),
		cmocka_unit_test(
			test_model__believes_names_that_say_it_is_public),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
