/* SPDX-License-Identifier: Apache-2.0 */
/* What a repository's configuration says of its form: git-config(1). */
#include "source/layout_config.h"

#include "base/array.h"
#include "base/buf.h"
#include "source/git_config.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

enum {
	VERSION_MAX = 1,
	NAME_MAX_SHOWN = 64, /* bytes */
	FILE_MAX = 16 << 20  /* bytes */
};

struct reading {
	struct ks_layout *layout;
	long version; /* -1: not told */
	bool is_worktree;
	bool has_worktree_config;
	bool has_bad_format;
	/* An extension that asks for version 1; one that is not known. */
	char newer[NAME_MAX_SHOWN];
	char unknown[NAME_MAX_SHOWN];
	char format[NAME_MAX_SHOWN];
};

static void keep(char out[NAME_MAX_SHOWN], const char *text)
{
	size_t n = strnlen(text, NAME_MAX_SHOWN - 1);

	memcpy(out, text, n);
	out[n] = '\0';
}

/* A boolean as git writes it; what is none is false. */
static bool is_true(const char *value)
{
	return strcasecmp(value, "true") == 0 ||
	       strcasecmp(value, "yes") == 0 || strcasecmp(value, "on") == 0 ||
	       strtol(value, NULL, 10) != 0;
}

/* "+refs/heads/…:refs/remotes/origin/…": where fetching puts branches. */
static int add_tracking(
	struct ks_layout *layout, const char *remote, const char *refspec)
{
	const char *to = strchr(refspec, ':');
	const char *star;
	struct ks_tracking *one;

	/* Elsewhere, as in a mirror, refs are no record of the remote. */
	if (!to || strncmp(to + 1, "refs/remotes/", 13) != 0)
		return KS_OK;
	to++;
	star = strchr(to, '*');
	if (ks_array_reserve(&layout->tracking, &layout->tracking_cap,
		    layout->tracking_count + 1, sizeof(*layout->tracking)) < 0)
		return KS_E_NOMEM;
	one = &layout->tracking[layout->tracking_count];
	one->remote = ks_arena_copy(&layout->arena, ks_span_str(remote));
	one->prefix = ks_arena_copy(&layout->arena,
		ks_span_of(to, star ? (size_t)(star - to) : strlen(to)));
	if (!one->remote || !one->prefix)
		return KS_E_NOMEM;
	layout->tracking_count++;
	return KS_OK;
}

static int take_core(
	struct reading *reading, const struct ks_git_config_item *item)
{
	struct ks_layout *layout = reading->layout;
	char *end;

	if (strcmp(item->key, "bare") == 0) {
		layout->is_bare = is_true(item->value);
	} else if (strcmp(item->key, "worktree") == 0) {
		layout->work_setting =
			ks_arena_copy(&layout->arena, ks_span_str(item->value));
		return layout->work_setting ? KS_OK : KS_E_NOMEM;
	} else if (strcmp(item->key, "repositoryformatversion") == 0 &&
		   !reading->is_worktree) {
		errno = 0;
		reading->version = strtol(item->value, &end, 10);
		if (errno || end == item->value || *end)
			reading->version = VERSION_MAX + 1;
	}
	return KS_OK;
}

/* Does ${list}, which ends with NULL, have ${name}? */
static bool is_in(const char *const *list, const char *name)
{
	while (*list && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

/*
 * Those that change how objects and refs are read must be known; the others
 * only say what a program that writes has to heed.
 */
static void take_extension(
	struct reading *reading, const struct ks_git_config_item *item)
{
	static const char *const harmless[] = { "noop", "partialclone",
		"preciousobjects", "worktreeconfig", NULL };
	static const char *const newer[] = { "noop-v1", "objectformat",
		"refstorage", "relativeworktrees", NULL };
	struct ks_layout *layout = reading->layout;
	const char *key = item->key;

	if (is_in(newer, key))
		keep(reading->newer, key);
	else if (!is_in(harmless, key))
		keep(reading->unknown, key);
	if (strcmp(key, "partialclone") == 0)
		layout->is_partial = true;
	if (strcmp(key, "worktreeconfig") == 0)
		reading->has_worktree_config = is_true(item->value);
	if (strcmp(key, "refstorage") == 0)
		layout->has_reftable = strcmp(item->value, "files") != 0;
	if (strcmp(key, "objectformat") == 0) {
		keep(reading->format, item->value);
		layout->hash_bytes = strcmp(item->value, "sha256") == 0
					     ? KS_OID_SHA256
					     : KS_OID_SHA1;
		reading->has_bad_format |= strcmp(item->value, "sha256") != 0 &&
					   strcmp(item->value, "sha1") != 0;
	}
}

static int take_item(void *payload, const struct ks_git_config_item *item)
{
	struct reading *reading = payload;
	struct ks_layout *layout = reading->layout;

	if (strcmp(item->section, "remote") == 0) {
		if (strcmp(item->key, "promisor") == 0)
			layout->is_partial = true;
		if (strcmp(item->key, "fetch") == 0)
			return add_tracking(
				layout, item->subsection, item->value);
	} else if (strcmp(item->section, "core") == 0 && !*item->subsection) {
		return take_core(reading, item);
	} else if (strcmp(item->section, "extensions") == 0 &&
		   !*item->subsection && !reading->is_worktree) {
		take_extension(reading, item);
	}
	return KS_OK;
}

static int read_file(struct reading *reading, const char *folder,
	const char *name, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct ks_buf text = { 0 };
	struct stat st;
	int rc = KS_OK;

	if (ks_buf_printf(&path, "%s%s", folder, name) < 0 ||
		!ks_buf_str(&path))
		rc = ks_fail_nomem(err);
	else if (lstat((const char *)path.p, &st) == 0)
		rc = ks_buf_read_file_max(
			&text, (const char *)path.p, FILE_MAX, err);
	if (rc == KS_OK && text.n) {
		rc = ks_git_config_read(
			ks_buf_span(&text), take_item, reading, err);
		if (rc == KS_E_NOMEM)
			ks_fail_nomem(err);
		else if (rc < 0)
			ks_err_wrap(err, "'%s'", (const char *)path.p);
	}
	ks_buf_release(&path);
	ks_buf_release(&text);
	return rc;
}

/* In the words and by the rules of git-config(1), extensions.*. */
static int check(const struct reading *reading, struct ks_err *err)
{
	const char *git_dir = reading->layout->git_dir;

	if (reading->version > VERSION_MAX || reading->version < -1)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' has a repository format version of which "
			"nothing is known",
			git_dir);
	if (reading->has_bad_format)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' has the object format '%s', of which nothing is "
			"known",
			git_dir, reading->format);
	if (reading->version < 1 && *reading->newer)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' has the extension '%s', but not the repository "
			"format version 1 that it needs",
			git_dir, reading->newer);
	if (reading->version == 1 && *reading->unknown)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' has the extension '%s', of which nothing is "
			"known",
			git_dir, reading->unknown);
	return KS_OK;
}

int ks_layout_config_read(struct ks_layout *layout, struct ks_err *err)
{
	struct reading reading = { .layout = layout, .version = -1 };
	int rc;

	layout->hash_bytes = KS_OID_SHA1;
	rc = read_file(&reading, layout->common, "config", err);
	if (rc == KS_OK)
		rc = check(&reading, err);
	if (rc == KS_OK && reading.has_worktree_config) {
		reading.is_worktree = true;
		rc = read_file(
			&reading, layout->git_dir, "config.worktree", err);
	}
	return rc;
}
