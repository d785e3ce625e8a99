/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a pattern's matches a run of token characters lies. */
#include "rules/token_reach.h"

#include "rules/rule.h"

#include <math.h>

#define NEVER 1e-6
#define SELDOM 5e-3

enum {
	MIXED_MIN = 28 /* letters of either case, or digits: see SELDOM */
};

/* What is known of the bytes that a node stands for. */
struct bytes {
	bool are_token;  /* none is anything else */
	double no_digit; /* chance that none of them is a digit */
	uint32_t mixed;  /* so many can be letters of either case */
};

/* Bytes in a row, each of them a token's, up to the place passed last. */
struct stretch {
	uint32_t start; /* at most so far behind the match's start */
	uint32_t width; /* at most */
	uint32_t least; /* bytes */
	double no_digit;
	uint32_t mixed;
	uint32_t digit_due; /* one is among so many bytes for sure; 0: no */
};

struct search {
	struct stretch stretch;
	uint32_t reach; /* found */
};

static struct bytes bytes_of_set(const struct ks_charset *set)
{
	unsigned count = ks_charset_count(set);
	unsigned digits = 0;
	unsigned small = 0;
	unsigned capitals = 0;
	unsigned others = 0;

	for (unsigned c = 0; c < 256; c++) {
		if (!ks_charset_has(set, c))
			continue;
		if (c >= '0' && c <= '9')
			digits++;
		else if (c >= 'a' && c <= 'z')
			small++;
		else if (c >= 'A' && c <= 'Z')
			capitals++;
		else if (c != '-' && c != '_')
			others++;
	}
	return (struct bytes){ .are_token = others == 0,
		.no_digit = count ? 1 - (double)digits / count : 1,
		.mixed = small > 20 && capitals > 20 };
}

/* Nodes are as deep as KS_SYNTAX_MAX_DEPTH allows. */
static struct bytes bytes_of(const struct ks_node *node)
{
	struct bytes all = { .are_token = true, .no_digit = 1 };
	bool is_first = true;

	if (node->op == KS_NODE_SET)
		return bytes_of_set(&node->set);
	if (node->op == KS_NODE_BACKREF)
		return (struct bytes){ .no_digit = 1 };
	if (node->op == KS_NODE_AHEAD || node->op == KS_NODE_BEHIND)
		return all;
	for (const struct ks_node *child = node->first; child;
		child = child->next, is_first = false) {
		struct bytes one = bytes_of(child);

		all.are_token &= one.are_token;
		if (node->op == KS_NODE_REPEAT) {
			all.no_digit = pow(one.no_digit, node->least);
			all.mixed = ks_node_product(one.mixed, node->least);
		} else if (node->op == KS_NODE_ALT) {
			all.no_digit =
				is_first ? one.no_digit
					 : fmax(all.no_digit, one.no_digit);
			if (is_first || one.mixed < all.mixed)
				all.mixed = one.mixed;
		} else {
			all.no_digit *= one.no_digit;
			all.mixed = ks_node_sum(all.mixed, one.mixed);
		}
	}
	return all;
}

static bool is_run(const struct stretch *stretch)
{
	if (stretch->least < KS_TOKEN_RUN_MIN)
		return false;
	if (stretch->digit_due && stretch->least >= stretch->digit_due)
		return true;
	return stretch->no_digit <= NEVER ||
	       (stretch->no_digit <= SELDOM && stretch->mixed >= MIXED_MIN);
}

/* ${stretch} with ${node} behind it, or ${count} of what it repeats. */
static struct stretch join(const struct stretch *stretch,
	const struct ks_node *node, const struct bytes *bytes, uint32_t count)
{
	struct stretch out = *stretch;

	out.least =
		ks_node_sum(out.least, ks_node_product(count, node->min_width));
	out.width =
		ks_node_sum(out.width, ks_node_product(count, node->max_width));
	out.no_digit *= pow(bytes->no_digit, count);
	out.mixed =
		ks_node_sum(out.mixed, ks_node_product(count, bytes->mixed));
	return out;
}

/* How many of ${node} are there for sure, as far as they are within reach. */
static uint32_t repeats_within_reach(
	const struct stretch *stretch, const struct ks_node *node)
{
	uint32_t before = ks_node_sum(stretch->start, stretch->width);
	uint32_t room =
		before < KS_TOKEN_REACH_MAX ? KS_TOKEN_REACH_MAX - before : 0;
	uint32_t each = node->first->max_width;

	return each && room / each < node->least ? room / each : node->least;
}

/* Is there a run once what is there for sure of ${node} was passed? */
static void find_run(struct search *search, const struct ks_node *node)
{
	const bool is_repeat = node->op == KS_NODE_REPEAT;
	const struct ks_node *one = is_repeat ? node->first : node;
	const struct bytes bytes = bytes_of(one);
	const uint32_t count =
		is_repeat ? repeats_within_reach(&search->stretch, node) : 1;
	const struct stretch stretch =
		join(&search->stretch, one, &bytes, count);
	uint32_t reach = ks_node_sum(stretch.start, stretch.width);

	if (reach <= KS_TOKEN_REACH_MAX && is_run(&stretch))
		search->reach = reach;
}

static void take(struct search *search, const struct ks_node *node,
	const struct bytes *bytes)
{
	find_run(search, node);
	search->stretch = join(&search->stretch, node, bytes, 1);
}

static void leave(struct search *search, const struct ks_node *node)
{
	struct stretch *stretch = &search->stretch;

	*stretch = (struct stretch){
		.start =
			ks_node_sum(ks_node_sum(stretch->start, stretch->width),
				node->max_width),
		.no_digit = 1,
	};
}

/* (?=[^0-9]{0,9}[0-9]): there is a digit among the next ten bytes. */
static void look_ahead(struct search *search, const struct ks_node *ahead)
{
	const struct ks_node *node = ahead->first;
	struct bytes last;

	if (ahead->is_negative)
		return;
	while (node->op == KS_NODE_GROUP)
		node = node->first;
	if (node->op != KS_NODE_CAT || !node->last || node->min_width != 1 ||
		node->last->op != KS_NODE_SET ||
		node->max_width > KS_TOKEN_REACH_MAX)
		return;
	last = bytes_of_set(&node->last->set);
	if (last.no_digit > 0)
		return;
	search->stretch.digit_due =
		ks_node_sum(search->stretch.least, node->max_width);
}

static void pass(struct search *search, const struct ks_node *node)
{
	struct bytes bytes;

	if (search->reach || node->op == KS_NODE_BEHIND ||
		node->op == KS_NODE_ASSERT)
		return;
	if (node->op == KS_NODE_AHEAD) {
		look_ahead(search, node);
		return;
	}
	if (node->op == KS_NODE_CAT || node->op == KS_NODE_GROUP) {
		for (const struct ks_node *child = node->first; child;
			child = child->next)
			pass(search, child);
		return;
	}
	bytes = bytes_of(node);
	if (bytes.are_token)
		take(search, node, &bytes);
	else
		leave(search, node);
}

uint32_t ks_token_reach(const struct ks_node *root)
{
	struct search search = { .stretch = { .no_digit = 1 } };

	pass(&search, root);
	return search.reach;
}
