/* SPDX-License-Identifier: Apache-2.0 */
/* The state of reading one pattern, shared by syntax.c and atom.c. */
#ifndef KS_RULES_PARSER_H
#define KS_RULES_PARSER_H

#include "rules/node.h"

struct ks_modes {
	bool is_caseless; /* (?i) */
	bool is_dotall;   /* (?s) */
	bool is_extended; /* (?x) */
};

/* A capturing group; its node is NULL as long as it is open. */
struct ks_group {
	struct ks_span name;
	const struct ks_node *node;
};

struct ks_parser {
	struct ks_arena *arena;
	struct ks_span text;
	size_t at;
	unsigned depth;
	struct ks_modes modes;
	struct ks_group *groups; /* groups[0] is the first one */
	size_t group_count;
	size_t group_cap;
	struct ks_err *err;
};

/* The byte ${ahead} of the current one; 0 behind the end. */
static inline uint8_t ks_parser_peek(
	const struct ks_parser *parser, size_t ahead)
{
	return ahead < parser->text.n - parser->at
		       ? parser->text.p[parser->at + ahead]
		       : 0;
}

/* Does ${word} stand at the current place? */
static inline bool ks_parser_sees(
	const struct ks_parser *parser, const char *word)
{
	return ks_span_starts(
		ks_span_cut(parser->text, parser->at, parser->text.n), word);
}

/* Skip ${word} if it stands at the current place. */
static inline bool ks_parser_accept(struct ks_parser *parser, const char *word)
{
	if (!ks_parser_sees(parser, word))
		return false;
	parser->at += strlen(word);
	return true;
}

static inline bool ks_parser_is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* The text up to ${end}, which is skipped too; empty: there is none. */
struct ks_span ks_parser_take_until(struct ks_parser *parser, uint8_t end);

/*
 * All below return NULL when they fail, and set parser->err.
 *
 * Set the error: at byte ${at} stands ${why}.
 */
struct ks_node *ks_parser_refuse(
	struct ks_parser *parser, size_t at, const char *why);

/* ${node}, or the error that memory ran out if it is NULL. */
struct ks_node *ks_parser_checked(
	struct ks_parser *parser, struct ks_node *node);

/*
 * Read what is not a group: a byte, a class, an escape, a dot, an assertion
 * or a reference.
 */
struct ks_node *ks_parser_atom(struct ks_parser *parser);

/* A reference to the group ${name}. */
struct ks_node *ks_parser_backref(
	struct ks_parser *parser, struct ks_span name);

#endif
