/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a store, without which its fingerprints tell nothing. */
#include "store/key.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/oid.h"
#include "base/sha256.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum {
	FILE_MAX = 4096 /* bytes of a file with a key */
};

/* What every key is tried on. */
static const char probe[] = "keysieve store 1";

static void hash_hex(const struct ks_store_key *key, const char *text,
	char out[KS_STATE_DIGEST])
{
	struct ks_span bytes = { key->bytes, sizeof(key->bytes) };
	uint8_t hash[KS_SHA256_BYTES];
	struct ks_oid sum;

	ks_hmac_sha256(bytes, ks_span_str(text), hash);
	sum = ks_oid_of(hash, KS_SHA256_BYTES);
	ks_oid_hex(&sum, KS_SHA256_BYTES, out);
}

void ks_store_key_hash(const struct ks_store_key *key, const char *fingerprint,
	char out[KS_STATE_DIGEST])
{
	hash_hex(key, fingerprint, out);
}

int ks_store_key_parse(
	struct ks_store_key *out, const char *text, struct ks_err *err)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");
	struct ks_oid bytes;

	if (n != 2 * sizeof(out->bytes) ||
		text[n + strspn(text + n, " \r\n")] ||
		!ks_oid_parse(&bytes, text, sizeof(out->bytes)))
		return ks_fail(err, KS_E_USAGE,
			"the key of a store is %zu hex digits",
			2 * sizeof(out->bytes));
	memcpy(out->bytes, bytes.id, sizeof(out->bytes));
	return KS_OK;
}

/* Under a name of our own first: nobody reads half a key. */
static int put_key(const char *path, const char *text, struct ks_err *err)
{
	struct ks_buf own = { 0 };
	const char *slash = strrchr(path, '/');
	int rc = ks_buf_add(
		&own, path, slash > path ? (size_t)(slash - path) : 0);

	if (rc == KS_OK && ks_buf_str(&own) && own.n)
		rc = ks_file_make_folders((const char *)own.p, err);
	else if (rc < 0)
		rc = ks_fail_nomem(err);
	ks_buf_reset(&own);
	if (rc == KS_OK &&
		(ks_buf_printf(&own, "%s.%ld", path, (long)getpid()) < 0 ||
			!ks_buf_str(&own)))
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = ks_file_make(
			(const char *)own.p, ks_span_str(text), 0600, err);
	if (rc == KS_OK) {
		if (link((const char *)own.p, path) < 0 && errno != EEXIST)
			rc = ks_fail_errno(
				err, errno, "cannot make '%s'", path);
		unlink((const char *)own.p);
	}
	ks_buf_release(&own);
	return rc;
}

static int make(const char *path, struct ks_err *err)
{
	struct ks_oid bytes = { { 0 } };
	char text[KS_OID_HEX_MAX + 1];
	int rc;

	if (getrandom(bytes.id, sizeof(struct ks_store_key), 0) !=
		(ssize_t)sizeof(struct ks_store_key))
		return ks_fail_errno(err, errno, "cannot get random bytes");
	ks_oid_hex(&bytes, sizeof(struct ks_store_key), text);
	strcat(text, "\n");
	rc = put_key(path, text, err);
	explicit_bzero(text, sizeof(text));
	explicit_bzero(&bytes, sizeof(bytes));
	return rc;
}

/* KS_E_NOTFOUND: there is no such file. */
static int get_text(struct ks_buf *text, const char *path, struct ks_err *err)
{
	uint64_t size;
	int fd;
	int rc = ks_file_open(&fd, &size, path, err);

	if (rc < 0)
		return rc;
	rc = ks_buf_read_fd(text, fd, path, FILE_MAX, err);
	close(fd);
	return rc;
}

