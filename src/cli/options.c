/* SPDX-License-Identifier: Apache-2.0 */
/* Reading options by their table. */
#include "cli/options.h"

#include "cli/settings.h"
#include "cli/suggest.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	OPTIONS_MAX = 64,
	JOBS_MAX = 1024,
	/* What getopt_long() returns for the first of the table. */
	FIRST = 256
};

/* The table as getopt_long() wants it. */
struct lookup {
	const struct ks_option *list[OPTIONS_MAX];
	size_t count;
	struct option longs[OPTIONS_MAX + 1];
	char shorts[2 * OPTIONS_MAX + 2];
};

static void add_option(struct lookup *lookup, const struct ks_option *option)
{
	bool has_argument = option->kind != KS_OPTION_FLAG;
	size_t n = strlen(lookup->shorts);

	assert(lookup->count < OPTIONS_MAX);
	lookup->longs[lookup->count] = (struct option){
		.name = option->name,
		.has_arg = has_argument ? required_argument : no_argument,
		.val = FIRST + (int)lookup->count,
	};
	lookup->list[lookup->count++] = option;
	if (!option->letter)
		return;
	lookup->shorts[n++] = option->letter;
	if (has_argument)
		lookup->shorts[n++] = ':';
	lookup->shorts[n] = '\0';
}

/* The ':' at the front tells a missing argument from an unknown option. */
static void make_lookup(
	struct lookup *lookup, const struct ks_option_group *const *groups)
{
	*lookup = (struct lookup){ .shorts = ":" };
	for (; *groups; groups++) {
		for (size_t i = 0; i < (*groups)->count; i++)
			add_option(lookup, &(*groups)->list[i]);
	}
}

static const struct ks_option *find(const struct lookup *lookup, int value)
{
	if (value >= FIRST)
		return lookup->list[value - FIRST];
	for (size_t i = 0; i < lookup->count; i++) {
		if (lookup->list[i]->letter == value)
			return lookup->list[i];
	}
	return NULL;
}

static int fail_unknown(
	const struct lookup *lookup, const char *word, struct ks_err *err)
{
	char name[64];
	struct ks_suggest suggest = { .word = name };

	snprintf(name, sizeof(name), "%s", word + 2);
	name[strcspn(name, "=")] = '\0';
	for (size_t i = 0; i < lookup->count; i++)
		ks_suggest_offer(&suggest, lookup->list[i]->name);
	if (!suggest.best)
		return ks_fail(err, KS_E_USAGE, "unknown option '--%s'", name);
	return ks_fail(err, KS_E_USAGE,
		"unknown option '--%s' (did you mean '--%s'?)", name,
		suggest.best);
}

/* getopt_long() returned '?' or ':'. */
static int fail_option(const struct lookup *lookup, int returned, char **argv,
	struct ks_err *err)
{
	const struct ks_option *option = find(lookup, optopt);

	if (returned == ':')
		return ks_fail(err, KS_E_USAGE, "option '--%s' needs %s",
			option->name, option->argument);
	if (optopt >= FIRST)
		return ks_fail(err, KS_E_USAGE, "option '--%s' takes no value",
			option->name);
	if (optopt)
		return ks_fail(err, KS_E_USAGE, "unknown option '-%c'", optopt);
	return fail_unknown(lookup, argv[optind - 1], err);
}

static int fail_value(const struct ks_option *option, const char *text,
	const char *wanted, struct ks_err *err)
{
	return ks_fail(err, KS_E_USAGE, "option '--%s' cannot be '%s': %s",
		option->name, text, wanted);
}

static int read_choice(int *out, const struct ks_option *option,
	const char *text, struct ks_err *err)
{
	struct ks_suggest suggest = { .word = text };
	char wanted[256] = "it is one of";

	for (int i = 0; option->choices[i]; i++) {
		size_t n = strlen(wanted);

		if (strcmp(option->choices[i], text) == 0) {
			*out = i;
			return KS_OK;
		}
		ks_suggest_offer(&suggest, option->choices[i]);
		snprintf(wanted + n, sizeof(wanted) - n, "%s %s", i ? "," : "",
			option->choices[i]);
	}
	if (suggest.best)
		snprintf(wanted, sizeof(wanted), "did you mean '%s'?",
			suggest.best);
	return fail_value(option, text, wanted, err);
}

