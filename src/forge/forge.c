/* SPDX-License-Identifier: Apache-2.0 */
/* Which repositories an organisation has: GitHub, GitLab, Gitea, Forgejo. */
#include "forge/forge.h"

#include "forge/convert.h"
#include "forge/items.h"
#include "forge/owner.h"
#include "forge/select.h"
#include "forge/token.h"

#include <inttypes.h>

enum {
	REPOSITORIES_MAX = 200000,
	PAGES_MAX = 20000
};

/* A list in the making. */
struct list {
	struct ks_ask ask;
	const struct ks_forge_options *options;
	struct ks_items items;
	struct ks_buf path; /* of the pages */
	const char *query;  /* of the first one */
};

bool ks_forge_is_source(const char *text)
{
	return ks_forge_place_kind(text) >= 0;
}

static ks_ask_convert *const converters[] = {
	[KS_FORGE_GITHUB] = ks_convert_github,
	[KS_FORGE_GITLAB] = ks_convert_gitlab,
	[KS_FORGE_GITEA] = ks_convert_gitea,
};

/* Page after page, until the server tells of no other. */
static int read_pages(struct list *list, struct ks_err *err)
{
	size_t max = list->options->max ? list->options->max : REPOSITORIES_MAX;
	struct ks_buf query = { 0 };
	int rc = ks_buf_add_str(&query, list->query) < 0 ? ks_fail_nomem(err)
							 : KS_OK;

	for (size_t i = 0; rc == KS_OK && query.n; i++) {
		json_t *page = NULL;
		const char *next;

		if (i == PAGES_MAX)
			rc = ks_fail(err, KS_E_LIMIT, "the list does not end");
		if (rc == KS_OK && !ks_buf_str(&query))
			rc = ks_fail_nomem(err);
		if (rc == KS_OK)
			rc = ks_ask(&list->ask, (const char *)list->path.p,
				(const char *)query.p,
				converters[list->ask.place->kind], &page, err);
		if (rc == KS_OK)
			rc = ks_items_add(&list->items, page, max, err);
		next = json_string_value(json_object_get(page, "next"));
		if (rc == KS_OK && next &&
			ks_span_eq(ks_span_str(next), ks_buf_span(&query)))
			rc = ks_fail(err, KS_E_CORRUPT,
				"a page of the list leads to itself");
		ks_buf_reset(&query);
		if (rc == KS_OK && next && ks_buf_add_str(&query, next) < 0)
			rc = ks_fail_nomem(err);
		json_decref(page);
	}
	ks_buf_release(&query);
	return rc;
}

/* GitHub's lists do not tell what a fork was forked from. */
static int ask_root(struct list *list, struct ks_item *item, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	json_t *page = NULL;
	int rc = ks_buf_printf(&path, "/repos/%s", item->name);

	if (rc < 0 || !ks_buf_str(&path))
		rc = ks_fail_nomem(err);
	else
		rc = ks_ask(&list->ask, (const char *)path.p, NULL,
			ks_convert_github_root, &page, err);
	if (rc == KS_OK)
		item->parent = (uint64_t)json_integer_value(json_object_get(
			json_array_get(json_object_get(page, "items"), 0),
			"parent"));
	/* It may have vanished since: who fetches it will tell. */
	if (rc == KS_E_NOTFOUND)
		rc = KS_OK;
	json_decref(page);
	ks_buf_release(&path);
	return rc;
}

static int find_roots(struct list *list, struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < list->items.count; i++) {
		struct ks_item *item = &list->items.list[i];

		if (list->ask.place->kind == KS_FORGE_GITHUB && item->is_fork &&
			ks_select_takes(list->options, item))
			rc = ask_root(list, item, err);
	}
	ks_items_relate(&list->items);
	return rc;
}

/* What is given of one repository, or its wiki. */
struct told {
	struct ks_buf url;
	struct ks_buf name;
	struct ks_buf id;
	struct ks_buf network;
};

