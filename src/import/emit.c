/* SPDX-License-Identifier: Apache-2.0 */
/* What was imported, written as a configuration of ours. */
#include "import/formats.h"
#include "import/regex.h"

#include <errno.h>
#include <inttypes.h>
#include <yaml.h>

/* libyaml's emitter; a failure is remembered. */
struct emitting {
	yaml_emitter_t emitter;
	bool has_failed;
};

static void emit(struct emitting *to, yaml_event_t *event, int is_made)
{
	if (!is_made || !yaml_emitter_emit(&to->emitter, event))
		to->has_failed = true;
}

static void emit_text(
	struct emitting *to, const char *text, yaml_scalar_style_t style)
{
	yaml_event_t event;

	emit(to, &event,
		yaml_scalar_event_initialize(&event, NULL, NULL,
			(const yaml_char_t *)text, (int)strlen(text), 1, 1,
			style));
}

static void begin_list(struct emitting *to)
{
	yaml_event_t event;

	emit(to, &event,
		yaml_sequence_start_event_initialize(
			&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
}

static void end_list(struct emitting *to)
{
	yaml_event_t event;

	emit(to, &event, yaml_sequence_end_event_initialize(&event));
}

static void begin_map(struct emitting *to)
{
	yaml_event_t event;

	emit(to, &event,
		yaml_mapping_start_event_initialize(
			&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
}

static void end_map(struct emitting *to)
{
	yaml_event_t event;

	emit(to, &event, yaml_mapping_end_event_initialize(&event));
}

static void emit_key(struct emitting *to, const char *key)
{
	emit_text(to, key, YAML_PLAIN_SCALAR_STYLE);
}

static void emit_member(struct emitting *to, const char *key, const char *text)
{
	if (!text[0])
		return;
	emit_key(to, key);
	emit_text(to, text, YAML_ANY_SCALAR_STYLE);
}

static void emit_pattern(struct emitting *to, const char *key, const char *text)
{
	emit_key(to, key);
	emit_text(to, text,
		strchr(text, '\n') ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
				   : YAML_SINGLE_QUOTED_SCALAR_STYLE);
}

/* No locale puts a comma there. */
static void emit_real(struct emitting *to, const char *key, double value)
{
	unsigned hundredths = (unsigned)(value * 100 + 0.5);
	char text[32];

	snprintf(text, sizeof(text), "%u.%02u", hundredths / 100,
		hundredths % 100);
	emit_key(to, key);
	emit_text(to, text, YAML_PLAIN_SCALAR_STYLE);
}

static void emit_texts(struct emitting *to, const char *key,
	const struct ks_model_texts *texts)
{
	if (texts->count == 0)
		return;
	emit_key(to, key);
	begin_list(to);
	for (size_t i = 0; i < texts->count; i++)
		emit_text(to, texts->list[i], YAML_SINGLE_QUOTED_SCALAR_STYLE);
	end_list(to);
}

/* What a glob would take for more than itself. */
static int quote_glob(struct ks_buf *out, const char *path)
{
	int rc = ks_buf_add_str(out, "/");

	for (; rc == KS_OK && *path; path++) {
		if (strchr("*?[\\", *path))
			rc = ks_buf_add_byte(out, '\\');
		if (rc == KS_OK)
			rc = ks_buf_add_byte(out, (uint8_t)*path);
	}
	return rc;
}

static void emit_paths(struct emitting *to, const struct ks_model_texts *paths)
{
	struct ks_buf glob = { 0 };

	if (paths->count == 0)
		return;
	emit_key(to, "path");
	begin_list(to);
	for (size_t i = 0; i < paths->count; i++) {
		ks_buf_reset(&glob);
		if (quote_glob(&glob, paths->list[i]) < 0 || !ks_buf_str(&glob))
			to->has_failed = true;
		else
			emit_text(to, (const char *)glob.p,
				YAML_SINGLE_QUOTED_SCALAR_STYLE);
	}
	end_list(to);
	ks_buf_release(&glob);
}

static void emit_rule(struct emitting *to, const struct ks_model_rule *rule)
{
	begin_map(to);
	emit_member(to, "id", rule->id);
	emit_member(to, "name", rule->name);
	if (strcmp(rule->kind, "token") != 0)
		emit_member(to, "kind", rule->kind);
	emit_pattern(to, "pattern", rule->pattern);
	if (rule->entropy > 0)
		emit_real(to, "entropy", rule->entropy);
	emit_real(to, "confidence", rule->confidence);
	emit_texts(to, "allow", &rule->allow);
	emit_member(to, "source", rule->source);
	end_map(to);
}

static void emit_entry(struct emitting *to, const struct ks_model_entry *entry)
{
	begin_map(to);
	emit_texts(to, "rule", &entry->rules);
	emit_paths(to, &entry->paths);
	emit_texts(to, "path_pattern", &entry->path_patterns);
	emit_texts(to, "commit", &entry->commits);
	emit_texts(to, "pattern", &entry->patterns);
	if (entry->on_line && entry->patterns.count)
		emit_member(to, "on", "line");
	emit_texts(to, "stopword", &entry->stopwords);
	emit_member(to, "reason", entry->reason);
	end_map(to);
}

static void emit_document(struct emitting *to, const struct ks_model *model)
{
	yaml_event_t event;

	emit(to, &event,
		yaml_document_start_event_initialize(
			&event, NULL, NULL, NULL, 1));
	begin_map(to);
	if (model->count || !model->entry_count) {
		emit_key(to, "rules");
		begin_list(to);
		for (size_t i = 0; i < model->count; i++)
			emit_rule(to, &model->list[i]);
		end_list(to);
	}
	if (model->entry_count) {
		emit_key(to, "allow");
		begin_list(to);
		for (size_t i = 0; i < model->entry_count; i++)
			emit_entry(to, &model->entries[i]);
		end_list(to);
	}
	end_map(to);
	emit(to, &event, yaml_document_end_event_initialize(&event, 1));
}

int ks_formats_write(
	FILE *out, const struct ks_model *model, struct ks_err *err)
{
	struct emitting to = { .has_failed = false };
	yaml_event_t event;

	if (!yaml_emitter_initialize(&to.emitter))
		return ks_fail_nomem(err);
	errno = 0;
	yaml_emitter_set_output_file(&to.emitter, out);
	yaml_emitter_set_width(&to.emitter, -1);
	yaml_emitter_set_unicode(&to.emitter, 1);
	emit(&to, &event,
		yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	emit_document(&to, model);
	emit(&to, &event, yaml_stream_end_event_initialize(&event));
	yaml_emitter_delete(&to.emitter);
	if (fflush(out) != 0 || ferror(out))
		return ks_fail_errno(
			err, errno ? errno : EIO, "cannot write the rules");
	return to.has_failed ? ks_fail(err, KS_E_CORRUPT,
				       "what was imported cannot be written as "
				       "YAML: is it UTF-8?")
			     : KS_OK;
}
