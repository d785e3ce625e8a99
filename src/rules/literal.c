/* SPDX-License-Identifier: Apache-2.0 */
/* The fixed texts that every string of an anchor has at a known place. */
#include "rules/literal.h"

#include "rules/follow.h"

enum {
	/* A set of more is no fixed text; of fewer, each is one. */
	VARIANTS_MAX = 10,
	VARIANTS_FEW = 2,
	CASELESS = 0xdf,
	STEPS_MAX = 1 << 16 /* an anchor of this world takes some hundreds */
};

/* What is still to be read, in turn: a list without copies of its nodes. */
struct todo {
	const struct ks_node *node;
	uint32_t taken; /* of a repetition: so often */
	const struct todo *next;
};

/* An automaton that was made, and the expression that it was made of. */
struct made {
	struct ks_span text;
	const struct ks_follow *follow;
	struct made *next;
};

struct deriver {
	struct ks_literal *list;
	uint32_t count;
	struct ks_arena *arena;
	struct ks_arena *scratch;
	struct made *made;
	unsigned steps;
	bool is_oom;
};

/* A byte, or a letter in either case. */
struct variant {
	uint8_t value;
	uint8_t mask;
};

static bool expand(struct deriver *deriver, struct ks_literal literal,
	const struct todo *todo);

static bool out_of_memory(struct deriver *deriver)
{
	deriver->is_oom = true;
	return false;
}

/* How rare a byte is in source code, roughly, case aside. */
static unsigned rarity(uint8_t byte)
{
	static const char common[] = " etrnaisoldcumpfhg_.-/b\"=:,yv0w1kx2j3q";
	const bool is_letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
	const char *found = strchr(common, is_letter ? byte | 0x20 : byte);

	return 2 +
	       (unsigned)(found ? found - common : (ptrdiff_t)sizeof(common)) /
		       3;
}

/* What any program is full of. */
static bool is_everyday(const uint8_t *bytes, uint8_t size)
{
	static const char *const words[] = { ".com", "comm", "conf", "data",
		"file", "from", "func", "head", "help", "host", "http", "line",
		"link", "list", "name", "path", "port", "serv", "test", "text",
		"time", "ttps", "type", "user", "with" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		bool is_same = size == KS_LITERAL_WINDOW;

		for (uint8_t j = 0; is_same && j < size; j++)
			is_same = (bytes[j] | 0x20) == words[i][j];
		if (is_same)
			return true;
	}
	return false;
}

static void choose_window(struct ks_literal *literal)
{
	const uint8_t size =
		literal->n < KS_LITERAL_WINDOW ? literal->n : KS_LITERAL_WINDOW;
	unsigned best = 0;

	literal->window_size = size;
	literal->window = 0;
	for (uint8_t at = 0; at + size <= literal->n; at++) {
		unsigned sum = 0;

		for (uint8_t i = 0; i < size; i++)
			sum += rarity(literal->value[at + i]);
		if (is_everyday(literal->value + at, size))
			sum /= 2;
		if (sum > best) {
			best = sum;
			literal->window = at;
		}
	}
}

/* What is left of ${todo}, as a node. NULL: out of memory. */
static struct ks_node *rest_of(struct ks_arena *arena, const struct todo *todo)
{
	struct ks_node *list = ks_node_list(arena, KS_NODE_CAT);

	for (; list && todo; todo = todo->next) {
		const struct ks_node *node = todo->node;
		struct ks_node *copy = ks_arena_alloc(arena, sizeof(*copy));

		if (!copy)
			return NULL;
		*copy = *node;
		if (todo->taken) {
			copy = ks_node_repeat(arena, node->first,
				node->least > todo->taken
					? node->least - todo->taken
					: 0,
				node->most - todo->taken);
			if (!copy)
				return NULL;
		}
		copy->next = NULL;
		ks_node_append(list, copy);
	}
	return list;
}

