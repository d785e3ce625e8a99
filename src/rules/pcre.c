/* SPDX-License-Identifier: Apache-2.0 */
/* PCRE2's opinion of what stands in a rule. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "rules/pcre.h"

#include <pcre2.h>

int ks_pcre_check(const char *text, const char *what, struct ks_err *err)
{
	PCRE2_UCHAR reason[128];
	PCRE2_SIZE where;
	uint32_t can_be_empty = 0;
	int code;
	pcre2_code *regex = pcre2_compile((PCRE2_SPTR)text,
		PCRE2_ZERO_TERMINATED, 0, &code, &where, NULL);

	if (!regex) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		return ks_fail(err, KS_E_RULE, "%s: at byte %zu: %s", what,
			(size_t)where, (const char *)reason);
	}
	pcre2_pattern_info(regex, PCRE2_INFO_MATCHEMPTY, &can_be_empty);
	pcre2_code_free(regex);
	if (can_be_empty)
		return ks_fail(
			err, KS_E_RULE, "%s: can match the empty string", what);
	return KS_OK;
}
