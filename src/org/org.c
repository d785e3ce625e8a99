/* SPDX-License-Identifier: Apache-2.0 */
/* An open organisation: what is asked of its store alone. */
#include "org/org.h"

#include "base/array.h"
#include "forge/forge.h"
#include "org/selection.h"
#include "org/sources.h"
#include "store/events.h"
#include "store/findings.h"

#include <keysieve/baseline.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
	NAME_MAX_BYTES = 64,
	PREFIX_MIN = 8
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789._-";

int ks_org_folder(struct ks_buf *out, const char *variable,
	const char *otherwise, const char *name, struct ks_err *err)
{
	const char *folder = getenv(variable);
	const char *home = getenv("HOME");
	int rc;

	/* What is not absolute does not count, says the specification. */
	if (folder && folder[0] == '/')
		rc = ks_buf_printf(out, "%s/keysieve/%s", folder, name);
	else if (home && home[0] == '/')
		rc = ks_buf_printf(
			out, "%s/%s/keysieve/%s", home, otherwise, name);
	else
		return ks_fail(err, KS_E_IO,
			"there is no home: set HOME, or name the store by "
			"--store");
	return rc < 0 || !ks_buf_str(out) ? ks_fail_nomem(err) : KS_OK;
}

int ks_org_open(struct ks_org **out, const struct ks_org_store *store,
	const char *name, bool may_make, struct ks_err *err)
{
	struct ks_org *org;
	int rc;

	*out = NULL;
	if (!name[0] || name[0] == '-' || strlen(name) > NAME_MAX_BYTES ||
		name[strspn(name, letters)])
		return ks_fail(err, KS_E_USAGE,
			"'%.80s' is no name of an organisation: at most %d "
			"letters, digits, '.', '_' and '-'",
			name, (int)NAME_MAX_BYTES);
	org = calloc(1, sizeof(*org));
	if (!org)
		return ks_fail_nomem(err);
	ks_baseline_today(org->today);
	rc = ks_lease_name(org->holder, err);
	if (rc == KS_OK)
		rc = ks_org_open_state(&org->state, store, may_make, err);
	if (rc == KS_OK)
		rc = ks_state_organisation(
			org->state, name, may_make, &org->id, err);
	if (rc < 0)
		ks_org_close(org);
	else
		*out = org;
	return rc;
}

void ks_org_close(struct ks_org *org)
{
	if (!org)
		return;
	ks_state_close(org->state);
	ks_arena_release(&org->arena);
	explicit_bzero(org->open_with, sizeof(org->open_with));
	free(org->troubles);
	free(org);
}

int ks_org_note(struct ks_org *org, const char *where, const char *why,
	struct ks_err *err)
{
	struct ks_org_trouble trouble = {
		.where = ks_arena_copy(&org->arena, ks_span_str(where)),
		.why = ks_arena_copy(&org->arena, ks_span_str(why)),
	};

	if (!trouble.where || !trouble.why ||
		ks_array_reserve(&org->troubles, &org->trouble_cap,
			org->trouble_count + 1, sizeof(*org->troubles)) < 0)
		return ks_fail_nomem(err);
	org->troubles[org->trouble_count++] = trouble;
	return KS_OK;
}

/* Only a forge's own repositories can be chosen from. */
static int check_options(
	const char *place, const char *options, struct ks_err *err)
{
	struct stat status;

	if (!options[0] || ks_forge_is_source(place) ||
		(stat(place, &status) == 0 && S_ISREG(status.st_mode)))
		return KS_OK;
	return ks_fail(err, KS_E_USAGE,
		"'%s' is no organisation of a forge: of others all is scanned",
		place);
}

int ks_org_add(struct ks_org *org, const struct ks_org_source *source,
	struct ks_err *err)
{
	struct ks_arena arena = { NULL };
	struct ks_buf options = { 0 };
	const char *whole = NULL;
	int rc = ks_sources_check(&whole, source->place, &arena, err);

