/* SPDX-License-Identifier: Apache-2.0 */
/* Variables, templates and code that stand where a value could. */
#include "filter/template.h"

#include "filter/words.h"

/* What a substitution begins and ends with, anywhere in a text. */
static const struct {
	const char *open;
	const char *close;
} variables[] = {
	{ "${", "}" },  /* shells, JavaScript, Maven, Terraform, CMake */
	{ "{{", "}}" }, /* Jinja, Go, Helm, Handlebars */
	{ "#{", "}" },  /* Ruby, Spring */
	{ "$(", ")" },  /* shells, make, Azure pipelines */
	{ "<%", "%>" }, /* ERB, JSP */
	{ "{%", "%}" }, /* Jinja */
	{ "%(", ")s" }, /* Python */
	{ "$[", "]" },  /* n8n, Azure pipelines */
	{ "@{", "}" },  /* Ansible, Thymeleaf, Robot */
	{ "%{", "}" },  /* Puppet, Ruby */
	{ "&{", "}" },  /* Robot */
	{ "\\(", ")" }, /* Swift */
};

/* What only code begins with. */
static const char *const roots[] = {
	"process.env",
	"os.environ",
	"os.getenv",
	"getenv(",
	"ENV[",
	"System.",
	"env.",
	"env(",
	"env[",
	"config.",
	"config[",
	"config(",
	"configuration[",
	"conf.",
	"settings.",
	"self.",
	"this.",
	"var.",
	"vars.",
	"local.",
	"data.",
	"module.",
	"params.",
	"params[",
	"request.",
	"req.",
	"secrets.",
	"args.",
	"argv[",
	"options.",
	"opts.",
	"props.",
	"state.",
	"ctx.",
	"context.",
	"Deno.env",
	"import.meta",
	"Environment.",
	"vault:",
	"ssm:",
	"secretsmanager:",
	"arn:",
	"op://",
	"vault://",
	"gcpsm:",
	"ENC[",
	"ENC(",
	"!Ref",
	"!Sub",
	"!GetAtt",
	"$env:",
	"data:",
	"ref+",
};

static bool holds(struct ks_span text, const char *open, const char *close)
{
	size_t n = strlen(open);
	const uint8_t *at = memmem(text.p, text.n, open, n);
	const uint8_t *end = text.p + text.n;

	if (!at)
		return false;
	at += n;
	return memmem(at, (size_t)(end - at), close, strlen(close)) != NULL;
}

bool ks_template_has_variable(struct ks_span text, const struct ks_shape *shape)
{
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		if (ks_shape_has(shape, variables[i].open[0]) &&
			ks_shape_has(shape, variables[i].open[1]) &&
			holds(text, variables[i].open, variables[i].close))
			return true;
	}
	return false;
}

static bool ends(struct ks_span text, const char *suffix)
{
	size_t n = strlen(suffix);

	return text.n >= n && memcmp(text.p + text.n - n, suffix, n) == 0;
}

/* Did the rule take only what stands within a substitution? */
static bool is_within_variable(struct ks_span before, struct ks_span after)
{
	while (before.n > 0 && before.p[before.n - 1] == ' ')
		before.n--;
	while (after.n > 0 && after.p[0] == ' ')
		after = ks_span_cut(after, 1, after.n);
	if (before.n == 0 || after.n == 0 ||
		ks_class_of(after.p[0]) != KS_CLASS_SYMBOL)
		return false;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		/* A regular expression has \(…) as well. */
		if (variables[i].open[0] != '\\' &&
			ends(before, variables[i].open) &&
			ks_span_starts(after, variables[i].close))
			return true;
	}
	return ends(before, "<") && ks_span_starts(after, ">");
}

static bool are_words(struct ks_span text, const char *more)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!ks_class_is_word(text.p[i]) &&
			!(text.p[i] && strchr(more, text.p[i])))
			return false;
	}
	return text.n > 0;
}

/* <x>, [x], {x}, %x%, __x__, @x@, |x|, $x, :x */
static bool is_enclosed(struct ks_span text)
{
	size_t n = text.n;
	struct ks_span inner;

	if (n < 2)
		return false;
	if (text.p[0] == '$')
		return are_words(ks_span_cut(text, 1, n), ".:") &&
		       !ks_class_is_digit(text.p[1]);
	inner = ks_span_cut(text, 1, n - 1);
	if (inner.n == 0)
		return false;
	switch (text.p[0]) {
	case '<':
		return text.p[n - 1] == '>' || are_words(inner, "-");
	case '[':
		return text.p[n - 1] == ']' && are_words(inner, " .-") &&
		       !ks_class_is_digit(inner.p[0]);
	case '{':
		return text.p[n - 1] == '}' && are_words(inner, " .:-[]'\"");
	case '%':
	case '@':
		return text.p[n - 1] == text.p[0] && are_words(inner, ".-");
	case '|': /* a cell of a table, a marked place */
		return text.p[n - 1] == '|';
	case '_':
		return n > 5 && ks_span_starts(text, "__") && ends(text, "__");
	default:
		return false;
	}
}

/* %s, %-10s, {}, {0}, ?, and a group of a regular expression */
static bool is_format(struct ks_span text)
{
	if (memmem(text.p, text.n, "(?", 2))
		return true;
	if (text.n == 1)
		return text.p[0] == '?' || text.p[0] == '$';
	if (text.n == 2 && text.p[0] == '%')
		return ks_class_is_letter(text.p[1]) || text.p[1] == '@';
	return text.n == 2 && text.p[0] == '{' && text.p[1] == '}';
}

/* A path of names, then ( or [ that is closed at the end: f(x), a.b["c"]. */
static bool is_call(struct ks_span text)
{
	size_t n = text.n;
	size_t i = 0;

	while (n > 0 && (text.p[n - 1] == ';' || text.p[n - 1] == ','))
		n--;
	while (i < n && (ks_class_is_word(text.p[i]) || text.p[i] == '.' ||
				text.p[i] == ':' || text.p[i] == '>' ||
				(text.p[i] == '-' && i > 0)))
		i++;
	if (i < 2 || i + 1 >= n || ks_class_is_digit(text.p[0]))
		return false;
	return (text.p[i] == '(' && text.p[n - 1] == ')') ||
	       (text.p[i] == '[' && text.p[n - 1] == ']');
}

/* Code that a rule cut off at a parenthesis or a quote: name( and name[. */
static bool is_cut_call(const struct ks_context *context)
{
	struct ks_span text = context->secret;
	uint8_t last = text.p[text.n - 1];
	uint8_t next = context->after.n > 0 ? context->after.p[0] : 0;
	bool is_open = last == '(' || last == '[';

	if (context->quote || !context->is_assigned)
		return false;
	if (!is_open && next != '(' && next != '[')
		return false;
	if (is_open)
		text.n--;
	return are_words(text, ".:") && !ks_class_is_digit(text.p[0]);
}

bool ks_template_is(
	const struct ks_context *context, const struct ks_shape *shape)
{
	struct ks_span text = context->secret;
	uint8_t last = context->before.n > 0
			       ? context->before.p[context->before.n - 1]
			       : 0;

	if (text.n == 0)
		return true;
	if (ks_words_are_none(text) || is_format(text) || is_enclosed(text) ||
		ks_template_has_variable(text, shape))
		return true;
	if (is_within_variable(context->before, context->after))
		return true;
	if (last == '$' && are_words(text, ""))
		return true;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (text.p[0] == (uint8_t)roots[i][0] &&
			ks_span_starts(text, roots[i]))
			return true;
	}
	return is_call(text) || is_cut_call(context);
}
