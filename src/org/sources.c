/* SPDX-License-Identifier: Apache-2.0 */
/* Which repositories there are: paths, folders, lists, URLs, forges. */
#include "org/sources.h"

#include "base/array.h"
#include "base/buf.h"
#include "forge/kept.h"
#include "org/selection.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	DEPTH_MAX = 4,       /* folders in a folder of repositories */
	LIST_MAX = 64 << 20, /* bytes of a file of paths and URLs */
};

/* "https://…", or "user@host:path" that is no path. */
static bool is_url(const char *text)
{
	size_t n = strcspn(text, "/:");

	return strstr(text, "://") ||
	       (text[n] == ':' && memchr(text, '@', n) && text[0] != '-');
}

/*
 * Is there something before an '@' that must not be kept? For ssh it is a
 * user, for https it may be a token.
 */
static bool has_login(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n = host ? strcspn(host + 3, "/") : 0;
	const char *at = host ? memrchr(host + 3, '@', n) : NULL;

	if (!at)
		return false;
	return strncmp(url, "ssh", 3) != 0 ||
	       memchr(host + 3, ':', (size_t)(at - host) - 3);
}

static const char login[] =
	"a URL with a login in it is not taken, as it would be stored: give "
	"it to git's credential helpers, see gitcredentials(7)";

int ks_sources_check(const char **out, const char *text, struct ks_arena *arena,
	struct ks_err *err)
{
	char path[PATH_MAX];

	size_t n = strlen(text);

	if (has_login(text))
		return ks_fail(err, KS_E_USAGE, "%s", login);
	if ((ks_forge_is_source(text) || is_url(text)) && text[n - 1] != ':')
		*out = ks_arena_copy(arena, ks_span_str(text));
	else if (realpath(text, path))
		*out = ks_arena_copy(arena, ks_span_str(path));
	else
		return ks_fail(err, KS_E_NOTFOUND,
			"'%s' is no source: it is neither a path that exists, "
			"nor a URL, nor an organisation such as github:NAME",
			text);
	return *out ? KS_OK : ks_fail_nomem(err);
}

static int add(struct ks_sources *sources, const struct ks_target *target,
	struct ks_err *err)
{
	struct ks_arena *arena = &sources->arena;
	struct ks_target copy = *target;

	copy.name = ks_arena_copy(arena, ks_span_str(target->name));
	copy.place = ks_arena_copy(arena, ks_span_str(target->place));
	if (target->source)
		copy.source = ks_arena_copy(arena, ks_span_str(target->source));
	if (target->network)
		copy.network =
			ks_arena_copy(arena, ks_span_str(target->network));
	if ((target->source && !copy.source) ||
		(target->network && !copy.network))
		return ks_fail_nomem(err);
	if (!copy.name || !copy.place ||
		ks_array_reserve(&sources->list, &sources->cap,
			sources->count + 1, sizeof(*sources->list)) < 0)
		return ks_fail_nomem(err);
	sources->list[sources->count++] = copy;
	return KS_OK;
}

static int add_place(struct ks_sources *sources, const char *place,
	bool is_remote, struct ks_err *err)
{
	struct ks_target target = {
		.name = place, .place = place, .is_remote = is_remote
	};

	return add(sources, &target, err);
}

/* A source at a forge. */
struct listing {
	struct ks_sources *sources;
	const char *source;
};

static int add_listed(
	void *payload, const struct ks_listed *listed, struct ks_err *err)
{
	struct listing *listing = payload;
	struct ks_target target = {
		.name = listed->id,
		.place = listed->url,
		.source = listing->source,
		.network = listed->network,
		.size = listed->size,
		.is_remote = true,
		.is_optional = listed->is_wiki,
	};

	return listed->is_empty ? KS_OK : add(listing->sources, &target, err);
}

static int add_forge(
	struct ks_sources *sources, const char *text, struct ks_err *err)
{
	struct ks_forge_cache cache = { 0 };
	struct ks_http_options http = { .cancel = sources->cancel };
	struct ks_forge_options options = { .http = &http,
		.credentials = sources->credentials };
	struct listing listing = { .sources = sources, .source = text };
	struct ks_err why = { 0 };
	int rc = ks_selection_read(
		&options, sources->options, &sources->arena, &why);

	if (sources->cache) {
		cache = ks_forge_kept(sources->cache);
		options.cache = &cache;
	}
	if (rc == KS_OK)
		rc = ks_forge_list(text, &options, add_listed, &listing, &why);
	if (rc == KS_E_NOMEM || rc == KS_E_INTERRUPTED) {
		*err = why;
		return rc;
	}
	return rc < 0 ? sources->trouble(
				sources->payload, text, why.message, err)
		      : KS_OK;
}

static bool has(const char *folder, const char *name, mode_t type)
{
	struct ks_buf path = { 0 };
	struct stat status;
	bool is_there = false;

	if (ks_buf_printf(&path, "%s/%s", folder, name) == KS_OK &&
		ks_buf_str(&path))
		is_there = lstat((const char *)path.p, &status) == 0 &&
			   (!type || (status.st_mode & S_IFMT) == type);
	ks_buf_release(&path);
	return is_there;
}

/* Also one that is damaged: it is to be named, not passed over. */
static bool is_repository(const char *folder)
{
	return has(folder, ".git", 0) ||
	       (has(folder, "objects", S_IFDIR) &&
		       (has(folder, "refs", S_IFDIR) ||
			       has(folder, "HEAD", S_IFREG)));
}

static int add_folder(struct ks_sources *sources, const char *path, int depth,
	size_t *found, struct ks_err *err);

