/* SPDX-License-Identifier: Apache-2.0 */
/* Loading rules: built in, from files, from the cache. */
#include "rules/bundle.h"

#include "lib/literals.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"

static char root[] = "/tmp/ks-rules-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	strcpy(root + sizeof(root) - 7, "XXXXXX");
	assert_non_null(mkdtemp(root));
	setenv("XDG_CACHE_HOME", root, 1);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

/* Write a file with one rule into the folder; its path, static. */
static const char *write_rule(
	const char *name, const char *id, const char *pattern)
{
	static char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
		"- id: %s\n"
		"  name: Test\n"
		"  pattern: '%s'\n"
		"  confidence: 0.5\n"
		"  match: [a, b]\n"
		"  no_match: [a, b]\n",
		id, pattern);
	assert_int_equal(fclose(file), 0);
	return path;
}

static struct ks_rules *load(const char *path)
{
	struct ks_rules *rules;
	struct ks_err err = { 0 };

	if (ks_rules_load(&rules, &path, path ? 1 : 0, &err) < 0)
		fail_msg("%s", err.message);
	return rules;
}

static bool has_literal(const struct ks_literal *literal, struct ks_span text)
{
	for (size_t at = 0; at < text.n; at++) {
		if (test_literal_stands(literal, text, at))
			return true;
	}
	return false;
}

/* Which rule stage one finds in ${text}; KS_RULE_NONE: none, or several. */
static uint32_t hit_of(const struct ks_rules *rules, const char *text)
{
	uint32_t hits = 0;
	uint32_t last = KS_RULE_NONE;

	for (uint32_t i = 0; i < rules->count; i++) {
		const struct ks_rule *rule = &rules->list[i];

		for (uint32_t j = 0; j < rule->literal_count; j++) {
			if (!has_literal(&rule->literals[j], ks_span_str(text)))
				continue;
			hits++;
			last = i;
		}
	}
	return hits == 1 ? last : KS_RULE_NONE;
}

/* The one file in the cache; its path, static, or NULL. */
static const char *cache_file(void)
{
	static char path[512];
	char folder[64];
	struct dirent *entry;
	const char *found = NULL;
	DIR *listing;

	snprintf(folder, sizeof(folder), "%s/keysieve", root);
	listing = opendir(folder);
	while (listing && (entry = readdir(listing))) {
		if (entry->d_name[0] == '.')
			continue;
		assert_null(found);
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		found = path;
	}
	if (listing)
		closedir(listing);
	return found;
}

static void test_bundle__loads_built_in_rules(void **state)
{
	struct ks_rules *rules = load(NULL);

	(void)state;
	for (uint32_t i = 0; i < rules->count; i++) {
		assert_false(rules->list[i].is_user);
		assert_int_equal(ks_rule_find(rules, rules->list[i].id), i);
	}
	assert_int_equal(ks_rule_find(rules, "no such rule"), KS_RULE_NONE);
	assert_null(cache_file());
	ks_rules_free(rules);
	ks_rules_free(NULL);
}

static void test_bundle__adds_user_rules(void **state)
{
	const char *path =
		write_rule("a.yaml", "zz-test", "(?<secret>zztest_[0-9]{30})");
	struct ks_rules *builtin = load(NULL);
	struct ks_rules *rules = load(path);
	uint32_t found = ks_rule_find(rules, "zz-test");

	(void)state;
	assert_int_equal(rules->count, builtin->count + 1);
	assert_int_equal(found, builtin->count);
	assert_true(rules->list[found].is_user);
	for (uint32_t i = 0; i < builtin->count; i++) {
		assert_string_equal(
			rules->list[i].pattern, builtin->list[i].pattern);
		assert_false(rules->list[i].is_user);
		assert_int_equal(
			rules->list[i].near.rule, builtin->list[i].near.rule);
		assert_int_equal(
			rules->list[i].anchor_max, builtin->list[i].anchor_max);
	}
	assert_memory_not_equal(rules->digest, builtin->digest, 32);
	assert_int_equal(
		hit_of(rules, "x zztest_012345678901234567890123456789"),
		found);
	assert_true(rules->anchor_max_width >= rules->list[found].anchor_max);
	ks_rules_free(rules);
	ks_rules_free(builtin);
}

