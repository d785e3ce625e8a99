/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile URL, and what a hostile remote lists. */
#include "input.h"
#include "mirror/listing.h"
#include "mirror/remote.h"

static void check_url(const char *text)
{
	struct ks_arena arena = { 0 };
	struct ks_err err = { 0 };
	struct ks_remote remote;
	int rc = ks_remote_parse(&remote, text, &arena, &err);

	fuzz_require(rc == KS_OK || (rc == err.code && err.message[0]));
	if (rc == KS_OK) {
		/* No option, and no program. */
		fuzz_require(remote.url[0] && remote.url[0] != '-');
		fuzz_require(strncmp(remote.url, "ext::", 5) != 0);
		fuzz_require(!remote.user || remote.origin);
		fuzz_require(
			!remote.user ||
			!strstr(remote.url + strlen(remote.origin), "://") ||
			strncmp(remote.url, remote.origin,
				strlen(remote.origin)) == 0);
	}
	for (const char *p = remote.shown; p && *p; p++)
		fuzz_require((unsigned char)*p >= ' ' && *p != 0x7f);
	ks_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	struct ks_buf text = fuzz_take(&input, input.n);
	struct ks_listing listing;

	fuzz_require(ks_buf_str(&text) != NULL);
	check_url((const char *)text.p);
	if (ks_listing_parse(&listing, ks_buf_span(&text), NULL) == KS_OK &&
		listing.head.n)
		fuzz_require(ks_span_starts(listing.head, "refs/heads/"));
	ks_buf_release(&text);
	return 0;
}
