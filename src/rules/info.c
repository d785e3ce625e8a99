/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as <keysieve/rules.h> tells of them. */
#include <keysieve/rules.h>

#include "rules/rule.h"

static const char *link_id(
	const struct ks_rules *rules, const struct ks_rule_link *link)
{
	return link->rule == KS_RULE_NONE ? "" : rules->list[link->rule].id;
}

size_t ks_rules_count(const struct ks_rules *rules)
{
	return rules->count;
}

void ks_rules_info(
	const struct ks_rules *rules, size_t index, struct ks_rule_info *out)
{
	const struct ks_rule *rule = &rules->list[index];

	*out = (struct ks_rule_info){
		.id = rule->id,
		.name = rule->name,
		.kind = ks_rule_kind_name(rule->kind),
		.pattern = rule->pattern,
		.assigned = rule->assigned,
		.checksum = ks_checksum_name(rule->checksum),
		.decode = ks_decode_name(rule->decode),
		.allow = rule->allow,
		.match = rule->match,
		.no_match = rule->no_match,
		.allow_count = rule->allow_count,
		.match_count = rule->match_count,
		.no_match_count = rule->no_match_count,
		.source = rule->source,
		.checked = rule->checked,
		.rotate = rule->rotate,
		.near = link_id(rules, &rule->near),
		.pair = link_id(rules, &rule->pairs_with),
		.confidence = (double)rule->confidence,
		.entropy = (double)rule->entropy,
		.min_length = rule->min_length,
		.near_lines = rule->near.within_lines,
		.pair_lines = rule->pairs_with.within_lines,
		.is_public = rule->is_public,
		.is_user = rule->is_user,
	};
}
