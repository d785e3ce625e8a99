/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to tell of one finding; there is no room for its secret. */
#include "notify/news.h"

#include "report/fields.h"
#include "report/sanitize.h"

#include <stdlib.h>

enum {
	NAMED_MAX = 20, /* in a text that people read */
	COLUMNS = 200   /* of one part of it */
};

static json_t *record(const struct ks_news *news)
{
	struct ks_fields fields = ks_fields_begin();

	ks_fields_str(&fields, "id", news->id);
	ks_fields_str(&fields, "state", news->state);
	ks_fields_str(&fields, "fingerprint", news->fingerprint);
	ks_fields_str(&fields, "rule", news->rule);
	ks_fields_str(&fields, "rule_name", news->rule_name);
	ks_fields_str(&fields, "redacted", news->redacted);
	ks_fields_real(&fields, "confidence", news->confidence, 2);
	ks_fields_str(&fields, "repository", news->repository);
	ks_fields_str(&fields, "path", news->path);
	ks_fields_count(&fields, "line", news->line);
	ks_fields_str(&fields, "commit", news->commit);
	ks_fields_str(&fields, "rotate", news->rotate);
	ks_fields_str(&fields, "seen", news->seen);
	return ks_fields_end(&fields);
}

static json_t *write_json(const char *org, const char *delivery,
	const struct ks_news *list, size_t count)
{
	struct ks_fields fields = ks_fields_begin();
	json_t *findings = json_array();
	bool is_whole = findings != NULL;

	for (size_t i = 0; is_whole && i < count; i++)
		is_whole =
			json_array_append_new(findings, record(&list[i])) == 0;
	ks_fields_count(&fields, "version", 1);
	ks_fields_str(&fields, "organisation", org);
	ks_fields_str(&fields, "delivery", delivery);
	if (!is_whole) {
		json_decref(findings);
		findings = NULL;
	}
	ks_fields_set(&fields, "findings", findings);
	return ks_fields_end(&fields);
}

/*
 * Text that says nothing to Slack: no mention, link or markup of others'
 * making, and nothing that ends the code it stands in.
 */
static int add_safe(struct ks_buf *out, const char *text)
{
	struct ks_buf plain = { 0 };
	int rc = ks_sanitize_add(&plain, ks_span_str(text), COLUMNS, NULL);

	for (size_t i = 0; rc == KS_OK && i < plain.n; i++) {
		switch (plain.p[i]) {
		case '&':
			rc = ks_buf_add_str(out, "&amp;");
			break;
		case '<':
			rc = ks_buf_add_str(out, "&lt;");
			break;
		case '>':
			rc = ks_buf_add_str(out, "&gt;");
			break;
		case '`':
			rc = ks_buf_add_byte(out, '\'');
			break;
		default:
			rc = ks_buf_add_byte(out, plain.p[i]);
		}
	}
	ks_buf_release(&plain);
	return rc;
}

/* "${before}${text}`", the text as code. */
static int add_code(struct ks_buf *out, const char *before, const char *text)
{
	int rc = ks_buf_add_str(out, before);

	if (rc == KS_OK)
		rc = add_safe(out, text);
	return rc == KS_OK ? ks_buf_add_byte(out, '`') : rc;
}

static int add_line(struct ks_buf *out, const struct ks_news *news)
{
	int rc = add_code(
		out, "\n• `", *news->rule_name ? news->rule_name : news->rule);

	if (rc == KS_OK && strcmp(news->state, "back") == 0)
		rc = ks_buf_add_str(out, " (come back)");
	if (rc == KS_OK)
		rc = add_code(out, " `", news->redacted);
	if (rc == KS_OK)
		rc = add_code(out, " in `", news->repository);
	if (rc == KS_OK)
		rc = add_code(out, ", `", news->path);
	if (rc == KS_OK && news->line)
		rc = ks_buf_printf(
			out, " line %llu", (unsigned long long)news->line);
	return rc;
}

static json_t *write_slack(
	const char *org, const struct ks_news *list, size_t count)
{
	struct ks_buf text = { 0 };
	struct ks_fields fields = ks_fields_begin();
	json_t *said = NULL;
	int rc = ks_buf_printf(&text, "keysieve: %zu new secret%s", count,
		count == 1 ? "" : "s");

	if (rc == KS_OK)
		rc = add_code(&text, " in `", org);
	for (size_t i = 0; rc == KS_OK && i < count && i < NAMED_MAX; i++)
		rc = add_line(&text, &list[i]);
	if (rc == KS_OK && count > NAMED_MAX)
		rc = ks_buf_printf(&text, "\nand %zu more", count - NAMED_MAX);
	if (rc == KS_OK)
		said = ks_fields_string(ks_buf_span(&text));
	ks_fields_set(&fields, "text", said);
	ks_buf_release(&text);
	return ks_fields_end(&fields);
}

int ks_news_write(struct ks_buf *out, enum ks_news_form form, const char *org,
	const char *delivery, const struct ks_news *list, size_t count,
	struct ks_err *err)
{
	json_t *body = form == KS_NEWS_SLACK
			       ? write_slack(org, list, count)
			       : write_json(org, delivery, list, count);
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	int rc = text ? ks_buf_add_str(out, text) : KS_E_NOMEM;

	json_decref(body);
	free(text);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}
