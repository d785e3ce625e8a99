/* SPDX-License-Identifier: Apache-2.0 */
/* Which known places of findings HEAD still has. */
#include "org/refresh.h"

#include "base/array.h"
#include "org/head.h"
#include "store/findings.h"

#include <stdlib.h>
#include <string.h>

enum {
	TEXT_MAX = 64 << 20 /* bytes of a file that is scanned again */
};

struct refreshing {
	const struct ks_refresh *refresh;
	struct ks_arena arena;
	struct ks_findings_place *list; /* by path */
	size_t count;
	size_t cap;
	struct ks_head head;
	/* Of the path that was looked at last: what HEAD has, scanned. */
	const char *path;
	char blob[KS_OID_HEX_MAX];
	struct ks_oid oid;
	bool is_unreadable;
	bool is_scanned;
	struct ks_result *result;
};

static int take_place(void *payload, const struct ks_findings_place *place,
	struct ks_err *err)
{
	struct refreshing *refreshing = payload;
	struct ks_arena *arena = &refreshing->arena;
	struct ks_findings_place copy = *place;

	copy.fingerprint =
		ks_arena_copy(arena, ks_span_str(place->fingerprint));
	copy.path = ks_arena_copy(arena, ks_span_str(place->path));
	copy.blob = ks_arena_copy(arena, ks_span_str(place->blob));
	copy.head_blob = ks_arena_copy(arena, ks_span_str(place->head_blob));
	if (!copy.fingerprint || !copy.path || !copy.blob || !copy.head_blob ||
		ks_array_reserve(&refreshing->list, &refreshing->cap,
			refreshing->count + 1, sizeof(copy)) < 0)
		return ks_fail_nomem(err);
	refreshing->list[refreshing->count++] = copy;
	return KS_OK;
}

static int turn_to(
	struct refreshing *refreshing, const char *path, struct ks_err *err)
{
	struct ks_err why = { 0 };
	int rc;

	if (refreshing->path && strcmp(refreshing->path, path) == 0)
		return KS_OK;
	ks_result_free(refreshing->result);
	refreshing->result = NULL;
	refreshing->is_scanned = false;
	refreshing->path = path;
	refreshing->blob[0] = '\0';
	rc = ks_head_find(&refreshing->head, path, &refreshing->oid, &why);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	refreshing->is_unreadable = rc < 0 && rc != KS_E_NOTFOUND;
	if (rc == KS_OK)
		ks_oid_hex(&refreshing->oid, refreshing->head.hash_bytes,
			refreshing->blob);
	return KS_OK;
}

/* Scan what HEAD has there; what cannot be read tells nothing. */
static int scan(struct refreshing *refreshing, struct ks_err *err)
{
	struct ks_scan_options options = *refreshing->refresh->options;
	struct ks_text text = { .name = refreshing->path };
	struct ks_err why = { 0 };
	struct ks_span bytes;
	int rc;

	if (refreshing->is_scanned)
		return KS_OK;
	refreshing->is_scanned = true;
	rc = ks_head_read(
		&refreshing->head, &refreshing->oid, TEXT_MAX, &bytes, &why);
	if (rc == KS_OK) {
		options.control = NULL;
		options.progress = NULL;
		text.bytes = (const char *)bytes.p;
		text.length = bytes.n;
		rc = ks_scan_texts(
			&refreshing->result, &text, 1, &options, &why);
	}
	if (rc != KS_E_NOMEM && rc != KS_E_INTERRUPTED)
		return KS_OK;
	*err = why;
	return rc;
}

/* ${fingerprint} is the store's. */
static bool has(const struct refreshing *refreshing, const char *fingerprint)
{
	const struct ks_result *result = refreshing->result;
	char name[KS_STATE_DIGEST];

	for (size_t i = 0; i < result->finding_count; i++) {
		ks_findings_name(refreshing->refresh->state,
			result->findings[i].fingerprint, name);
		if (strcmp(name, fingerprint) == 0)
			return true;
	}
	return false;
}

static int refresh_place(struct refreshing *refreshing,
	const struct ks_findings_place *place, struct ks_err *err)
{
	bool in_head = place->in_head;
	int rc = turn_to(refreshing, place->path, err);

	if (rc < 0 || refreshing->is_unreadable)
		return rc;
	if (strcmp(refreshing->blob, place->head_blob) == 0 &&
		(refreshing->blob[0] || !place->in_head))
		return KS_OK;
	if (!refreshing->blob[0]) {
		in_head = false;
	} else if (strcmp(refreshing->blob, place->blob) == 0) {
		in_head = true;
	} else if (!refreshing->refresh->is_audited) {
		rc = scan(refreshing, err);
		if (rc < 0)
			return rc;
		if (refreshing->result)
			in_head = has(refreshing, place->fingerprint);
	}
	return ks_findings_set_head(refreshing->refresh->state, place->id,
		in_head, refreshing->blob, err);
}

int ks_refresh_places(const struct ks_refresh *refresh, struct ks_err *err)
{
	struct refreshing refreshing = { .refresh = refresh };
	struct ks_err why = { 0 };
	int rc = ks_findings_places(refresh->state, refresh->repository,
		take_place, &refreshing, err);
	bool is_open = false;

	if (rc == KS_OK && refreshing.count) {
		rc = ks_head_open(&refreshing.head, refresh->layout, &why);
		is_open = rc == KS_OK;
		rc = rc == KS_E_NOMEM ? ks_fail_nomem(err) : KS_OK;
	}
	for (size_t i = 0; is_open && rc == KS_OK && i < refreshing.count; i++)
		rc = refresh_place(&refreshing, &refreshing.list[i], err);
	ks_result_free(refreshing.result);
	ks_head_release(&refreshing.head);
	ks_arena_release(&refreshing.arena);
	free(refreshing.list);
	return rc;
}
