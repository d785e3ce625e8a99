/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the parts of a pattern that are not groups. */
#include "rules/parser.h"

struct ks_span ks_parser_take_until(struct ks_parser *parser, uint8_t end)
{
	size_t from = parser->at;
	struct ks_span found;

	while (parser->at < parser->text.n && ks_parser_peek(parser, 0) != end)
		parser->at++;
	if (parser->at == parser->text.n)
		return ks_span_of(parser->text.p, 0);
	found = ks_span_cut(parser->text, from, parser->at);
	parser->at++;
	return found;
}

struct ks_node *ks_parser_refuse(
	struct ks_parser *parser, size_t at, const char *why)
{
	ks_fail(parser->err, KS_E_RULE, "at byte %zu: %s", at, why);
	return NULL;
}

struct ks_node *ks_parser_checked(
	struct ks_parser *parser, struct ks_node *node)
{
	if (!node)
		ks_fail_nomem(parser->err);
	return node;
}

static struct ks_node *set_node(
	struct ks_parser *parser, struct ks_charset *set)
{
	if (parser->modes.is_caseless)
		ks_charset_fold(set);
	return ks_parser_checked(parser, ks_node_set(parser->arena, set));
}

static struct ks_node *byte_node(struct ks_parser *parser, uint8_t byte)
{
	struct ks_charset set = { { 0 } };

	ks_charset_add(&set, byte);
	return set_node(parser, &set);
}

static struct ks_node *dot_node(struct ks_parser *parser)
{
	struct ks_charset set = { { 0 } };

	if (!parser->modes.is_dotall)
		ks_charset_add(&set, '\n');
	ks_charset_negate(&set);
	return ks_parser_checked(parser, ks_node_set(parser->arena, &set));
}

/* An assertion that looks at so many bytes around its place. */
static struct ks_node *assert_node(
	struct ks_parser *parser, uint32_t before, uint32_t after)
{
	struct ks_node *node = ks_node_list(parser->arena, KS_NODE_ASSERT);

	if (!node)
		return ks_parser_checked(parser, NULL);
	node->least = before;
	node->most = after;
	return node;
}

static struct ks_node *class_node(struct ks_parser *parser)
{
	struct ks_charset set;
	size_t from = parser->at - 1;
	const char *why = ks_charset_parse(
		&set, parser->text, &parser->at, parser->modes.is_caseless);

	if (why)
		return ks_parser_refuse(parser, from, why);
	if (ks_charset_count(&set) == 0)
		return ks_parser_refuse(
			parser, from, "a class that nothing matches");
	return ks_parser_checked(parser, ks_node_set(parser->arena, &set));
}

static struct ks_node *backref_node(struct ks_parser *parser, size_t number)
{
	const struct ks_node *group;
	struct ks_node *node;

	if (number == 0 || number > parser->group_count ||
		!parser->groups[number - 1].node)
		return ks_parser_refuse(parser, parser->at,
			"a reference to a group that is not closed before it");
	group = parser->groups[number - 1].node;
	node = ks_node_list(parser->arena, KS_NODE_BACKREF);
	if (!node)
		return ks_parser_checked(parser, NULL);
	node->group = (uint32_t)number;
	node->max_width = group->max_width;
	return node;
}

struct ks_node *ks_parser_backref(struct ks_parser *parser, struct ks_span name)
{
	for (size_t i = 0; i < parser->group_count; i++) {
		if (name.n > 0 && ks_span_eq(parser->groups[i].name, name))
			return backref_node(parser, i + 1);
	}
	return backref_node(parser, 0);
}

/* \g{...}, \gN and \g-N; ${at} is behind the 'g'. */
static struct ks_node *backref_g(struct ks_parser *parser)
{
	struct ks_span name;
	bool is_relative;
	size_t number = 0;

