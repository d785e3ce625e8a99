/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule makes of a text, for people. */
#include "cli/explanation.h"

#include <inttypes.h>
#include <string.h>

enum {
	COLUMNS = 80,
	VALUES = 14 /* where what a label is for begins */
};

/* What is weighed, and to which side: "its value +1.2, its line -0.4". */
static void put_weights(FILE *file, const struct ks_explanation *explanation)
{
	size_t column = COLUMNS;

	for (size_t i = 0; i < explanation->weight_count; i++) {
		const struct ks_explanation_weight *weight =
			&explanation->weights[i];
		size_t width = strlen(weight->what) + strlen(" +0.0, ");

		if (column + width > COLUMNS) {
			fprintf(file, "%s  %-11s ", i ? ",\n" : "",
				i ? "" : "log odds");
			column = VALUES;
		} else {
			fputs(", ", file);
		}
		fprintf(file, "%s %+.1f", weight->what, weight->odds);
		column += width;
	}
	if (explanation->weight_count)
		fputc('\n', file);
}

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
	put_weights(file, explanation);
	if (explanation->is_secret)
		fprintf(file, "  confidence  %.2f\n", explanation->confidence);
}
