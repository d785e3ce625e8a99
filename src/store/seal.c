/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that only who has a private key can read: libsodium's sealed boxes.
 */
#include "store/seal.h"

#include "store/libsodium.h"

#include <string.h>

enum {
	FILE_MAX = 4096 /* bytes of a file with a key */
};

static const char hex_digits[] = "0123456789abcdefABCDEF";

int ks_seal_make_keys(
	char public[KS_SEAL_KEY], char private[KS_SEAL_KEY], struct ks_err *err)
{
	const struct ks_libsodium *sodium = ks_libsodium(err);
	unsigned char open[crypto_box_PUBLICKEYBYTES];
	unsigned char hidden[crypto_box_SECRETKEYBYTES];

	if (!sodium)
		return KS_E_UNSUPPORTED;
	sodium->f_crypto_box_keypair(open, hidden);
	sodium->f_sodium_bin2hex(public, KS_SEAL_KEY, open, sizeof(open));
	sodium->f_sodium_bin2hex(private, KS_SEAL_KEY, hidden, sizeof(hidden));
	sodium->f_sodium_memzero(hidden, sizeof(hidden));
	return KS_OK;
}

int ks_seal_read_key(
	char key[KS_SEAL_KEY], const char *path, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = ks_buf_read_file_max(&text, path, FILE_MAX, err);
	const char *p = rc == KS_OK ? ks_buf_str(&text) : NULL;
	size_t n = p ? strspn(p, hex_digits) : 0;

	if (rc == KS_OK && !p)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK &&
		(n != KS_SEAL_KEY - 1 || p[n + strspn(p + n, " \r\n")]))
		rc = ks_fail(err, KS_E_USAGE,
			"'%s' holds no key: 'keysieve org keygen FILE' makes "
			"one",
			path);
	if (rc == KS_OK) {
		memcpy(key, p, n);
		key[n] = '\0';
	}
	if (text.p)
		explicit_bzero(text.p, text.n);
	ks_buf_release(&text);
	return rc;
}

/* ${hex} is as long as two digits for each of ${n} bytes, or it is none. */
static bool decode(const struct ks_libsodium *sodium, unsigned char *out,
	size_t n, const char *hex)
{
	size_t length = 0;

	return sodium->f_sodium_hex2bin(
		       out, n, hex, strlen(hex), NULL, &length, NULL) == 0 &&
	       length == n;
}

int ks_seal_put(struct ks_buf *out, const char *public, struct ks_span secret,
	struct ks_err *err)
{
	const struct ks_libsodium *sodium = ks_libsodium(err);
	unsigned char key[crypto_box_PUBLICKEYBYTES];
	struct ks_buf box = { 0 };
	size_t n = secret.n + crypto_box_SEALBYTES;
	int rc;

	ks_buf_reset(out);
	if (!sodium)
		return KS_E_UNSUPPORTED;
	if (!decode(sodium, key, sizeof(key), public))
		return ks_fail(err, KS_E_USAGE, "no public key");
	if (secret.n > KS_SEAL_MAX)
		return ks_buf_str(out) ? KS_OK : ks_fail_nomem(err);
	rc = ks_buf_reserve(&box, n);
	if (rc == KS_OK)
		rc = ks_buf_reserve(out, 2 * n + 1);
	if (rc < 0) {
		rc = ks_fail_nomem(err);
	} else if (sodium->f_crypto_box_seal(box.p,
			   secret.n ? secret.p : (const uint8_t *)"", secret.n,
			   key) < 0) {
		rc = ks_fail(err, KS_E_USAGE, "no public key");
	} else {
		sodium->f_sodium_bin2hex((char *)out->p, 2 * n + 1, box.p, n);
		out->n = 2 * n;
	}
	ks_buf_release(&box);
	return rc;
}

static int fail_open(struct ks_err *err)
{
	return ks_fail(err, KS_E_USAGE,
		"a secret in the store is not for this private key");
}

int ks_seal_open(struct ks_buf *out, const char *private, const char *sealed,
	struct ks_err *err)
{
	const struct ks_libsodium *sodium = ks_libsodium(err);
	unsigned char hidden[crypto_box_SECRETKEYBYTES];
	unsigned char open[crypto_box_PUBLICKEYBYTES];
	struct ks_buf box = { 0 };
	size_t n = strlen(sealed) / 2;
	int rc = KS_OK;

	ks_buf_reset(out);
	if (!sodium)
		return KS_E_UNSUPPORTED;
	if (n < crypto_box_SEALBYTES ||
		!decode(sodium, hidden, sizeof(hidden), private) ||
		sodium->f_crypto_scalarmult_base(open, hidden) < 0)
		return fail_open(err);
	if (ks_buf_reserve(&box, n) < 0 ||
		ks_buf_reserve(out, n - crypto_box_SEALBYTES + 1) < 0)
		rc = ks_fail_nomem(err);
	else if (!decode(sodium, box.p, n, sealed) ||
		 sodium->f_crypto_box_seal_open(
			 out->p, box.p, n, open, hidden) < 0)
		rc = fail_open(err);
	if (rc == KS_OK)
		out->n = n - crypto_box_SEALBYTES;
	if (rc == KS_OK && !ks_buf_str(out))
		rc = ks_fail_nomem(err);
	sodium->f_sodium_memzero(hidden, sizeof(hidden));
	ks_buf_release(&box);
	return rc;
}
