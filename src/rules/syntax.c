/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a pattern: PCRE2 text -> syntax tree.
 *
 * Recursive descent: alternatives -> sequence -> item -> atom. Case is
 * resolved on the way: under (?i) a letter becomes the set of both. PCRE2 has
 * seen the text before, so a syntax error needs no good message here; what is
 * valid there but unknown here does.
 */
#include "rules/syntax.h"

#include "base/array.h"
#include "rules/parser.h"

#include <stdlib.h>

static struct ks_node *parse_alternatives(struct ks_parser *parser);

static bool is_space(uint8_t byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* What (?x) ignores, and (?#...) comments, which are always ignored. */
static void skip_ignored(struct ks_parser *parser)
{
	const struct ks_span *text = &parser->text;

	while (parser->at < text->n) {
		uint8_t end = '\n';

		if (parser->modes.is_extended &&
			is_space(ks_parser_peek(parser, 0))) {
			parser->at++;
			continue;
		}
		if (ks_parser_accept(parser, "(?#"))
			end = ')';
		else if (!parser->modes.is_extended ||
			 ks_parser_peek(parser, 0) != '#')
			return;
		while (parser->at < text->n && ks_parser_peek(parser, 0) != end)
			parser->at++;
		if (parser->at < text->n)
			parser->at++;
	}
}

/* The rest of a group: alternatives and ')'. Modes end with it. */
static struct ks_node *parse_body(
	struct ks_parser *parser, struct ks_modes outside)
{
	struct ks_node *body;

	if (++parser->depth > KS_SYNTAX_MAX_DEPTH)
		return ks_parser_refuse(
			parser, parser->at, "too many nested groups");
	body = parse_alternatives(parser);
	if (!body)
		return NULL;
	if (!ks_parser_accept(parser, ")"))
		return ks_parser_refuse(parser, parser->at, "expected ')'");
	parser->depth--;
	parser->modes = outside;
	return body;
}

static struct ks_node *parse_capture(
	struct ks_parser *parser, struct ks_span name)
{
	size_t number = parser->group_count;
	struct ks_node *body;
	struct ks_node *node;

	if (ks_array_reserve(&parser->groups, &parser->group_cap, number + 1,
		    sizeof(*parser->groups)) < 0)
		return ks_parser_checked(parser, NULL);
	parser->groups[parser->group_count++] =
		(struct ks_group){ .name = name };
	body = parse_body(parser, parser->modes);
	if (!body)
		return NULL;
	node = ks_node_wrap(parser->arena, KS_NODE_GROUP, body);
	if (!node)
		return ks_parser_checked(parser, NULL);
	node->group = (uint32_t)number + 1;
	parser->groups[number].node = node;
	return node;
}

static struct ks_node *parse_look(
	struct ks_parser *parser, enum ks_node_op op, bool is_negative)
{
	struct ks_node *body = parse_body(parser, parser->modes);
	struct ks_node *node;

	if (!body)
		return NULL;
	node = ks_node_wrap(parser->arena, op, body);
	if (!node)
		return ks_parser_checked(parser, NULL);
	node->is_negative = is_negative;
	return node;
}

/* (?i-x) and (?i-x:...); ${at} is behind the question mark. */
static struct ks_node *parse_modes(struct ks_parser *parser)
{
	struct ks_modes outside = parser->modes;
	size_t from = parser->at - 2;
	bool is_on = true;

	for (;;) {
		uint8_t letter = ks_parser_peek(parser, 0);

		parser->at += letter != 0;
		if (letter == '-')
			is_on = false;
		else if (letter == 'i')
			parser->modes.is_caseless = is_on;
		else if (letter == 's')
			parser->modes.is_dotall = is_on;
		else if (letter == 'x' && ks_parser_peek(parser, 0) != 'x')
			parser->modes.is_extended = is_on;
		else if (letter == 'm')
			continue;
		else if (letter == ':')
			return parse_body(parser, outside);
		else if (letter == ')')
			return ks_parser_checked(parser,
				ks_node_list(parser->arena, KS_NODE_CAT));
		else
			return ks_parser_refuse(parser, from,
				"a kind of group that is not supported");
	}
}

/* ${at} is behind the '('. */
static struct ks_node *parse_group(struct ks_parser *parser)
{
	size_t from = parser->at - 1;

	if (ks_parser_sees(parser, "*"))
		return ks_parser_refuse(
			parser, from, "verbs are not supported");
	if (!ks_parser_accept(parser, "?"))
		return parse_capture(parser, ks_span_of(parser->text.p, 0));
	if (ks_parser_accept(parser, ":") || ks_parser_accept(parser, ">"))
		return parse_body(parser, parser->modes);
	if (ks_parser_accept(parser, "="))
		return parse_look(parser, KS_NODE_AHEAD, false);
	if (ks_parser_accept(parser, "!"))
		return parse_look(parser, KS_NODE_AHEAD, true);
	if (ks_parser_accept(parser, "<="))
		return parse_look(parser, KS_NODE_BEHIND, false);
	if (ks_parser_accept(parser, "<!"))
		return parse_look(parser, KS_NODE_BEHIND, true);
	if (ks_parser_accept(parser, "<") || ks_parser_accept(parser, "P<"))
		return parse_capture(parser, ks_parser_take_until(parser, '>'));
	if (ks_parser_accept(parser, "'"))
		return parse_capture(
			parser, ks_parser_take_until(parser, '\''));
	if (ks_parser_accept(parser, "P="))
		return ks_parser_backref(
			parser, ks_parser_take_until(parser, ')'));
	return parse_modes(parser);
}

static struct ks_node *parse_atom(struct ks_parser *parser)
{
	return ks_parser_accept(parser, "(") ? parse_group(parser)
					     : ks_parser_atom(parser);
}

static uint32_t take_number(struct ks_parser *parser)
{
	uint32_t number = 0;

	while (ks_parser_is_digit(ks_parser_peek(parser, 0)) && number < 100000)
		number = number * 10 +
			 (uint32_t)(ks_parser_peek(parser, 0) - '0'),
		parser->at++;
	return number;
}

/*
 * {N}, {N,} or {N,M}. Returns 1 if there is one, 0 if the brace is literal,
 * -1 where versions of PCRE2 disagree on which it is: {,M} and { N }.
 */
static int take_braces(
	struct ks_parser *parser, uint32_t *least, uint32_t *most)
{
	size_t from = parser->at++;
	size_t end = parser->at;

	if (ks_parser_is_digit(ks_parser_peek(parser, 0))) {
		*least = take_number(parser);
		*most = *least;
		if (ks_parser_accept(parser, ","))
			*most = ks_parser_is_digit(ks_parser_peek(parser, 0))
					? take_number(parser)
					: KS_NODE_OPEN;
		if (ks_parser_accept(parser, "}"))
			return 1;
	}
	parser->at = from;
	while (end < parser->text.n &&
		memchr("0123456789, \t", parser->text.p[end], 13))
		end++;
	if (end > from + 1 && end < parser->text.n &&
		parser->text.p[end] == '}')
		return -1;
	return 0;
}

/* As take_braces(), for any quantifier. */
static int take_quantifier(
	struct ks_parser *parser, uint32_t *least, uint32_t *most)
{
	*least = 0;
	*most = KS_NODE_OPEN;
	if (ks_parser_accept(parser, "*"))
		return 1;
	if (ks_parser_accept(parser, "+")) {
		*least = 1;
		return 1;
	}
	if (ks_parser_accept(parser, "?")) {
		*most = 1;
		return 1;
	}
	return ks_parser_sees(parser, "{") ? take_braces(parser, least, most)
					   : 0;
}

/* An atom with its quantifiers. */
static struct ks_node *parse_item(struct ks_parser *parser)
{
	struct ks_node *node = parse_atom(parser);

	for (unsigned count = 0; node; count++) {
		uint32_t least;
		uint32_t most;
		int found;

		skip_ignored(parser);
		found = take_quantifier(parser, &least, &most);
		if (found == 0)
			break;
		if (found < 0)
			return ks_parser_refuse(parser, parser->at,
				"write '\\{' for a brace that is no "
				"quantifier");
		if (count > 0)
			return ks_parser_refuse(parser, parser->at,
				"a quantifier of a quantifier");
		node = ks_parser_checked(parser,
			ks_node_repeat(parser->arena, node, least, most));
		if (!ks_parser_accept(parser, "?"))
			ks_parser_accept(parser, "+");
	}
	return node;
}

static struct ks_node *parse_sequence(struct ks_parser *parser)
{
	struct ks_node *list = ks_node_list(parser->arena, KS_NODE_CAT);

	if (!list)
		return ks_parser_checked(parser, NULL);
	for (;;) {
		struct ks_node *item;

		skip_ignored(parser);
		if (parser->at == parser->text.n ||
			ks_parser_sees(parser, "|") ||
			ks_parser_sees(parser, ")"))
			return list;
		item = parse_item(parser);
		if (!item)
			return NULL;
		ks_node_append(list, item);
	}
}

static struct ks_node *parse_alternatives(struct ks_parser *parser)
{
	struct ks_node *one = parse_sequence(parser);
	struct ks_node *list;

	if (!one || !ks_parser_sees(parser, "|"))
		return one;
	list = ks_node_list(parser->arena, KS_NODE_ALT);
	if (!list)
		return ks_parser_checked(parser, NULL);
	ks_node_append(list, one);
	while (ks_parser_accept(parser, "|")) {
		one = parse_sequence(parser);
		if (!one)
			return NULL;
		ks_node_append(list, one);
	}
	return list;
}

static void find_secret(struct ks_syntax *out, const struct ks_parser *parser)
{
	for (size_t i = 0; i < parser->group_count; i++) {
		const struct ks_group *group = &parser->groups[i];

		if (!ks_span_eq(group->name, ks_span_str("secret")))
			continue;
		out->secret = (uint32_t)i + 1;
		out->secret_min = group->node->min_width;
	}
}

int ks_syntax_parse(struct ks_syntax *out, struct ks_arena *arena,
	const char *text, struct ks_err *err)
{
	struct ks_err why = { 0 };
	struct ks_parser parser = {
		.arena = arena, .text = ks_span_str(text), .err = &why
	};

	*out = (struct ks_syntax){ 0 };
	if (parser.text.n > KS_SYNTAX_MAX_BYTES)
		return ks_fail(err, KS_E_RULE, "longer than %d bytes",
			(int)KS_SYNTAX_MAX_BYTES);
	out->root = parse_alternatives(&parser);
	if (out->root && parser.at < parser.text.n)
		out->root =
			ks_parser_refuse(&parser, parser.at, "unexpected ')'");
	if (out->root)
		find_secret(out, &parser);
	free(parser.groups);
	return out->root ? KS_OK : ks_fail(err, why.code, "%s", why.message);
}