	if (rc == KS_OK)
		rc = ks_selection_write(&options, source, err);
	if (rc == KS_OK)
		rc = check_options(whole, (const char *)options.p, err);
	if (rc == KS_OK)
		rc = ks_state_add_source(org->state, org->id, whole,
			(const char *)options.p, err);
	ks_buf_release(&options);
	ks_arena_release(&arena);
	return rc;
}

int ks_org_remove(struct ks_org *org, const char *place, struct ks_err *err)
{
	char path[PATH_MAX];
	int rc = ks_state_remove_source(org->state, org->id, place, err);

	/* As it was given, or as it was kept. */
	if (rc == KS_E_NOTFOUND && realpath(place, path))
		rc = ks_state_remove_source(org->state, org->id, path, err);
	return rc;
}

int ks_org_day(int64_t *out, const char *text, struct ks_err *err)
{
	struct tm day = { 0 };

	if (!ks_baseline_is_date(text) || !strptime(text, "%Y-%m-%d", &day))
		return ks_fail(err, KS_E_USAGE,
			"'%.80s' is no date: it is YYYY-MM-DD", text);
	*out = timegm(&day);
	return KS_OK;
}

int ks_org_find(struct ks_org *org, const char *prefix,
	char fingerprint[KS_STATE_DIGEST], struct ks_err *err)
{
	size_t n = strlen(prefix);

	if (n < PREFIX_MIN || n >= KS_STATE_DIGEST ||
		strspn(prefix, "0123456789abcdef") != n)
		return ks_fail(err, KS_E_USAGE,
			"'%.80s' is no fingerprint: %d to %d hex digits",
			prefix, (int)PREFIX_MIN, (int)KS_STATE_DIGEST - 1);
	return ks_findings_find(org->state, org->id, prefix, fingerprint, err);
}

int ks_org_dismiss(struct ks_org *org, const char *fingerprint, const char *who,
	const char *why, const char *until, struct ks_err *err)
{
	char whole[KS_STATE_DIGEST];
	struct ks_findings_dismissal dismissal = {
		.fingerprint = whole,
		.who = who,
		.why = why,
		.until = until ? until : "",
		.made = time(NULL),
	};
	struct ks_events_deed deed = {
		.kind = "dismissed",
		.fingerprint = whole,
		.who = who,
		.why = why,
		.time = dismissal.made,
	};
	int rc;

	if (until && !ks_baseline_is_date(until))
		return ks_fail(err, KS_E_USAGE,
			"'%.80s' is no date: it is YYYY-MM-DD", until);
	rc = ks_org_find(org, fingerprint, whole, err);
	if (rc == KS_OK)
		rc = ks_state_begin(org->state, err);
	if (rc < 0)
		return rc;
	rc = ks_findings_dismiss(org->state, org->id, &dismissal, err);
	if (rc == KS_OK)
		rc = ks_events_add(org->state, org->id, &deed, err);
	return ks_state_end(org->state, rc, err);
}

int ks_org_reopen(
	struct ks_org *org, const char *fingerprint, struct ks_err *err)
{
	char whole[KS_STATE_DIGEST];
	struct ks_events_deed deed = {
		.kind = "reopened",
		.fingerprint = whole,
		.who = "",
		.why = "",
		.time = time(NULL),
	};
	int rc = ks_org_find(org, fingerprint, whole, err);

	if (rc == KS_OK)
		rc = ks_state_begin(org->state, err);
	if (rc < 0)
		return rc;
	rc = ks_findings_reopen(org->state, org->id, whole, err);
	if (rc == KS_OK)
		rc = ks_events_add(org->state, org->id, &deed, err);
	return ks_state_end(org->state, rc, err);
}

int ks_org_told(struct ks_org *org, bool is_told, struct ks_err *err)
{
	return ks_findings_told(org->state, org->scan, is_told, err);
}
