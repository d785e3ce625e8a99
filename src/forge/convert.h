/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of forge says of a repository, in one form. */
#ifndef KS_FORGE_CONVERT_H
#define KS_FORGE_CONVERT_H

#include "forge/ask.h"

/*
 * The form: "id" (> 0), "name", and where it is so "parent" (the id of what
 * it was forked from), "fork", "archived", "private", "empty", "wiki" (it has
 * one, maybe), "size" (bytes).
 *
 * The fields are those of GitHub's REST API, "List organization
 * repositories"; GitLab's Projects API; Gitea's swagger, "Repository".
 */
json_t *ks_convert_github(const json_t *object);
json_t *ks_convert_gitlab(const json_t *object);
json_t *ks_convert_gitea(const json_t *object);

/* Of GitHub's "Get a repository": "id" of the one that its forks stem from. */
json_t *ks_convert_github_root(const json_t *object);

/* A user, group or organisation: "id", "name" (login), "is_user". */
json_t *ks_convert_owner(const json_t *object);

#endif
