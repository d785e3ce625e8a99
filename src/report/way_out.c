/* SPDX-License-Identifier: Apache-2.0 */
/* How to get on whose push or commit was stopped, in the very case. */
#include "report/way_out.h"

#include "report/comment.h"

#include <ctype.h>
#include <string.h>

/* Columns. */
enum {
	INDENT = 2,
	VALUES = 10, /* where what a label is for begins */
	MOST_LINE = 240
};

enum {
	COMMIT_DIGITS = 12
};

void ks_way_out_row(struct ks_pen *pen, const char *label)
{
	ks_pen_break(pen, INDENT);
	ks_pen_set(pen, KS_PEN_LABEL);
	ks_pen_put(pen, label);
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_pad(pen, VALUES);
}

/* A row of the way out: a command, or words. */
static void more_rows(struct ks_pen *pen)
{
	ks_pen_break(pen, VALUES);
}

static bool is_plain(const char *path)
{
	for (const char *p = path; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("._/-+=@%,", *p))
			return false;
	}
	return path[0] && path[0] != '-';
}

/* A path as a shell takes it. */
static void write_path(struct ks_pen *pen, const char *path)
{
	bool needs_quotes = !is_plain(path);

	if (path[0] == '-')
		ks_pen_put(pen, "-- ");
	if (needs_quotes)
		ks_pen_put(pen, "'");
	ks_pen_str(pen, path, 0);
	if (needs_quotes)
		ks_pen_put(pen, "'");
}

/* What a hit is in that is no file: "commit:", "tag:", "ref:". */
bool ks_way_out_is_in(const struct ks_stopping *stopping, const char *kind)
{
	return strncmp(stopping->at->path, kind, strlen(kind)) == 0;
}

bool ks_way_out_is_file(const struct ks_stopping *stopping)
{
	return !ks_way_out_is_in(stopping, "commit:") &&
	       !ks_way_out_is_in(stopping, "tag:") &&
	       !ks_way_out_is_in(stopping, "ref:") &&
	       !ks_way_out_is_in(stopping, "blob:");
}

const struct ks_ref_update *ks_way_out_tip(
	const struct ks_stopping *stopping, const char *id)
{
	const struct ks_stop_options *options = stopping->options;

	for (size_t i = 0; i < options->update_count; i++) {
		if (strcmp(options->updates[i].new_id, id) == 0)
			return &options->updates[i];
	}
	return NULL;
}

/* What follows ${prefix} in ${text}, or NULL. */
static const char *behind(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) == 0 && text[n] ? text + n : NULL;
}

/*
 * The branch that is pushed, if it is not the one that is checked out; NULL:
 * it is, or nobody knows.
 */
static const char *other_branch(const struct ks_stopping *stopping)
{
	const struct ks_stop_options *options = stopping->options;
	const char *head = stopping->result->head;

	if (options->what != KS_STOP_PUSH || !head[0] ||
		ks_way_out_tip(stopping, head) || options->update_count != 1)
		return NULL;
	return behind(options->updates[0].local, "refs/heads/");
}

/* The file, or the archive that it is in. */
static void write_file(struct ks_stopping *stopping)
{
	const char *path = stopping->at->path;
	const char *inside = strstr(path, "!/");
	char outer[4096];

	if (inside && (size_t)(inside - path) < sizeof(outer)) {
		memcpy(outer, path, (size_t)(inside - path));
		outer[inside - path] = '\0';
		path = outer;
	}
	write_path(&stopping->pen, path);
}

/* "git add FILE && git commit --amend --no-edit" */
static void write_amend(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;

	if (stopping->at->is_name) {
		ks_pen_put(pen, "git commit --amend --no-edit");
	} else if (ks_way_out_is_file(stopping)) {
		ks_pen_put(pen, "git add ");
		write_file(stopping);
		ks_pen_put(pen, " && git commit --amend --no-edit");
	} else {
		ks_pen_put(pen, "git commit --amend");
	}
}

/* What to do by hand. */
static const char *deed_of(const struct ks_stopping *stopping)
{
	return stopping->at->is_name ? "give it another name (git mv)"
				     : "take it out";
}

static void write_rebase(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;
	const char *branch = other_branch(stopping);

	ks_pen_put(pen, stopping->result->has_merges ? "git rebase -i -r "
						     : "git rebase -i ");
	if (at->is_root) {
		ks_pen_put(pen, "--root");
	} else {
		ks_pen_printf(pen, "%.*s^", COMMIT_DIGITS, at->commit);
	}
	if (branch) {
		ks_pen_put(pen, " ");
		write_path(pen, branch);
	}
	more_rows(pen);
	ks_pen_printf(pen,
		"  put 'edit' before %.7s, %s there, then:", at->commit,
		deed_of(stopping));
	more_rows(pen);
	write_amend(stopping);
	ks_pen_put(pen, " && git rebase --continue");
}

