/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that only their name tells.
 *
 *   ADAFRUIT _IO_ KEY _PROD  = "  0123456789abcdef0123456789abcdef  "
 *   name     gap  word tail join  value                             end
 *
 * A short name is a word's part or a word ("box", "line"): it must begin and
 * end where a word does, as in my_box_key or boxKey. The gap behind the name
 * ends the anchor, so stage one searches for little more than the name.
 */
#include "rules/assigned.h"

#include <math.h>

#include "rules/pcre.h"
#include "rules/syntax.h"

enum {
	SHORT_NAME = 6,  /* a name of fewer bytes is short */
	MIXED_WIDTH = 16 /* a value so wide has capitals and small letters */
};

/* Each alternative has one length: they stand in a lookbehind, too. */
#define WORDS                                                                  \
	"key|token|secret|auth|api|pat|pass|password|pwd|credential|"          \
	"credentials"

/* Not in a word, or where one begins within: my_box, myBox, not mailbox. */
#define WORD_START "(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"

/* adafruit_io_key, adafruit: {key, Adafruit::Client.new(key */
#define GAP                                                                    \
	"[\\w.-]{0,16}(?:[\"']?[ \\t]{0,2}[:=({\\[][\\s:=({\\[>]{0,24}"        \
	"[\"']?[\\w.-]{0,16}){0,2}"

#define TAIL                                                                   \
	"(?i:s?(?:[_.-]?(?:v?[0-9]{1,2}|value|prod(?:uction)?|live|test|dev|"  \
	"staging))?)"

/*
 * key = "…", key: '…', ["key"] => …, <key>…, key || …, #define KEY "…",
 * {name: key, value: …}, <add key="key" value="…">
 */
#define JOIN                                                                   \
	"(?:[\\\\\"'\\])]{0,3}(?:[ \\t]{0,4}[=:,>(|?]{1,3}-?\\s{0,16}|"        \
	"[ \\t]{1,8})|(?:[\"'],?\\s{1,16}|\\s{1,16}|</key>\\s{0,16}<)"         \
	"[\"']?(?:value|string)[\"']?[ \\t]{0,2}[=:>][ \\t]{0,4})"             \
	"(?:[@LNRbfru]{1,2}(?=[\"']))?[\\\\\"'\\x60]{0,3}"                     \
	"(?:(?i:bearer|token|basic|api-?key)[ :=]{1,2})?"

#define PARAMETER                                                              \
	"[^\\s\"'<>]{0,120}[?&](?i:[\\w-]{0,12}(?:key|token|secret|auth|"      \
	"app_?id|client_id))="

#define END "(?![A-Za-z0-9_-]|[(\\[]|\\.[A-Za-z_])"
#define END_BASE64 "(?![A-Za-z0-9+/=_-])"

/* What the bytes of a value can be. */
struct alphabet {
	struct ks_charset set;
	uint32_t width; /* bytes that it has at least */
	bool is_plain;  /* all of it is of one class, no fixed text */
};

static void gather(struct alphabet *out, const struct ks_node *node)
{
	if (node->op == KS_NODE_SET) {
		unsigned before = ks_charset_count(&out->set);
		unsigned count = ks_charset_count(&node->set);

		ks_charset_add_set(&out->set, &node->set);
		out->is_plain &= count > 2 &&
				 (before == 0 || before == count) &&
				 count == ks_charset_count(&out->set);
	}
	if (node->op == KS_NODE_AHEAD || node->op == KS_NODE_BEHIND)
		return;
	for (const struct ks_node *child = node->first; child;
		child = child->next)
		gather(out, child);
}

static int read_value(
	struct alphabet *out, const char *value, struct ks_err *err)
{
	struct ks_arena scratch = { 0 };
	struct ks_syntax syntax;
	int rc = ks_syntax_parse(&syntax, &scratch, value, err);

	*out = (struct alphabet){ .is_plain = true };
	if (rc == KS_OK) {
		out->width = syntax.root->min_width;
		gather(out, syntax.root);
	}
	ks_arena_release(&scratch);
	return rc == KS_E_RULE ? ks_err_wrap(err, "assigned: value") : rc;
}

/*
 * n bytes drawn from k have nearly log2(n * k / (n + k)) bits of entropy each.
 * Few random values have less than 0.85 of it, few words have more.
 */
static float least_entropy(const struct alphabet *alphabet)
{
	double n = alphabet->width;
	double k = ks_charset_count(&alphabet->set);

	return n * k > n + k ? (float)(0.85 * log2(n * k / (n + k))) : 0;
}

static bool has_range(const struct ks_charset *set, char from, char to)
{
	unsigned count = 0;

	for (unsigned byte = (uint8_t)from; byte <= (uint8_t)to; byte++)
		count += ks_charset_has(set, byte);
	return count > 4;
}

static int must_have(
	struct ks_buf *out, const struct alphabet *alphabet, const char *range)
{
	return ks_buf_printf(
		out, "(?=[^%s]{0,%u}[%s])", range, alphabet->width - 1, range);
}

/* A generated value has digits, and a wide one letters of both cases. */
static int add_mix(struct ks_buf *out, const struct alphabet *alphabet)
{
	bool has_digits = has_range(&alphabet->set, '0', '9');
	bool has_small = has_range(&alphabet->set, 'a', 'z');
	bool has_capitals = has_range(&alphabet->set, 'A', 'Z');
	int rc = KS_OK;

	if (!alphabet->is_plain || alphabet->width == 0)
		return KS_OK;
	if (has_digits && (has_small || has_capitals))
		rc = must_have(out, alphabet, "0-9");
	if (!has_small || !has_capitals || alphabet->width < MIXED_WIDTH)
		return rc;
	if (rc == KS_OK)
		rc = must_have(out, alphabet, "A-Z");
	return rc == KS_OK ? must_have(out, alphabet, "a-z") : rc;
}

