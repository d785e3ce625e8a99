/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve version. */
#include "cli/command.h"
#include "cli/print.h"

#include <keysieve/keysieve.h>

static void write_version(FILE *file, const void *payload)
{
	(void)payload;
	fprintf(file, "keysieve %s\n", ks_version());
}

int ks_cmd_version(const struct ks_settings *settings)
{
	(void)settings;
	return ks_print(write_version, NULL);
}
