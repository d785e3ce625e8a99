/* SPDX-License-Identifier: Apache-2.0 */
/* Whose repositories, and on which server: "github:NAME" and its like. */
#ifndef KS_FORGE_PLACE_H
#define KS_FORGE_PLACE_H

#include "base/arena.h"
#include "base/err.h"

enum ks_forge_kind {
	KS_FORGE_GITHUB,
	KS_FORGE_GITLAB,
	KS_FORGE_GITEA /* Forgejo has the same interface */
};

/* The strings belong to the arena. */
struct ks_forge_place {
	enum ks_forge_kind kind;
	const char *text;  /* as it was given */
	const char *web;   /* "https://host[:port][/path]", to clone from */
	const char *api;   /* what its interface's paths come behind */
	const char *host;  /* "host[:port]", in lower case */
	const char *owner; /* organisation, user or group */
	bool is_public;    /* github.com or gitlab.com */
};

/* The name of the kind that ${text} begins with, "gitlab" say; or -1. */
int ks_forge_place_kind(const char *text);

/* KS_E_USAGE: it has no such form, and what would; KS_E_NOMEM. */
KS_MUST_CHECK int ks_forge_place_parse(struct ks_forge_place *out,
	const char *text, struct ks_arena *arena, struct ks_err *err);

/*
 * May ${name}, "a/b" or "a/b/c", be part of a URL and be shown? Letters,
 * digits, '-', '_' and '.', no part that begins with '-' or is "." or "..".
 */
bool ks_forge_place_is_name(const char *name);

#endif
