/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile commit or tag; the first byte picks the hash. */
#include "input.h"
#include "provenance/commits.h"

static void require_within(struct ks_span part, struct ks_span whole)
{
	if (part.n == 0)
		return;
	fuzz_require(part.p >= whole.p && part.n <= whole.n &&
		     (size_t)(part.p - whole.p) <= whole.n - part.n);
}

static void check_signature(struct ks_span raw, const char *field)
{
	struct ks_signature signature;

	if (!ks_signature_parse(&signature, raw, field)) {
		fuzz_require(signature.name.n == 0 && signature.email.n == 0 &&
			     signature.time == 0 && signature.utc_offset == 0);
		return;
	}
	require_within(signature.name, raw);
	require_within(signature.email, raw);
	fuzz_require(signature.utc_offset > -24 * 60 &&
		     signature.utc_offset < 24 * 60);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	struct ks_commits commits = { 0 };
	struct ks_oid oid = { { 1 } };
	struct ks_buf raw;
	struct ks_err err;

	commits.hash_bytes =
		fuzz_byte(&input) & 1 ? KS_OID_SHA256 : KS_OID_SHA1;
	raw = fuzz_take(&input, input.n);
	if (ks_commits_add(&commits, &oid, ks_buf_span(&raw), &err) == KS_OK)
		fuzz_require(
			commits.count == 1 &&
			commits.list[0].parent_count == commits.parent_count);
	else
		fuzz_require(commits.count == 0 && commits.parent_count == 0);
	check_signature(ks_buf_span(&raw), "author");
	check_signature(ks_buf_span(&raw), "committer");
	check_signature(ks_buf_span(&raw), "tagger");
	require_within(ks_message_of(ks_buf_span(&raw)), ks_buf_span(&raw));
	ks_commits_release(&commits);
	ks_buf_release(&raw);
	return 0;
}
