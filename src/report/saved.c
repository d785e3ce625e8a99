/* SPDX-License-Identifier: Apache-2.0 */
/* A report that was saved as json or jsonl, read back to be told again. */
#include <keysieve/report.h>

#include "base/arena.h"
#include "base/buf.h"
#include "report/saved_fields.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More than any report; a file that is none may be endless. */
#define BYTES_MAX ((size_t)4 << 30)

/* What ks_report_unload() frees; the result is its first member. */
struct box {
	struct ks_result result;
	struct ks_arena arena;
};

/* A finding has the bytes of its secret, not what may be shown of them. */
static bool is_in_full(json_t *finding)
{
	return json_object_get(finding, "secret_base64") ||
	       !strstr(ks_saved_text(finding, "secret"), "\xe2\x80\xa6");
}

static int add_finding(struct ks_saved *saved, json_t *object)
{
	struct ks_finding *finding;
	bool is_listed_only = json_object_get(object, "suppressed") != NULL;

	if (!ks_saved_text(object, "fingerprint")[0] ||
		!ks_saved_text(object, "rule")[0])
		return ks_fail(saved->err, KS_E_CORRUPT,
			"'%s': no finding of keysieve's: it has no fingerprint "
			"or no rule",
			saved->path);
	if (is_in_full(object) && !saved->show_secrets)
		return ks_fail(saved->err, KS_E_USAGE,
			"'%s' holds secrets in full: give --show-secrets to "
			"tell them again, or save a report without",
			saved->path);
	/* Those that may stand are in an array of their own, behind. */
	finding = is_listed_only ? &saved->suppressed[saved->suppressed_count++]
				 : &saved->findings[saved->finding_count++];
	return ks_saved_finding(saved, finding, object);
}

static int add_findings(struct ks_saved *saved, json_t *list)
{
	int rc = KS_OK;

	for (size_t i = 0; i < json_array_size(list) && !rc; i++)
		rc = add_finding(saved, json_array_get(list, i));
	return rc;
}

static int make_room(struct ks_saved *saved, size_t count)
{
	saved->findings = ks_arena_array(
		saved->arena, count + 1, sizeof(*saved->findings));
	saved->suppressed = ks_arena_array(
		saved->arena, count + 1, sizeof(*saved->suppressed));
	return saved->findings && saved->suppressed ? KS_OK
						    : ks_fail_nomem(saved->err);
}

static int take_report(struct ks_saved *saved, json_t *whole)
{
	json_t *findings = json_object_get(whole, "findings");
	json_t *suppressed = json_object_get(whole, "suppressed_findings");
	int rc = make_room(
		saved, json_array_size(findings) + json_array_size(suppressed));

	if (!rc)
		rc = add_findings(saved, findings);
	if (!rc)
		rc = add_findings(saved, suppressed);
	return rc ? rc : ks_saved_result(saved, whole);
}

static json_t *parse(struct ks_saved *saved, struct ks_span line, size_t number)
{
	json_t *object = json_loadb((const char *)line.p, line.n, 0, NULL);

	if (!json_is_object(object)) {
		json_decref(object);
		ks_fail(saved->err, KS_E_CORRUPT,
			"%s:%zu: not a report: 'keysieve audit --format json' "
			"or jsonl writes one",
			saved->path, number);
		return NULL;
	}
	return object;
}

static size_t count_lines(struct ks_span text)
{
	size_t count = 1;

	for (size_t i = 0; i < text.n; i++)
		count += text.p[i] == '\n';
	return count;
}

static int take_lines(struct ks_saved *saved, struct ks_span text)
{
	struct ks_span line;
	int rc = make_room(saved, count_lines(text));

	for (size_t number = 1; !rc && ks_span_next_line(&text, &line);
		number++) {
		json_t *object;

		if (line.n == 0 || (line.n == 1 && line.p[0] == '\r'))
			continue;
		object = parse(saved, line, number);
		rc = object ? add_finding(saved, object) : KS_E_CORRUPT;
		json_decref(object);
	}
	return rc;
}

static int read_text(struct ks_buf *text, const char *path, struct ks_err *err)
{
	if (strcmp(path, "-") == 0)
		return ks_buf_read_fd(
			text, STDIN_FILENO, "standard input", BYTES_MAX, err);
	return ks_buf_read_file_max(text, path, BYTES_MAX, err);
}

static int take(struct ks_saved *saved, struct ks_span text)
{
	json_t *whole = json_loadb(
		(const char *)text.p, text.n, JSON_DISABLE_EOF_CHECK, NULL);
	int rc;

	if (json_is_array(json_object_get(whole, "findings")))
		rc = take_report(saved, whole);
	else
		rc = take_lines(saved, text);
	json_decref(whole);
	return rc;
}

int ks_report_load(struct ks_result **out, const char *path, bool show_secrets,
	struct ks_err *err)
{
	struct box *box = calloc(1, sizeof(*box));
	struct ks_buf text = { 0 };
	struct ks_saved saved = {
		.path = path, .show_secrets = show_secrets, .err = err
	};
	int rc;

	*out = NULL;
	if (!box)
		return ks_fail_nomem(err);
	saved.arena = &box->arena;
	saved.result = &box->result;
	box->result = (struct ks_result){ .source = path,
		.suppressed = { .config_ignored = "" },
		.is_complete = true };
	rc = read_text(&text, path, err);
	if (!rc)
		rc = take(&saved, ks_buf_span(&text));
	ks_buf_release(&text);
	if (rc) {
		ks_report_unload(&box->result);
		return rc;
	}
	box->result.findings = saved.findings;
	box->result.finding_count = saved.finding_count;
	box->result.suppressed_findings =
		saved.suppressed_count ? saved.suppressed : NULL;
	box->result.suppressed_count = saved.suppressed_count;
	*out = &box->result;
	return KS_OK;
}

void ks_report_unload(struct ks_result *result)
{
	struct box *box = (struct box *)result;

	if (!box)
		return;
	ks_arena_release(&box->arena);
	free(box);
}
