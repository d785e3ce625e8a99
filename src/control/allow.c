/* SPDX-License-Identifier: Apache-2.0 */
/* Holding entries of a configuration against what was found. */
#include "control/allow.h"

#include <stdlib.h>
#include <strings.h>

/* So that no pattern of a configuration can hold up a scan. */
enum {
	MATCH_STEPS = 200000,
	MATCH_KIB = 20000
};

int ks_allow_matcher_init(struct ks_allow_matcher *matcher)
{
	matcher->data = pcre2_match_data_create(1, NULL);
	matcher->context = pcre2_match_context_create(NULL);
	if (!matcher->data || !matcher->context)
		return KS_E_NOMEM;
	pcre2_set_match_limit(matcher->context, MATCH_STEPS);
	pcre2_set_heap_limit(matcher->context, MATCH_KIB);
	return KS_OK;
}

void ks_allow_matcher_release(struct ks_allow_matcher *matcher)
{
	pcre2_match_data_free(matcher->data);
	pcre2_match_context_free(matcher->context);
	*matcher = (struct ks_allow_matcher){ NULL, NULL };
}

static bool matches(const pcre2_code *code, struct ks_span text,
	const struct ks_allow_matcher *matcher)
{
	const uint8_t *p = text.n ? text.p : (const uint8_t *)"";

	return pcre2_match(code, p, text.n, 0, 0, matcher->data,
		       matcher->context) >= 0;
}

static bool any_matches(const struct ks_allow_codes *codes, struct ks_span text,
	const struct ks_allow_matcher *matcher)
{
	for (uint32_t i = 0; i < codes->count; i++) {
		if (matches(codes->list[i], text, matcher))
			return true;
	}
	return false;
}

static bool any_is(const struct ks_yaml_texts *texts, const char *text)
{
	for (uint32_t i = 0; i < texts->count; i++) {
		if (strcmp(texts->list[i], text) == 0)
			return true;
	}
	return false;
}

static bool any_begins(const struct ks_yaml_texts *texts, const char *text)
{
	for (uint32_t i = 0; i < texts->count; i++) {
		if (strncmp(texts->list[i], text, strlen(texts->list[i])) == 0)
			return true;
	}
	return false;
}

static bool any_is_in(const struct ks_yaml_texts *words, struct ks_span text)
{
	for (uint32_t i = 0; i < words->count; i++) {
		size_t n = strlen(words->list[i]);

		for (size_t at = 0; at + n <= text.n; at++) {
			if (strncasecmp((const char *)text.p + at,
				    words->list[i], n) == 0)
				return true;
		}
	}
	return false;
}

/*
 * As in .gitignore: what fits a folder fits all that is in it. A glob without
 * a slash may fit a name at any depth, another fits from the top.
 */
static bool glob_fits(const struct ks_allow_glob *glob, const char *path,
	const struct ks_allow_matcher *matcher)
{
	size_t from = 0;

	for (size_t at = 0;; at++) {
		if (path[at] != '/' && path[at] != '\0')
			continue;
		if (at > from && !(glob->is_folder && path[at] == '\0') &&
			matches(glob->code, ks_span_of(path + from, at - from),
				matcher))
			return true;
		if (path[at] == '\0')
			return false;
		if (!glob->is_anchored)
			from = at + 1;
	}
}

static bool any_glob_fits(const struct ks_allow *allow, const char *path,
	const struct ks_allow_matcher *matcher)
{
	for (uint32_t i = 0; i < allow->glob_count; i++) {
		if (glob_fits(&allow->globs[i], path, matcher))
			return true;
	}
	return false;
}

bool ks_allow_is_expired(const struct ks_allow *allow, const char *today)
{
	return allow->until[0] && strcmp(allow->until, today) < 0;
}

bool ks_allow_fits_secret(const struct ks_allow *allow,
	const struct ks_allow_subject *subject,
	const struct ks_allow_matcher *matcher)
{
	if (allow->rules.count && !any_is(&allow->rules, subject->rule))
		return false;
	if (allow->fingerprints.count &&
		!any_begins(&allow->fingerprints, subject->fingerprint))
		return false;
	if (allow->stopwords.count &&
		!any_is_in(&allow->stopwords, subject->secret))
		return false;
	return !allow->patterns.count || allow->on_line ||
	       any_matches(&allow->patterns, subject->secret, matcher);
}

bool ks_allow_fits_place(const struct ks_allow *allow,
	const struct ks_allow_subject *subject,
	const struct ks_allow_matcher *matcher)
{
	if (allow->commits.count &&
		!any_begins(&allow->commits, subject->commit))
		return false;
	if (allow->glob_count && !any_glob_fits(allow, subject->path, matcher))
		return false;
	if (allow->path_patterns.count &&
		!any_matches(&allow->path_patterns, ks_span_str(subject->path),
			matcher))
		return false;
	return !allow->on_line ||
	       any_matches(&allow->patterns, subject->line, matcher);
}

static void free_codes(struct ks_allow_codes *codes)
{
	for (uint32_t i = 0; i < codes->count; i++)
		pcre2_code_free(codes->list[i]);
	free(codes->list);
}

void ks_allow_list_release(struct ks_allow_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct ks_allow *allow = &list->list[i];

		free_codes(&allow->path_patterns);
		free_codes(&allow->patterns);
		for (uint32_t j = 0; j < allow->glob_count; j++)
			pcre2_code_free(allow->globs[j].code);
		free(allow->globs);
	}
	free(list->list);
	*list = (struct ks_allow_list){ 0 };
}
