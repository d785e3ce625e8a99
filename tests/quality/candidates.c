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
	printf("path\tfirst\tlast\tcolumn\trule\tkind\tsecret\treject\t"
	       "confidence");
#define X(name) printf("\t" #name);
	KS_FEATURES(X)
#undef X
	putchar('\n');
}

static void print_features(const struct ks_rule *rule, struct ks_span bytes,
	const struct ks_match *match)
{
	struct ks_features features = { { 0 } };

	if (rule->kind == KS_RULE_PASSWORD || rule->kind == KS_RULE_GENERIC)
		ks_filter_measure(&features, rule, bytes, match);
	for (int i = 0; i < KS_FEATURE_COUNT; i++)
		printf("\t%d", features.of[i]);
	putchar('\n');
}

/* Lines are counted on from those of the match before: ${line}, ${at}. */
static void print_match(const char *path, const struct ks_rule *rule,
	struct ks_span bytes, const struct ks_match *match, size_t line[2])
{
	struct ks_verdict verdict;
	const uint8_t *newline;
	size_t last;

	ks_filter_judge(&verdict, rule, bytes, match);
	for (; line[1] < match->secret_start; line[1]++)
		line[0] += bytes.p[line[1]] == '\n';
	last = line[0];
	for (size_t i = match->secret_start; i < match->secret_end; i++)
		last += bytes.p[i] == '\n';
	newline = match->secret_start
			  ? memrchr(bytes.p, '\n', match->secret_start)
			  : NULL;
	printf("%s\t%zu\t%zu\t%zu\t%s\t%d\t", path, line[0], last,
		newline ? match->secret_start - 1 - (size_t)(newline - bytes.p)
			: match->secret_start,
		rule->id, (int)rule->kind);
	for (size_t i = match->secret_start; i < match->secret_end; i++)
		printf("%02x", bytes.p[i]);
	printf("\t%d\t%.4f", (int)verdict.reject, (double)verdict.confidence);
	print_features(rule, bytes, match);
}

static void print_file(const char *path, struct ks_matcher *matcher,
	const struct ks_rules *rules)
{
	struct ks_subject subject = { .bytes = { NULL, 0 } };
	struct ks_matches found = { 0 };
	struct ks_err err = { 0 };
	size_t line[2] = { 1, 0 };
	size_t n;
	char *bytes = read_file(path, &n);

	subject.bytes = ks_span_of(bytes, n);
	if (ks_matcher_scan(matcher, &subject, &found, &err) < 0)
		fprintf(stderr, "%s: %s\n", path, err.message);
	for (size_t i = 0; i < found.count; i++)
		print_match(path, &rules->list[found.list[i].rule],
			subject.bytes, &found.list[i], line);
	ks_matches_release(&found);
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
