/* SPDX-License-Identifier: Apache-2.0 */
/* All that says what may stand, in one place. */
#include "control/control.h"

#include "control/own_config.h"
#include "control/trust.h"

#include <stdlib.h>

/* What is scanned has a configuration, or not, as ${rc} of reading says. */
static int take_own(struct ks_control *control, int rc,
	const struct ks_buf *text, struct ks_buf *name, bool is_trusted,
	struct ks_err *err)
{
	if (rc == KS_E_NOTFOUND || rc == KS_E_NOMEM)
		return rc == KS_E_NOMEM ? rc : KS_OK;
	if (is_trusted)
		return rc < 0 ? rc
			      : ks_config_read(&control->config,
					&control->arena, ks_buf_span(text),
					ks_buf_str(name), err);
	control->config_ignored =
		ks_arena_copy(&control->arena, ks_buf_span(name));
	return control->config_ignored ? KS_OK : ks_fail_nomem(err);
}

static int ask_repository(struct ks_control *control,
	const struct ks_control_options *options, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_buf name = { 0 };
	struct ks_repo *repo;
	int rc = ks_repo_open(&repo, options->repository, err);

	if (rc < 0)
		return rc;
	control->heeds_markers = ks_trust_repository(options->trust, repo);
	rc = ks_own_config_of_repository(&text, &name, repo, err);
	rc = take_own(control, rc, &text, &name, control->heeds_markers, err);
	ks_buf_release(&text);
	ks_buf_release(&name);
	ks_repo_close(repo);
	return rc;
}

/* A folder scanned by itself may have a configuration, as a clone has. */
static int ask_paths(struct ks_control *control,
	const struct ks_control_options *options, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_buf name = { 0 };
	int rc;

	control->heeds_markers = ks_trust_paths(
		options->trust, options->paths, options->path_count);
	if (options->path_count != 1 || strcmp(options->paths[0], "-") == 0)
		return KS_OK;
	control->folder =
		ks_arena_copy(&control->arena, ks_span_str(options->paths[0]));
	if (!control->folder)
		return ks_fail_nomem(err);
	rc = ks_own_config_of_folder(&text, &name, options->paths[0], err);
	rc = take_own(control, rc, &text, &name, control->heeds_markers, err);
	ks_buf_release(&text);
	ks_buf_release(&name);
	return rc;
}

static int read_config(
	struct ks_control *control, const char *path, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = ks_buf_read_file(&text, path, err);

	if (rc == KS_OK && text.n > KS_CONTROL_MAX_BYTES)
		rc = ks_fail(err, KS_E_LIMIT, "'%s' is larger than %d bytes",
			path, (int)KS_CONTROL_MAX_BYTES);
	if (rc == KS_OK)
		rc = ks_config_read(&control->config, &control->arena,
			ks_buf_span(&text), path, err);
	ks_buf_release(&text);
	return rc;
}

static int read_baseline(
	struct ks_control *control, const char *path, struct ks_err *err)
{
	int rc = ks_baseline_new(&control->baseline, err);

	if (rc == KS_OK)
		rc = ks_baseline_read(control->baseline, path, err);
	if (rc < 0)
		return rc;
	ks_baseline_sort(control->baseline);
	control->baseline_path =
		ks_arena_copy(&control->arena, ks_span_str(path));
	return control->baseline_path ? KS_OK : ks_fail_nomem(err);
}

static int load(struct ks_control *control,
	const struct ks_control_options *options, struct ks_err *err)
{
	int rc = options->repository ? ask_repository(control, options, err)
				     : ask_paths(control, options, err);

	/* Last, so that what the operator says of confidence counts. */
	if (rc == KS_OK && options->config)
		rc = read_config(control, options->config, err);
	if (rc == KS_OK && options->baseline)
		rc = read_baseline(control, options->baseline, err);
	for (size_t i = 0; i < control->config.allows.count; i++) {
		const struct ks_allow *allow = &control->config.allows.list[i];

		control->needs_lines |= allow->on_line;
		control->needs_commits |= allow->commits.count > 0;
	}
	return rc;
}

int ks_control_load(struct ks_control **out,
	const struct ks_control_options *options, struct ks_err *err)
{
	struct ks_control *control = calloc(1, sizeof(*control));
	int rc;

	*out = NULL;
	if (!control)
		return ks_fail_nomem(err);
	control->config_ignored = "";
	control->folder = "";
	control->baseline_path = "";
	ks_baseline_today(control->today);
	rc = load(control, options, err);
	if (rc < 0) {
		ks_control_free(control);
		return rc;
	}
	*out = control;
	return KS_OK;
}

void ks_control_add_rules(
	const struct ks_control *control, struct ks_rules_options *options)
{
	options->texts = control->config.texts;
	options->text_count = control->config.text_count;
	options->confidences = control->config.confidences;
	options->confidence_count = control->config.confidence_count;
}

void ks_control_free(struct ks_control *control)
{
	if (!control)
		return;
	ks_config_release(&control->config);
	ks_baseline_free(control->baseline);
	ks_arena_release(&control->arena);
	free(control);
}
