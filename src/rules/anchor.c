/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The anchor of a pattern: what stage one searches for.
 *
 * Three steps, each of which keeps "every match begins with the anchor":
 *
 *   take    copies the pattern from its start, zero-width things left out,
 *           as long as the width stays bounded and the anchor is not yet
 *           rare enough; inside alternatives each branch by itself.
 *   trim    drops optional things from the end: x{20,200} -> x{20}.
 *   judge   refuses what has no run of fixed text for Hyperscan's literal
 *           matchers to search for.
 */
#include "rules/anchor.h"

#include <math.h>

enum {
	/*
	 * A class of so few bytes, hex digits at most, is an alternation in
	 * Hyperscan's eyes: it lengthens the fixed text before it by one.
	 */
	FEW = 16,
	LETTER_BITS = 3, /* words are not rare */
	/* How much the width of what an anchor begins with may vary. */
	LEADING_SLACK = 16,
	/*
	 * A gap that varies so much multiplies the states of all that follows
	 * it. Fixed text that is so rare does without: four letters, say.
	 */
	GAP_SLACK = 8,
	GAP_BITS = 12
};

struct taker {
	struct ks_arena *arena;
	double enough; /* bits of rarity at which the anchor may end */
	/* The last thing was taken in full: what follows may be taken. */
	bool is_whole;
};

static struct ks_node *take(struct taker *taker, const struct ks_node *node,
	uint32_t room, double bits);

static struct ks_node *nothing(struct taker *taker, bool is_whole)
{
	taker->is_whole = is_whole;
	return ks_node_list(taker->arena, KS_NODE_CAT);
}

/* Fixed text: one byte, or a letter in both cases. */
static bool is_fixed(const struct ks_node *node)
{
	return node->op == KS_NODE_SET && ks_charset_count(&node->set) <= 2;
}

static bool is_same_set(const struct ks_node *a, const struct ks_node *b)
{
	return a && a->op == KS_NODE_SET && b->op == KS_NODE_SET &&
	       memcmp(&a->set, &b->set, sizeof(a->set)) == 0;
}

static bool is_letter(const struct ks_node *node)
{
	unsigned byte = ks_charset_first(&node->set) | 32;

	return is_fixed(node) && byte >= 'a' && byte <= 'z';
}

/* Bits by which a set narrows down what stands at its place in a text. */
static double rarity_of_set(
	const struct ks_node *node, const struct ks_node *before)
{
	/* Runs of one character are common, and letters make words. */
	if (is_fixed(node) && is_same_set(before, node))
		return 1;
	return is_letter(node) ? LETTER_BITS
			       : 8 - log2(ks_charset_count(&node->set));
}

/*
 * How rare a string of ${node} is at the least, in bits. ${before} is what
 * stands before it, or NULL.
 */
static double rarity(const struct ks_node *node, const struct ks_node *before)
{
	double sum = 0;
	double least = HUGE_VAL;

	if (node->op == KS_NODE_SET)
		return rarity_of_set(node, before);
	if (node->op == KS_NODE_REPEAT)
		return node->least == 0 ? 0
					: rarity(node->first, before) +
						  (node->least - 1) *
							  rarity(node->first,
								  node->first);
	for (const struct ks_node *child = node->first; child;
		child = child->next) {
		double bits = rarity(child, before);

		if (node->op == KS_NODE_CAT)
			before = child;
		sum += bits;
		if (bits < least)
			least = bits;
	}
	return node->op == KS_NODE_ALT ? least : sum;
}

/* It varies so much that it is a burden to Hyperscan. */
static bool is_gap(const struct ks_node *node)
{
	return node->op == KS_NODE_REPEAT && node->least == 0 &&
	       node->most >= GAP_SLACK;
}

/* May the anchor end before ${node}, given ${bits} of rarity before it? */
static bool may_end(
	const struct taker *taker, const struct ks_node *node, double bits)
{
	double enough = taker->enough;

	if (is_gap(node))
		enough *= (double)GAP_BITS / KS_ANCHOR_ENOUGH_BITS;
	/* Fixed text costs stage one nothing: never cut within it. */
	return bits >= enough && !is_fixed(node);
}

static struct ks_node *take_cat(struct taker *taker, const struct ks_node *node,
	uint32_t room, double bits)
{
	struct ks_node *list = nothing(taker, true);

	for (const struct ks_node *child = node->first;
		list && child && taker->is_whole; child = child->next) {
		struct ks_node *part;

		if (may_end(taker, child, bits)) {
			taker->is_whole = false;
			break;
		}
		part = take(taker, child, room, bits);
		if (!part)
			return NULL;
		room -= part->max_width;
		bits += rarity(part, list->last);
		if (part->max_width > 0)
			ks_node_append(list, part);
	}
	return list;
}

