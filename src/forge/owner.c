/* SPDX-License-Identifier: Apache-2.0 */
/* Is it an organisation, a group or a user, and where is its list? */
#include "forge/owner.h"

#include "forge/convert.h"
#include "net/url.h"

#include <inttypes.h>
#include <strings.h>

/* What came of asking for an owner. */
struct owner {
	uint64_t id;
	bool is_user;
	bool is_there;
	char name[256];
};

/* One whose list is ordered by age is not shifted by what is made meanwhile. */
static const char github_org[] = "type=all&sort=created&direction=asc&"
				 "per_page=100";
static const char github_user[] = "type=owner&sort=created&direction=asc&"
				  "per_page=100";
static const char github_self[] = "affiliation=owner&sort=created&"
				  "direction=asc&per_page=100";
static const char gitlab_group[] = "include_subgroups=true&with_shared=false&"
				   "order_by=id&sort=asc&per_page=100";
static const char gitlab_user[] = "order_by=id&sort=asc&per_page=100";
static const char gitea_any[] = "page=1&limit=50";

static int set_path(struct ks_buf *path, const char *head, const char *owner,
	const char *tail, struct ks_err *err)
{
	ks_buf_reset(path);
	if (ks_buf_add_str(path, head) < 0 ||
		ks_url_encode(path, ks_span_str(owner)) < 0 ||
		ks_buf_add_str(path, tail) < 0 || !ks_buf_str(path))
		return ks_fail_nomem(err);
	return KS_OK;
}

/* Who is at ${path}? That there is nobody is no error here. */
static int ask_owner(const struct ks_ask *ask, const char *path,
	const char *query, struct owner *out, struct ks_err *err)
{
	json_t *page = NULL;
	int rc = ks_ask(ask, path, query, ks_convert_owner, &page, err);
	const json_t *first = json_array_get(json_object_get(page, "items"), 0);
	const char *name = json_string_value(json_object_get(first, "name"));

	*out = (struct owner){ 0 };
	if (rc == KS_OK && first && name && strlen(name) < sizeof(out->name)) {
		out->is_there = true;
		out->is_user = json_is_true(json_object_get(first, "is_user"));
		out->id = (uint64_t)json_integer_value(
			json_object_get(first, "id"));
		memcpy(out->name, name, strlen(name) + 1);
	}
	json_decref(page);
	return rc == KS_E_NOTFOUND ? KS_OK : rc;
}

static int nobody(const struct ks_ask *ask, struct ks_err *err)
{
	return ks_fail(err, KS_E_NOTFOUND,
		"'%s' has no organisation, group or user '%s'%s",
		ask->place->host, ask->place->owner,
		ask->token ? " that the token may see"
			   : " to be seen without a token");
}

static int find_github(const struct ks_ask *ask, struct ks_buf *path,
	const char **query, struct ks_err *err)
{
	const char *name = ask->place->owner;
	struct owner owner;
	struct owner self = { 0 };
	int rc = set_path(path, "/users/", name, "", err);

	if (rc == KS_OK)
		rc = ask_owner(ask, (const char *)path->p, NULL, &owner, err);
	if (rc < 0)
		return rc;
	if (!owner.is_there)
		return nobody(ask, err);
	*query = owner.is_user ? github_user : github_org;
	if (!owner.is_user)
		return set_path(path, "/orgs/", name, "/repos", err);
	/* Only to the user himself are his private ones told. */
	if (ask->token)
		rc = ask_owner(ask, "/user", NULL, &self, err);
	if (rc == KS_OK && self.is_there && self.id == owner.id) {
		*query = github_self;
		return set_path(path, "/user", "", "/repos", err);
	}
	return rc == KS_OK ? set_path(path, "/users/", name, "/repos", err)
			   : rc;
}

static int find_gitlab(const struct ks_ask *ask, struct ks_buf *path,
	const char **query, struct ks_err *err)
{
	struct ks_buf search = { 0 };
	struct owner owner;
	int rc = set_path(path, "/groups/", ask->place->owner, "", err);

	if (rc == KS_OK)
		rc = ask_owner(ask, (const char *)path->p,
			"with_projects=false", &owner, err);
	*query = gitlab_group;
	if (rc == KS_OK && owner.is_there)
		return set_path(
			path, "/groups/", ask->place->owner, "/projects", err);
	if (rc == KS_OK)
		rc = set_path(&search, "username=", ask->place->owner, "", err);
	if (rc == KS_OK)
		rc = ask_owner(
			ask, "/users", (const char *)search.p, &owner, err);
	ks_buf_release(&search);
	if (rc < 0)
		return rc;
	if (!owner.is_there)
		return nobody(ask, err);
	*query = gitlab_user;
	ks_buf_reset(path);
	if (ks_buf_printf(path, "/users/%" PRIu64 "/projects", owner.id) < 0 ||
		!ks_buf_str(path))
		return ks_fail_nomem(err);
	return KS_OK;
}

static int find_gitea(const struct ks_ask *ask, struct ks_buf *path,
	const char **query, struct ks_err *err)
{
	static const char *const heads[] = { "/orgs/", "/users/" };
	struct owner owner = { 0 };
	int rc = KS_OK;

	*query = gitea_any;
	for (size_t i = 0; rc == KS_OK && i < 2; i++) {
		rc = set_path(path, heads[i], ask->place->owner, "", err);
		if (rc == KS_OK)
			rc = ask_owner(
				ask, (const char *)path->p, NULL, &owner, err);
		if (rc == KS_OK && owner.is_there)
			return set_path(path, heads[i], ask->place->owner,
				"/repos", err);
	}
	return rc == KS_OK ? nobody(ask, err) : rc;
}

int ks_owner_find(const struct ks_ask *ask, struct ks_buf *path,
	const char **query, struct ks_err *err)
{
	switch (ask->place->kind) {
	case KS_FORGE_GITHUB:
		return find_github(ask, path, query, err);
	case KS_FORGE_GITLAB:
		return find_gitlab(ask, path, query, err);
	default:
		return find_gitea(ask, path, query, err);
	}
}