static bool find_made(const struct deriver *deriver, struct ks_span text,
	const struct ks_follow **out)
{
	for (const struct made *made = deriver->made; made; made = made->next) {
		if (ks_span_eq(made->text, text)) {
			*out = made->follow;
			return true;
		}
	}
	return false;
}

static bool make_follow(struct deriver *deriver, const struct ks_node *rest,
	struct ks_span text, const struct ks_follow **out)
{
	struct made *made = ks_arena_alloc(deriver->scratch, sizeof(*made));
	struct ks_follow *follow =
		ks_arena_alloc(deriver->arena, sizeof(*follow));
	char *copy = ks_arena_copy(deriver->scratch, text);

	if (!made || !follow || !copy)
		return out_of_memory(deriver);
	*out = ks_follow_make(follow, rest) ? follow : NULL;
	*made = (struct made){ ks_span_of(copy, text.n), *out, deriver->made };
	deriver->made = made;
	return true;
}

/* The automaton of what is left; the same for the same. */
static bool find_follow(struct deriver *deriver, const struct todo *todo,
	const struct ks_follow **out)
{
	const struct ks_node *rest = rest_of(deriver->scratch, todo);
	struct ks_buf text = { 0 };
	bool is_ok;

	*out = NULL;
	if (!rest || ks_node_print(&text, rest) < 0) {
		ks_buf_release(&text);
		return out_of_memory(deriver);
	}
	is_ok = rest->min_width == 0 ||
		find_made(deriver, ks_buf_span(&text), out) ||
		make_follow(deriver, rest, ks_buf_span(&text), out);
	ks_buf_release(&text);
	return is_ok;
}

static bool emit(struct deriver *deriver, struct ks_literal literal,
	const struct todo *todo)
{
	if (literal.n < KS_LITERAL_WINDOW_MIN ||
		deriver->count == KS_LITERALS_MAX ||
		!find_follow(deriver, todo, &literal.follow))
		return false;
	choose_window(&literal);
	deriver->list[deriver->count++] = literal;
	return true;
}

/* The variants of ${set}; VARIANTS_MAX + 1 where there are more. */
static unsigned find_variants(
	const struct ks_charset *set, struct variant variants[VARIANTS_MAX])
{
	unsigned count = 0;

	for (unsigned byte = 0; byte < 256; byte++) {
		bool is_letter = (byte >= 'A' && byte <= 'Z') ||
				 (byte >= 'a' && byte <= 'z');
		bool is_pair = is_letter && ks_charset_has(set, byte) &&
			       ks_charset_has(set, byte ^ 0x20);

		if (!ks_charset_has(set, byte) || (is_pair && (byte & 0x20)))
			continue;
		if (count == VARIANTS_MAX)
			return VARIANTS_MAX + 1;
		variants[count++] = (struct variant){ (uint8_t)byte,
			is_pair ? CASELESS : 0xff };
	}
	return count;
}

static void append(struct ks_literal *literal, struct variant variant)
{
	literal->value[literal->n] = variant.value;
	literal->mask[literal->n++] = variant.mask;
}

/* Any byte stands there: what was before it is left to the pattern. */
static bool skip(struct ks_literal *literal)
{
	unsigned offset = literal->offset + literal->n + 1u;

	*literal = (struct ks_literal){ .offset = (uint8_t)offset };
	return offset <= KS_LITERAL_OFFSET_MAX;
}

static bool expand_set(struct deriver *deriver, struct ks_literal literal,
	const struct todo *todo)
{
	struct variant variants[VARIANTS_MAX];
	unsigned count = find_variants(&todo->node->set, variants);
	bool is_enough =
		literal.n >= KS_LITERAL_WINDOW ||
		(literal.n >= KS_LITERAL_WINDOW_MIN && count > VARIANTS_FEW);

	if (count > 1 && is_enough)
		return emit(deriver, literal, todo);
	if (count > VARIANTS_MAX)
		return skip(&literal) && expand(deriver, literal, todo->next);
	for (unsigned i = 0; i < count; i++) {
		struct ks_literal longer = literal;

		append(&longer, variants[i]);
		if (!expand(deriver, longer, todo->next))
			return false;
	}
	return true;
}

