/* SPDX-License-Identifier: Apache-2.0 */
/* SARIF logs; tests/cli/sarif_check.py checks them by the schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fixture.h"

#include "rules/rule.h"

#include <stdlib.h>
#include <string.h>

static const struct ks_report_options sarif = { .format = KS_FORMAT_SARIF };

static json_t *log_of(const struct ks_result *result,
	const struct ks_rules *rules, const struct ks_report_options *options)
{
	struct ks_err err = { 0 };
	char *text = NULL;
	size_t n = 0;
	FILE *file = open_memstream(&text, &n);
	json_t *value;

	assert_non_null(file);
	assert_int_equal(
		ks_report_write(file, result, rules, options, &err), 0);
	fclose(file);
	value = fixture_parse(text);
	free(text);
	return value;
}

/* The member of ${log} at ${path}: names and numbers, '/' between them. */
static const json_t *at(const json_t *log, const char *path)
{
	char part[64];

	while (log && *path) {
		size_t n = strcspn(path, "/");

		assert_true(n < sizeof(part));
		memcpy(part, path, n);
		part[n] = '\0';
		log = json_is_array(log)
			      ? json_array_get(log, strtoul(part, NULL, 10))
			      : json_object_get(log, part);
		path += n + (path[n] == '/');
	}
	return log;
}

static const char *str(const json_t *log, const char *path)
{
	const char *text = json_string_value(at(log, path));

	if (!text)
		fail_msg("no string at %s", path);
	return text;
}

static long long num(const json_t *log, const char *path)
{
	const json_t *value = at(log, path);

	if (!json_is_integer(value))
		fail_msg("no integer at %s", path);
	return json_integer_value(value);
}

static void test_sarif__a_result_tells_rule_place_and_level(void **state)
{
	struct fixture *f = fixture_new();
	json_t *log = log_of(&f->result, NULL, &sarif);
	const json_t *result = at(log, "runs/0/results/0");
	const json_t *place = at(result, "locations/0/physicalLocation");

	(void)state;
	assert_string_equal(str(log, "version"), "2.1.0");
	assert_string_equal(str(result, "ruleId"), "key-id");
	assert_int_equal(num(result, "ruleIndex"), 0);
	assert_string_equal(str(result, "level"), "error");
	assert_string_equal(str(log, "runs/0/results/2/level"), "warning");
	assert_string_equal(str(result, "message/text"),
		"Cloud key id found: KSID\xe2\x80\xa6WXYZ (in HEAD). "
		"Rotate it: https://example.org/rotate");
	assert_string_equal(
		json_string_value(json_object_get(
			at(result, "partialFingerprints"), "keysieve/v1")),
		f->findings[0].fingerprint);
	assert_string_equal("aaaaaaaaaaaaaaaa:1",
		json_string_value(
			json_object_get(at(result, "partialFingerprints"),
				"primaryLocationLineHash")));
	assert_string_equal(
		str(place, "artifactLocation/uri"), "deploy/env.sh");
	assert_int_equal(num(place, "region/startLine"), 12);
	assert_int_equal(num(place, "region/startColumn"), 9);
	assert_int_equal(num(place, "region/endColumn"), 29);
	json_decref(log);
}

static void test_sarif__lists_the_rules_that_have_results(void **state)
{
	static const struct ks_rule list[] = {
		{ .id = "unused", .name = "Unused", .confidence = 0.9f },
		{ .id = "token", .name = "Some token", .confidence = 0.7f },
		{ .id = "key", .name = "K", .confidence = 1, .is_public = 1 },
	};
	struct ks_rules rules = { .list = list, .count = 3 };
	struct fixture *f = fixture_new();
	json_t *log = log_of(&f->result, &rules, &sarif);
	const json_t *driver = at(log, "runs/0/tool/driver");

	(void)state;
	assert_string_equal(str(driver, "name"), "keysieve");
	assert_string_equal(str(driver, "version"), KS_VERSION);
	assert_int_equal(json_array_size(at(driver, "rules")), 3);
	assert_string_equal(str(driver, "rules/0/id"), "key-id");
	assert_string_equal(
		str(driver, "rules/0/helpUri"), "https://example.org/rotate");
	assert_string_equal(
		str(driver, "rules/1/properties/security-severity"), "2.0");
	assert_string_equal(
		str(driver, "rules/2/properties/security-severity"), "7.0");
	assert_string_equal(
		str(driver, "rules/2/defaultConfiguration/level"), "warning");
	assert_null(at(driver, "rules/2/helpUri"));
	json_decref(log);
}

static void test_sarif__never_holds_a_secret(void **state)
{
	struct ks_report_options options = sarif;
	struct fixture *f = fixture_new();
	char *text;

	(void)state;
	options.show_secrets = true;
	options.occurrences = true;
	f->places[0].snippet = f->findings[0].secret;
	f->places[1].snippet = f->findings[0].secret;
	text = fixture_render(&f->result, &options);
	assert_null(strstr(text, f->findings[0].secret));
	free(text);
}

static void test_sarif__other_places_are_related(void **state)
{
	struct ks_report_options options = sarif;
	struct fixture *f = fixture_new();
	json_t *log;
	const json_t *related;

	(void)state;
	options.occurrences = true;
	f->places[0].path = "/abs/\xff";
	log = log_of(&f->result, NULL, &options);
	related = at(log, "runs/0/results/0/relatedLocations");
	assert_int_equal(json_array_size(related), 2);
	related = at(related, "0/physicalLocation/artifactLocation");
	assert_string_equal(str(related, "uri"), "file:///abs/%FF");
	assert_null(at(related, "uriBaseId"));
	json_decref(log);
}

static void test_sarif__tells_what_was_skipped(void **state)
{
	struct fixture *f = fixture_new();
	json_t *log = log_of(&f->result, NULL, &sarif);
	const json_t *run = at(log, "runs/0/invocations/0");
	const json_t *list = at(run, "toolExecutionNotifications");

	(void)state;
	assert_true(json_is_false(at(run, "executionSuccessful")));
	assert_int_equal(json_array_size(list), 4);
	assert_string_equal(str(list, "0/message/text"),
		"not scanned: objects/pack/pack-1.pack: the checksum is wrong");
	assert_string_equal(str(list, "0/level"), "error");
	assert_string_equal(str(list, "2/level"), "note");
	assert_string_equal(
		str(list, "3/message/text"), "not scanned: 1233 more");
	json_decref(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_sarif__a_result_tells_rule_place_and_level),
		cmocka_unit_test(test_sarif__lists_the_rules_that_have_results),
		cmocka_unit_test(test_sarif__never_holds_a_secret),
		cmocka_unit_test(test_sarif__other_places_are_related),
		cmocka_unit_test(test_sarif__tells_what_was_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
