/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning one repository of an organisation, as far as it has to be. */
#include "org/visit.h"

#include "org/refresh.h"
#include "org/tips.h"
#include "rules/rule.h"
#include "store/events.h"
#include "store/findings.h"
#include "store/rule_sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One visit. */
struct visiting {
	struct ks_visit *visit;
	const struct ks_state_repository *known;
	const char *path;
	struct ks_tips tips;
	struct ks_result *result;
	bool is_audit;
	bool is_partial; /* not by all rules: what it finds not is not gone */
	struct ks_buf lacking;
};

/* Will a scan of the same refs find it lacking again? */
static bool is_lasting(enum ks_skip_reason reason)
{
	return reason == KS_SKIP_TOO_LARGE || reason == KS_SKIP_LIMIT ||
	       reason == KS_SKIP_SHALLOW || reason == KS_SKIP_PARTIAL;
}

/* Is something unread that may be there next time? */
static bool is_lacking(const struct ks_result *result)
{
	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++) {
		enum ks_skip_reason reason = (enum ks_skip_reason)i;

		if (result->coverage.skips[i] &&
			ks_skip_is_incomplete(reason) && !is_lasting(reason))
			return true;
	}
	return false;
}

static int tell_lacking(struct visiting *visiting, struct ks_err *err)
{
	const struct ks_result *result = visiting->result;
	int rc =
		ks_buf_add_str(&visiting->lacking, "not all could be scanned:");

	for (int i = 0; rc == KS_OK && i < KS_SKIP_REASON_COUNT; i++) {
		enum ks_skip_reason reason = (enum ks_skip_reason)i;

		if (result->coverage.skips[i] && ks_skip_is_incomplete(reason))
			rc = ks_buf_printf(&visiting->lacking, " %llu %s",
				(unsigned long long)result->coverage.skips[i],
				ks_skip_reason_name(reason));
	}
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static int take_oids(
	struct ks_oids *into, const struct ks_oids *from, struct ks_err *err)
{
	for (size_t i = 0; i < from->count; i++) {
		if (ks_oids_add(into, &from->list[i]) < 0)
			return ks_fail_nomem(err);
	}
	return KS_OK;
}

/* Names that refs have now: a secret in one is seen again, no more. */
static int take_names(
	struct ks_bring *bring, const struct ks_tips *tips, struct ks_err *err)
{
	const struct ks_ref_list *refs = &tips->refs.out;

	bring->refs = calloc(refs->count + 1, sizeof(*bring->refs));
	if (!bring->refs)
		return ks_fail_nomem(err);
	for (size_t i = 0; i < refs->count; i++) {
		if (!refs->list[i].is_reflog)
			bring->refs[bring->ref_count++] = refs->list[i].name;
	}
	return KS_OK;
}

static int follow(struct visiting *visiting, struct ks_err *err)
{
	struct ks_bring bring = { .options = visiting->visit->options,
		.source = visiting->path };
	int rc = ks_layout_find(&bring.layout, visiting->path, err);

	if (rc == KS_OK)
		rc = take_oids(&bring.tips, &visiting->tips.fresh, err);
	if (rc == KS_OK)
		rc = take_oids(&bring.hidden, &visiting->tips.left, err);
	if (rc == KS_OK)
		rc = take_oids(&bring.known, &visiting->tips.stayed, err);
	if (rc == KS_OK)
		rc = take_names(&bring, &visiting->tips, err);
	if (rc == KS_OK)
		rc = ks_bring_scan(&visiting->result, &bring, err);
	ks_bring_release(&bring);
	return rc;
}

/* Only what is new, if that is enough; else is_audit stays. */
static int try_to_follow(struct visiting *visiting, struct ks_err *err)
{
	const struct ks_state_repository *known = visiting->known;
	struct ks_visit *visit = visiting->visit;
	bool have_grown = false;
	int rc = KS_OK;

	if (!known->scanned || strcmp(known->rules, visit->rules) != 0)
		return KS_OK;
	rc = ks_tips_compare(
		&visiting->tips, visit->org->state, known->id, err);
	if (rc == KS_OK)
		rc = ks_tips_have_grown(&visiting->tips, visit->options->cancel,
			&have_grown, err);
	if (rc < 0 || !have_grown)
		return rc;
	rc = follow(visiting, err);
	visiting->is_audit = rc < 0 || !visiting->result->is_complete;
	if (visiting->is_audit) {
		ks_result_free(visiting->result);
		visiting->result = NULL;
	}
	/* What cannot be followed an audit names. */
	return rc == KS_E_NOMEM || rc == KS_E_INTERRUPTED ? rc : KS_OK;
}

static int put_finding(struct visiting *visiting, int64_t revision, int64_t now,
	const struct ks_finding *finding, struct ks_err *err)
{
	struct ks_org *org = visiting->visit->org;
	struct ks_findings_entry entry = {
		.fingerprint = finding->fingerprint,
		.rule = finding->rule,
		.rule_name = finding->rule_name,
		.rotate = finding->rotate,
		.redacted = finding->redacted,
		.confidence = finding->confidence,
	};
	struct ks_buf sealed = { 0 };
	bool is_live = !visiting->is_audit;
	int64_t id = 0;
	int rc = KS_OK;

	for (size_t i = 0; i < finding->occurrence_count; i++)
		is_live |= finding->occurrences[i].is_reachable;
	if (org->seal_to[0]) {
		rc = ks_seal_put(&sealed, org->seal_to,
			ks_span_of(finding->secret, finding->secret_length),
			err);
		entry.sealed = (const char *)sealed.p;
	}
	if (rc == KS_OK)
		rc = ks_findings_put(
			org->state, org->id, now, &entry, is_live, &id, err);
	ks_buf_release(&sealed);
	for (size_t i = 0; rc == KS_OK && i < finding->occurrence_count; i++) {
		const struct ks_occurrence *one = &finding->occurrences[i];
		struct ks_findings_place place = {
			.path = one->path,
			.blob = one->blob,
			.line = (int64_t)one->line,
			.commit = one->commit,
			.author = one->author,
			.email = one->email,
			.time = one->time,
			.in_head = one->in_head,
			.gone = visiting->is_audit && !one->is_reachable,
		};

		rc = ks_members_find(&visiting->visit->members, &visiting->tips,
			one->commit, &place.member, err);
		if (rc == KS_OK)
			rc = ks_findings_put_place(org->state, id,
				visiting->known->id, revision, &place, err);
	}
	return rc;
}

static int put_all(struct visiting *visiting, struct ks_err *err)
{
	struct ks_org *org = visiting->visit->org;
	const struct ks_result *result = visiting->result;
	bool is_lacked = is_lacking(result);
	struct ks_state_repository now = *visiting->known;
	struct ks_refresh refresh = {
		.state = org->state,
		.repository = now.id,
		.layout = &visiting->tips.layout,
		.options = visiting->visit->options,
		.is_audited = visiting->is_audit,
	};
	int rc = KS_OK;

	now.revision++;
	now.scanned = time(NULL);
	/* What lacks may come back without a ref that changes. */
	snprintf(now.refs, sizeof(now.refs), "%s",
		is_lacked ? "" : visiting->tips.digest);
	snprintf(now.rules, sizeof(now.rules), "%s",
		is_lacked ? "" : visiting->visit->rules);
	for (size_t i = 0; rc == KS_OK && i < result->finding_count; i++)
		rc = put_finding(visiting, now.revision, now.scanned,
			&result->findings[i], err);
	if (rc == KS_OK && visiting->is_audit && !visiting->is_partial &&
		!is_lacked)
		rc = ks_findings_leave(org->state, now.id, now.revision, err);
	if (rc == KS_OK)
		rc = ks_events_settle(
			org->state, now.id, org->scan, now.scanned, err);
	if (rc == KS_OK)
		rc = ks_members_refresh(&visiting->visit->members,
			&visiting->tips, org->state, now.id, err);
	if (rc == KS_OK)
		rc = ks_refresh_places(&refresh, err);
	if (rc == KS_OK && !result->is_complete)
		rc = tell_lacking(visiting, err);
	if (rc == KS_OK && !ks_buf_str(&visiting->lacking))
		rc = ks_fail_nomem(err);
	return rc == KS_OK ? ks_state_set_scanned(org->state, &now,
				     visiting->tips.hex, visiting->tips.count,
				     (const char *)visiting->lacking.p, err)
			   : rc;
}

static int write_down(struct visiting *visiting, struct ks_err *err)
{
	struct ks_state *state = visiting->visit->org->state;
	bool is_current = false;
	int rc = ks_state_begin(state, err);

	if (rc < 0)
		return rc;
	rc = ks_state_is_current(state, visiting->known, &is_current, err);
	if (rc == KS_OK && is_current)
		rc = put_all(visiting, err);
	rc = ks_state_end(state, rc, err);
	return rc == KS_OK && !is_current ? KS_VISIT_AGAIN : rc;
}

/* Is ${id} one of the lines of ${ids}? */
static bool is_listed(const char *ids, const char *id)
{
	size_t n = strlen(id);

	for (const char *p = ids; (p = strstr(p, id)); p += n) {
		if ((p == ids || p[-1] == '\n') && p[n] == '\n')
			return true;
	}
	return false;
}

/* Look for ${ids} only, if there are some: nothing else can be new. */
static int scan_by(struct visiting *visiting, const char *const *ids,
	size_t count, struct ks_err *err)
{
	struct ks_scan_options options = *visiting->visit->options;

	visiting->is_partial = true;
	if (count == 0)
		return ks_scan_texts(&visiting->result, NULL, 0, &options, err);
	options.only = ids;
	options.only_count = count;
	return ks_scan_repository(
		&visiting->result, visiting->path, &options, err);
}

/* Where the rules alone are others, and new ones are all that is wanted. */
static int try_new_rules(struct visiting *visiting, struct ks_err *err)
{
	const struct ks_visit *visit = visiting->visit;
	const struct ks_rules *rules = visit->options->rules;
	const struct ks_state_repository *known = visiting->known;
	char rest[KS_STATE_DIGEST] = "";
	struct ks_buf ids = { 0 };
	const char **list = NULL;
	size_t count = 0;
	int rc = KS_OK;

	if (visit->new_rules && known->scanned && !visit->options->only_count &&
		strcmp(known->refs, visiting->tips.digest) == 0)
		rc = ks_rule_sets_get(
			visit->org->state, known->rules, rest, &ids, err);
	if (rc == KS_OK && rest[0] && strcmp(rest, visit->rest) == 0) {
		list = calloc((size_t)rules->count + 1, sizeof(*list));
		rc = list ? KS_OK : ks_fail_nomem(err);
		for (uint32_t i = 0; list && i < rules->count; i++) {
			if (!is_listed((const char *)ids.p, rules->list[i].id))
				list[count++] = rules->list[i].id;
		}
		if (rc == KS_OK)
			rc = scan_by(visiting, list, count, err);
	}
	free(list);
	ks_buf_release(&ids);
	return rc;
}

static int scan(struct visiting *visiting, struct ks_err *err)
{
	int rc;

	visiting->is_audit = true;
	rc = try_to_follow(visiting, err);
	if (rc == KS_OK && visiting->is_audit)
		rc = try_new_rules(visiting, err);
	if (rc == KS_OK && visiting->is_audit && !visiting->is_partial)
		rc = ks_scan_repository(&visiting->result, visiting->path,
			visiting->visit->options, err);
	return rc;
}

static bool is_as_known(const struct ks_visit *visit,
	const struct ks_state_repository *known, const struct ks_tips *tips)
{
	return known->scanned && strcmp(known->refs, tips->digest) == 0 &&
	       strcmp(known->rules, visit->rules) == 0;
}

int ks_visit_is_unchanged(struct ks_visit *visit,
	const struct ks_state_repository *known, const char *path,
	bool *is_unchanged, struct ks_err *err)
{
	struct ks_tips tips = { .count = 0 };
	int rc = ks_tips_read(&tips, path, err);

	*is_unchanged = rc == KS_OK && is_as_known(visit, known, &tips);
	ks_tips_release(&tips);
	return rc;
}

static int leave(struct visiting *visiting, struct ks_err *err)
{
	if (!visiting->known->has_error)
		return KS_OK;
	return ks_state_set_error(
		visiting->visit->org->state, visiting->known->id, "", err);
}

int ks_visit_repository(struct ks_visit *visit,
	const struct ks_state_repository *known, const char *path,
	enum ks_queue_outcome *outcome, bool *of_store, struct ks_err *err)
{
	struct visiting visiting = {
		.visit = visit, .known = known, .path = path
	};
	int rc = ks_tips_read(&visiting.tips, path, err);

	*of_store = false;
	*outcome = KS_QUEUE_UNCHANGED;
	if (rc == KS_OK && is_as_known(visit, known, &visiting.tips)) {
		*of_store = true;
		rc = leave(&visiting, err);
	} else if (rc == KS_OK) {
		rc = scan(&visiting, err);
		*outcome = visiting.is_audit ? KS_QUEUE_AUDITED
					     : KS_QUEUE_FOLLOWED;
		*of_store = rc == KS_OK;
		if (rc == KS_OK)
			rc = write_down(&visiting, err);
	}
	ks_result_free(visiting.result);
	ks_tips_release(&visiting.tips);
	ks_buf_release(&visiting.lacking);
	return rc;
}