static int add_below(struct ks_sources *sources, const char *path,
	const char *name, int depth, size_t *found, struct ks_err *err)
{
	struct ks_buf below = { 0 };
	int rc = KS_OK;

	if (ks_buf_printf(&below, "%s/%s", path, name) < 0 ||
		!ks_buf_str(&below))
		rc = ks_fail_nomem(err);
	else
		rc = add_folder(
			sources, (const char *)below.p, depth + 1, found, err);
	ks_buf_release(&below);
	return rc;
}

static int add_folder(struct ks_sources *sources, const char *path, int depth,
	size_t *found, struct ks_err *err)
{
	struct dirent *item;
	DIR *folder;
	int rc = KS_OK;

	if (is_repository(path)) {
		++*found;
		return add_place(sources, path, false, err);
	}
	if (depth >= DEPTH_MAX)
		return KS_OK;
	folder = opendir(path);
	if (!folder)
		return sources->trouble(
			sources->payload, path, strerror(errno), err);
	while (rc == KS_OK && (item = readdir(folder))) {
		if (item->d_name[0] != '.' && has(path, item->d_name, S_IFDIR))
			rc = add_below(
				sources, path, item->d_name, depth, found, err);
	}
	closedir(folder);
	return rc;
}

/* Paths are as seen from the folder of the list. */
static int add_line(struct ks_sources *sources, const char *list, char *line,
	struct ks_err *err)
{
	struct ks_buf path = { 0 };
	const char *slash = strrchr(list, '/');
	int rc;

	while (*line == ' ' || *line == '\t')
		line++;
	for (size_t n = strlen(line); n && strchr(" \t\r", line[n - 1]); n--)
		line[n - 1] = '\0';
	if (!line[0] || line[0] == '#')
		return KS_OK;
	if (has_login(line))
		return sources->trouble(sources->payload, list, login, err);
	if (is_url(line) && !ks_forge_is_source(line))
		return add_place(sources, line, true, err);
	if (ks_forge_is_source(line))
		return add_forge(sources, line, err);
	if (line[0] == '/' || !slash)
		return add_place(sources, line, false, err);
	rc = ks_buf_printf(&path, "%.*s/%s", (int)(slash - list), list, line);
	if (rc < 0 || !ks_buf_str(&path))
		rc = ks_fail_nomem(err);
	else
		rc = add_place(sources, (const char *)path.p, false, err);
	ks_buf_release(&path);
	return rc;
}

static int add_list(
	struct ks_sources *sources, const char *path, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_err why = { 0 };
	int rc = ks_buf_read_file_max(&text, path, LIST_MAX, &why);
	char *next = NULL;

	if (rc < 0) {
		ks_buf_release(&text);
		return rc == KS_E_NOMEM ? ks_fail_nomem(err)
					: sources->trouble(sources->payload,
						  path, why.message, err);
	}
	if (!ks_buf_str(&text))
		rc = ks_fail_nomem(err);
	for (char *line = rc == KS_OK ? (char *)text.p : NULL;
		line && rc == KS_OK; line = next) {
		char *end = strchr(line, '\n');

		next = end ? end + 1 : NULL;
		if (end)
			*end = '\0';
		rc = add_line(sources, path, line, err);
	}
	ks_buf_release(&text);
	return rc;
}

int ks_sources_add(struct ks_sources *sources, const char *text,
	const char *options, struct ks_err *err)
{
	struct stat status;
	size_t found = 0;
	int rc;

	sources->options = options;
	if (ks_forge_is_source(text))
		return add_forge(sources, text, err);
	if (is_url(text))
		return add_place(sources, text, true, err);
	if (stat(text, &status) < 0)
		return sources->trouble(
			sources->payload, text, strerror(errno), err);
	if (!S_ISDIR(status.st_mode))
		return add_list(sources, text, err);
	rc = add_folder(sources, text, 0, &found, err);
	if (rc == KS_OK && !found)
		rc = sources->trouble(sources->payload, text,
			"there is no repository in it", err);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct ks_target *left = a;
	const struct ks_target *right = b;

	return strcmp(left->name, right->name);
}

static const char *group_of(const struct ks_target *target)
{
	return target->network ? target->network : target->name;
}

static int by_group(const void *a, const void *b)
{
	int order = strcmp(group_of(a), group_of(b));

	return order ? order : by_name(a, b);
}

void ks_sources_sort(struct ks_sources *sources)
{
	size_t kept = 0;

	if (sources->count)
		qsort(sources->list, sources->count, sizeof(*sources->list),
			by_name);
	for (size_t i = 0; i < sources->count; i++) {
		if (kept && by_name(&sources->list[kept - 1],
				    &sources->list[i]) == 0)
			continue;
		sources->list[kept++] = sources->list[i];
	}
	sources->count = kept;
	if (kept)
		qsort(sources->list, kept, sizeof(*sources->list), by_group);
}

size_t ks_sources_group(const struct ks_sources *sources, size_t at)
{
	size_t n = 1;

	while (at + n < sources->count &&
		strcmp(group_of(&sources->list[at]),
			group_of(&sources->list[at + n])) == 0)
		n++;
	return n;
}

bool ks_sources_have(const struct ks_sources *sources, const char *name)
{
	for (size_t i = 0; i < sources->count; i++) {
		if (strcmp(sources->list[i].name, name) == 0 ||
			strcmp(group_of(&sources->list[i]), name) == 0)
			return true;
	}
	return false;
}

void ks_sources_release(struct ks_sources *sources)
{
	ks_arena_release(&sources->arena);
	free(sources->list);
	sources->list = NULL;
	sources->count = sources->cap = 0;
}
