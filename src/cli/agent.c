/* SPDX-License-Identifier: Apache-2.0 */
/* Stopping a coding agent that is about to write a secret. */
#include "cli/agent.h"

#include "base/array.h"
#include "base/buf.h"
#include "cli/exit.h"
#include "cli/gate.h"
#include "cli/input.h"
#include "cli/say.h"
#include "cli/signals.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	INPUT_MAX = 256 << 20, /* bytes */
	DEPTH_MAX = 512,       /* of arrays and objects */
	FINDINGS_SHOWN = 5,
	STOP = 2 /* what agents take for a no, with what is said */
};

/* The texts of what was read. */
struct texts {
	struct ks_text *list;
	size_t count;
	size_t cap;
	struct ks_arena arena; /* holds their names */
};

static int add(
	struct texts *texts, const char *name, const char *bytes, size_t length)
{
	char *copy = ks_arena_copy(&texts->arena, ks_span_str(name));

	if (!copy || ks_array_reserve(&texts->list, &texts->cap,
			     texts->count + 1, sizeof(*texts->list)) < 0)
		return KS_E_NOMEM;
	texts->list[texts->count++] = (struct ks_text){ copy, bytes, length };
	return KS_OK;
}

/*
 * What is there already and is to be replaced: taking a secret out must not
 * be stopped.
 */
static bool is_old(const char *key)
{
	static const char *const keys[] = { "old_string", "old_str", "oldText",
		"old_text", "oldString" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(key, keys[i]) == 0)
			return true;
	}
	return false;
}

/* Named by the way to it: "tool_input.edits.0.new_string". */
static int collect(
	struct texts *texts, struct ks_buf *name, json_t *value, unsigned depth)
{
	size_t n = name->n;
	const char *key;
	json_t *item;
	size_t i;
	int rc = KS_OK;

	if (json_is_string(value))
		return ks_buf_str(name) ? add(texts, (const char *)name->p,
						  json_string_value(value),
						  json_string_length(value))
					: KS_E_NOMEM;
	if (depth == DEPTH_MAX)
		return KS_E_LIMIT;
	if (json_is_array(value)) {
		json_array_foreach(value, i, item)
		{
			name->n = n;
			if (rc == KS_OK)
				rc = ks_buf_printf(
					name, "%s%zu", n ? "." : "", i);
			if (rc == KS_OK)
				rc = collect(texts, name, item, depth + 1);
		}
	} else if (json_is_object(value)) {
		json_object_foreach(value, key, item)
		{
			name->n = n;
			if (rc == KS_OK && !is_old(key))
				rc = ks_buf_printf(
					name, "%s%.80s", n ? "." : "", key);
			if (rc == KS_OK && !is_old(key))
				rc = collect(texts, name, item, depth + 1);
		}
	}
	name->n = n;
	return rc;
}

static int collect_all(struct texts *texts, const struct ks_buf *input,
	json_t *root, struct ks_err *err)
{
	struct ks_buf name = { 0 };
	int rc = root ? collect(texts, &name, root, 0)
		      : add(texts, "the input", (const char *)input->p,
				input->n);

	ks_buf_release(&name);
	if (rc == KS_E_LIMIT)
		return ks_fail(err, rc, "the input has too many levels");
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static int scan(void *payload, struct ks_result **out,
	const struct ks_scan_options *options, struct ks_err *err)
{
	const struct texts *texts = payload;

	return ks_scan_texts(out, texts->list, texts->count, options, err);
}

static int tell(const struct ks_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct ks_finding *finding = &result->findings[i];
		const struct ks_occurrence *at = &finding->occurrences[0];

		if (i == FINDINGS_SHOWN) {
			ks_say("and %zu more", result->finding_count - i);
			break;
		}
		ks_say("line %llu of %s holds a secret: %s (rule %s, "
		       "confidence %.2f)",
			(unsigned long long)at->line, at->path,
			finding->rule_name, finding->rule, finding->confidence);
	}
	if (result->finding_count == 0)
		return KS_EXIT_CLEAN;
	ks_say("do not write it: read it from the environment or a secret "
	       "store. If it is no secret, put keysieve:allow in a comment "
	       "behind it.");
	return STOP;
}

int ks_agent_run(const struct ks_settings *settings)
{
	struct texts texts = { .list = NULL };
	struct ks_gate gate = { .kind = KS_STOP_WRITE,
		.scan = scan,
		.payload = &texts,
		.tell = tell };
	struct ks_buf input = { 0 };
	struct ks_err err = { 0 };
	json_t *root = NULL;
	int status;
	int rc;

	ks_gate_begin(settings);
	rc = ks_input_read(
		&input, STDIN_FILENO, INPUT_MAX, ks_signals_cancel(), &err);
	if (rc == KS_OK)
		root = json_loadb(
			(const char *)input.p, input.n, JSON_ALLOW_NUL, NULL);
	if (rc == KS_OK)
		rc = collect_all(&texts, &input, root, &err);
	status = rc == KS_OK ? ks_gate_run(settings, &gate)
			     : ks_gate_fail(settings, &gate, &err);
	json_decref(root);
	free(texts.list);
	ks_arena_release(&texts.arena);
	ks_buf_release(&input);
	return status ? STOP : KS_EXIT_CLEAN;
}
