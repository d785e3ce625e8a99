/* SPDX-License-Identifier: Apache-2.0 */
/* The syntax tree of a pattern, and what can be read off it. */
#include "rules/node.h"

uint32_t ks_node_sum(uint32_t a, uint32_t b)
{
	return a > KS_NODE_OPEN - b ? KS_NODE_OPEN : a + b;
}

uint32_t ks_node_product(uint32_t a, uint32_t b)
{
	uint64_t product = (uint64_t)a * b;

	if (a == 0 || b == 0)
		return 0;
	if (a == KS_NODE_OPEN || b == KS_NODE_OPEN || product > KS_NODE_OPEN)
		return KS_NODE_OPEN;
	return (uint32_t)product;
}

static struct ks_node *node_new(struct ks_arena *arena, enum ks_node_op op)
{
	struct ks_node *node = ks_arena_alloc(arena, sizeof(*node));

	if (node)
		node->op = op;
	return node;
}

struct ks_node *ks_node_set(
	struct ks_arena *arena, const struct ks_charset *set)
{
	struct ks_node *node = node_new(arena, KS_NODE_SET);

	if (!node)
		return NULL;
	node->set = *set;
	node->min_width = 1;
	node->max_width = 1;
	return node;
}

struct ks_node *ks_node_list(struct ks_arena *arena, enum ks_node_op op)
{
	return node_new(arena, op);
}

struct ks_node *ks_node_repeat(struct ks_arena *arena, struct ks_node *child,
	uint32_t least, uint32_t most)
{
	struct ks_node *node = ks_node_wrap(arena, KS_NODE_REPEAT, child);

	if (!node)
		return NULL;
	node->least = least;
	node->most = most;
	node->min_width = ks_node_product(least, child->min_width);
	node->max_width = ks_node_product(most, child->max_width);
	return node;
}

struct ks_node *ks_node_wrap(
	struct ks_arena *arena, enum ks_node_op op, struct ks_node *child)
{
	struct ks_node *node = node_new(arena, op);

	if (!node)
		return NULL;
	node->first = child;
	node->last = child;
	if (op == KS_NODE_GROUP) {
		node->min_width = child->min_width;
		node->max_width = child->max_width;
	}
	return node;
}

void ks_node_append(struct ks_node *list, struct ks_node *child)
{
	bool is_first = !list->first;

	child->next = NULL;
	if (is_first)
		list->first = child;
	else
		list->last->next = child;
	list->last = child;
	if (list->op == KS_NODE_CAT) {
		list->min_width =
			ks_node_sum(list->min_width, child->min_width);
		list->max_width =
			ks_node_sum(list->max_width, child->max_width);
		return;
	}
	if (is_first || child->min_width < list->min_width)
		list->min_width = child->min_width;
	if (child->max_width > list->max_width)
		list->max_width = child->max_width;
}

/*
 * ${at} is the least offset from the match's start at which ${node} can
 * begin; it is negative within a lookbehind.
 */
static int64_t reach_back(const struct ks_node *node, int64_t at)
{
	int64_t most = 0;

	if (node->op == KS_NODE_ASSERT)
		return node->least - at;
	if (node->op == KS_NODE_BEHIND) {
		at -= node->first->max_width;
		most = -at;
	}
	for (struct ks_node *child = node->first; child; child = child->next) {
		int64_t reach = reach_back(child, at);

		if (reach > most)
			most = reach;
		if (node->op == KS_NODE_CAT)
			at += child->min_width;
	}
	return most;
}

uint32_t ks_node_lookbehind(const struct ks_node *root)
{
	int64_t reach = reach_back(root, 0);

	return reach > KS_NODE_OPEN ? KS_NODE_OPEN : (uint32_t)reach;
}

/* Without a bound: more than any sum of bounded widths. */
static int64_t wide(uint32_t width)
{
	return width == KS_NODE_OPEN ? INT64_C(1) << 40 : width;
}

/*
 * ${at} is the greatest offset at which ${node} can begin; it is negative
 * within a lookbehind.
 */
