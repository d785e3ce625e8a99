/* SPDX-License-Identifier: Apache-2.0 */
/* One finding as a person reads it. */
#include "report/paragraph.h"

#include "report/number.h"
#include "report/place.h"
#include "report/sanitize.h"

#include <time.h>

/* Columns. */
enum {
	INDENT = 4,
	VALUES = 14, /* where what a label is for begins */
	MOST_NAME = 40,
	MOST_FACT = 120,
	MOST_LINE = 240, /* where the terminal sets no limit */
	LEAST_MESSAGE = 20,
	COMMIT_DIGITS = 12
};

enum {
	BRANCHES_SHOWN = 3,
	SNIPPET_MAX = 1024 /* bytes looked at on either side of the secret */
};

static void write_location(struct ks_pen *pen, const struct ks_occurrence *at)
{
	char place[2 * KS_NUMBER_MAX];

	/* Never cut: it is there to be copied. */
	ks_pen_str(pen, at->path, 0);
	snprintf(place, sizeof(place), ":%llu:%llu",
		(unsigned long long)at->line, (unsigned long long)at->column);
	ks_pen_put(pen, place);
}

static void begin_row(struct ks_pen *pen, const char *label)
{
	ks_pen_break(pen, INDENT);
	ks_pen_set(pen, KS_PEN_LABEL);
	ks_pen_str(pen, label, MOST_NAME);
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_pad(pen, VALUES);
}

/* The author's own day, as `git log` shows it; "" if it is out of range. */
static void day_of(char out[16], int64_t seconds, int32_t utc_offset)
{
	struct tm day;
	time_t when;
	int64_t local;

	out[0] = '\0';
	if (__builtin_add_overflow(seconds, (int64_t)utc_offset * 60, &local))
		return;
	when = (time_t)local;
	if (!gmtime_r(&when, &day))
		return;
	if (day.tm_year < -1900 || day.tm_year > 9999 - 1900)
		return;
	strftime(out, 16, "%Y-%m-%d", &day);
}

static void write_title(
	struct ks_pen *pen, const struct ks_paragraph *paragraph)
{
	const struct ks_finding *finding = paragraph->finding;
	const char *standing =
		paragraph->is_repository ? ks_place_standing(finding) : "";
	char sure[KS_NUMBER_MAX];
	size_t needed;

	ks_pen_set(pen, KS_PEN_TITLE);
	write_location(pen, ks_place_to_show(finding));
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_number_decimal(sure, finding->confidence, 2);
	needed = strlen("  confidence   ") + strlen(sure) + strlen(standing);
	if (!paragraph->has_heading)
		needed += 2 + strlen(finding->rule_name);
	if (pen->width && pen->column + needed > pen->width)
		ks_pen_break(pen, INDENT);
	else
		ks_pen_put(pen, "  ");
	if (!paragraph->has_heading) {
		ks_pen_str(pen, finding->rule_name, ks_pen_room(pen, 80));
		ks_pen_put(pen, "  ");
	}
	ks_pen_printf(pen, "confidence %s", sure);
	if (!standing[0])
		return;
	ks_pen_put(pen, "  ");
	if (finding->in_head)
		ks_pen_set(pen, KS_PEN_URGENT);
	ks_pen_put(pen, standing);
	if (finding->in_head)
		ks_pen_set(pen, KS_PEN_PLAIN);
}

static size_t width_of(struct ks_pen *pen, struct ks_span text)
{
	size_t used = 0;

	ks_buf_reset(&pen->scratch);
	if (ks_sanitize_add(&pen->scratch, text, 0, &used))
		pen->has_failed = true;
	return used;
}

/* The longest end of ${text} that takes at most ${columns}. */
static struct ks_span tail_of(
	struct ks_pen *pen, struct ks_span text, size_t columns)
{
	while (text.n > 0 && width_of(pen, text) > columns) {
		text = ks_span_cut(text, 1, text.n);
		while (text.n > 0 && (text.p[0] & 0xc0) == 0x80)
			text = ks_span_cut(text, 1, text.n);
	}
	return text;
}

/* Cut from the left, where ks_pen_span() cuts from the right. */
static void write_tail(struct ks_pen *pen, struct ks_span text, size_t columns)
{
	if (width_of(pen, text) > columns) {
		text = tail_of(pen, text, columns ? columns - 1 : 0);
		ks_pen_put(pen, "\xe2\x80\xa6");
	}
	ks_pen_span(pen, text, 0);
}

