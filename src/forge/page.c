/* SPDX-License-Identifier: Apache-2.0 */
/* A page of a list: what a server sent, or what was kept of it. */
#include "forge/page.h"

enum {
	QUERY_MAX = 2048 /* bytes */
};

/* The query of the URL in "<URL>; rel="next"" of ${link}: RFC 8288. */
static struct ks_span next_query(struct ks_span link)
{
	const char *text = (const char *)link.p;
	size_t at = 0;

	while (at < link.n) {
		const char *from = memchr(text + at, '<', link.n - at);
		const char *to =
			from ? memchr(from, '>', link.n - (size_t)(from - text))
			     : NULL;
		const char *end;
		const char *query;

		if (!to)
			break;
		end = memchr(to, '<', link.n - (size_t)(to - text));
		if (!end)
			end = text + link.n;
		if (memmem(to, (size_t)(end - to), "rel=\"next\"", 10)) {
			query = memchr(from, '?', (size_t)(to - from));
			return query ? ks_span_of(query + 1,
					       (size_t)(to - query) - 1)
				     : (struct ks_span){ 0 };
		}
		at = (size_t)(end - text);
	}
	return (struct ks_span){ 0 };
}

static bool is_query(struct ks_span query)
{
	for (size_t i = 0; i < query.n; i++) {
		if (query.p[i] <= ' ' || query.p[i] >= 0x7f ||
			query.p[i] == '#')
			return false;
	}
	return query.n > 0 && query.n <= QUERY_MAX;
}

static bool add_item(
	json_t *items, const json_t *object, ks_ask_convert *convert)
{
	json_t *item = json_is_object(object) ? convert(object) : NULL;

	return item && json_array_append_new(items, item) == 0;
}

/* A page of our form from the server's; NULL if it makes no sense. */
static json_t *convert_page(
	const json_t *raw, struct ks_span link, ks_ask_convert *convert)
{
	struct ks_span next = next_query(link);
	json_t *items = json_array();
	json_t *page = json_object();
	bool is_good =
		items && page && (json_is_array(raw) || json_is_object(raw));

	if (json_is_object(raw))
		is_good = is_good && add_item(items, raw, convert);
	for (size_t i = 0; is_good && i < json_array_size(raw); i++)
		is_good = add_item(items, json_array_get(raw, i), convert);
	if (is_good && is_query(next))
		is_good = json_object_set_new(page, "next",
				  json_stringn((const char *)next.p, next.n)) ==
			  0;
	is_good = is_good && json_object_set(page, "items", items) == 0;
	json_decref(items);
	if (is_good)
		return page;
	json_decref(page);
	return NULL;
}

static json_t *parse(struct ks_span text)
{
	return text.n ? json_loadb((const char *)text.p, text.n, 0, NULL)
		      : NULL;
}

json_t *ks_page_read(
	struct ks_span text, struct ks_span link, ks_ask_convert *convert)
{
	json_t *raw = parse(text);
	json_t *page = raw ? convert_page(raw, link, convert) : NULL;

	json_decref(raw);
	return page;
}

json_t *ks_page_reread(struct ks_span text)
{
	json_t *page = parse(text);
	const char *next = json_string_value(json_object_get(page, "next"));

	if (json_is_array(json_object_get(page, "items")) &&
		(!next || is_query(ks_span_str(next))))
		return page;
	json_decref(page);
	return NULL;
}
