/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the text and the delta: of the runs that hold something, those
 * found in what is new or carried over are those that a search of all finds.
 *
 * KEYSIEVE_PROPERTY_SECONDS lets it look for longer; KEYSIEVE_PROPERTY_SEED
 * begins at the seed that a failure names.
 */
#include "lib/check.h"

#include "match/runs.h"
#include "texts.h"

#include <stdlib.h>
#include <time.h>

enum {
	SECONDS = 5,
	SEAM = 64
};

static const char *const pieces[] = { "\n", "\n", " ", "\"", "'", "\" +\n  \"",
	"\"\n\"", "' .\r\n '", "%41", "%2", "\\x41", "\\u0041", "\\n", "&amp;",
	"&#65;", "&#", "=", "==", "/", "-", "QUJDREVGR0hJSktMTU5P",
	"YWJjZGVmZ2hpamts", "6162636465666768696a6b6c6d6e6f70", "a", "xyz",
	"some words of text", "0123456789", "<", ">", "\t", "." };

static void add_text(uint64_t *state, struct ks_buf *out, size_t n)
{
	const size_t end = out->n + n;

	while (out->n < end) {
		uint32_t i =
			texts_random(state, sizeof(pieces) / sizeof(pieces[0]));

		assert_int_equal(ks_buf_add_str(out, pieces[i]), KS_OK);
	}
}

/* Some run holds a secret, by its bytes alone. */
static bool holds(struct ks_span text, const struct ks_encoded_run *run)
{
	uint32_t sum = (uint32_t)run->form;

	for (size_t i = run->start; i < run->end; i++)
		sum = sum * 31 + text.p[i];
	return sum % 3 == 0;
}

static void keep_those_that_hold(struct ks_runs *runs, struct ks_span text)
{
	size_t kept = 0;

	for (size_t i = 0; i < runs->count; i++) {
		if (holds(text, &runs->list[i]))
			runs->list[kept++] = runs->list[i];
	}
	runs->count = kept;
}

static bool is_same(const struct ks_runs *a, const struct ks_runs *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (a->list[i].start != b->list[i].start ||
			a->list[i].end != b->list[i].end ||
			a->list[i].form != b->list[i].form)
			return false;
	}
	return true;
}

struct trial {
	uint64_t seed;
	uint64_t state;
	struct ks_buf base;
	struct ks_buf child;
	struct ks_buf sparse; /* the child, of which seams are made only */
	struct ks_buf code;
	struct ks_delta delta;
	struct ks_carry carry; /* of the base */
	struct ks_runs all;
	struct ks_runs fast;
	uint64_t runs;
	uint64_t unfilled;
};

static void find_all(struct ks_runs *out, struct ks_span text)
{
	struct ks_subject subject = { .bytes = text };

	assert_int_equal(ks_runs_find(out, &subject), KS_OK);
	keep_those_that_hold(out, text);
}

/* The child over what would be found if it were looked at. */
static void make_sparse(struct trial *trial, struct ks_delta_rest *rest)
{
	const size_t n = trial->child.n;

	ks_buf_reset(&trial->sparse);
	add_text(&trial->state, &trial->sparse, n + 1);
	trial->sparse.n = n;
	assert_int_equal(
		ks_delta_apply_seams(rest, &trial->delta, trial->sparse.p, n,
			SEAM, ks_buf_span(&trial->base),
			ks_buf_span(&trial->code), NULL),
		KS_OK);
}

static void run_seed(struct trial *trial)
{
	struct ks_delta_rest rest;
	struct ks_subject subject;

	trial->state = trial->seed << 20;
	ks_buf_reset(&trial->base);
	add_text(
		&trial->state, &trial->base, texts_random(&trial->state, 3000));
	do
		texts_delta(&trial->state, ks_buf_span(&trial->base),
			&trial->code, &trial->child);
	while (trial->child.n > 1 << 14);
	find_all(&trial->carry.runs, ks_buf_span(&trial->base));
	trial->carry.is_whole = true;
	find_all(&trial->all, ks_buf_span(&trial->child));
	make_sparse(trial, &rest);
	subject = (struct ks_subject){
		.bytes = ks_buf_span(&trial->sparse),
		.delta = &trial->delta,
		.base = &trial->carry,
		.rest = &rest,
	};
	assert_int_equal(ks_runs_find(&trial->fast, &subject), KS_OK);
	trial->unfilled += rest.result != NULL;
	/* A run must have been there when it was found. */
	keep_those_that_hold(&trial->fast, ks_buf_span(&trial->sparse));
	ks_delta_fill(&rest);
	if (!is_same(&trial->fast, &trial->all))
		fail_msg("seed %llu: other runs than a search of all finds",
			(unsigned long long)trial->seed);
	trial->runs += trial->all.count;
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void test_run_property__finds_what_a_full_search_finds(void **state)
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
	assert_true(trial.runs > 0);
	assert_true(trial.unfilled > 0);
	print_message("# up to seed %llu: %llu runs\n",
		(unsigned long long)trial.seed - 1,
		(unsigned long long)trial.runs);
	ks_buf_release(&trial.base);
	ks_buf_release(&trial.child);
	ks_buf_release(&trial.sparse);
	ks_buf_release(&trial.code);
	ks_delta_release(&trial.delta);
	ks_carry_release(&trial.carry);
	ks_runs_release(&trial.all);
	ks_runs_release(&trial.fast);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_run_property__finds_what_a_full_search_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