/* The line with the secret, cut on both sides so that the secret is seen. */
static void write_around(struct ks_pen *pen, struct ks_span before,
	struct ks_span secret, struct ks_span after)
{
	size_t room = ks_pen_room(pen, MOST_LINE);
	size_t middle = width_of(pen, secret);
	size_t right = width_of(pen, after);
	size_t sides = room > middle ? room - middle : 0;

	/* What follows is worth less than what the secret is assigned to. */
	if (width_of(pen, before) + right > sides && right > sides / 4)
		right = sides / 4;
	write_tail(pen, before, sides - right);
	ks_pen_set(pen, KS_PEN_SECRET);
	ks_pen_span(pen, secret, middle > room ? room : 0);
	ks_pen_set(pen, KS_PEN_PLAIN);
	if (right > 0)
		ks_pen_span(pen, after, right);
}

static struct ks_span trim(struct ks_span text)
{
	while (text.n > 0 && strchr(" \t\r\n", text.p[0]) && text.p[0])
		text = ks_span_cut(text, 1, text.n);
	while (text.n > 0 && text.p[text.n - 1] &&
		strchr(" \t\r\n", text.p[text.n - 1]))
		text.n--;
	return text;
}

/* Returns whether ${shown} was in the line, and so is seen. */
static bool write_snippet(
	struct ks_pen *pen, const char *snippet, struct ks_span shown)
{
	struct ks_span line = trim(ks_span_str(snippet));
	const uint8_t *at = NULL;
	size_t start;
	size_t end;
	size_t last;

	if (line.n == 0)
		return false;
	ks_pen_break(pen, INDENT);
	if (shown.n > 0)
		at = memmem(line.p, line.n, shown.p, shown.n);
	if (!at) {
		ks_pen_span(pen, line, ks_pen_room(pen, MOST_LINE));
		return false;
	}
	start = (size_t)(at - line.p);
	end = start + shown.n;
	last = line.n - end > SNIPPET_MAX ? end + SNIPPET_MAX : line.n;
	write_around(pen,
		ks_span_cut(line, start > SNIPPET_MAX ? start - SNIPPET_MAX : 0,
			start),
		shown, ks_span_cut(line, end, last));
	return true;
}

static void write_secret(
	struct ks_pen *pen, const struct ks_paragraph *paragraph)
{
	const struct ks_finding *finding = paragraph->finding;
	struct ks_span shown = ks_span_str(finding->redacted);

	if (paragraph->options->show_secrets)
		shown = ks_span_of(finding->secret, finding->secret_length);
	if (write_snippet(pen, ks_place_to_show(finding)->snippet, shown))
		return;
	begin_row(pen, "secret");
	ks_pen_set(pen, KS_PEN_SECRET);
	ks_pen_span(pen, shown, 0);
	ks_pen_set(pen, KS_PEN_PLAIN);
}

/* Where the line shows something else than the secret. */
static void write_encoding(struct ks_pen *pen, const struct ks_finding *finding)
{
	const char *encoding = ks_place_to_show(finding)->encoding;

	if (!*encoding)
		return;
	begin_row(pen, "encoded");
	ks_pen_str(pen, encoding, 80);
}

/* Who wrote a commit, and how it calls itself. */
static void write_author(
	struct ks_pen *pen, const char *author, const char *message)
{
	ks_pen_str(pen, author, ks_pen_room(pen, MOST_NAME));
	if (!message[0])
		return;
	if (pen->width && pen->column + LEAST_MESSAGE > pen->width)
		ks_pen_break(pen, VALUES);
	else if (author[0])
		ks_pen_put(pen, ": ");
	ks_pen_str(pen, message, ks_pen_room(pen, MOST_LINE));
}

/* Who brought it in: the oldest place tells. */
static void write_origin(struct ks_pen *pen, const struct ks_finding *finding)
{
	const struct ks_occurrence *at = &finding->occurrences[0];
	char day[16];

	if (at != ks_place_to_show(finding) &&
		strcmp(at->path, ks_place_to_show(finding)->path) != 0) {
		begin_row(pen, "first at");
		write_location(pen, at);
	}
	if (!at->commit[0] && !at->author[0])
		return;
	begin_row(pen, at->commit[0] ? "commit" : "author");
	if (at->commit[0])
		ks_pen_printf(pen, "%.*s  ", COMMIT_DIGITS, at->commit);
	day_of(day, at->time, at->utc_offset);
	if (day[0])
		ks_pen_printf(pen, "%s  ", day);
	write_author(pen, at->author, at->message);
}

