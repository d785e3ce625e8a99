/* SPDX-License-Identifier: Apache-2.0 */
/* Figures for Prometheus, in the text format of its node_exporter. */
#include "notify/metrics.h"

#include "base/file.h"
#include "report/utf8.h"

#include <ctype.h>
#include <math.h>

static bool is_name(const char *name)
{
	if (!isalpha((unsigned char)*name) && *name != '_')
		return false;
	for (; *name; name++) {
		if (!isalnum((unsigned char)*name) && *name != '_')
			return false;
	}
	return true;
}

/* Backslash, newline and, in labels, the quote are escaped. */
static int add_escaped(struct ks_buf *out, const char *text)
{
	struct ks_buf plain = { 0 };
	int rc = ks_utf8_repair(&plain, ks_span_str(text));

	for (size_t i = 0; rc == KS_OK && i < plain.n; i++) {
		uint8_t byte = plain.p[i];

		if (byte == '\\' || byte == '"')
			rc = ks_buf_printf(out, "\\%c", byte);
		else if (byte == '\n')
			rc = ks_buf_add_str(out, "\\n");
		else
			rc = ks_buf_add_byte(out, byte);
	}
	ks_buf_release(&plain);
	return rc;
}

static int add_head(struct ks_buf *out, const struct ks_metric *metric)
{
	return ks_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name,
		metric->help, metric->name,
		metric->is_counter ? "counter" : "gauge");
}

static int add_value(struct ks_buf *out, double value)
{
	/* Whole numbers as such: they are what most are. */
	if (value == floor(value) && fabs(value) < 1e15)
		return ks_buf_printf(out, " %.0f\n", value);
	return ks_buf_printf(out, " %.9g\n", value);
}

static int add_metric(
	struct ks_buf *out, const struct ks_metric *metric, struct ks_err *err)
{
	const char *const *labels = metric->labels;
	const char *before = "{";
	int rc = ks_buf_add_str(out, metric->name);

	for (; rc == KS_OK && labels && labels[0] && labels[1]; labels += 2) {
		if (!is_name(labels[0]))
			return ks_fail(err, KS_E_USAGE,
				"'%s' is no name of a label", labels[0]);
		rc = ks_buf_printf(out, "%s%s=\"", before, labels[0]);
		if (rc == KS_OK)
			rc = add_escaped(out, labels[1]);
		if (rc == KS_OK)
			rc = ks_buf_add_byte(out, '"');
		before = ",";
	}
	if (rc == KS_OK && *before == ',')
		rc = ks_buf_add_byte(out, '}');
	if (rc == KS_OK)
		rc = add_value(out, metric->value);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

int ks_metrics_write(const char *path, const struct ks_metric *list,
	size_t count, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		bool is_first =
			i == 0 || strcmp(list[i].name, list[i - 1].name) != 0;

		if (!is_name(list[i].name))
			rc = ks_fail(err, KS_E_USAGE,
				"'%s' is no name of a metric", list[i].name);
		if (rc == KS_OK && is_first && add_head(&text, &list[i]) < 0)
			rc = ks_fail_nomem(err);
		if (rc == KS_OK)
			rc = add_metric(&text, &list[i], err);
	}
	if (rc == KS_OK)
		rc = ks_file_replace(path, ks_buf_span(&text), 0644, err);
	ks_buf_release(&text);
	return rc;
}
