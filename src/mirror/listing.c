/* SPDX-License-Identifier: Apache-2.0 */
/* What a remote has, as git-ls-remote(1) tells it. */
#include "mirror/listing.h"

#include <stdio.h>

enum {
	REF_MAX = 1024, /* bytes of a branch's name that we write down */
	SHA1_HEX = 40,
	SHA256_HEX = 64
};

static bool is_hex(struct ks_span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!text.p[i] || !strchr("0123456789abcdef", text.p[i]))
			return false;
	}
	return text.n == SHA1_HEX || text.n == SHA256_HEX;
}

/* May it be written to HEAD? */
static bool is_branch(struct ks_span name)
{
	if (!ks_span_starts(name, "refs/heads/") || name.n > REF_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] <= ' ' || name.p[i] == 0x7f ||
			(name.p[i] == '.' && i + 1 < name.n &&
				name.p[i + 1] == '.'))
			return false;
	}
	return true;
}

static void read_head(struct ks_listing *out, struct ks_span value,
	struct ks_span name, bool is_symbolic)
{
	if (is_symbolic && ks_span_eq(name, ks_span_str("HEAD")) &&
		is_branch(value))
		out->head = value;
}

static int read_line(
	struct ks_listing *out, struct ks_span line, struct ks_err *err)
{
	const uint8_t *tab = line.n ? memchr(line.p, '\t', line.n) : NULL;
	bool is_symbolic = ks_span_starts(line, "ref: ");
	size_t from = is_symbolic ? 5 : 0;
	struct ks_span value;
	struct ks_span name;

	if (!tab || (size_t)(tab - line.p) < from)
		return ks_fail(err, KS_E_CORRUPT,
			"what the remote lists is no list of refs");
	value = ks_span_cut(line, from, (size_t)(tab - line.p));
	name = ks_span_cut(line, (size_t)(tab - line.p) + 1, line.n);
	if (!is_symbolic && !is_hex(value))
		return ks_fail(err, KS_E_CORRUPT,
			"what the remote lists is no list of refs");
	read_head(out, value, name, is_symbolic);
	if (is_symbolic)
		return KS_OK;
	out->is_empty = false;
	out->is_sha256 = value.n == SHA256_HEX;
	return KS_OK;
}

int ks_listing_parse(
	struct ks_listing *out, struct ks_span text, struct ks_err *err)
{
	uint8_t digest[KS_SHA256_BYTES];
	struct ks_sha256 hash;
	struct ks_span line;
	int rc = KS_OK;

	*out = (struct ks_listing){ .is_empty = true };
	ks_sha256_init(&hash);
	ks_sha256_update(&hash, text.p, text.n);
	ks_sha256_final(&hash, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(out->digest + 2 * i, 3, "%02x", digest[i]);
	while (rc == KS_OK && ks_span_next_line(&text, &line))
		rc = read_line(out, line, err);
	return rc;
}
