/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a place and a secret: path, commit, fingerprint. */
#include "scan/told.h"

#include "scan/way.h"

/*
 * The key of the keyed hash in fingerprints: fixed and public. It keeps a
 * fingerprint from being the plain hash of a secret that others also have.
 */
static const char fingerprint_key[] = "keysieve fingerprint 1";

/* HMAC-SHA256 of the rule's id, a NUL and the secret. */
int ks_told_fingerprint(char out[KS_TOLD_FINGERPRINT],
	const struct ks_rule *rule, struct ks_span secret)
{
	uint8_t hash[KS_SHA256_BYTES];
	struct ks_buf text = { 0 };
	struct ks_oid digest;
	char hex[KS_OID_HEX_MAX];
	int rc = ks_buf_add(&text, rule->id, strlen(rule->id) + 1);

	if (rc == KS_OK)
		rc = ks_buf_add(&text, secret.p, secret.n);
	if (rc == KS_OK) {
		ks_hmac_sha256(
			ks_span_str(fingerprint_key), ks_buf_span(&text), hash);
		digest = ks_oid_of(hash, sizeof(hash));
		ks_oid_hex(&digest, sizeof(hash), hex);
		memcpy(out, hex, KS_TOLD_FINGERPRINT);
	}
	ks_buf_release(&text);
	return rc;
}

/* What ${where} is, or is in. */
static int add_path(struct ks_buf *out, const struct ks_gather *gather,
	const struct ks_where *where, const struct ks_origin *origin,
	const char *path)
{
	char hex[KS_OID_HEX_MAX];

	ks_oid_hex(&where->oid, gather->hash_bytes, hex);
	switch (where->kind) {
	case KS_PLACE_REF:
		return ks_buf_printf(out, "ref:%s", where->name);
	case KS_PLACE_STAGED:
	case KS_PLACE_TEXT:
	case KS_PLACE_FILE:
		return ks_buf_add_str(out, where->name);
	case KS_PLACE_NAME:
		return ks_buf_printf(out, "%s%s%s", path ? path : "",
			path && *path ? "/" : "", where->name);
	default:
		break;
	}
	if (where->type == KS_OBJECT_COMMIT)
		return ks_buf_printf(out, "commit:%s", hex);
	if (where->type == KS_OBJECT_TAG)
		return ks_buf_printf(out, "tag:%s", hex);
	if (!path)
		return ks_buf_printf(out, "blob:%s", hex);
	return ks_buf_printf(
		out, "%s%s", origin && origin->is_note ? "note:" : "", path);
}

int ks_told_path(struct ks_buf *out, const struct ks_gather *gather,
	const struct ks_where *where, const struct ks_origin *origin,
	const char *path)
{
	int rc;

	ks_buf_reset(out);
	rc = add_path(out, gather, where, origin, path);
	return rc == KS_OK ? ks_told_inside(out, where->inside) : rc;
}

int ks_told_inside(struct ks_buf *path, const char *inside)
{
	if (!inside)
		return KS_OK;
	if (strcmp(inside, "!") == 0)
		return ks_way_peel(path);
	return ks_buf_add_str(path, inside);
}

const struct ks_oid *ks_told_commit(const struct ks_gather *gather,
	const struct ks_where *where, const struct ks_origin *origin)
{
	if (where->kind == KS_PLACE_OBJECT && where->type == KS_OBJECT_COMMIT)
		return &where->oid;
	if (origin && origin->commit != UINT32_MAX)
		return &gather->commits.list[origin->commit].oid;
	return NULL;
}

bool ks_told_has_moved(const struct ks_origin *origin)
{
	return origin && origin->head_path && origin->path &&
	       strcmp(origin->head_path, origin->path) != 0;
}
