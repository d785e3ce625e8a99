/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over files: a test, and how a finding is looked at. */
#include "input.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void replay_file(const char *path)
{
	struct ks_buf file = { 0 };
	struct ks_err err;
	struct ks_span rest;
	struct ks_buf exact;

	if (ks_buf_read_file(&file, path, &err) < 0) {
		fprintf(stderr, "%s\n", err.message);
		exit(1);
	}
	rest = ks_buf_span(&file);
	exact = fuzz_take(&rest, rest.n);
	/* The last line that is seen if the target fails. */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(exact.p, exact.n);
	ks_buf_release(&exact);
	ks_buf_release(&file);
}

static size_t replay_folder(const char *path, DIR *folder)
{
	struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir(folder))) {
		struct ks_buf name = { 0 };

		if (entry->d_name[0] == '.')
			continue;
		fuzz_require(ks_buf_printf(&name, "%s/%s", path,
				     entry->d_name) == KS_OK);
		replay_file(ks_buf_str(&name));
		ks_buf_release(&name);
		count++;
	}
	return count;
}

int main(int argc, char **argv)
{
	size_t count = 0;

	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);

		if (folder) {
			count += replay_folder(argv[i], folder);
			closedir(folder);
		} else {
			replay_file(argv[i]);
			count++;
		}
	}
	fprintf(stderr, "%zu inputs\n", count);
	return count == 0;
}
