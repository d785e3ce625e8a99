/* SPDX-License-Identifier: Apache-2.0 */
/* What has to follow the fixed text that an anchor begins with. */
#include "rules/follow.h"

enum {
	/* Repetitions are counted up to here; more of them are taken too. */
	COPIES_MAX = 8,
	/* Stands for all that there is no position left for. */
	OVERFLOW = KS_FOLLOW_POSITIONS - 1
};

/* A part of the expression: where it can begin, end, and whether at all. */
struct part {
	uint64_t first;
	uint64_t last;
	bool may_be_empty;
};

struct maker {
	struct ks_follow *follow;
	unsigned count; /* positions that were given */
};

static const struct part nothing = { 0, 0, true };

static struct part make(struct maker *maker, const struct ks_node *node);

static void link_parts(struct maker *maker, uint64_t from, uint64_t to)
{
	for (; from; from &= from - 1)
		maker->follow->next[__builtin_ctzll(from)] |= to;
}

/* Any byte is taken for what has no position, and then it is enough. */
static struct part make_overflow(struct maker *maker)
{
	const uint64_t bit = UINT64_C(1) << OVERFLOW;

	for (unsigned c = 0; c < 256; c++)
		maker->follow->bytes[c] |= bit;
	maker->follow->last |= bit;
	return (struct part){ bit, bit, false };
}

static struct part make_set(struct maker *maker, const struct ks_charset *set)
{
	uint64_t bit;

	if (maker->count == OVERFLOW)
		return make_overflow(maker);
	bit = UINT64_C(1) << maker->count++;
	for (unsigned c = 0; c < 256; c++) {
		if (ks_charset_has(set, c))
			maker->follow->bytes[c] |= bit;
	}
	return (struct part){ bit, bit, false };
}

/* ${a}, then ${b}. */
static struct part join(struct maker *maker, struct part a, struct part b)
{
	link_parts(maker, a.last, b.first);
	return (struct part){
		.first = a.first | (a.may_be_empty ? b.first : 0),
		.last = b.last | (b.may_be_empty ? a.last : 0),
		.may_be_empty = a.may_be_empty && b.may_be_empty,
	};
}

static struct part make_repeat(struct maker *maker, const struct ks_node *node)
{
	const uint32_t least =
		node->least < COPIES_MAX ? node->least : COPIES_MAX;
	const uint32_t copies = least ? least : 1;
	struct part all = nothing;

	if (node->most == 0)
		return nothing;
	for (uint32_t i = 0; i < copies; i++) {
		struct part one = make(maker, node->first);

		if (i + 1 == copies && node->most > copies)
			link_parts(maker, one.last, one.first);
		one.may_be_empty |= i >= least;
		all = join(maker, all, one);
	}
	return all;
}

/* Nodes are as deep as KS_SYNTAX_MAX_DEPTH allows. */
static struct part make(struct maker *maker, const struct ks_node *node)
{
	struct part all = nothing;

	if (node->op == KS_NODE_SET)
		return make_set(maker, &node->set);
	if (node->op == KS_NODE_REPEAT)
		return make_repeat(maker, node);
	if (node->op != KS_NODE_ALT && node->op != KS_NODE_CAT)
		return make_overflow(maker);
	for (const struct ks_node *child = node->first; child;
		child = child->next) {
		struct part one = make(maker, child);

		if (node->op == KS_NODE_CAT) {
			all = join(maker, all, one);
			continue;
		}
		all.first |= one.first;
		all.last |= one.last;
		all.may_be_empty = one.may_be_empty ||
				   (child != node->first && all.may_be_empty);
	}
	return all;
}

bool ks_follow_make(struct ks_follow *out, const struct ks_node *root)
{
	struct maker maker = { .follow = out };
	struct part all;

	*out = (struct ks_follow){ .reach = root->max_width };
	if (root->min_width == 0 || root->max_width == KS_NODE_OPEN)
		return false;
	all = make(&maker, root);
	out->first = all.first;
	out->last |= all.last;
	return true;
}

bool ks_follow_begins(const struct ks_follow *follow, struct ks_span text)
{
	const size_t n = text.n < follow->reach ? text.n : follow->reach;
	uint64_t reached = follow->first;

	for (size_t i = 0; i < n && reached; i++) {
		uint64_t here = reached & follow->bytes[text.p[i]];

		if (here & follow->last)
			return true;
		for (reached = 0; here; here &= here - 1)
			reached |= follow->next[__builtin_ctzll(here)];
	}
	return false;
}
