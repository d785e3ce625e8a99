/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning what a push brings. */
#include "base/buf.h"
#include "scan/bring.h"
#include "source/ref_files.h"

#include <keysieve/scan.h>
#include <stdlib.h>

/* One scan of a push. */
struct pushing {
	const struct ks_push *push;
	struct ks_bring bring;
	size_t own_length; /* bytes of the prefix whose refs are read */
};

/* Has another remote a longer prefix of ${name}? Then it is that one's. */
static bool is_of_other(
	const struct pushing *pushing, const char *name, size_t own)
{
	const struct ks_layout *layout = &pushing->bring.layout;

	for (size_t i = 0; i < layout->tracking_count; i++) {
		const struct ks_tracking *one = &layout->tracking[i];
		size_t n = strlen(one->prefix);

		if (n >= own &&
			strcmp(one->remote, pushing->push->remote) != 0 &&
			strncmp(name, one->prefix, n) == 0)
			return true;
	}
	return false;
}

static int take_ref(void *payload, const char *name, const struct ks_oid *oid)
{
	struct pushing *pushing = payload;

	if (pushing->push->remote &&
		is_of_other(pushing, name, pushing->own_length))
		return KS_OK;
	return ks_oids_add(&pushing->bring.known, oid);
}

static int read_refs(
	struct pushing *pushing, const char *prefix, struct ks_err *err)
{
	pushing->own_length = strlen(prefix);
	return ks_ref_files_each(pushing->bring.layout.common, prefix,
		pushing->bring.layout.hash_bytes, take_ref, pushing, err);
}

/* The refs that record what the other side has. */
static int find_known(struct pushing *pushing, struct ks_err *err)
{
	const struct ks_layout *layout = &pushing->bring.layout;
	const char *remote = pushing->push->remote;
	bool is_configured = false;
	struct ks_buf prefix = { 0 };
	int rc = KS_OK;

	if (!remote)
		return read_refs(pushing, "refs/", err);
	for (size_t i = 0; rc == KS_OK && i < layout->tracking_count; i++) {
		const struct ks_tracking *one = &layout->tracking[i];

		if (strcmp(one->remote, remote) != 0)
			continue;
		is_configured = true;
		rc = read_refs(pushing, one->prefix, err);
	}
	/* Its configuration may be in a file that is included. */
	if (rc == KS_OK && !is_configured && !strchr(remote, ':') &&
		remote[0] != '/' && remote[0] != '.') {
		if (ks_buf_printf(&prefix, "refs/remotes/%s/", remote) < 0 ||
			!ks_buf_str(&prefix))
			rc = ks_fail_nomem(err);
		else
			rc = read_refs(pushing, (const char *)prefix.p, err);
	}
	ks_buf_release(&prefix);
	return rc;
}

static bool is_zero(const struct ks_oid *oid)
{
	static const struct ks_oid zero;

	return ks_oid_eq(oid, &zero);
}

static int take_update(struct pushing *pushing,
	const struct ks_ref_update *update, struct ks_err *err)
{
	size_t digits = 2 * pushing->bring.layout.hash_bytes;
	struct ks_oid new_oid;
	struct ks_oid old_oid;

	if (strlen(update->new_id) != digits ||
		strlen(update->old_id) != digits ||
		!ks_oid_parse(&new_oid, update->new_id, digits / 2) ||
		!ks_oid_parse(&old_oid, update->old_id, digits / 2))
		return ks_fail(err, KS_E_USAGE,
			"'%.80s' and '%.80s' are not both object ids of this "
			"repository",
			update->old_id, update->new_id);
	if (!is_zero(&old_oid) &&
		ks_oids_add(&pushing->bring.hidden, &old_oid) < 0)
		return ks_fail_nomem(err);
	if (is_zero(&new_oid))
		return KS_OK;
	pushing->bring.refs[pushing->bring.ref_count++] = update->name;
	if (!ks_oid_eq(&new_oid, &old_oid) &&
		ks_oids_add(&pushing->bring.tips, &new_oid) < 0)
		return ks_fail_nomem(err);
	return KS_OK;
}

static int prepare(struct pushing *pushing, struct ks_err *err)
{
	const struct ks_push *push = pushing->push;
	struct ks_bring *bring = &pushing->bring;
	int rc = KS_OK;

	bring->refs = calloc(push->count + 1, sizeof(*bring->refs));
	if (!bring->refs)
		return ks_fail_nomem(err);
	for (size_t i = 0; rc == KS_OK && i < push->count; i++)
		rc = take_update(pushing, &push->updates[i], err);
	if (rc == KS_OK && bring->tips.count && !bring->layout.has_reftable)
		rc = find_known(pushing, err);
	return rc;
}

/* Ways out begin at what is checked out. */
static void tell_head(const struct pushing *pushing, struct ks_result *result)
{
	const struct ks_layout *layout = &pushing->bring.layout;
	struct ks_oid oid;

	if (result->finding_count && !layout->has_reftable &&
		ks_ref_files_resolve(&oid, layout->git_dir, layout->common,
			"HEAD", layout->hash_bytes, NULL) == KS_OK)
		ks_oid_hex(&oid, layout->hash_bytes, result->head);
}

int ks_scan_push(struct ks_result **out, const char *path,
	const struct ks_push *push, const struct ks_scan_options *options,
	struct ks_err *err)
{
	struct pushing pushing = { .push = push,
		.bring = { .options = options,
			.source = push->remote ? push->remote : "" } };
	int rc = ks_layout_find(&pushing.bring.layout, path, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = prepare(&pushing, err);
	if (rc == KS_OK)
		rc = ks_bring_scan(out, &pushing.bring, err);
	if (rc == KS_OK)
		tell_head(&pushing, *out);
	ks_bring_release(&pushing.bring);
	return rc;
}