static bool expand_alt(struct deriver *deriver, struct ks_literal literal,
	const struct todo *todo)
{
	if (literal.n >= KS_LITERAL_WINDOW)
		return emit(deriver, literal, todo);
	for (const struct ks_node *child = todo->node->first; child;
		child = child->next) {
		const struct todo one = { child, 0, todo->next };

		if (!expand(deriver, literal, &one))
			return false;
	}
	return true;
}

static bool expand_repeat(struct deriver *deriver, struct ks_literal literal,
	const struct todo *todo)
{
	const struct ks_node *node = todo->node;
	const struct todo more = { node, todo->taken + 1, todo->next };
	const struct todo one = { node->first, 0, &more };

	if (todo->taken == node->most)
		return expand(deriver, literal, todo->next);
	if (todo->taken < node->least)
		return expand(deriver, literal, &one);
	if (literal.n >= KS_LITERAL_WINDOW ||
		(literal.n >= KS_LITERAL_WINDOW_MIN &&
			node->most - todo->taken > 1))
		return emit(deriver, literal, todo);
	/* A gap before there is anything that it could stand behind. */
	if (node->most - todo->taken > 1)
		return false;
	return expand(deriver, literal, todo->next) &&
	       expand(deriver, literal, &one);
}

static bool expand_cat(struct deriver *deriver, struct ks_literal literal,
	const struct todo *todo)
{
	const struct todo *next = todo->next;
	size_t count = 0;
	struct todo *list;

	for (const struct ks_node *child = todo->node->first; child;
		child = child->next)
		count++;
	list = ks_arena_array(deriver->scratch, count + 1, sizeof(*list));
	if (!list)
		return out_of_memory(deriver);
	count = 0;
	for (const struct ks_node *child = todo->node->first; child;
		child = child->next, count++)
		list[count] = (struct todo){ child, 0,
			child->next ? &list[count + 1] : next };
	return expand(deriver, literal, count ? list : next);
}

/* An anchor is bounded, and so are its literals: so is this. */
static bool expand(struct deriver *deriver, struct ks_literal literal,
	const struct todo *todo)
{
	if (++deriver->steps > STEPS_MAX)
		return false;
	if (!todo || literal.n == KS_LITERAL_BYTES)
		return emit(deriver, literal, todo);
	switch (todo->node->op) {
	case KS_NODE_SET:
		return expand_set(deriver, literal, todo);
	case KS_NODE_CAT:
		return expand_cat(deriver, literal, todo);
	case KS_NODE_ALT:
		return expand_alt(deriver, literal, todo);
	case KS_NODE_REPEAT:
		return expand_repeat(deriver, literal, todo);
	default:
		return false;
	}
}

int ks_literals_derive(struct ks_literals *out, struct ks_arena *arena,
	struct ks_arena *scratch, const struct ks_node *anchor)
{
	const struct todo todo = { anchor, 0, NULL };
	struct deriver deriver = { .arena = arena, .scratch = scratch };

	*out = (struct ks_literals){ .width = anchor->min_width };
	deriver.list =
		ks_arena_array(scratch, KS_LITERALS_MAX, sizeof(*deriver.list));
	if (!deriver.list)
		return KS_E_NOMEM;
	if (!expand(&deriver, (struct ks_literal){ 0 }, &todo))
		return deriver.is_oom ? KS_E_NOMEM : KS_OK;
	out->list = ks_arena_array(arena, deriver.count, sizeof(*out->list));
	if (!out->list)
		return KS_E_NOMEM;
	memcpy(out->list, deriver.list, deriver.count * sizeof(*out->list));
	out->count = deriver.count;
	return KS_OK;
}
