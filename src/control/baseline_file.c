/* SPDX-License-Identifier: Apache-2.0 */
/* Baselines as files: a line for each finding, sorted; reports, too. */
#include "control/baseline.h"

#include "base/buf.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

static const char heading[] =
	"# Known findings, one a line, sorted: fingerprint, rule, last day or "
	"-, who, why.\n"
	"# Lines may be changed, added and taken out; 'keysieve baseline "
	"--help' tells more.\n";

/* What a file is read into. */
struct reading {
	struct ks_baseline *baseline;
	const char *path;
	size_t line; /* from 1 */
	struct ks_err *err;
};

static int wrong(const struct reading *reading, const char *what)
{
	return ks_fail(reading->err, KS_E_CORRUPT, "%s:%zu: %s", reading->path,
		reading->line, what);
}

/* The next word of ${line}, which is cut there; "" at its end. */
static char *next_word(char **line)
{
	char *word = *line + strspn(*line, " \t");
	char *end = word + strcspn(word, " \t");

	*line = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static const char *value(const char *word)
{
	return strcmp(word, "-") == 0 ? "" : word;
}

static int take_line(const struct reading *reading, char *line)
{
	struct ks_baseline_entry entry;
	struct ks_err why = { 0 };
	int rc;

	if (strncmp(line, "<<<<<<<", 7) == 0 ||
		strncmp(line, ">>>>>>>", 7) == 0 ||
		strcmp(line, "=======") == 0)
		return wrong(reading,
			"an unresolved conflict: keep the lines of both sides, "
			"or use 'keysieve baseline merge'");
	entry.fingerprint = next_word(&line);
	if (entry.fingerprint[0] == '\0' || entry.fingerprint[0] == '#')
		return KS_OK;
	entry.rule = value(next_word(&line));
	entry.until = value(next_word(&line));
	entry.who = value(next_word(&line));
	entry.why = line;
	rc = ks_baseline_add(reading->baseline, &entry, &why);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(reading->err);
	return rc < 0 ? wrong(reading, why.message) : KS_OK;
}

static int take_lines(struct reading *reading, struct ks_buf *text,
	int (*take)(const struct reading *reading, char *line))
{
	char *line = (char *)(uintptr_t)ks_buf_str(text);
	char *end;
	int rc = line ? KS_OK : ks_fail_nomem(reading->err);

	if (rc == KS_OK && strlen(line) != text->n)
		return ks_fail(reading->err, KS_E_CORRUPT,
			"'%s' holds a NUL: it is no text", reading->path);
	for (; rc == KS_OK && *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		reading->line++;
		if (line[0] && line[strlen(line) - 1] == '\r')
			line[strlen(line) - 1] = '\0';
		rc = take(reading, line);
	}
	return rc;
}

int ks_baseline_read(
	struct ks_baseline *baseline, const char *path, struct ks_err *err)
{
	struct reading reading = {
		.baseline = baseline, .path = path, .err = err
	};
	struct ks_buf text = { 0 };
	int rc = ks_buf_read_file(&text, path, err);

	if (rc == KS_OK)
		rc = take_lines(&reading, &text, take_line);
	ks_buf_release(&text);
	return rc;
}

/* What the entries made of a report have in common, beside the reading. */
struct report {
	struct reading reading;
	const struct ks_baseline_entry *entry;
};

static int take_finding(const struct report *report, json_t *finding)
{
	struct ks_baseline_entry entry = *report->entry;
	struct ks_err why = { 0 };
	int rc;

	/* With --show-suppressed a report lists what may stand anyway. */
	if (json_object_get(finding, "suppressed"))
		return KS_OK;
	entry.fingerprint =
		json_string_value(json_object_get(finding, "fingerprint"));
	entry.rule = json_string_value(json_object_get(finding, "rule"));
	if (!entry.fingerprint || !entry.rule)
		return wrong(&report->reading,
			"no finding of keysieve's: it has no fingerprint or no "
			"rule");
	rc = ks_baseline_add(report->reading.baseline, &entry, &why);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(report->reading.err);
	return rc < 0 ? wrong(&report->reading, why.message) : KS_OK;
}

static int take_findings(const struct report *report, json_t *findings)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < json_array_size(findings); i++)
		rc = take_finding(report, json_array_get(findings, i));
	return rc;
}

/* A report of the format json begins with its version, one of jsonl not. */
static int take_object(const struct reading *reading, char *line)
{
	const struct report *report = (const struct report *)reading;
	json_error_t why;
	json_t *object;
	int rc;

	if (line[0] == '\0')
		return KS_OK;
	object = json_loads(line, 0, &why);
	if (!object)
		return wrong(reading, "not JSON: expected a report of the "
				      "format jsonl or json");
	rc = take_finding(report, object);
	json_decref(object);
	return rc;
}

int ks_baseline_read_report(struct ks_baseline *baseline, const char *path,
	const struct ks_baseline_entry *entry, struct ks_err *err)
{
	struct report report = {
		.reading = { .baseline = baseline, .path = path, .err = err },
		.entry = entry,
	};
	struct ks_buf text = { 0 };
	json_t *whole = NULL;
	json_t *findings = NULL;
	int rc = ks_buf_read_file(&text, path, err);

	if (rc == KS_OK) {
		whole = json_loadb((const char *)text.p, text.n,
			JSON_DISABLE_EOF_CHECK, NULL);
		findings = json_object_get(whole, "findings");
		report.reading.line = findings != NULL;
		rc = findings ? take_findings(&report, findings)
			      : take_lines(&report.reading, &text, take_object);
	}
	json_decref(whole);
	ks_buf_release(&text);
	return rc;
}

static const char *field(const char *text)
{
	return text[0] ? text : "-";
}

int ks_baseline_write(
	FILE *file, struct ks_baseline *baseline, struct ks_err *err)
{
	ks_baseline_sort(baseline);
	errno = 0;
	fputs(heading, file);
	for (size_t i = 0; i < baseline->count; i++) {
		const struct ks_baseline_entry *entry = &baseline->list[i];

		fprintf(file, "%s %s %s %s%s%s\n", entry->fingerprint,
			field(entry->rule), field(entry->until),
			field(entry->who), entry->why[0] ? " " : "",
			entry->why);
	}
	if (fflush(file) != 0 || ferror(file))
		return ks_fail_errno(
			err, errno ? errno : EIO, "cannot write the baseline");
	return KS_OK;
}
