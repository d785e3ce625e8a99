/* SPDX-License-Identifier: Apache-2.0 */
/* A rule as every later stage sees it. */
#include "rules/rule.h"

#define X(name, text) text,

const char *ks_rule_kind_name(enum ks_rule_kind kind)
{
	static const char *const names[] = { KS_RULE_KINDS(X) };

	return names[kind];
}

const char *ks_checksum_name(enum ks_checksum checksum)
{
	static const char *const names[] = { KS_CHECKSUMS(X) };

	return names[checksum];
}

const char *ks_decode_name(enum ks_decode decode)
{
	static const char *const names[] = { KS_DECODES(X) };

	return names[decode];
}

uint32_t ks_rules_width(const struct ks_rules *rules)
{
	uint32_t width = rules->anchor_max_width;

	if (rules->token_anchor_max > width)
		width = rules->token_anchor_max;
	return rules->token_reach_max > width ? rules->token_reach_max : width;
}

uint32_t ks_rule_find(const struct ks_rules *rules, const char *id)
{
	for (uint32_t i = 0; i < rules->count; i++) {
		if (strcmp(rules->list[i].id, id) == 0)
			return i;
	}
	return KS_RULE_NONE;
}
