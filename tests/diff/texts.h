/* SPDX-License-Identifier: Apache-2.0 */
/* Random rules, texts full of what they nearly match, and random deltas. */
#ifndef TESTS_DIFF_TEXTS_H
#define TESTS_DIFF_TEXTS_H

#include "base/buf.h"
#include "lib/rules.h"

/* A small random number generator: the next number below ${n}. */
uint32_t texts_random(uint64_t *state, uint32_t n);

/* Fill ${out} with ${count} rules of the pool, each once, in any order. */
void texts_rules(uint64_t *state, struct test_rule *out, size_t count);

/* How many rules the pool has. */
size_t texts_rule_count(void);

/* Append random text of about ${n} bytes. */
void texts_add(uint64_t *state, struct ks_buf *out, size_t n);

/*
 * Make the code of a delta against ${base} and the bytes that it results in.
 * Half of them are such as git writes, the others as it never would.
 */
void texts_delta(uint64_t *state, struct ks_span base, struct ks_buf *code,
	struct ks_buf *result);

#endif
