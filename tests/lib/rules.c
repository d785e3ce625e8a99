/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of a test's own, through the way that rule files take. */
#include "lib/rules.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "rules/bundle.h"

#include <stdio.h>
#include <stdlib.h>

static void must(int rc, const struct ks_err *err)
{
	if (rc < 0) {
		fprintf(stderr, "%s\n", err ? err->message : "out of memory");
		abort();
	}
}

static void write_rule(struct ks_buf *out, const struct test_rule *rule)
{
	must(ks_buf_printf(out, "- id: %s\n  name: %s\n  pattern: '", rule->id,
		     rule->id),
		NULL);
	for (const char *p = rule->pattern; *p; p++)
		must(ks_buf_add(out, *p == '\'' ? "''" : p, *p == '\'' ? 2 : 1),
			NULL);
	must(ks_buf_printf(out,
		     "'\n  confidence: 0.5\n  match: [a, b]\n"
		     "  no_match: [a, b]\n%s",
		     rule->more ? rule->more : ""),
		NULL);
}

struct ks_rules *test_rules_load(const struct test_rule *list, size_t count)
{
	char *dir = test_dir_new();
	struct ks_buf text = { 0 };
	struct ks_rules *rules;
	struct ks_err err = { 0 };
	const char *path;

	for (size_t i = 0; i < count; i++)
		write_rule(&text, &list[i]);
	test_file_write(dir, "rules.yaml", ks_buf_span(&text));
	ks_buf_reset(&text);
	must(ks_buf_printf(&text, "%s/rules.yaml", dir), NULL);
	path = ks_buf_str(&text);
	must(ks_rules_load_only(&rules, &path, 1, &err), &err);
	ks_buf_release(&text);
	test_dir_remove(dir);
	return rules;
}

void test_engine_open(
	struct test_engine *engine, const struct test_rule *list, size_t count)
{
	struct ks_err err = { 0 };

	engine->rules = test_rules_load(list, count);
	must(ks_patterns_new(&engine->patterns, engine->rules, NULL, &err),
		&err);
	must(ks_matcher_new(&engine->fast, engine->patterns, false, &err),
		&err);
	must(ks_matcher_new(&engine->reference, engine->patterns, true, &err),
		&err);
}

void test_engine_close(struct test_engine *engine)
{
	ks_matcher_free(engine->fast);
	ks_matcher_free(engine->reference);
	ks_patterns_free(engine->patterns);
	ks_rules_free(engine->rules);
}