static void write_last(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const char *branch = other_branch(stopping);

	if (branch) {
		ks_pen_put(pen, "git switch ");
		write_path(pen, branch);
		ks_pen_put(pen, ", ");
	}
	ks_pen_put(pen, deed_of(stopping));
	ks_pen_put(pen, ", then: ");
	write_amend(stopping);
}

/* The tag whose object, "tag:<oid>" or "blob:<oid>", is pushed, or NULL. */
static const char *tag_of(const struct ks_stopping *stopping)
{
	const char *colon = strchr(stopping->at->path, ':');
	const struct ks_ref_update *tip =
		colon ? ks_way_out_tip(stopping, colon + 1) : NULL;

	return tip ? behind(tip->name, "refs/tags/") : NULL;
}

/* No commit brings it. */
static void write_way_of_ref(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const char *tag;

	if (ks_way_out_is_in(stopping, "ref:")) {
		ks_pen_put(pen, ks_way_out_is_in(stopping, "ref:refs/tags/")
					? "give the tag another name"
					: "give the branch another name: "
					  "git branch -m OLD NEW");
		return;
	}
	tag = tag_of(stopping);
	if (ks_way_out_is_in(stopping, "tag:")) {
		ks_pen_put(pen, "make the tag anew: git tag -f -a ");
		write_path(pen, tag ? tag : "NAME");
		if (tag) {
			ks_pen_put(pen, " '");
			ks_pen_str(pen, tag, 0);
			ks_pen_put(pen, "^{}'");
		}
	} else {
		ks_pen_put(pen, "delete the tag that holds it: git tag -d ");
		write_path(pen, tag ? tag : "NAME");
	}
}

static void write_way_of_commit(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;

	if (stopping->at->is_name) {
		ks_pen_put(pen, deed_of(stopping));
		return;
	}
	ks_pen_put(pen, "take it out, then: git add ");
	write_file(stopping);
	more_rows(pen);
	ks_pen_put(pen, "or leave the file out: git reset -q ");
	write_file(stopping);
}

void ks_way_out_fix(struct ks_stopping *stopping)
{
	const struct ks_occurrence *at = stopping->at;

	ks_way_out_row(&stopping->pen, "fix");
	if (stopping->options->what == KS_STOP_COMMIT)
		write_way_of_commit(stopping);
	else if (!at->commit[0])
		write_way_of_ref(stopping);
	else if (ks_way_out_tip(stopping, at->commit))
		write_last(stopping);
	else
		write_rebase(stopping);
}

static size_t indent_of(const char *text)
{
	return strspn(text, " \t");
}

/* How a comment is written behind its line, or NULL: none can be. */
static const struct ks_comment *comment_of(const struct ks_stopping *stopping)
{
	const struct ks_occurrence *at = stopping->at;

	if (!ks_way_out_is_file(stopping) || at->is_name ||
		at->line != at->end_line || strstr(at->path, "!/"))
		return NULL;
	return ks_comment_of(at->path);
}

void ks_way_out_allow(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;
	const struct ks_comment *comment = comment_of(stopping);
	bool is_received = stopping->options->what == KS_STOP_RECEIVE;

	if (stopping->options->distrusts && !is_received)
		return;
	ks_way_out_row(pen, "allow");
	if (is_received && (!comment || stopping->options->distrusts)) {
		ks_pen_printf(pen,
			"no secret? whoever runs this server can allow "
			"%.16s",
			stopping->finding->fingerprint);
		return;
	}
	if (!comment) {
		ks_pen_put(pen, "no secret? put into .keysieve.yaml:");
		more_rows(pen);
		ks_pen_printf(pen, "allow: [{fingerprint: %.16s, reason: WHY}]",
			stopping->finding->fingerprint);
		return;
	}
	ks_pen_printf(pen,
		"no secret? let line %llu%s be:", (unsigned long long)at->line,
		stopping->options->what == KS_STOP_COMMIT
			? ""
			: " (a new commit will do)");
	more_rows(pen);
	ks_pen_str(pen, at->snippet + indent_of(at->snippet), MOST_LINE);
	ks_pen_printf(
		pen, "  %skeysieve:allow%s", comment->open, comment->close);
}