static int tell(const struct list *list, const struct ks_item *item,
	bool is_wiki, struct told *told,
	int (*each)(void *payload, const struct ks_listed *listed,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	const struct ks_forge_place *place = list->ask.place;
	const char *end = is_wiki ? ".wiki" : "";
	bool has_network = item->root && !is_wiki;
	struct ks_listed listed = { .size = is_wiki ? 0 : item->size,
		.is_archived = item->is_archived,
		.is_fork = item->is_fork && !is_wiki,
		.is_private = item->is_private,
		.is_wiki = is_wiki,
		.is_empty = item->is_empty && !is_wiki };

	ks_buf_reset(&told->url);
	ks_buf_reset(&told->name);
	ks_buf_reset(&told->id);
	ks_buf_reset(&told->network);
	if (ks_buf_printf(&told->url, "%s/%s%s.git", place->web, item->name,
		    end) < 0 ||
		ks_buf_printf(&told->name, "%s%s", item->name, end) < 0 ||
		ks_buf_printf(&told->id, "%s:%" PRIu64 "%s", place->host,
			item->id, end) < 0 ||
		ks_buf_printf(&told->network, "%s:%" PRIu64, place->host,
			item->root) < 0)
		return ks_fail_nomem(err);
	listed.url = ks_buf_str(&told->url);
	listed.name = ks_buf_str(&told->name);
	listed.id = ks_buf_str(&told->id);
	listed.network = has_network ? ks_buf_str(&told->network) : NULL;
	if (!listed.url || !listed.name || !listed.id ||
		(has_network && !listed.network))
		return ks_fail_nomem(err);
	return each(payload, &listed, err);
}

static int tell_all(const struct list *list,
	int (*each)(void *payload, const struct ks_listed *listed,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	struct told told = { 0 };
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < list->items.count; i++) {
		const struct ks_item *item = &list->items.list[i];

		if (!ks_select_takes(list->options, item))
			continue;
		rc = tell(list, item, false, &told, each, payload, err);
		if (rc == KS_OK && list->options->wikis && item->has_wiki)
			rc = tell(list, item, true, &told, each, payload, err);
	}
	ks_buf_release(&told.url);
	ks_buf_release(&told.name);
	ks_buf_release(&told.id);
	ks_buf_release(&told.network);
	return rc;
}

static int run(struct list *list, struct ks_err *err)
{
	int rc = ks_owner_find(&list->ask, &list->path, &list->query, err);

	if (rc == KS_OK)
		rc = read_pages(list, err);
	ks_items_sort(&list->items);
	if (rc == KS_OK)
		rc = find_roots(list, err);
	return rc;
}

int ks_forge_list(const char *source, const struct ks_forge_options *options,
	int (*each)(void *payload, const struct ks_listed *listed,
		struct ks_err *err),
	void *payload, struct ks_err *err)
{
	static const struct ks_http_options defaults;
	struct ks_arena arena = { 0 };
	struct ks_forge_place place;
	struct ks_buf token = { 0 };
	struct list list = { .options = options };
	int rc = ks_forge_place_parse(&place, source, &arena, err);

	if (rc == KS_OK)
		rc = ks_token_find(&token, &place, options->credentials, err);
	if (rc == KS_OK)
		rc = ks_http_new(&list.ask.http,
			options->http ? options->http : &defaults, err);
	if (rc == KS_OK) {
		list.ask.place = &place;
		list.ask.token = token.n ? (const char *)token.p : NULL;
		list.ask.cache = options->cache;
		rc = run(&list, err);
		if (rc < 0 && rc != KS_E_INTERRUPTED)
			ks_err_wrap(err, "cannot list '%s'", source);
	}
	if (rc == KS_OK)
		rc = tell_all(&list, each, payload, err);
	ks_http_free(list.ask.http);
	ks_items_release(&list.items);
	ks_buf_release(&list.path);
	if (token.n)
		explicit_bzero(token.p, token.n);
	ks_buf_release(&token);
	ks_arena_release(&arena);
	return rc;
}

int ks_forge_login(const char **user, struct ks_buf *token, const char *source,
	const char *credentials, struct ks_err *err)
{
	static const char *const users[] = {
		[KS_FORGE_GITHUB] = "x-access-token",
		[KS_FORGE_GITLAB] = "oauth2",
		[KS_FORGE_GITEA] = "git",
	};
	struct ks_arena arena = { 0 };
	struct ks_forge_place place;
	int rc = ks_forge_place_parse(&place, source, &arena, err);

	if (rc == KS_OK) {
		*user = users[place.kind];
		rc = ks_token_find(token, &place, credentials, err);
	}
	ks_arena_release(&arena);
	return rc;
}
