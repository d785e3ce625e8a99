/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the trainer learns from: each match in the files that standard input
 * names, one a line, tab-separated, with what the filter says of it and, where
 * the model has a say, with its features.
 */
#include "filter/measure.h"
#include "filter/filter.h"
#include "rules/bundle.h"
#include "match/matcher.h"
#include "scan/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path, size_t *n)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;
	size_t cap = 0;

	*n = 0;
	while (file && !feof(file) && !ferror(file)) {
		char *grown;

		cap = cap ? 2 * cap : 1 << 16;
		grown = realloc(bytes, cap);
		if (!grown)
			abort();
		bytes = grown;
		*n += fread(bytes + *n, 1, cap - *n, file);
	}
	if (file)
		fclose(file);
	return bytes;
}

static void print_head(void)
{
	printf("path\tfirst\tlast\tstart\tend\trule\tkind\tsecret\tdepth\t"
	       "reject\tconfidence");
#define X(name) printf("\t" #name);
	KS_FEATURES(X)
#undef X
	putchar('\n');
}

/* One text of a file: its bytes, or what is decoded from them. */
struct text {
	const char *path;
	struct ks_span file;
	struct ks_span bytes;
	const struct ks_views *views;
	uint32_t view;
};

static size_t line_of(struct ks_span text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += text.p[i] == '\n';
	return line;
}

static void print_match(const struct text *text, const struct ks_rule *rule,
	const struct ks_match *match)
{
	struct ks_span secret = ks_span_cut(
		text->bytes, match->secret_start, match->secret_end);
	size_t start = match->secret_start;
	size_t end = match->secret_end;
	struct ks_features features;
	struct ks_verdict verdict;
	enum ks_reject reject =
		ks_filter_measure(&features, rule, text->bytes, match);

	ks_views_raw(text->views, text->view, &start, &end);
	ks_filter_judge(&verdict, rule, text->bytes, match);
	printf("%s\t%zu\t%zu\t%zu\t%zu\t%s\t%d\t", text->path,
		line_of(text->file, start), line_of(text->file, end), start,
		end, rule->id, (int)rule->kind);
	for (size_t i = 0; i < secret.n; i++)
		printf("%02x", secret.p[i]);
	printf("\t%u\t%d\t%.4f",
		text->view == KS_VIEW_RAW ? 0
					  : text->views->list[text->view].depth,
		(int)reject, (double)verdict.confidence);
	for (int i = 0; i < KS_FEATURE_COUNT; i++)
		printf("\t%d", features.of[i]);
	putchar('\n');
}

static void print_text(const struct text *text, struct ks_matcher *matcher,
	const struct ks_rules *rules)
{
	struct ks_subject subject = { .bytes = text->bytes };
	struct ks_matches found = { 0 };
	struct ks_err err = { 0 };

	if (ks_matcher_scan(matcher, &subject, &found, &err) < 0)
		fprintf(stderr, "%s: %s\n", text->path, err.message);
	for (size_t i = 0; i < found.count; i++)
		print_match(
			text, &rules->list[found.list[i].rule], &found.list[i]);
	ks_matches_release(&found);
}

/* As the engines look at it: the bytes, and all that is encoded there. */
static void print_file(const char *path, struct ks_matcher *matcher,
	const struct ks_rules *rules)
{
	struct ks_views views = { 0 };
	struct ks_err err = { 0 };
	size_t n;
	char *bytes = read_file(path, &n);
	struct text text = { path, ks_span_of(bytes, n), ks_span_of(bytes, n),
		&views, KS_VIEW_RAW };
	struct ks_subject subject = { .bytes = text.file };
	const struct ks_utf16_source wide = { text.file,
		ks_utf16_mark(text.file), true };
	int rc;

	print_text(&text, matcher, rules);
	rc = ks_views_open(&views, &subject, &wide, &err);
	for (size_t i = 0; rc == 0 && i < views.count; i++) {
		text.bytes = ks_buf_span(&views.list[i].decoded.bytes);
		text.view = (uint32_t)i;
		print_text(&text, matcher, rules);
		rc = ks_views_open_inner(&views, i, &err);
	}
	if (rc < 0)
		fprintf(stderr, "%s: %s\n", path, err.message);
	ks_views_release(&views);
	free(bytes);
}

int main(void)
{
	struct ks_rules *rules;
	struct ks_patterns *patterns;
	struct ks_matcher *matcher;
	struct ks_err err = { 0 };
	char path[4096];

	if (ks_rules_load(&rules, NULL, 0, &err) < 0 ||
		ks_patterns_new(&patterns, rules, NULL, &err) < 0 ||
		ks_matcher_new(&matcher, patterns, false, &err) < 0) {
		fprintf(stderr, "%s\n", err.message);
		return 2;
	}
	print_head();
	while (fgets(path, sizeof(path), stdin)) {
		path[strcspn(path, "\n")] = '\0';
		print_file(path, matcher, rules);
	}
	ks_matcher_free(matcher);
	ks_patterns_free(patterns);
	ks_rules_free(rules);
	return 0;
}