static void test_bundle__loads_from_the_cache(void **state)
{
	const char *path =
		write_rule("a.yaml", "zz-test", "(?<secret>zztest_[0-9]{30})");
	struct ks_rules *first = load(path);
	struct ks_rules *second;
	struct stat before, after;

	(void)state;
	assert_non_null(cache_file());
	assert_int_equal(stat(cache_file(), &before), 0);
	second = load(path);
	assert_int_equal(stat(cache_file(), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(first->count, second->count);
	assert_memory_equal(first->digest, second->digest, 32);
	assert_int_equal(
		hit_of(second, "x zztest_012345678901234567890123456789"),
		ks_rule_find(second, "zz-test"));
	ks_rules_free(first);
	ks_rules_free(second);
}

static void test_bundle__compiles_changed_files_anew(void **state)
{
	struct ks_rules *rules;

	(void)state;
	ks_rules_free(load(write_rule(
		"a.yaml", "zz-test", "(?<secret>zztest_[0-9]{30})")));
	assert_int_equal(unlink(cache_file()), 0);
	rules = load(
		write_rule("a.yaml", "zz-test", "(?<secret>yytest_[0-9]{30})"));
	assert_string_equal(rules->list[rules->count - 1].pattern,
		"(?<secret>yytest_[0-9]{30})");
	ks_rules_free(rules);
}

/* Change the cache file at ${at}, or cut it there. */
static void damage(const char *path, off_t at, bool cut)
{
	int fd = open(path, O_RDWR);
	uint8_t byte;

	assert_true(fd >= 0);
	if (cut) {
		assert_int_equal(ftruncate(fd, at), 0);
	} else {
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 0x5a;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
}

static void test_bundle__rebuilds_a_damaged_cache(void **state)
{
	const char *path =
		write_rule("a.yaml", "zz-test", "(?<secret>zztest_[0-9]{30})");
	struct ks_rules *first = load(path);
	struct stat status;

	(void)state;
	assert_int_equal(stat(cache_file(), &status), 0);
	for (int step = 0; step < 12; step++) {
		struct ks_rules *rules;
		struct ks_buf bytes = { 0 };

		damage(cache_file(), status.st_size * (step / 2) / 6, step % 2);
		rules = load(path);
		assert_int_equal(rules->count, first->count);
		assert_memory_equal(rules->digest, first->digest, 32);
		/* It was written again, and is good now. */
		assert_int_equal(
			ks_buf_read_file(&bytes, cache_file(), NULL), 0);
		assert_int_equal(bytes.n, status.st_size);
		ks_buf_release(&bytes);
		ks_rules_free(rules);
	}
	ks_rules_free(first);
}

static void test_bundle__does_without_a_cache(void **state)
{
	const char *path =
		write_rule("a.yaml", "zz-test", "(?<secret>zztest_[0-9]{30})");

	(void)state;
	setenv("XDG_CACHE_HOME", "/nowhere/at/all", 1);
	ks_rules_free(load(path));
	assert_null(cache_file());
}

static void test_bundle__reads_folders_by_name(void **state)
{
	const char *path = root;
	struct ks_rules *rules;
	struct ks_err err = { 0 };

	(void)state;
	write_rule("b.yaml", "rule-b", "(?<secret>bbbb)");
	write_rule("a.yaml", "rule-a", "(?<secret>aaaa)");
	write_rule(".hidden.yaml", "rule-h", "(?<secret>hhhh)");
	write_rule("c.txt", "rule-c", "(?<secret>cccc)");
	if (ks_rules_load_only(&rules, &path, 1, &err) < 0)
		fail_msg("%s", err.message);
	assert_int_equal(rules->count, 2);
	assert_string_equal(rules->list[0].id, "rule-a");
	assert_string_equal(rules->list[1].id, "rule-b");
	assert_null(cache_file());
	ks_rules_free(rules);
}

static void assert_fails(const char *path, int code, const char *message)
{
	struct ks_rules *rules;
	struct ks_err err = { 0 };

	assert_int_equal(ks_rules_load(&rules, &path, 1, &err), code);
	assert_null(rules);
	if (!strstr(err.message, message))
		fail_msg("'%s' instead of '%s'", err.message, message);
}

static void test_bundle__says_what_is_wrong(void **state)
{
	char path[64];
	struct ks_rules *builtin = load(NULL);

	(void)state;
	assert_fails("/nowhere", KS_E_IO, "'/nowhere': No such file");
	assert_fails("/dev/null", KS_E_IO, "neither a rule file nor a folder");
	assert_fails(root, KS_E_IO, "no rule file (*.yaml)");
	assert_fails(write_rule("a.yaml", "zz-test", "(?<secret>a"), KS_E_RULE,
		"a.yaml:3: rule 'zz-test': pattern: at byte 11");
	snprintf(path, sizeof(path), "%s/a.yaml", root);
	assert_int_equal(truncate(path, 100 << 20), 0);
	assert_fails(path, KS_E_IO, "larger than");
	if (builtin->count > 0)
		assert_fails(write_rule("a.yaml", builtin->list[0].id,
				     "(?<secret>abcd)"),
			KS_E_RULE, "there is a built-in rule");
	ks_rules_free(builtin);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_bundle__loads_built_in_rules),
		CASE(test_bundle__adds_user_rules),
		CASE(test_bundle__loads_from_the_cache),
		CASE(test_bundle__compiles_changed_files_anew),
		CASE(test_bundle__rebuilds_a_damaged_cache),
		CASE(test_bundle__does_without_a_cache),
		CASE(test_bundle__reads_folders_by_name),
		CASE(test_bundle__says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
