/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keysieve-compile-rules: a part of the build. Compiles rule files into an
 * image and writes the assembly file that puts it into the library.
 */
#include "rules/compile.h"
#include "rules/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int write_file(
	const char *path, struct ks_span bytes, struct ks_err *err)
{
	FILE *file = fopen(path, "wb");
	bool is_written;

	if (!file)
		return ks_fail_errno(err, errno, "cannot create '%s'", path);
	is_written = fwrite(bytes.p, 1, bytes.n, file) == bytes.n;
	is_written &= fclose(file) == 0;
	if (!is_written)
		return ks_fail_errno(err, errno, "cannot write '%s'", path);
	return KS_OK;
}

/* The digest is there to change the file when the image does. */
static int write_assembly(const char *path, const char *image_path,
	struct ks_span image, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_sha256 hash;
	uint8_t digest[KS_SHA256_BYTES];
	int rc = ks_buf_add_str(&text, "/* image ");

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, image.p, image.n);
	ks_sha256_final(&hash, digest);
	for (size_t i = 0; rc == KS_OK && i < sizeof(digest); i++)
		rc = ks_buf_printf(&text, "%02x", digest[i]);
	if (rc == KS_OK)
		rc = ks_buf_printf(&text,
			" */\n"
			"\t.section .rodata\n"
			"\t.balign 64\n"
			"\t.hidden ks_builtin_image\n"
			"\t.hidden ks_builtin_image_end\n"
			"\t.globl ks_builtin_image\n"
			"\t.globl ks_builtin_image_end\n"
			"ks_builtin_image:\n"
			"\t.incbin \"%s\"\n"
			"ks_builtin_image_end:\n"
			"\t.byte 0\n"
			"\t.section .note.GNU-stack,\"\",%%progbits\n",
			image_path);
	rc = rc < 0 ? ks_fail_nomem(err)
		    : write_file(path, ks_buf_span(&text), err);
	ks_buf_release(&text);
	return rc;
}

static int compile_files(
	struct ks_buf *image, char **paths, int count, struct ks_err *err)
{
	struct ks_rule_files files = { 0 };
	struct ks_drafts drafts = { 0 };
	int rc = KS_OK;

	for (int i = 0; rc == KS_OK && i < count; i++)
		rc = ks_rule_files_add(
			&files, paths[i], KS_RULEFILE_BUILTIN, err);
	if (rc == KS_OK)
		rc = ks_rule_files_parse(&files, &drafts, err);
	if (rc == KS_OK)
		rc = ks_compile(image, &drafts, err);
	ks_drafts_release(&drafts);
	ks_rule_files_release(&files);
	return rc;
}

int main(int argc, char **argv)
{
	struct ks_err err = { 0 };
	struct ks_buf image = { 0 };
	char *image_path;
	int rc;

	if (argc < 3) {
		fprintf(stderr,
			"usage: %s IMAGE ASSEMBLY [RULE-FILE|FOLDER]...\n",
			argv[0]);
		return 2;
	}
	rc = compile_files(&image, argv + 3, argc - 3, &err);
	if (rc == KS_OK)
		rc = write_file(argv[1], ks_buf_span(&image), &err);
	image_path = rc == KS_OK ? realpath(argv[1], NULL) : NULL;
	if (image_path)
		rc = write_assembly(
			argv[2], image_path, ks_buf_span(&image), &err);
	else if (rc == KS_OK)
		rc = ks_fail_errno(&err, errno, "cannot find '%s'", argv[1]);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.message);
	free(image_path);
	ks_buf_release(&image);
	return rc < 0;
}