/* Who took it out of HEAD. */
static void write_removal(struct ks_pen *pen, const struct ks_finding *finding)
{
	const struct ks_removal *removed = finding->removed;
	char day[16];

	if (!removed)
		return;
	begin_row(pen, "removed");
	ks_pen_printf(pen, "%.*s  ", COMMIT_DIGITS, removed->commit);
	day_of(day, removed->time, removed->utc_offset);
	if (day[0])
		ks_pen_printf(pen, "%s  ", day);
	write_author(pen, removed->author, removed->message);
}

static void write_branches(struct ks_pen *pen, const struct ks_finding *finding)
{
	size_t shown = finding->branch_count;

	if (shown == 0)
		return;
	/* "and 1 more" would take the place of the name. */
	if (shown > BRANCHES_SHOWN + 1)
		shown = BRANCHES_SHOWN;
	begin_row(pen, "branches");
	for (size_t i = 0; i < shown; i++) {
		if (i > 0)
			ks_pen_put(pen, ",");
		if (i > 0 && pen->width &&
			pen->column + 1 + strlen(finding->branches[i]) >
				pen->width)
			ks_pen_break(pen, VALUES);
		else if (i > 0)
			ks_pen_put(pen, " ");
		ks_pen_str(pen, finding->branches[i], 2 * MOST_NAME);
	}
	if (shown < finding->branch_count) {
		char more[KS_NUMBER_MAX];

		ks_number_count(more, finding->branch_count - shown);
		ks_pen_printf(pen, " and %s more", more);
	}
}

static void write_place(struct ks_pen *pen, const struct ks_occurrence *at)
{
	char day[16];

	ks_pen_break(pen, VALUES);
	if (at->commit[0]) {
		day_of(day, at->time, at->utc_offset);
		ks_pen_printf(pen, "%.*s  %s  ", COMMIT_DIGITS, at->commit,
			day[0] ? day : "          ");
	}
	write_location(pen, at);
	if (at->in_head)
		ks_pen_put(pen, "  in HEAD");
}

static void write_places(
	struct ks_pen *pen, const struct ks_paragraph *paragraph)
{
	const struct ks_finding *finding = paragraph->finding;
	size_t all = ks_place_count(finding);
	char count[KS_NUMBER_MAX];

	if (all < 2)
		return;
	begin_row(pen, "places");
	ks_number_count(count, all);
	ks_pen_put(pen, count);
	if (!paragraph->options->occurrences) {
		ks_pen_put(pen, " (--occurrences lists them)");
		return;
	}
	for (size_t i = 0; i < finding->occurrence_count; i++)
		write_place(pen, &finding->occurrences[i]);
	if (all == finding->occurrence_count)
		return;
	ks_number_count(count, all - finding->occurrence_count);
	ks_pen_break(pen, VALUES);
	ks_pen_printf(pen, "and %s more", count);
}

static void write_pair(struct ks_pen *pen, const struct ks_paragraph *paragraph)
{
	const struct ks_finding *pair = paragraph->pair;

	if (!pair)
		return;
	begin_row(pen, "pair");
	ks_pen_str(pen, pair->rule_name, ks_pen_room(pen, MOST_NAME));
	ks_pen_put(pen, " at ");
	write_location(pen, ks_place_to_show(pair));
}

void ks_paragraph_write(
	struct ks_pen *pen, const struct ks_paragraph *paragraph)
{
	const struct ks_finding *finding = paragraph->finding;

	write_title(pen, paragraph);
	write_secret(pen, paragraph);
	write_encoding(pen, finding);
	write_origin(pen, finding);
	write_removal(pen, finding);
	write_branches(pen, finding);
	write_places(pen, paragraph);
	for (size_t i = 0; i < finding->fact_count; i++) {
		begin_row(pen, finding->facts[i].name);
		ks_pen_str(pen, finding->facts[i].value,
			ks_pen_room(pen, MOST_FACT));
	}
	write_pair(pen, paragraph);
	if (finding->rotate[0]) {
		begin_row(pen, "rotate");
		ks_pen_str(pen, finding->rotate, 0);
	}
	ks_pen_break(pen, 0);
}
