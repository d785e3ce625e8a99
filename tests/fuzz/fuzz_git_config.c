/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile configuration file of git. */
#include "input.h"
#include "source/git_config.h"

struct seen {
	size_t count;
	size_t end; /* items until it is told to stop */
};

static int on_item(void *payload, const struct ks_git_config_item *item)
{
	struct seen *seen = payload;

	fuzz_require(
		item->section && item->subsection && item->key && item->value);
	for (const char *p = item->key; *p; p++)
		fuzz_require(*p < 'A' || *p > 'Z');
	return ++seen->count == seen->end ? 7 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	struct seen seen = { .end = fuzz_byte(&input) };
	struct ks_buf text = fuzz_take(&input, input.n);
	struct ks_err err = { 0 };
	int rc = ks_git_config_read(ks_buf_span(&text), on_item, &seen, &err);

	fuzz_require((rc == 7) == (seen.end && seen.count == seen.end));
	fuzz_require(rc >= 0 || (err.code == rc && err.message[0]));
	ks_buf_release(&text);
	return 0;
}
