/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the rules, the text and the delta: a scan of what is new finds
 * what a scan of everything finds, and what the reference finds.
 *
 * KEYSIEVE_PROPERTY_SECONDS lets it look for longer; KEYSIEVE_PROPERTY_SEED
 * begins at the seed that a failure names.
 */
#include "lib/check.h"

#include "base/hash.h"
#include "texts.h"

#include <stdlib.h>
#include <time.h>

enum {
	SECONDS = 20,
	RULES = 12,
	TREES = 40, /* a set of rules */
	NODES = 12, /* a tree of deltas */
	TEXT_MAX = 1 << 14
};

struct node {
	struct ks_buf bytes;
	struct ks_carry carry;
};

struct trial {
	uint64_t seed;
	struct test_engine engine;
	struct node nodes[NODES];
	struct ks_matches fast;
	struct ks_matches full;
	struct ks_matches reference;
	struct ks_carry carry; /* of the full scan */
	struct ks_delta delta;
	struct ks_delta_rest rest; /* of a node of which seams are made only */
	struct ks_buf code;
	uint64_t filled;
	uint64_t matches;
	uint64_t dead;
	uint64_t judged;
};

enum {
	REACH = 9 /* bytes that the judge looks at, each way */
};

/* A judge without reason: a third of all secrets are none. */
static bool is_rejected(
	void *payload, struct ks_span subject, const struct ks_match *match)
{
	size_t from =
		match->secret_start > REACH ? match->secret_start - REACH : 0;
	size_t to = subject.n - match->secret_end > REACH
			    ? match->secret_end + REACH
			    : subject.n;

	(void)payload;
	return ks_hash64(ks_span_cut(subject, from, to), match->rule) % 3 == 0;
}

static const struct ks_judge judge = { is_rejected, NULL, REACH };

static void reject(struct ks_matches *matches, struct ks_span subject)
{
	size_t kept = 0;

	for (size_t i = 0; i < matches->count; i++) {
		if (!is_rejected(NULL, subject, &matches->list[i]))
			matches->list[kept++] = matches->list[i];
	}
	matches->count = kept;
}

static void fail_at(
	const struct trial *trial, const struct node *node, const char *what)
{
	print_message(
		"# text of seed %llu:\n# ", (unsigned long long)trial->seed);
	for (size_t i = 0; i < node->bytes.n; i++)
		print_message(
			node->bytes.p[i] >= 0x20 && node->bytes.p[i] < 0x7f
				? "%c"
				: "\\x%02x",
			node->bytes.p[i]);
	fail_msg("seed %llu: %s", (unsigned long long)trial->seed, what);
}

static bool is_same(const struct ks_matches *a, const struct ks_matches *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct ks_match *left = &a->list[i];
		const struct ks_match *right = &b->list[i];

		if (left->rule != right->rule || left->start != right->start ||
			left->end != right->end ||
			left->secret_start != right->secret_start ||
			left->secret_end != right->secret_end)
			return false;
	}
	return true;
}

/* The next candidate from ${at} that means something anywhere. */
static size_t skip_near_tokens(
	const struct ks_rules *rules, const struct ks_carry *carry, size_t at)
{
	while (at < carry->count &&
		rules->list[carry->list[at].rule].token_reach > 0)
		at++;
	return at;
}

static bool is_same_candidate(
	const struct ks_carry *a, size_t i, const struct ks_carry *b, size_t j)
{
	return j < b->count && a->list[i].rule == b->list[j].rule &&
	       a->list[i].end == b->list[j].end;
}

static bool may_be_more(const struct ks_rule *rule)
{
	return rule->follow || rule->literal_count;
}

/*
 * Near token runs, what can be no match may be a candidate or not. Of a delta
 * there may be others that nothing follows; none may be missing.
 */
static bool is_same_list(const struct ks_rules *rules,
	const struct ks_carry *delta, const struct ks_carry *full)
{
	size_t j = skip_near_tokens(rules, full, 0);

	for (size_t i = skip_near_tokens(rules, delta, 0); i < delta->count;
		i = skip_near_tokens(rules, delta, i + 1)) {
		if (is_same_candidate(delta, i, full, j))
			j = skip_near_tokens(rules, full, j + 1);
		else if (!may_be_more(&rules->list[delta->list[i].rule]))
			return false;
	}
	return j == full->count;
}

static void scan(struct ks_matcher *matcher, const struct ks_subject *subject,
	struct ks_matches *out)
{
	struct ks_err err = { 0 };

	if (ks_matcher_scan(matcher, subject, out, &err) < 0)
		fail_msg("%s", err.message);
}

static void compare(
	struct trial *trial, struct node *node, const struct ks_carry *base)
{
	struct ks_subject subject = { .bytes = ks_buf_span(&node->bytes),
		.delta = base ? &trial->delta : NULL,
		.base = base,
		.carry = &node->carry,
		.rest = trial->rest.delta ? &trial->rest : NULL,
		.judge = trial->seed % 2 ? &judge : NULL };

	scan(trial->engine.fast, &subject, &trial->fast);
	trial->filled += trial->rest.delta && !trial->rest.result;
	ks_delta_fill(&trial->rest);
	subject = (struct ks_subject){ .bytes = subject.bytes,
		.carry = &trial->carry,
		.judge = subject.judge };
	scan(trial->engine.fast, &subject, &trial->full);
	subject.carry = NULL;
	scan(trial->engine.reference, &subject, &trial->reference);
	if (subject.judge)
		reject(&trial->reference, subject.bytes);
	if (!is_same(&trial->full, &trial->reference))
		fail_at(trial, node, "a full scan and the reference differ");
	if (!is_same_list(trial->engine.rules, &node->carry, &trial->carry))
		fail_at(trial, node, "other candidates are carried over");
	if (!is_same(&trial->fast, &trial->full))
		fail_at(trial, node, "a delta's scan and a full one differ");
	trial->matches += trial->fast.count;
	for (size_t i = 0; i < node->carry.count; i++) {
		trial->dead += node->carry.list[i].is_dead;
		trial->judged += node->carry.list[i].is_dead &&
				 node->carry.list[i].is_judged;
	}
}

