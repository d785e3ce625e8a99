/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile refs: four texts with their lengths before them, as HEAD, as a ref,
 * as packed-refs and as a reflog.
 */
#include "input.h"
#include "lib/packs.h"
#include "source/ref_files.h"
#include "source/reflog.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const files[] = { "HEAD", "refs/heads/a", "packed-refs",
	"logs/refs/heads/a" };
/* All that the test leaves, the innermost first. */
static const char *const made[] = { "HEAD", "refs/heads/a", "refs/heads",
	"refs", "packed-refs", "logs/refs/heads/a", "logs/refs/heads",
	"logs/refs", "logs", "" };

static int on_ref(void *payload, const char *name, const struct ks_oid *oid)
{
	size_t *count = payload;

	(void)oid;
	fuzz_require(strncmp(name, "refs/", 5) == 0);
	++*count;
	return KS_OK;
}

static int on_line(void *payload, const char *ref, const struct ks_oid *oid)
{
	static const struct ks_oid none = { { 0 } };
	size_t *count = payload;

	fuzz_require(ref && !ks_oid_eq(oid, &none));
	++*count;
	return KS_OK;
}

static void read_all(const char *common)
{
	struct ks_oid oid;
	struct ks_err err = { 0 };
	size_t count = 0;
	size_t some = 0;
	int rc = ks_ref_files_each(
		common, "refs/", KS_OID_SHA1, on_ref, &count, &err);

	fuzz_require(rc == KS_OK || (err.code == rc && err.message[0]));
	rc = ks_ref_files_each(
		common, "refs/heads/", KS_OID_SHA1, on_ref, &some, &err);
	fuzz_require(rc == KS_OK || (err.code == rc && err.message[0]));
	(void)!ks_ref_files_resolve(
		&oid, common, common, "HEAD", KS_OID_SHA1, &err);
	(void)!ks_ref_files_resolve(
		&oid, common, common, "refs/heads/a", KS_OID_SHA1, &err);
	fuzz_require(
		ks_reflogs_read(common, KS_OID_SHA1, on_line, &count) == KS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	char dir[64];
	char path[128];

	snprintf(dir, sizeof(dir), "/dev/shm/keysieve-fuzz-refs-%d/",
		(int)getpid());
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct ks_buf text = fuzz_take(&input, fuzz_u16(&input));

		test_file_write(dir, files[i], ks_buf_span(&text));
		ks_buf_release(&text);
	}
	read_all(dir);
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, made[i]);
		remove(path);
	}
	return 0;
}
