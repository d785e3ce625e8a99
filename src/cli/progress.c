/* SPDX-License-Identifier: Apache-2.0 */
/* How far the scan is: one line on standard error. */
#include "cli/progress.h"

#include "base/buf.h"

#include <inttypes.h>
#include <time.h>

static const double interval = 0.1; /* seconds between two drawings */
static const double patience = 0.3; /* seconds before the first one */

enum {
	PART_MAX = 64,
	CELLS = 20,
	COLUMNS_UNKNOWN = 80
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A thing of the line, if it still fits whole. */
static void add_part(char *line, unsigned columns, const char *part)
{
	size_t n = strlen(line);

	if (n + 2 + strlen(part) <= columns)
		snprintf(line + n, KS_PROGRESS_MAX - n, "%s%s", n ? "  " : "",
			part);
}

static void add_bar(char *line, unsigned columns, double share)
{
	char part[PART_MAX];
	int full = (int)(share * CELLS);

	snprintf(part, sizeof(part), "[%.*s%*s] %3d%%", full,
		"####################", CELLS - full, "", (int)(share * 100));
	add_part(line, columns, part);
}

static void add_bytes(
	char *line, unsigned columns, double bytes, const char *suffix)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB",
		"PB" };
	char part[PART_MAX];
	size_t unit = 0;

	for (; bytes >= 999.5 && unit < 5; unit++)
		bytes /= 1000;
	snprintf(part, sizeof(part), "%.*f %s%s", unit && bytes < 9.95, bytes,
		units[unit], suffix);
	add_part(line, columns, part);
}

static void add_time_left(char *line, unsigned columns, double seconds)
{
	char part[PART_MAX];
	uint64_t left = (uint64_t)(seconds + 0.5);

	if (left >= 3600)
		snprintf(part, sizeof(part), "%" PRIu64 ":%02u:%02u left",
			left / 3600, (unsigned)(left / 60 % 60),
			(unsigned)(left % 60));
	else
		snprintf(part, sizeof(part), "%u:%02u left",
			(unsigned)(left / 60), (unsigned)(left % 60));
	add_part(line, columns, part);
}

void ks_progress_text(char out[KS_PROGRESS_MAX],
	const struct ks_progress *progress, double seconds, unsigned columns)
{
	char part[PART_MAX];
	uint64_t done = progress->objects_done;
	uint64_t total = progress->objects_total;
	const char *unit = progress->unit ? progress->unit : "objects";
	double share = 0;

	if (columns >= KS_PROGRESS_MAX)
		columns = KS_PROGRESS_MAX - 1;
	out[0] = '\0';
	add_part(out, columns, progress->stage);
	if (total > 0) {
		share = done < total ? (double)done / (double)total : 1;
		add_bar(out, columns, share);
		snprintf(part, sizeof(part), "%" PRIu64 "/%" PRIu64 " %s", done,
			total, unit);
	} else {
		snprintf(part, sizeof(part), "%" PRIu64 " %s", done, unit);
	}
	if (done > 0)
		add_part(out, columns, part);
	if (progress->bytes_done > 0) {
		double bytes = (double)progress->bytes_done;

		add_bytes(out, columns, bytes, "");
		if (seconds >= 0.1)
			add_bytes(out, columns, bytes / seconds, "/s");
	}
	/* A guess after a moment is none. */
	if (share > 0.01 && share < 1 && seconds >= 1)
		add_time_left(out, columns, seconds / share * (1 - share));
}

void ks_progress_begin(
	struct ks_progress_bar *bar, FILE *file, unsigned columns)
{
	double start = now();

	*bar = (struct ks_progress_bar){
		.file = file,
		.columns = columns ? columns : COLUMNS_UNKNOWN,
		.begun = start,
		/* So that what takes a moment only does not flash. */
		.shown = start + patience - interval,
	};
}

void ks_progress_tell(const struct ks_progress *progress, void *payload)
{
	struct ks_progress_bar *bar = payload;
	char line[KS_PROGRESS_MAX];
	double time = now();
	size_t n;

	if (!bar->file)
		return;
	if (!bar->stage || strcmp(bar->stage, progress->stage) != 0) {
		bar->stage = progress->stage;
		bar->begun = time;
	}
	if (time - bar->shown < interval)
		return;
	bar->shown = time;
	/* The last column stays free: some terminals would go on. */
	ks_progress_text(line, progress, time - bar->begun, bar->columns - 1);
	n = strlen(line);
	/* Over what stands there, not after wiping it: that would flicker. */
	fprintf(bar->file, "\r%s%*s", line,
		bar->drawn > n ? (int)(bar->drawn - n) : 0, "");
	fflush(bar->file);
	bar->drawn = n;
}

void ks_progress_end(struct ks_progress_bar *bar)
{
	if (bar->file && bar->drawn) {
		fprintf(bar->file, "\r%*s\r", (int)bar->drawn, "");
		fflush(bar->file);
	}
	*bar = (struct ks_progress_bar){ 0 };
}