/* Digits only: strtoull() alone would take blanks and a sign. */
static bool read_digits(uint64_t *out, const char *text, const char **end)
{
	char *stop;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*out = strtoull(text, &stop, 10);
	*end = stop;
	return errno == 0;
}

static int read_count(unsigned *out, const struct ks_option *option,
	const char *text, struct ks_err *err)
{
	const char *end;
	uint64_t value;

	if (!read_digits(&value, text, &end) || *end || value < 1 ||
		value > JOBS_MAX)
		return fail_value(
			option, text, "it is a number from 1 to 1024", err);
	*out = (unsigned)value;
	return KS_OK;
}

static int read_size(uint64_t *out, const struct ks_option *option,
	const char *text, struct ks_err *err)
{
	static const char units[] = "kmg";
	const char *wanted = "it is a number of bytes, or with k, M or G";
	const char *end;
	uint64_t value;
	unsigned shift = 0;

	if (!read_digits(&value, text, &end) || value == 0)
		return fail_value(option, text, wanted, err);
	if (*end) {
		const char *unit = strchr(units, tolower((unsigned char)*end));

		if (!unit || end[1])
			return fail_value(option, text, wanted, err);
		shift = 10 * (unsigned)(unit - units + 1);
	}
	if (value > UINT64_MAX >> shift)
		return fail_value(option, text, "it is too large", err);
	*out = value << shift;
	return KS_OK;
}

static int read_share(double *out, const struct ks_option *option,
	const char *text, struct ks_err *err)
{
	double value = -1;
	char *end = NULL;

	if (isdigit((unsigned char)text[0]) || text[0] == '.')
		value = strtod(text, &end);
	if (!end || *end || !(value >= 0 && value <= 1))
		return fail_value(
			option, text, "it is a number from 0 to 1", err);
	*out = value;
	return KS_OK;
}

static int read_text(const char **out, const struct ks_option *option,
	const char *text, struct ks_err *err)
{
	if (!text[0])
		return ks_fail(err, KS_E_USAGE, "option '--%s' needs %s",
			option->name, option->argument);
	*out = text;
	return KS_OK;
}

static int set_option(struct ks_settings *settings,
	const struct ks_option *option, const char *text, struct ks_err *err)
{
	void *target = (char *)settings + option->target;
	const char *word = NULL;
	int rc = KS_OK;

	switch (option->kind) {
	case KS_OPTION_FLAG:
		*(bool *)target = true;
		return KS_OK;
	case KS_OPTION_TEXT:
		return read_text(target, option, text, err);
	case KS_OPTION_CHOICE:
		return read_choice(target, option, text, err);
	case KS_OPTION_COUNT:
		return read_count(target, option, text, err);
	case KS_OPTION_SIZE:
		return read_size(target, option, text, err);
	case KS_OPTION_SHARE:
		return read_share(target, option, text, err);
	case KS_OPTION_WORD:
		rc = read_text(&word, option, text, err);
		if (rc == KS_OK && ks_words_add(target, word) < 0)
			rc = ks_fail_nomem(err);
		return rc;
	case KS_OPTION_LIST:
		if (ks_words_split(target, text, &settings->arena) < 0)
			return ks_fail_nomem(err);
		if (((struct ks_words *)target)->count == 0)
			return read_text(&word, option, "", err);
		return KS_OK;
	}
	return rc;
}

int ks_options_parse(struct ks_settings *settings,
	const struct ks_option_group *const *groups, int argc, char **argv,
	struct ks_err *err)
{
	struct lookup lookup;
	int value;
	int rc = KS_OK;

	make_lookup(&lookup, groups);
	opterr = 0;
	optind = 0;
	while (rc == KS_OK && (value = getopt_long(argc, argv, lookup.shorts,
				       lookup.longs, NULL)) != -1) {
		if (value == '?' || value == ':')
			return fail_option(&lookup, value, argv, err);
		rc = set_option(settings, find(&lookup, value), optarg, err);
	}
	settings->operands = (const char *const *)argv + optind;
	settings->operand_count = (size_t)(argc - optind);
	return rc;
}