int ks_store_key_read(struct ks_store_key *out, const char *path, bool may_make,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_err why = { 0 };
	int rc = get_text(&text, path, &why);

	if (rc == KS_E_NOTFOUND && may_make) {
		rc = make(path, &why);
		if (rc == KS_OK)
			rc = get_text(&text, path, &why);
	}
	if (rc == KS_OK && !ks_buf_str(&text))
		rc = ks_fail_nomem(&why);
	if (rc == KS_OK)
		rc = ks_store_key_parse(out, (const char *)text.p, &why);
	if (rc == KS_E_USAGE)
		ks_fail(err, rc, "'%s': %s", path, why.message);
	else if (rc < 0 && err)
		*err = why;
	if (text.p)
		explicit_bzero(text.p, text.n);
	ks_buf_release(&text);
	return rc;
}

/* What the key makes of the probe; "": none has been used. */
static int find_proof(
	struct ks_state *state, char out[KS_STATE_DIGEST], struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(
		&query, &state->db, err, "SELECT proof FROM keysieve_key", "");

	out[0] = '\0';
	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0)
		snprintf(out, KS_STATE_DIGEST, "%s", ks_query_text(&query, 0));
	ks_query_end(&query);
	return rc < 0 ? rc : KS_OK;
}

int ks_store_has_key(struct ks_state *state, bool *has_key, struct ks_err *err)
{
	char proof[KS_STATE_DIGEST];
	int rc = find_proof(state, proof, err);

	*has_key = proof[0] != '\0';
	return rc;
}

/* In the order of their ids, one after the other: a hash is never hashed. */
static int next_of(struct ks_state *state, const char *sql, int64_t *id,
	char fingerprint[KS_STATE_DIGEST], struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err, sql, "i", *id);

	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0) {
		*id = ks_query_number(&query, 0);
		snprintf(fingerprint, KS_STATE_DIGEST, "%s",
			ks_query_text(&query, 1));
	}
	ks_query_end(&query);
	return rc;
}

static int hash_all(struct ks_state *state, const struct ks_store_key *key,
	const char *list, const char *set, struct ks_err *err)
{
	char fingerprint[KS_STATE_DIGEST];
	char hash[KS_STATE_DIGEST];
	int64_t id = -1;
	int rc;

	while ((rc = next_of(state, list, &id, fingerprint, err)) > 0) {
		ks_store_key_hash(key, fingerprint, hash);
		rc = ks_db_run(&state->db, err, set, "ti", hash, id);
		if (rc < 0)
			return rc;
	}
	return rc;
}

static int enter(struct ks_state *state, const struct ks_store_key *key,
	const char *proof, struct ks_err *err)
{
	int rc = hash_all(state, key,
		"SELECT id, fingerprint FROM findings WHERE id > ?"
		" ORDER BY id LIMIT 1",
		"UPDATE findings SET fingerprint = ? WHERE id = ?", err);

	if (rc == KS_OK)
		rc = hash_all(state, key,
			"SELECT id, fingerprint FROM dismissals WHERE id > ?"
			" ORDER BY id LIMIT 1",
			"UPDATE dismissals SET fingerprint = ? WHERE id = ?",
			err);
	return rc == KS_OK ? ks_db_run(&state->db, err,
				     "INSERT INTO keysieve_key (proof)"
				     " VALUES (?)",
				     "t", proof)
			   : rc;
}

int ks_store_use_key(struct ks_state *state, const struct ks_store_key *key,
	struct ks_err *err)
{
	char ours[KS_STATE_DIGEST];
	char there[KS_STATE_DIGEST];
	int rc = find_proof(state, there, err);

	hash_hex(key, probe, ours);
	if (rc == KS_OK && !there[0]) {
		rc = ks_state_begin(state, err);
		if (rc < 0)
			return rc;
		/* Another process may have been faster. */
		rc = find_proof(state, there, err);
		if (rc == KS_OK && !there[0]) {
			rc = enter(state, key, ours, err);
			memcpy(there, ours, sizeof(there));
		}
		rc = ks_state_end(state, rc, err);
	}
	if (rc < 0)
		return rc;
	if (strcmp(there, ours) != 0)
		return ks_fail(err, KS_E_USAGE,
			"the store '%s' was made with another key: copy that "
			"from where it was made, or name it by --store-key",
			state->db.path);
	state->key = *key;
	state->has_key = true;
	return KS_OK;
}
