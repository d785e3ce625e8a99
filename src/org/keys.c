/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a store with its key, and the keys that secrets are kept under. */
#include "base/file.h"
#include "org/org.h"
#include "store/key.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char key_variable[] = "KEYSIEVE_STORE_KEY";

/* Without its key a store is of no use: only for a new one a key is made. */
static int read_key(struct ks_store_key *key, const struct ks_org_store *store,
	bool may_make, struct ks_err *err)
{
	const char *text = getenv(key_variable);
	struct ks_buf path = { 0 };
	struct ks_err why = { 0 };
	int rc;

	if (!store->key && text && *text) {
		rc = ks_store_key_parse(key, text, &why);
		return rc < 0 ? ks_fail(err, rc, "%s: %s", key_variable,
					why.message)
			      : rc;
	}
	rc = store->key ? ks_buf_add_str(&path, store->key)
			: ks_org_folder(&path, "XDG_CONFIG_HOME", ".config",
				  "store.key", err);
	if (rc == KS_OK && !ks_buf_str(&path))
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = ks_store_key_read(
			key, (const char *)path.p, may_make, err);
	if (rc == KS_E_NOTFOUND)
		ks_fail(err, rc,
			"the key of the store, '%s', is not there: copy it "
			"from where the store was made, or name it by "
			"--store-key or %s",
			(const char *)path.p, key_variable);
	ks_buf_release(&path);
	return rc;
}

static int open_place(struct ks_state **out, const char *place, bool may_make,
	struct ks_err *err)
{
	const char *named = getenv("KEYSIEVE_STORE");
	struct ks_buf path = { 0 };
	int rc = KS_OK;

	/* It may hold a password, which others see on a command line. */
	if (!place && named && *named)
		place = named;
	if (!place)
		rc = ks_org_folder(&path, "XDG_STATE_HOME", ".local/state",
			"findings.sqlite", err);
	if (rc == KS_OK)
		rc = ks_state_open(out, place ? place : (const char *)path.p,
			may_make, err);
	ks_buf_release(&path);
	return rc;
}

int ks_org_open_state(struct ks_state **out, const struct ks_org_store *store,
	bool may_make, struct ks_err *err)
{
	struct ks_state *state = NULL;
	struct ks_store_key key;
	bool has_key = false;
	int rc = open_place(&state, store->place, may_make, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = ks_store_has_key(state, &has_key, err);
	if (rc == KS_OK)
		rc = read_key(&key, store, !has_key, err);
	if (rc == KS_OK)
		rc = ks_store_use_key(state, &key, err);
	explicit_bzero(&key, sizeof(key));
	if (rc < 0)
		ks_state_close(state);
	else
		*out = state;
	return rc;
}

int ks_org_show_secrets(struct ks_org *org, const char *key, struct ks_err *err)
{
	return ks_seal_read_key(org->open_with, key, err);
}

int ks_org_make_keys(const char *path, struct ks_err *err)
{
	char public[KS_SEAL_KEY + 1];
	char private[KS_SEAL_KEY + 1];
	struct ks_buf other = { 0 };
	int rc = ks_seal_make_keys(public, private, err);

	if (rc < 0)
		return rc;
	strcat(public, "\n");
	strcat(private, "\n");
	if (ks_buf_printf(&other, "%s.pub", path) < 0 || !ks_buf_str(&other))
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = ks_file_make(path, ks_span_str(private), 0600, err);
	if (rc == KS_OK) {
		rc = ks_file_make(
			(const char *)other.p, ks_span_str(public), 0644, err);
		if (rc < 0)
			unlink(path);
	}
	explicit_bzero(private, sizeof(private));
	ks_buf_release(&other);
	return rc;
}