/* The bytes that ${pattern}, which PCRE2 takes, matches at least. */
static int least_width(uint32_t *out, const char *pattern, struct ks_err *err)
{
	struct ks_arena scratch = { 0 };
	struct ks_syntax syntax;
	int rc = ks_syntax_parse(&syntax, &scratch, pattern, err);

	*out = rc == KS_OK ? syntax.root->min_width : 0;
	ks_arena_release(&scratch);
	return rc == KS_E_RULE ? ks_err_wrap(err, "assigned: name") : rc;
}

static int add_name(struct ks_buf *out, const struct ks_assigned *assigned,
	struct ks_err *err)
{
	const char *words = assigned->words ? assigned->words : WORDS;
	uint32_t width;
	int rc = least_width(&width, assigned->name, err);

	if (rc < 0)
		return rc;
	if (assigned->is_strict || width < SHORT_NAME)
		rc = ks_buf_printf(out,
			WORD_START
			"(?i:%s)[_.A-Z-][\\w.-]{0,16}(?i:(?<=%s))" TAIL JOIN,
			assigned->name, words);
	else
		rc = ks_buf_printf(out, "(?i:%s)" GAP "(?i:%s)" TAIL JOIN,
			assigned->name, words);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

/* Everything before the value: one branch for each way to tell it. */
static int add_contexts(struct ks_buf *out, const struct ks_assigned *assigned,
	struct ks_err *err)
{
	const char *bar = "";
	int rc = ks_buf_add_str(out, "(?:");

	if (rc == KS_OK && assigned->name) {
		rc = add_name(out, assigned, err);
		if (rc == KS_E_RULE)
			return rc;
		bar = "|";
	}
	if (rc == KS_OK && assigned->variable) {
		rc = ks_buf_printf(
			out, "%s(?i:%s)" TAIL JOIN, bar, assigned->variable);
		bar = "|";
	}
	if (rc == KS_OK && assigned->host)
		rc = ks_buf_printf(
			out, "%s(?i:%s)/" PARAMETER, bar, assigned->host);
	if (rc == KS_OK)
		rc = ks_buf_add_str(out, ")");
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static int check_parts(const struct ks_assigned *assigned, struct ks_err *err)
{
	const struct {
		const char *text;
		const char *what;
	} parts[] = {
		{ assigned->name, "assigned: name" },
		{ assigned->words, "assigned: words" },
		{ assigned->variable, "assigned: variable" },
		{ assigned->host, "assigned: host" },
		{ assigned->value, "assigned: value" },
	};
	int rc = KS_OK;

	if (!assigned->value)
		return ks_fail(err, KS_E_RULE, "assigned: needs 'value'");
	if (!assigned->name && !assigned->variable)
		return ks_fail(
			err, KS_E_RULE, "assigned: needs 'name' or 'variable'");
	if (!assigned->name && (assigned->words || assigned->is_strict))
		return ks_fail(err, KS_E_RULE,
			"assigned: 'words' and 'strict' need 'name'");
	for (size_t i = 0; rc == KS_OK && i < sizeof(parts) / sizeof(parts[0]);
		i++)
		if (parts[i].text)
			rc = ks_pcre_check(parts[i].text, parts[i].what, err);
	return rc;
}

static int write_pattern(struct ks_buf *out, float *entropy,
	const struct ks_assigned *assigned, struct ks_err *err)
{
	struct alphabet alphabet;
	const char *end = END;
	int rc = read_value(&alphabet, assigned->value, err);

	if (rc < 0)
		return rc;
	*entropy = least_entropy(&alphabet);
	if (ks_charset_has(&alphabet.set, '+') ||
		ks_charset_has(&alphabet.set, '/') ||
		ks_charset_has(&alphabet.set, '='))
		end = END_BASE64;
	rc = add_contexts(out, assigned, err);
	if (rc < 0)
		return rc;
	rc = add_mix(out, &alphabet);
	if (rc == KS_OK)
		rc = ks_buf_printf(
			out, "(?<secret>%s)%s", assigned->value, end);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

int ks_assigned_expand(const char **pattern, float *entropy,
	struct ks_arena *arena, const struct ks_assigned *assigned,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = check_parts(assigned, err);

	if (rc == KS_OK)
		rc = write_pattern(&text, entropy, assigned, err);
	if (rc == KS_OK) {
		*pattern = ks_arena_copy(arena, ks_buf_span(&text));
		if (!*pattern)
			rc = ks_fail_nomem(err);
	}
	ks_buf_release(&text);
	return rc;
}

const char *ks_assigned_summary(
	struct ks_arena *arena, const struct ks_assigned *assigned)
{
	struct ks_buf text = { 0 };
	const char *out = NULL;

	if (ks_buf_printf(&text, "%s%s%s = %s",
		    assigned->name ? assigned->name : "",
		    assigned->name && assigned->variable ? "|" : "",
		    assigned->variable ? assigned->variable : "",
		    assigned->value) == KS_OK)
		out = ks_arena_copy(arena, ks_buf_span(&text));
	ks_buf_release(&text);
	return out;
}