	if (ks_parser_accept(parser, "{")) {
		name = ks_parser_take_until(parser, '}');
	} else {
		size_t from = parser->at;

		parser->at += ks_parser_peek(parser, 0) == '-';
		while (ks_parser_is_digit(ks_parser_peek(parser, 0)))
			parser->at++;
		name = ks_span_cut(parser->text, from, parser->at);
	}
	is_relative = ks_span_starts(name, "-");
	if (name.n == 0 || (!is_relative && !ks_parser_is_digit(name.p[0])))
		return ks_parser_backref(parser, name);
	for (size_t i = is_relative; i < name.n && number < 65536; i++) {
		if (!ks_parser_is_digit(name.p[i]))
			return backref_node(parser, 0);
		number = number * 10 + (size_t)(name.p[i] - '0');
	}
	if (is_relative)
		number = number > parser->group_count
				 ? 0
				 : parser->group_count + 1 - number;
	return backref_node(parser, number);
}

/* \R: one line end of any kind. */
static struct ks_node *newline_node(struct ks_parser *parser)
{
	struct ks_node *either = ks_node_list(parser->arena, KS_NODE_ALT);
	struct ks_node *pair = ks_node_list(parser->arena, KS_NODE_CAT);
	struct ks_node *return_byte = byte_node(parser, '\r');
	struct ks_node *feed_byte = byte_node(parser, '\n');
	struct ks_charset set;
	struct ks_node *one;

	ks_charset_escape(&set, 'v');
	one = ks_node_set(parser->arena, &set);
	if (!either || !pair || !return_byte || !feed_byte || !one)
		return ks_parser_checked(parser, NULL);
	ks_node_append(pair, return_byte);
	ks_node_append(pair, feed_byte);
	ks_node_append(either, pair);
	ks_node_append(either, one);
	return either;
}

/* \k<name>, \k'name' and \k{name}; ${at} is behind the 'k'. */
static struct ks_node *backref_k(struct ks_parser *parser)
{
	uint8_t open = ks_parser_peek(parser, 0);

	parser->at += open != 0;
	return ks_parser_backref(
		parser, ks_parser_take_until(parser, open == '<'   ? '>'
						     : open == '{' ? '}'
								   : '\''));
}

static struct ks_node *escape_node(struct ks_parser *parser)
{
	size_t from = parser->at - 1;
	uint8_t letter = ks_parser_peek(parser, 0);
	struct ks_charset set = { { 0 } };
	bool is_class;

	if (letter >= '1' && letter <= '9' &&
		!ks_parser_is_digit(ks_parser_peek(parser, 1))) {
		parser->at++;
		return backref_node(parser, (size_t)(letter - '0'));
	}
	if (ks_parser_accept(parser, "b") || ks_parser_accept(parser, "B"))
		return assert_node(parser, 1, 1);
	if (ks_parser_accept(parser, "A"))
		return assert_node(parser, 1, 0);
	if (ks_parser_accept(parser, "z"))
		return assert_node(parser, 0, 1);
	if (ks_parser_accept(parser, "Z"))
		return assert_node(parser, 0, 2);
	if (ks_parser_accept(parser, "R"))
		return newline_node(parser);
	if (letter == 'g' && ks_parser_peek(parser, 1) != '<' &&
		ks_parser_peek(parser, 1) != '\'') {
		parser->at++;
		return backref_g(parser);
	}
	if (ks_parser_accept(parser, "k"))
		return backref_k(parser);
	if (!ks_charset_parse_escape(
		    &set, &is_class, parser->text, &parser->at, false))
		return ks_parser_refuse(
			parser, from, "an escape that is not supported");
	return is_class ? ks_parser_checked(
				  parser, ks_node_set(parser->arena, &set))
			: set_node(parser, &set);
}

struct ks_node *ks_parser_atom(struct ks_parser *parser)
{
	uint8_t byte = parser->text.p[parser->at++];

	switch (byte) {
	case '[':
		return class_node(parser);
	case '\\':
		return escape_node(parser);
	case '.':
		return dot_node(parser);
	case '^':
		return assert_node(parser, 1, 0);
	case '$':
		return assert_node(parser, 0, 2);
	default:
		return byte_node(parser, byte);
	}
}
