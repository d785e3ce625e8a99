/* SPDX-License-Identifier: Apache-2.0 */
/* Rules and allowlists of other tools, as a configuration of keysieve. */
#include "import/formats.h"

#include <string.h>

typedef int (*read_fn)(struct ks_model *model, struct ks_span text,
	const char *path, struct ks_err *err);

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text);
	size_t m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* Which format a file of this name has; NULL: it does not say. */
static read_fn format_of(const char *path)
{
	if (ends_with(path, ".toml"))
		return ks_formats_gitleaks;
	if (ends_with(path, ".yaml") || ends_with(path, ".yml"))
		return ks_formats_noseyparker;
	if (ends_with(path, "ignore"))
		return ks_formats_ignore;
	return NULL;
}

static int read_any(struct ks_model *model, const char *path,
	struct ks_buf *text, struct ks_err *err)
{
	read_fn read = format_of(path);
	int rc = ks_buf_read_file(text, path, err);

	if (rc < 0)
		return rc;
	if (!read)
		return ks_fail(err, KS_E_RULE,
			"'%s' is nothing that can be imported: its name ends "
			"with .toml (gitleaks), .yaml (Nosey Parker, "
			"Kingfisher) or ignore (.gitleaksignore)",
			path);
	if (text->n > KS_MODEL_MAX_BYTES)
		return ks_fail(err, KS_E_LIMIT, "'%s' is larger than %d bytes",
			path, (int)KS_MODEL_MAX_BYTES);
	return read(model, ks_buf_span(text), path, err);
}

int ks_import_file(FILE *out, const char *path, const struct ks_rules *rules,
	void (*note)(void *payload, const char *about, const char *what),
	void *payload, struct ks_import_counts *counts, struct ks_err *err)
{
	struct ks_model model = {
		.rules = rules, .note = note, .payload = payload
	};
	struct ks_buf text = { 0 };
	int rc = read_any(&model, path, &text, err);

	if (rc == KS_OK)
		rc = ks_formats_write(out, &model, err);
	*counts = (struct ks_import_counts){ model.count, model.entry_count,
		model.lost };
	ks_buf_release(&text);
	ks_model_release(&model);
	return rc;
}