static int64_t reach_ahead(const struct ks_node *node, int64_t at)
{
	int64_t most = at + wide(node->max_width);

	if (node->op == KS_NODE_ASSERT)
		return at + node->most;
	if (node->op == KS_NODE_REPEAT && node->most > 1)
		at += wide(ks_node_product(node->most == KS_NODE_OPEN
						   ? node->most
						   : node->most - 1,
			node->first->max_width));
	if (node->op == KS_NODE_BEHIND)
		at -= node->first->min_width;
	for (struct ks_node *child = node->first; child; child = child->next) {
		int64_t reach = reach_ahead(child, at);

		if (reach > most)
			most = reach;
		if (node->op == KS_NODE_CAT)
			at += wide(child->max_width);
	}
	return most;
}

uint32_t ks_node_extent(const struct ks_node *root)
{
	int64_t reach = reach_ahead(root, 0);

	return reach >= KS_NODE_OPEN ? KS_NODE_OPEN : (uint32_t)reach;
}

bool ks_node_always_sets(const struct ks_node *root, uint32_t group)
{
	bool all = true;
	bool any = false;

	if (root->op == KS_NODE_GROUP && root->group == group)
		return true;
	if (root->is_negative ||
		(root->op == KS_NODE_REPEAT && root->least == 0))
		return false;
	for (struct ks_node *child = root->first; child; child = child->next) {
		bool sets = ks_node_always_sets(child, group);

		all &= sets;
		any |= sets;
	}
	return root->op == KS_NODE_ALT ? all && any : any;
}

static int print_byte(struct ks_buf *out, unsigned byte)
{
	bool is_plain = (byte >= '0' && byte <= '9') ||
			(byte >= 'A' && byte <= 'Z') ||
			(byte >= 'a' && byte <= 'z') || byte == '_';

	return is_plain ? ks_buf_add_byte(out, (uint8_t)byte)
			: ks_buf_printf(out, "\\x%02x", byte);
}

static int print_set(struct ks_buf *out, const struct ks_charset *set)
{
	if (ks_charset_count(set) == 1)
		return print_byte(out, ks_charset_first(set));
	if (ks_buf_add_byte(out, '[') < 0)
		return KS_E_NOMEM;
	for (unsigned from = 0; from < 256; from++) {
		unsigned to = from;

		if (!ks_charset_has(set, from))
			continue;
		while (to < 255 && ks_charset_has(set, to + 1))
			to++;
		if (print_byte(out, from) < 0)
			return KS_E_NOMEM;
		if (to > from && (ks_buf_add_byte(out, '-') < 0 ||
					 print_byte(out, to) < 0))
			return KS_E_NOMEM;
		from = to;
	}
	return ks_buf_add_byte(out, ']');
}

static int print_repeat(struct ks_buf *out, const struct ks_node *node)
{
	bool is_set = node->first->op == KS_NODE_SET;

	if (!is_set && ks_buf_add_str(out, "(?:") < 0)
		return KS_E_NOMEM;
	if (ks_node_print(out, node->first) < 0)
		return KS_E_NOMEM;
	if (!is_set && ks_buf_add_byte(out, ')') < 0)
		return KS_E_NOMEM;
	if (node->least == node->most)
		return ks_buf_printf(out, "{%u}", node->least);
	if (node->most == KS_NODE_OPEN)
		return ks_buf_printf(out, "{%u,}", node->least);
	return ks_buf_printf(out, "{%u,%u}", node->least, node->most);
}

static int print_alternatives(struct ks_buf *out, const struct ks_node *node)
{
	if (ks_buf_add_str(out, "(?:") < 0)
		return KS_E_NOMEM;
	for (struct ks_node *child = node->first; child; child = child->next) {
		if (ks_node_print(out, child) < 0)
			return KS_E_NOMEM;
		if (child->next && ks_buf_add_byte(out, '|') < 0)
			return KS_E_NOMEM;
	}
	return ks_buf_add_byte(out, ')');
}

int ks_node_print(struct ks_buf *out, const struct ks_node *root)
{
	switch (root->op) {
	case KS_NODE_SET:
		return print_set(out, &root->set);
	case KS_NODE_ALT:
		return print_alternatives(out, root);
	case KS_NODE_REPEAT:
		return print_repeat(out, root);
	case KS_NODE_CAT:
	case KS_NODE_GROUP:
		for (struct ks_node *child = root->first; child;
			child = child->next) {
			if (ks_node_print(out, child) < 0)
				return KS_E_NOMEM;
		}
		return KS_OK;
	case KS_NODE_AHEAD:
	case KS_NODE_BEHIND:
	case KS_NODE_ASSERT:
	case KS_NODE_BACKREF:
		break;
	}
	return KS_OK;
}
