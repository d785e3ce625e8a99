/* SPDX-License-Identifier: Apache-2.0 */
/* What of a forge's repositories a source takes, as the store keeps it. */
#include "org/selection.h"

#include <string.h>

static const char no_archived[] = "no-archived";
static const char no_forks[] = "no-forks";
static const char wikis[] = "wikis";
static const char include[] = "include ";
static const char exclude[] = "exclude ";

static int add_globs(struct ks_buf *out, const char *word,
	const char *const *list, size_t count, struct ks_err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (strchr(list[i], '\n') || !list[i][0])
			return ks_fail(err, KS_E_USAGE,
				"a glob cannot be empty or have a line feed");
		if (ks_buf_printf(out, "%s%s\n", word, list[i]) < 0)
			return ks_fail_nomem(err);
	}
	return KS_OK;
}

int ks_selection_write(struct ks_buf *out, const struct ks_org_source *source,
	struct ks_err *err)
{
	int rc = KS_OK;

	if (ks_buf_printf(out, "%s%s%s%s%s%s",
		    source->no_archived ? no_archived : "",
		    source->no_archived ? "\n" : "",
		    source->no_forks ? no_forks : "",
		    source->no_forks ? "\n" : "", source->wikis ? wikis : "",
		    source->wikis ? "\n" : "") < 0)
		return ks_fail_nomem(err);
	rc = add_globs(
		out, include, source->include, source->include_count, err);
	if (rc == KS_OK)
		rc = add_globs(out, exclude, source->exclude,
			source->exclude_count, err);
	return rc == KS_OK && !ks_buf_str(out) ? ks_fail_nomem(err) : rc;
}

/* Lists end with NULL; there are no more globs than lines. */
struct globs {
	const char **list;
	size_t count;
};

static int read_line(struct ks_forge_options *out, struct globs globs[2],
	const char *line, struct ks_err *err)
{
	if (strcmp(line, no_archived) == 0)
		out->no_archived = true;
	else if (strcmp(line, no_forks) == 0)
		out->no_forks = true;
	else if (strcmp(line, wikis) == 0)
		out->wikis = true;
	else if (strncmp(line, include, sizeof(include) - 1) == 0)
		globs[0].list[globs[0].count++] = line + sizeof(include) - 1;
	else if (strncmp(line, exclude, sizeof(exclude) - 1) == 0)
		globs[1].list[globs[1].count++] = line + sizeof(exclude) - 1;
	else
		return ks_fail(err, KS_E_UNSUPPORTED,
			"a source has the option '%.80s', which this keysieve "
			"does not know: use a newer one",
			line);
	return KS_OK;
}

int ks_selection_read(struct ks_forge_options *out, const char *text,
	struct ks_arena *arena, struct ks_err *err)
{
	char *copy = ks_arena_copy(arena, ks_span_str(text));
	struct globs globs[2] = { { 0 } };
	size_t lines = 1;
	int rc = KS_OK;

	for (const char *p = text; (p = strchr(p, '\n')); p++)
		lines++;
	for (int i = 0; i < 2; i++) {
		globs[i].list = ks_arena_array(
			arena, lines + 1, sizeof(*globs[i].list));
		if (!globs[i].list)
			return ks_fail_nomem(err);
	}
	if (!copy)
		return ks_fail_nomem(err);
	for (char *next, *line = copy; rc == KS_OK && *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		rc = read_line(out, globs, line, err);
	}
	for (int i = 0; i < 2; i++)
		globs[i].list[globs[i].count] = NULL;
	out->include = globs[0].count ? globs[0].list : NULL;
	out->exclude = globs[1].count ? globs[1].list : NULL;
	return rc;
}
