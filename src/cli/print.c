/* SPDX-License-Identifier: Apache-2.0 */
/* What a command says on standard output without a scan. */
#include "cli/print.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/say.h"

int ks_print(
	void (*write)(FILE *file, const void *payload), const void *payload)
{
	struct ks_output output;
	struct ks_err err = { 0 };
	int rc = ks_output_open(&output, NULL, &err);

	if (rc == KS_OK) {
		write(output.file, payload);
		rc = ks_output_finish(&output, &err);
		if (rc < 0 && ks_output_is_unread(&output))
			return KS_EXIT_FAILED;
	}
	if (rc == KS_OK)
		return KS_EXIT_CLEAN;
	ks_say("%s", err.message);
	return KS_EXIT_FAILED;
}

void ks_print_text(FILE *file, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte == '\n')
			fputs("\\n", file);
		else if (byte < ' ' || byte == 0x7f)
			fprintf(file, "\\x%02X", byte);
		else
			fputc(byte, file);
	}
}

void ks_print_line(FILE *file, const char *text)
{
	ks_print_text(file, text);
	fputc('\n', file);
}