static struct ks_node *take_alt(struct taker *taker, const struct ks_node *node,
	uint32_t room, double bits)
{
	struct ks_node *list = ks_node_list(taker->arena, KS_NODE_ALT);
	bool is_whole = true;

	for (const struct ks_node *child = node->first; list && child;
		child = child->next) {
		struct ks_node *part = take(taker, child, room, bits);

		if (!part)
			return NULL;
		is_whole &= taker->is_whole;
		ks_node_append(list, part);
	}
	taker->is_whole = is_whole;
	return list;
}

/* How often at most ${node} can be repeated without overflowing ${room}. */
static uint32_t repeats_that_fit(const struct ks_node *node, uint32_t room)
{
	return node->max_width ? room / node->max_width : 0;
}

/* How many of ${node} make the anchor rare enough, at least one. */
static uint32_t repeats_that_suffice(
	const struct taker *taker, const struct ks_node *node, double bits)
{
	double each = rarity(node, node);
	double wanted = taker->enough - bits;

	if (wanted <= each)
		return 1;
	return each > 0 ? (uint32_t)fmin(ceil(wanted / each), 65535) : 65535;
}

static struct ks_node *take_repeat(struct taker *taker,
	const struct ks_node *node, uint32_t room, double bits)
{
	struct ks_node *one = take(taker, node->first, room, bits);
	uint32_t fit;
	uint32_t count;

	if (!one)
		return NULL;
	/* Cut within the first round: that much is sure if there is one. */
	if (!taker->is_whole)
		return node->least > 0 ? one : nothing(taker, false);
	if (one->max_width == 0)
		return nothing(taker, true);
	fit = repeats_that_fit(one, room);
	count = repeats_that_suffice(taker, one, bits);
	if (node->most <= fit && node->least <= count)
		return ks_node_repeat(
			taker->arena, one, node->least, node->most);
	if (count > node->least)
		count = node->least;
	if (count > fit)
		count = fit;
	taker->is_whole = false;
	return count ? ks_node_repeat(taker->arena, one, count, count)
		     : nothing(taker, false);
}

/*
 * The part of ${node} with which each of its matches begins, of ${room} bytes
 * at most; what stands before it is worth ${bits}. NULL: out of memory.
 */
static struct ks_node *take(struct taker *taker, const struct ks_node *node,
	uint32_t room, double bits)
{
	switch (node->op) {
	case KS_NODE_SET:
		if (room == 0)
			return nothing(taker, false);
		taker->is_whole = true;
		return ks_node_set(taker->arena, &node->set);
	case KS_NODE_CAT:
		return take_cat(taker, node, room, bits);
	case KS_NODE_ALT:
		return take_alt(taker, node, room, bits);
	case KS_NODE_REPEAT:
		return take_repeat(taker, node, room, bits);
	case KS_NODE_GROUP:
		return take(taker, node->first, room, bits);
	case KS_NODE_AHEAD:
	case KS_NODE_BEHIND:
	case KS_NODE_ASSERT:
		return nothing(taker, true);
	case KS_NODE_BACKREF:
		break;
	}
	return nothing(taker, false);
}

static struct ks_node *trim(struct ks_arena *arena, const struct ks_node *node);

/* Each branch trimmed; nothing at all if one of them can be empty. */
static struct ks_node *trim_alt(
	struct ks_arena *arena, const struct ks_node *node)
{
	struct ks_node *list = ks_node_list(arena, KS_NODE_ALT);

	for (const struct ks_node *child = node->first; list && child;
		child = child->next) {
		struct ks_node *part = trim(arena, child);

		if (!part || part->min_width == 0)
			return part ? ks_node_list(arena, KS_NODE_CAT) : NULL;
		ks_node_append(list, part);
	}
	return list;
}

/* At the end of an anchor it would only cost time. */
static bool says_little(const struct ks_node *node)
{
	const struct ks_node *set =
		node->op == KS_NODE_REPEAT ? node->first : node;

	return node->min_width == 0 ||
	       (set->op == KS_NODE_SET && ks_charset_count(&set->set) > 128);
}

/* The children up to the last of which something is left, that trimmed. */
static struct ks_node *trim_cat(
	struct ks_arena *arena, const struct ks_node *node)
{
	struct ks_node *list = ks_node_list(arena, KS_NODE_CAT);
	const struct ks_node *last = NULL;
	struct ks_node *end = NULL;

	for (const struct ks_node *child = node->first; child;
		child = child->next) {
		struct ks_node *part = trim(arena, child);

		if (!part)
			return NULL;
		if (part->min_width > 0) {
			last = child;
			end = part;
		}
	}
	for (const struct ks_node *child = node->first;
		list && last && child != last; child = child->next) {
		struct ks_node *copy = ks_arena_alloc(arena, sizeof(*copy));

		if (!copy)
			return NULL;
		*copy = *child;
		ks_node_append(list, copy);
	}
	if (list && end)
		ks_node_append(list, end);
	return list;
}

