/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule makes of a text, for people. */
#include "cli/explanation.h"

#include <inttypes.h>

void ks_explanation_put(FILE *file, const struct ks_explanation *explanation)
{
	fprintf(file, "%s (%s): %s, line %" PRIu64 ", column %" PRIu64 "\n",
		explanation->rule, explanation->rule_name,
		explanation->redacted, explanation->line, explanation->column);
	fprintf(file, "  length      %zu bytes", explanation->length);
	if (explanation->least_length > 0)
		fprintf(file, ", %zu at least", explanation->least_length);
	fprintf(file, "\n  entropy     %.2f bits per character",
		explanation->entropy);
	if (explanation->least_entropy > 0)
		fprintf(file, ", %.2f at least", explanation->least_entropy);
	fprintf(file, "\n  verdict     %s\n", explanation->verdict);
	if (explanation->is_secret)
		fprintf(file, "  confidence  %.2f\n", explanation->confidence);
}
