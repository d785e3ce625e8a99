/* SPDX-License-Identifier: Apache-2.0 */
/* The tool and its rules in a SARIF log. */
#include "report/sarif_rule.h"

#include "report/fields.h"
#include "report/number.h"
#include "report/uri.h"
#include "rules/rule.h"

/* Of ten; a key that is meant to be public does little harm. */
#define SEVERITY_PUBLIC 2.0

const char *ks_sarif_rule_level(double confidence)
{
	if (confidence >= 0.8)
		return "error";
	return confidence >= 0.5 ? "warning" : "note";
}

static const struct ks_rule *find_rule(
	const struct ks_rules *rules, const char *id)
{
	uint32_t at = rules ? ks_rule_find(rules, id) : KS_RULE_NONE;

	return at == KS_RULE_NONE ? NULL : &rules->list[at];
}

/* §3.12: both as plain text and as Markdown, which hosts show. */
static json_t *help_of(const struct ks_finding *finding, bool is_link)
{
	struct ks_fields fields = ks_fields_begin();
	struct ks_buf text = { 0 };
	const char *advice =
		"Rotate the secret first: whoever has a copy of the repository "
		"has it. Then remove it from the history.";

	if (ks_buf_printf(&text, "%s%s%s", advice,
		    is_link ? " How to rotate it: " : "",
		    is_link ? finding->rotate : ""))
		fields.has_failed = true;
	ks_fields_set(&fields, "text", ks_fields_string(ks_buf_span(&text)));
	if (is_link) {
		ks_buf_reset(&text);
		if (ks_buf_printf(&text, "%s [How to rotate it](%s)", advice,
			    finding->rotate))
			fields.has_failed = true;
		ks_fields_set(&fields, "markdown",
			ks_fields_string(ks_buf_span(&text)));
	}
	ks_buf_release(&text);
	return ks_fields_end(&fields);
}

static json_t *text_of(const char *before, const char *text)
{
	struct ks_fields fields = ks_fields_begin();
	struct ks_buf whole = { 0 };

	if (ks_buf_printf(&whole, "%s%s", before, text))
		fields.has_failed = true;
	ks_fields_set(&fields, "text", ks_fields_string(ks_buf_span(&whole)));
	ks_buf_release(&whole);
	return ks_fields_end(&fields);
}

/* security-severity is what code hosts sort by: "0.0" to "10.0". */
static json_t *properties_of(const struct ks_rule *rule, double confidence)
{
	struct ks_fields fields = ks_fields_begin();
	char severity[KS_NUMBER_MAX];
	double value = 10 * confidence;

	if (rule && rule->is_public && value > SEVERITY_PUBLIC)
		value = SEVERITY_PUBLIC;
	ks_number_decimal(severity, value, 1);
	ks_fields_str(&fields, "security-severity", severity);
	ks_fields_set(&fields, "tags",
		json_pack(
			"[sss]", "security", "secret", "external/cwe/cwe-798"));
	return ks_fields_end(&fields);
}

/* §3.49 */
static json_t *descriptor_of(
	const struct ks_finding *finding, const struct ks_rules *rules)
{
	const struct ks_rule *rule = find_rule(rules, finding->rule);
	double confidence =
		rule ? (double)rule->confidence : finding->confidence;
	bool is_link = ks_uri_is_link(finding->rotate);
	struct ks_fields fields = ks_fields_begin();
	struct ks_fields defaults = ks_fields_begin();

	ks_fields_str(&fields, "id", finding->rule);
	ks_fields_str(&fields, "name", finding->rule_name);
	ks_fields_set(
		&fields, "shortDescription", text_of("", finding->rule_name));
	ks_fields_set(&fields, "fullDescription",
		text_of("A secret in the repository: ", finding->rule_name));
	ks_fields_set(&fields, "help", help_of(finding, is_link));
	if (is_link)
		ks_fields_str(&fields, "helpUri", finding->rotate);
	ks_fields_str(&defaults, "level", ks_sarif_rule_level(confidence));
	ks_fields_set(
		&fields, "defaultConfiguration", ks_fields_end(&defaults));
	ks_fields_set(&fields, "properties", properties_of(rule, confidence));
	return ks_fields_end(&fields);
}

static json_t *descriptors_of(
	const struct ks_tally *tally, const struct ks_rules *rules)
{
	json_t *array = json_array();

	for (size_t i = 0; i < tally->count; i++) {
		json_t *item = descriptor_of(tally->rules[i].first, rules);

		if (json_array_append_new(array, item)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

json_t *ks_sarif_rule_tool(
	const struct ks_tally *tally, const struct ks_rules *rules)
{
	struct ks_fields fields = ks_fields_begin();
	struct ks_fields driver = ks_fields_begin();

	ks_fields_str(&driver, "name", "keysieve");
	ks_fields_str(&driver, "version", KS_VERSION);
	ks_fields_str(&driver, "semanticVersion", KS_VERSION);
	ks_fields_set(&driver, "rules", descriptors_of(tally, rules));
	ks_fields_set(&fields, "driver", ks_fields_end(&driver));
	return ks_fields_end(&fields);
}