/* ${node} without what is optional at its end. NULL: out of memory. */
static struct ks_node *trim(struct ks_arena *arena, const struct ks_node *node)
{
	if (node->op == KS_NODE_CAT)
		return trim_cat(arena, node);
	if (node->op == KS_NODE_ALT)
		return trim_alt(arena, node);
	if (says_little(node))
		return ks_node_list(arena, KS_NODE_CAT);
	if (node->op == KS_NODE_SET)
		return ks_node_set(arena, &node->set);
	if (node->least == 1)
		return trim(arena, node->first);
	return ks_node_repeat(arena, node->first, node->least, node->least);
}

/* The fixed text that every string of a node has. */
struct run {
	uint32_t best;   /* the longest run anywhere in it, bytes */
	uint32_t before; /* the run that it begins with */
	uint32_t after;  /* the run that it ends with */
	bool is_all;     /* it is fixed text and nothing else */
};

static uint32_t least_of(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t most_of(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static struct run join_runs(struct run a, struct run b)
{
	return (struct run){
		.best = most_of(most_of(a.best, b.best), a.after + b.before),
		.before = a.is_all ? a.before + b.before : a.before,
		.after = b.is_all ? a.after + b.after : b.after,
		.is_all = a.is_all && b.is_all,
	};
}

static struct run common_run(struct run a, struct run b)
{
	return (struct run){
		.best = least_of(a.best, b.best),
		.before = least_of(a.before, b.before),
		.after = least_of(a.after, b.after),
		.is_all = a.is_all && b.is_all,
	};
}

static struct run run_of(const struct ks_node *node)
{
	struct run run = { .is_all = true };

	if (node->op == KS_NODE_SET) {
		run.is_all = is_fixed(node);
		run.before = ks_charset_count(&node->set) <= FEW;
		run.after = run.is_all;
		run.best = run.before;
		return run;
	}
	if (node->op == KS_NODE_REPEAT) {
		struct run one = run_of(node->first);

		for (uint32_t i = 0; i < least_of(node->least, 8); i++)
			run = join_runs(run, one);
		run.is_all &= node->least == node->most && node->least <= 8;
		return run;
	}
	for (const struct ks_node *child = node->first; child;
		child = child->next) {
		struct run one = run_of(child);

		if (node->op == KS_NODE_CAT)
			run = join_runs(run, one);
		else
			run = child == node->first ? one : common_run(run, one);
	}
	return run;
}

int ks_anchor_split(struct ks_node **head, struct ks_node **rest,
	struct ks_arena *arena, const struct ks_node *anchor)
{
	*head = ks_node_list(arena, KS_NODE_CAT);
	*rest = ks_node_list(arena, KS_NODE_CAT);
	if (!*head || !*rest)
		return KS_E_NOMEM;
	if (anchor->op != KS_NODE_CAT)
		return KS_OK;
	for (const struct ks_node *child = anchor->first; child;
		child = child->next) {
		struct ks_node *copy = ks_arena_alloc(arena, sizeof(*copy));

		if (!copy)
			return KS_E_NOMEM;
		*copy = *child;
		if ((*rest)->first || is_gap(child))
			ks_node_append(*rest, copy);
		else
			ks_node_append(*head, copy);
	}
	if (run_of(*head).best < KS_ANCHOR_MIN_RUN)
		*rest = ks_node_list(arena, KS_NODE_CAT);
	return *rest ? KS_OK : KS_E_NOMEM;
}

/* Each start of the match would be a match of its own. */
static bool begins_loosely(const struct ks_node *anchor)
{
	while (anchor->op == KS_NODE_CAT && anchor->first)
		anchor = anchor->first;
	return anchor->op == KS_NODE_REPEAT &&
	       anchor->most - anchor->least > LEADING_SLACK;
}

int ks_anchor_derive(struct ks_node **out, struct ks_arena *arena,
	const struct ks_node *root, struct ks_err *err)
{
	/* Where the fixed text comes late, the anchor must go on to it. */
	static const double enough[] = { KS_ANCHOR_ENOUGH_BITS,
		2 * KS_ANCHOR_ENOUGH_BITS, HUGE_VAL };

	for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++) {
		struct taker taker = { .arena = arena, .enough = enough[i] };
		struct ks_node *taken =
			take(&taker, root, KS_ANCHOR_MAX_WIDTH, 0);

		*out = taken ? trim(arena, taken) : NULL;
		if (!*out)
			return ks_fail_nomem(err);
		if (run_of(*out).best < KS_ANCHOR_MIN_RUN)
			continue;
		if (!begins_loosely(*out))
			return KS_OK;
		break;
	}
	return ks_fail(err, KS_E_RULE,
		"it would be slow: begin it with at least %d bytes of fixed "
		"text or of alternatives of it (a class before that must be "
		"short, not {0,40}), or give the rule 'near'",
		(int)KS_ANCHOR_MIN_RUN);
}
