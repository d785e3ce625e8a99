/* SPDX-License-Identifier: Apache-2.0 */
/* Reading entries of a configuration that say what may stand. */
#include "control/allow.h"

#include "base/array.h"

#include <ctype.h>
#include <stdlib.h>

enum {
	PREFIX_MIN = 7,    /* hex digits of a commit, at least */
	PRINT_MIN = 16,    /* of a fingerprint */
	WORD_MIN = 3,      /* bytes of a stopword */
	PATTERN_MAX = 4096 /* bytes */
};

/* One text, or a list of them. */
static int take_texts(
	struct ks_yaml *yaml, struct ks_yaml_texts *out, const char *name)
{
	const char **one;
	int rc;

	if (yaml->event.type != YAML_SCALAR_EVENT)
		return ks_yaml_list(yaml, out, name, 1);
	one = ks_arena_array(yaml->arena, 1, sizeof(*one));
	if (!one)
		return ks_fail_nomem(yaml->err);
	rc = ks_yaml_text(yaml, one, name);
	*out = (struct ks_yaml_texts){ one, 1 };
	return rc;
}

static int take_words(struct ks_yaml *yaml, struct ks_yaml_texts *out)
{
	int rc = take_texts(yaml, out, "stopword");

	for (uint32_t i = 0; rc == KS_OK && i < out->count; i++) {
		if (strlen(out->list[i]) < WORD_MIN)
			rc = ks_yaml_wrong(yaml,
				"field 'stopword': '%s' is too short: it "
				"would silence too much",
				out->list[i]);
	}
	return rc;
}

/* Hex digits, made lower-case; from ${least} to ${most} of them. */
static int take_hex(struct ks_yaml *yaml, struct ks_yaml_texts *out,
	const char *name, size_t least, size_t most)
{
	struct ks_yaml_texts texts = { NULL, 0 };
	int rc = take_texts(yaml, &texts, name);
	char **list;

	if (rc < 0)
		return rc;
	list = ks_arena_array(yaml->arena, texts.count, sizeof(*list));
	if (!list)
		return ks_fail_nomem(yaml->err);
	for (uint32_t i = 0; i < texts.count; i++) {
		size_t n = strlen(texts.list[i]);

		if (n < least || n > most ||
			strspn(texts.list[i], "0123456789abcdefABCDEF") != n)
			return ks_yaml_wrong(yaml,
				"field '%s': expected %zu to %zu hex digits, "
				"not '%.80s'",
				name, least, most, texts.list[i]);
		list[i] =
			ks_arena_copy(yaml->arena, ks_span_str(texts.list[i]));
		if (!list[i])
			return ks_fail_nomem(yaml->err);
		for (size_t j = 0; j < n; j++)
			list[i][j] = (char)tolower((unsigned char)list[i][j]);
	}
	out->list = (const char *const *)list;
	out->count = texts.count;
	return KS_OK;
}

static int compile(struct ks_yaml *yaml, pcre2_code **out, const char *text,
	const char *name)
{
	PCRE2_UCHAR reason[128];
	PCRE2_SIZE where;
	int code;

	if (strlen(text) > PATTERN_MAX)
		return ks_yaml_wrong(yaml, "field '%s': longer than %d bytes",
			name, (int)PATTERN_MAX);
	*out = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
		PCRE2_NEVER_BACKSLASH_C, &code, &where, NULL);
	if (*out) {
		/* Without JIT it is interpreted. */
		(void)pcre2_jit_compile(*out, PCRE2_JIT_COMPLETE);
		return KS_OK;
	}
	pcre2_get_error_message(code, reason, sizeof(reason));
	return ks_yaml_wrong(yaml, "field '%s': '%.80s': at byte %zu: %s", name,
		text, (size_t)where, (const char *)reason);
}

static int take_patterns(
	struct ks_yaml *yaml, struct ks_allow_codes *out, const char *name)
{
	struct ks_yaml_texts texts = { NULL, 0 };
	int rc = take_texts(yaml, &texts, name);

	if (rc < 0)
		return rc;
	out->list = calloc(texts.count + 1u, sizeof(*out->list));
	if (!out->list)
		return ks_fail_nomem(yaml->err);
	for (uint32_t i = 0; rc == KS_OK && i < texts.count; i++) {
		rc = compile(yaml, &out->list[i], texts.list[i], name);
		out->count = i + 1;
	}
	return rc;
}

/* PCRE2 turns globs into patterns; what '/' at the ends mean is ours. */
static int take_glob(
	struct ks_yaml *yaml, struct ks_allow_glob *out, const char *text)
{
	size_t n = strlen(text);
	PCRE2_UCHAR *pattern = NULL;
	PCRE2_UCHAR reason[128];
	PCRE2_SIZE length = 0;
	int rc;

	out->is_folder = n > 1 && text[n - 1] == '/';
	n -= out->is_folder;
	out->is_anchored = memchr(text, '/', n) != NULL;
	if (text[0] == '/' && n > 1) {
		text++;
		n--;
	}
	if (strlen(text) > PATTERN_MAX)
		return ks_yaml_wrong(yaml, "field 'path': longer than %d bytes",
			(int)PATTERN_MAX);
	rc = pcre2_pattern_convert((PCRE2_SPTR)text, n, PCRE2_CONVERT_GLOB,
		&pattern, &length, NULL);
	if (rc) {
		pcre2_get_error_message(rc, reason, sizeof(reason));
		return ks_yaml_wrong(yaml, "field 'path': '%.80s': %s", text,
			(const char *)reason);
	}
	rc = compile(yaml, &out->code, (const char *)pattern, "path");
	pcre2_converted_pattern_free(pattern);
	return rc;
}

