/* SPDX-License-Identifier: Apache-2.0 */
/* Updates one mirror for the tests: mirrorer CACHE URL [NAME=VALUE]... */
#include "mirror/mirror.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of the argument ${name}, or NULL. */
static const char *value(char **words, const char *name)
{
	size_t n = strlen(name);

	for (; *words; words++) {
		if (strncmp(*words, name, n) == 0 && (*words)[n] == '=')
			return *words + n + 1;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct ks_mirrors_options options = { .timeout = 30 };
	struct ks_mirror_wish wish = { 0 };
	struct ks_mirrors *mirrors = NULL;
	struct ks_mirror mirror = { 0 };
	struct ks_err err = { 0 };
	int rc;

	if (argc < 3)
		return 2;
	wish.url = argv[2];
	wish.key = value(argv, "key");
	wish.network = value(argv, "network");
	wish.user = value(argv, "user");
	wish.is_optional = value(argv, "optional") != NULL;
	/* Where it comes from is nothing that a test of it should see. */
	wish.password = getenv("MIRRORER_PASSWORD");
	if (value(argv, "timeout"))
		options.timeout =
			(unsigned)strtoul(value(argv, "timeout"), NULL, 10);
	rc = ks_mirrors_open(&mirrors, argv[1], &options, &err);
	if (rc == 0)
		rc = ks_mirror_update(mirrors, &wish, &mirror, &err);
	if (rc == 0)
		printf("%s%s%s %s\n", mirror.is_new ? "new " : "",
			mirror.has_changed ? "changed " : "same ",
			mirror.was_renewed ? "renewed " : "", mirror.path);
	else
		printf("error %d %s\n", rc, err.message);
	ks_mirror_release(&mirror);
	ks_mirrors_close(mirrors);
	return rc < 0;
}
