/* SPDX-License-Identifier: Apache-2.0 */
/* Random strings that a syntax tree stands for: for test_anchor.c only. */
#ifndef KS_TESTS_RULES_GENERATE_H
#define KS_TESTS_RULES_GENERATE_H

#include "rules/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	GENERATED_MAX = 1024 /* bytes, about */
};

static uint32_t below(uint32_t bound)
{
	return (uint32_t)random() % bound;
}

/* What the groups captured while a string is being made. */
struct captures {
	size_t start[16];
	size_t end[16];
};

/* Append a string that ${node} stands for, assertions not looked at. */
static void generate(struct ks_buf *out, const struct ks_node *node,
	struct captures *captures)
{
	const struct ks_node *child = node->first;
	uint32_t count = 0;
	size_t from = out->n;
	unsigned byte;

	if (out->n > GENERATED_MAX)
		return;
	switch (node->op) {
	case KS_NODE_SET:
		do
			byte = below(4) ? 32 + below(95) : below(256);
		while (!ks_charset_has(&node->set, byte) && ++count < 1000);
		if (count == 1000)
			byte = ks_charset_first(&node->set);
		assert_int_equal(ks_buf_add_byte(out, (uint8_t)byte), 0);
		break;
	case KS_NODE_CAT:
	case KS_NODE_GROUP:
		for (; child; child = child->next)
			generate(out, child, captures);
		if (node->group > 0 && node->group < 16) {
			captures->start[node->group] = from;
			captures->end[node->group] = out->n;
		}
		break;
	case KS_NODE_ALT:
		for (; child; child = child->next)
			count++;
		child = node->first;
		for (count = below(count); count > 0; count--)
			child = child->next;
		generate(out, child, captures);
		break;
	case KS_NODE_REPEAT:
		count = node->least;
		while (count < node->most && below(3))
			count++;
		for (; count > 0; count--)
			generate(out, child, captures);
		break;
	case KS_NODE_BACKREF:
		for (size_t i = captures->start[node->group];
			i < captures->end[node->group]; i++)
			assert_int_equal(ks_buf_add_byte(out, out->p[i]), 0);
		break;
	case KS_NODE_AHEAD:
	case KS_NODE_BEHIND:
		/* What follows may well match it too. */
		if (!node->is_negative && below(2))
			generate(out, child, captures);
		break;
	case KS_NODE_ASSERT:
		break;
	}
}

#endif