static int take_paths(struct ks_yaml *yaml, struct ks_allow *out)
{
	struct ks_yaml_texts texts = { NULL, 0 };
	int rc = take_texts(yaml, &texts, "path");

	if (rc < 0)
		return rc;
	out->globs = calloc(texts.count + 1u, sizeof(*out->globs));
	if (!out->globs)
		return ks_fail_nomem(yaml->err);
	for (uint32_t i = 0; rc == KS_OK && i < texts.count; i++) {
		rc = take_glob(yaml, &out->globs[i], texts.list[i]);
		out->glob_count = i + 1;
	}
	return rc;
}

static int take_on(struct ks_yaml *yaml, bool *on_line)
{
	const char *text;
	int rc = ks_yaml_text(yaml, &text, "on");

	if (rc < 0)
		return rc;
	*on_line = strcmp(text, "line") == 0;
	if (!*on_line && strcmp(text, "secret") != 0)
		return ks_yaml_wrong(yaml,
			"field 'on': expected 'secret' or 'line', not '%s'",
			text);
	return KS_OK;
}

static int take_date(struct ks_yaml *yaml, const char **out)
{
	int rc = ks_yaml_text(yaml, out, "until");

	if (rc == KS_OK && !ks_yaml_is_date(*out))
		rc = ks_yaml_wrong(yaml,
			"field 'until': expected a date, YYYY-MM-DD, not '%s'",
			*out);
	return rc;
}

/* The fields, in the order of the words in take_field(). */
enum field {
	FIELD_RULE,
	FIELD_PATH,
	FIELD_PATH_PATTERN,
	FIELD_PATTERN,
	FIELD_ON,
	FIELD_FINGERPRINT,
	FIELD_COMMIT,
	FIELD_STOPWORD,
	FIELD_REASON,
	FIELD_UNTIL,
	FIELD_COUNT
};

static const char *const names[FIELD_COUNT] = { "rule", "path", "path_pattern",
	"pattern", "on", "fingerprint", "commit", "stopword", "reason",
	"until" };

static int take_value(
	struct ks_yaml *yaml, struct ks_allow *out, enum field field)
{
	switch (field) {
	case FIELD_RULE:
		return take_texts(yaml, &out->rules, "rule");
	case FIELD_PATH:
		return take_paths(yaml, out);
	case FIELD_PATH_PATTERN:
		return take_patterns(yaml, &out->path_patterns, "path_pattern");
	case FIELD_PATTERN:
		return take_patterns(yaml, &out->patterns, "pattern");
	case FIELD_ON:
		return take_on(yaml, &out->on_line);
	case FIELD_FINGERPRINT:
		return take_hex(
			yaml, &out->fingerprints, "fingerprint", PRINT_MIN, 64);
	case FIELD_COMMIT:
		return take_hex(yaml, &out->commits, "commit", PREFIX_MIN, 64);
	case FIELD_STOPWORD:
		return take_words(yaml, &out->stopwords);
	case FIELD_REASON:
		return ks_yaml_text(yaml, &out->reason, "reason");
	case FIELD_UNTIL:
		return take_date(yaml, &out->until);
	case FIELD_COUNT:
		break;
	}
	return KS_OK;
}

static int take_field(
	struct ks_yaml *yaml, struct ks_allow *out, bool seen[FIELD_COUNT])
{
	const char *name;
	int field = 0;
	int rc = ks_yaml_text(yaml, &name, "name of a field");

	if (rc < 0)
		return rc;
	while (field < FIELD_COUNT && strcmp(names[field], name) != 0)
		field++;
	if (field == FIELD_COUNT)
		return ks_yaml_wrong(yaml,
			"unknown field '%s'; docs/control.md has those there "
			"are",
			name);
	if (seen[field])
		return ks_yaml_wrong(yaml, "field '%s' is given twice", name);
	seen[field] = true;
	rc = ks_yaml_next(yaml);
	return rc < 0 ? rc : take_value(yaml, out, (enum field)field);
}

/* Whether it has a condition at all, and what `on` needs. */
static int check(struct ks_yaml *yaml, const struct ks_allow *allow,
	const bool seen[FIELD_COUNT])
{
	bool has_any = false;

	for (int i = 0; i < FIELD_COUNT; i++)
		has_any |= seen[i] && i != FIELD_ON && i != FIELD_REASON &&
			   i != FIELD_UNTIL;
	yaml->line = allow->line;
	if (!has_any)
		return ks_yaml_wrong(yaml,
			"an entry without a condition would allow everything: "
			"give it a rule, path, pattern, fingerprint, commit "
			"or stopword");
	if (seen[FIELD_ON] && !seen[FIELD_PATTERN])
		return ks_yaml_wrong(
			yaml, "field 'on' needs a field 'pattern'");
	return KS_OK;
}

int ks_allow_read(struct ks_allow_list *into, struct ks_yaml *yaml)
{
	bool seen[FIELD_COUNT] = { false };
	struct ks_allow *allow;

	if (yaml->event.type != YAML_MAPPING_START_EVENT)
		return ks_yaml_wrong(yaml, "expected an entry: '- rule: ...'");
	if (ks_array_reserve(&into->list, &into->cap, into->count + 1,
		    sizeof(*into->list)) < 0)
		return ks_fail_nomem(yaml->err);
	allow = &into->list[into->count++];
	*allow = (struct ks_allow){ .file = yaml->file,
		.line = yaml->line,
		.reason = "",
		.until = "" };
	for (;;) {
		int rc = ks_yaml_next(yaml);

		if (rc == YAML_MAPPING_END_EVENT)
			return check(yaml, allow, seen);
		if (rc >= 0)
			rc = take_field(yaml, allow, seen);
		if (rc < 0)
			return rc;
	}
}
