/* SPDX-License-Identifier: Apache-2.0 */
/* Telling how far the scan of many repositories is. */
#include "cli/watch.h"

#include "base/buf.h"
#include "cli/say.h"

#include <jansson.h>

#include <string.h>

static void put_json(json_t *object)
{
	if (object && json_dumpf(object, stderr, JSON_COMPACT) == 0)
		fputc('\n', stderr);
	fflush(stderr);
	json_decref(object);
}

/* jansson takes UTF-8 only: what is none is told byte by byte. */
static json_t *text_of(const char *text)
{
	json_t *value = json_string(text);
	struct ks_buf safe = { 0 };
	int rc = KS_OK;

	for (const char *p = text; !value && rc == KS_OK && *p; p++)
		rc = (uint8_t)*p < 0x80
			     ? ks_buf_add_byte(&safe, (uint8_t)*p)
			     : ks_buf_printf(&safe, "\\x%02X", (uint8_t)*p);
	if (!value && rc == KS_OK && ks_buf_str(&safe))
		value = json_string((const char *)safe.p);
	ks_buf_release(&safe);
	return value;
}

void ks_watch_event(const struct ks_org_event *event, void *payload)
{
	struct ks_watch *watch = payload;
	bool is_begin = strcmp(event->outcome, "queued") == 0;

	watch->left = event->left;
	if (is_begin)
		watch->total = event->left;
	if (watch->as_json)
		put_json(json_pack("{s:s, s:o, s:s, s:I}", "event",
			is_begin ? "queued" : "repository", "repository",
			text_of(event->place), "outcome", event->outcome,
			"left", (json_int_t)event->left));
	else if (watch->as_text && !is_begin &&
		 strcmp(event->outcome, "unchanged") != 0)
		ks_say("%s: %s", event->place, event->outcome);
}

void ks_watch_progress(const struct ks_progress *progress, void *payload)
{
	const struct ks_watch *watch = payload;
	struct ks_progress all = {
		.stage = "scan",
		.unit = "repositories",
		.objects_done = watch->total - watch->left,
		.objects_total = watch->total,
	};

	ks_progress_tell(watch->total ? &all : progress, watch->bar);
}

void ks_watch_end(const struct ks_watch *watch,
	const struct ks_org_tally *tally, size_t news)
{
	if (!watch->as_json)
		return;
	put_json(json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "event", "scan",
		"new", (json_int_t)news, "unchanged",
		(json_int_t)tally->unchanged, "followed",
		(json_int_t)tally->followed, "audited",
		(json_int_t)tally->audited, "failed",
		(json_int_t)tally->trouble_count));
}