/* The delta at hand into ${node}, over what would match if it were seen. */
static void make_node(struct trial *trial, uint64_t *state, struct node *node,
	struct ks_span base)
{
	struct ks_span code = ks_buf_span(&trial->code);
	const size_t n = node->bytes.n;
	int rc;

	assert_int_equal(ks_buf_reserve(&node->bytes, 1), KS_OK);
	trial->rest = (struct ks_delta_rest){ .result = NULL };
	if (texts_random(state, 2)) {
		rc = ks_delta_apply(
			&trial->delta, node->bytes.p, n, base, code, NULL);
	} else {
		ks_buf_reset(&node->bytes);
		while (node->bytes.n < n)
			texts_add(state, &node->bytes, 600);
		node->bytes.n = n;
		rc = ks_delta_apply_seams(&trial->rest, &trial->delta,
			node->bytes.p, n, ks_rules_width(trial->engine.rules),
			base, code, NULL);
	}
	assert_int_equal(rc, KS_OK);
}

/* A text, then deltas, each against any made before. */
static void grow_tree(struct trial *trial, uint64_t *state)
{
	struct node *nodes = trial->nodes;

	ks_buf_reset(&nodes[0].bytes);
	trial->rest = (struct ks_delta_rest){ .result = NULL };
	texts_add(state, &nodes[0].bytes, texts_random(state, 600));
	compare(trial, &nodes[0], NULL);
	for (uint32_t i = 1; i < NODES; i++) {
		/* Now and then a long chain. */
		uint32_t parent =
			trial->seed % 3 ? texts_random(state, i) : i - 1;
		struct ks_span base = ks_buf_span(&nodes[parent].bytes);

		do
			texts_delta(state, base, &trial->code, &nodes[i].bytes);
		while (nodes[i].bytes.n > TEXT_MAX);
		make_node(trial, state, &nodes[i], base);
		compare(trial, &nodes[i], &nodes[parent].carry);
	}
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void run_seed(struct trial *trial)
{
	struct test_rule rules[RULES];
	uint64_t state = trial->seed << 20;

	texts_rules(&state, rules, RULES);
	test_engine_open(&trial->engine, rules, RULES);
	for (int i = 0; i < TREES; i++)
		grow_tree(trial, &state);
	assert_int_equal(ks_matcher_counts(trial->engine.fast)->gave_up, 0);
	test_engine_close(&trial->engine);
}

static void test_delta_property__finds_what_a_full_scan_finds(void **state)
{
	struct trial trial = {
		.seed = number_of("KEYSIEVE_PROPERTY_SEED", 1),
	};
	time_t end = time(NULL) +
		     (time_t)number_of("KEYSIEVE_PROPERTY_SECONDS", SECONDS);

	(void)state;
	do {
		run_seed(&trial);
		trial.seed++;
	} while (time(NULL) < end);
	/* A trial without any would show nothing. */
	assert_true(trial.matches > 0);
	assert_true(trial.dead > 0);
	assert_true(trial.judged > 0);
	assert_true(trial.filled > 0);
	print_message("# up to seed %llu: %llu matches, %llu dead\n",
		(unsigned long long)trial.seed - 1,
		(unsigned long long)trial.matches,
		(unsigned long long)trial.dead);
	for (size_t i = 0; i < NODES; i++) {
		ks_buf_release(&trial.nodes[i].bytes);
		ks_carry_release(&trial.nodes[i].carry);
	}
	ks_matches_release(&trial.fast);
	ks_matches_release(&trial.full);
	ks_matches_release(&trial.reference);
	ks_carry_release(&trial.carry);
	ks_delta_release(&trial.delta);
	ks_buf_release(&trial.code);
}

/* Each rule of the pool finds something, or it tests nothing. */
static void test_delta_property__has_matches_of_every_rule(void **state)
{
	struct test_engine engine;
	size_t count = texts_rule_count();
	struct test_rule *rules = calloc(count, sizeof(*rules));
	unsigned *seen = calloc(count, sizeof(*seen));
	struct ks_matches matches = { 0 };
	struct ks_buf text = { 0 };
	uint64_t random = 1;

	(void)state;
	assert_true(rules && seen);
	texts_rules(&random, rules, count);
	test_engine_open(&engine, rules, count);
	for (int i = 0; i < 4000; i++) {
		struct ks_subject subject = { 0 };

		ks_buf_reset(&text);
		texts_add(&random, &text, 600);
		subject.bytes = ks_buf_span(&text);
		scan(engine.fast, &subject, &matches);
		for (size_t m = 0; m < matches.count; m++)
			seen[matches.list[m].rule]++;
	}
	for (size_t i = 0; i < count; i++) {
		if (!seen[i])
			fail_msg("rule '%s' never matches", rules[i].id);
	}
	test_engine_close(&engine);
	ks_matches_release(&matches);
	ks_buf_release(&text);
	free(rules);
	free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_delta_property__has_matches_of_every_rule),
		cmocka_unit_test(
			test_delta_property__finds_what_a_full_scan_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
