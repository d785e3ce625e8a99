/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of forge says of a repository, in one form. */
#include "forge/convert.h"

#include "forge/place.h"

enum {
	KIB = 1024
};

static json_int_t whole(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static bool is(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static json_t *begin(const json_t *object, const char *name_key)
{
	json_int_t id = whole(object, "id");
	const char *name = json_string_value(json_object_get(object, name_key));

	if (id <= 0 || !name || !ks_forge_place_is_name(name))
		return NULL;
	return json_pack("{s:I, s:s}", "id", id, "name", name);
}

static void note(json_t *out, const char *key, bool is_so)
{
	if (is_so)
		json_object_set_new(out, key, json_true());
}

static void note_size(json_t *out, json_int_t size, json_int_t unit)
{
	if (size > 0 && size < INT64_MAX / unit)
		json_object_set_new(out, "size", json_integer(size * unit));
}

static void note_parent(json_t *out, const json_t *parent)
{
	json_int_t id = whole(parent, "id");

	if (id > 0)
		json_object_set_new(out, "parent", json_integer(id));
}

json_t *ks_convert_github(const json_t *object)
{
	json_t *out = begin(object, "full_name");

	if (!out)
		return NULL;
	note(out, "fork", is(object, "fork"));
	note(out, "archived", is(object, "archived"));
	note(out, "private", is(object, "private"));
	note(out, "wiki", is(object, "has_wiki"));
	note_size(out, whole(object, "size"), KIB);
	return out;
}

json_t *ks_convert_github_root(const json_t *object)
{
	json_t *out = json_object();

	note_parent(out, json_object_get(object, "source"));
	return out;
}

json_t *ks_convert_gitlab(const json_t *object)
{
	json_t *out = begin(object, "path_with_namespace");
	const json_t *parent = json_object_get(object, "forked_from_project");
	const char *visibility =
		json_string_value(json_object_get(object, "visibility"));

	if (!out)
		return NULL;
	note(out, "fork", json_is_object(parent));
	note_parent(out, parent);
	note(out, "archived", is(object, "archived"));
	note(out, "private", visibility && strcmp(visibility, "public") != 0);
	note(out, "wiki", is(object, "wiki_enabled"));
	note(out, "empty", is(object, "empty_repo"));
	note_size(out,
		whole(json_object_get(object, "statistics"), "repository_size"),
		1);
	return out;
}

json_t *ks_convert_gitea(const json_t *object)
{
	json_t *out = begin(object, "full_name");
	const json_t *parent = json_object_get(object, "parent");

	if (!out)
		return NULL;
	note(out, "fork", is(object, "fork"));
	note_parent(out, parent);
	note(out, "archived", is(object, "archived"));
	note(out, "private", is(object, "private") || is(object, "internal"));
	note(out, "wiki", is(object, "has_wiki"));
	note(out, "empty", is(object, "empty"));
	note_size(out, whole(object, "size"), KIB);
	return out;
}

/* The first of these keys that has a text. */
static const char *login_of(const json_t *object)
{
	static const char *const keys[] = { "login", "username", "full_path" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const json_t *text = json_object_get(object, keys[i]);

		if (json_is_string(text))
			return json_string_value(text);
	}
	return NULL;
}

json_t *ks_convert_owner(const json_t *object)
{
	const char *name = login_of(object);
	const char *type = json_string_value(json_object_get(object, "type"));
	json_int_t id = whole(object, "id");

	if (id <= 0 || !name || !ks_forge_place_is_name(name))
		return NULL;
	return json_pack("{s:I, s:s, s:b}", "id", id, "name", name, "is_user",
		type && strcmp(type, "User") == 0);
}
