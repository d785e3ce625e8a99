/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules a scan uses: --only and --skip. */
#include "scan/wanted_rules.h"

#include <stdlib.h>

static int mark(uint8_t *wanted, uint8_t value, const struct ks_rules *rules,
	const char *const *ids, size_t count, struct ks_err *err)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t rule = ks_rule_find(rules, ids[i]);

		if (rule == KS_RULE_NONE)
			return ks_fail(err, KS_E_USAGE,
				"there is no rule '%s'; 'keysieve rules list' "
				"names them",
				ids[i]);
		wanted[rule] = value;
	}
	return KS_OK;
}

int ks_wanted_rules(struct ks_patterns **out,
	const struct ks_scan_options *options, struct ks_err *err)
{
	const struct ks_rules *rules = options->rules;
	uint8_t *wanted = malloc(rules->count + 1u);
	int rc;

	if (!wanted)
		return ks_fail_nomem(err);
	memset(wanted, options->only_count == 0, rules->count);
	rc = mark(wanted, 1, rules, options->only, options->only_count, err);
	if (rc == KS_OK)
		rc = mark(wanted, 0, rules, options->skip, options->skip_count,
			err);
	if (rc == KS_OK)
		rc = ks_patterns_new(out, rules, wanted, err);
	free(wanted);
	return rc;
}
