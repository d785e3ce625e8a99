/* SPDX-License-Identifier: Apache-2.0 */
/* What a git that fetches may know of the world around it. */
#include "mirror/environment.h"

#include "base/array.h"
#include "base/buf.h"

#include <stdlib.h>

extern char **environ;

/* git-rev-parse(1) --local-env-vars, and what would speak in between. */
static const char *const dropped[] = { "GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_CEILING_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG",
	"GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_DIR",
	"GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE",
	"GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS",
	"GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_PROTOCOL",
	"GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE",
	"GIT_WORK_TREE", "LANG", "LANGUAGE", "SSH_ASKPASS_REQUIRE" };

/* All that begin so. */
static const char *const dropped_groups[] = { "GIT_CONFIG_KEY_",
	"GIT_CONFIG_VALUE_", "GIT_TRACE", "GIT_TERMINAL_PROMPT=", "LC_" };

static const char *const plain[] = { "GIT_TERMINAL_PROMPT=0",
	"GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1", "LC_ALL=C",
	"SSH_ASKPASS_REQUIRE=never" };

static const char *const settings[][2] = {
	{ "core.hooksPath", "/dev/null" },
	{ "core.fsmonitor", "false" },
	{ "core.logAllRefUpdates", "false" },
	{ "credential.interactive", "never" },
	{ "fetch.fsckObjects", "false" },
	{ "fetch.recurseSubmodules", "false" },
	{ "fetch.unpackLimit", "1" },
	{ "fetch.writeCommitGraph", "false" },
	{ "gc.auto", "0" },
	{ "gc.pruneExpire", "never" },
	{ "maintenance.auto", "false" },
	{ "protocol.ext.allow", "never" },
	{ "protocol.fd.allow", "never" },
	{ "submodule.recurse", "false" },
	{ "transfer.fsckObjects", "false" },
};

/* It is given what is in two variables, and only asked for it. */
static const char helper[] =
	"!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' "
	"\"$KS_MIRROR_USER\" \"$KS_MIRROR_PASSWORD\"; }; f";

struct environment {
	const char **list; /* NULL-terminated in the end */
	size_t count;
	size_t cap;
	unsigned settings;
	struct ks_arena *arena;
	int rc;
};

/* "NAME=VALUE", the name in two halves. */
static void add(struct environment *env, const char *name, const char *rest,
	const char *value)
{
	struct ks_buf text = { 0 };
	char *copy = NULL;

	if (env->rc < 0)
		return;
	env->rc = ks_buf_printf(&text, "%s%s%s", name, rest, value);
	if (env->rc == KS_OK)
		copy = ks_arena_copy(env->arena, ks_buf_span(&text));
	if (!copy || ks_array_reserve(&env->list, &env->cap, env->count + 1,
			     sizeof(*env->list)) < 0)
		env->rc = KS_E_NOMEM;
	else
		env->list[env->count++] = copy;
	ks_buf_release(&text);
}

static void set(struct environment *env, const char *key, const char *value)
{
	struct ks_buf number = { 0 };

	if (env->rc == KS_OK)
		env->rc = ks_buf_printf(&number, "%u=", env->settings++);
	if (env->rc == KS_OK && !ks_buf_str(&number))
		env->rc = KS_E_NOMEM;
	if (env->rc == KS_OK) {
		add(env, "GIT_CONFIG_KEY_", (const char *)number.p, key);
		add(env, "GIT_CONFIG_VALUE_", (const char *)number.p, value);
	}
	ks_buf_release(&number);
}

static bool is_dropped(const char *variable)
{
	size_t n = strcspn(variable, "=");

	for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++) {
		if (strlen(dropped[i]) == n &&
			strncmp(dropped[i], variable, n) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(dropped_groups) / sizeof(*dropped_groups);
		i++) {
		if (strncmp(dropped_groups[i], variable,
			    strlen(dropped_groups[i])) == 0)
			return true;
	}
	return false;
}

static void set_credentials(
	struct environment *env, const struct ks_remote *remote)
{
	struct ks_buf key = { 0 };

	if (env->rc == KS_OK)
		env->rc = ks_buf_printf(
			&key, "credential.%s.helper", remote->origin);
	if (env->rc == KS_OK && !ks_buf_str(&key))
		env->rc = KS_E_NOMEM;
	if (env->rc == KS_OK) {
		/* The empty one makes git forget the user's. */
		set(env, (const char *)key.p, "");
		set(env, (const char *)key.p, helper);
		add(env, "KS_MIRROR_USER", "=", remote->user);
		add(env, "KS_MIRROR_PASSWORD", "=", remote->password);
	}
	ks_buf_release(&key);
}

static void set_count(struct environment *env)
{
	struct ks_buf count = { 0 };

	if (env->rc == KS_OK)
		env->rc = ks_buf_printf(&count, "%u", env->settings);
	if (env->rc == KS_OK && !ks_buf_str(&count))
		env->rc = KS_E_NOMEM;
	if (env->rc == KS_OK)
		add(env, "GIT_CONFIG_COUNT", "=", (const char *)count.p);
	ks_buf_release(&count);
}

int ks_environment_make(const char *const **out, const struct ks_remote *remote,
	const char *refspec, struct ks_arena *arena, struct ks_err *err)
{
	struct environment env = { .arena = arena };
	const char **list = NULL;

	for (char **at = environ; at && *at; at++) {
		if (!is_dropped(*at))
			add(&env, *at, "", "");
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		add(&env, plain[i], "", "");
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		set(&env, settings[i][0], settings[i][1]);
	if (remote) {
		set(&env, "remote.origin.url", remote->url);
		if (refspec)
			set(&env, "remote.origin.fetch", refspec);
		if (remote->user && remote->origin)
			set_credentials(&env, remote);
	}
	set_count(&env);
	if (env.rc == KS_OK)
		list = ks_arena_array(arena, env.count + 1, sizeof(*list));
	if (list)
		memcpy(list, env.list, env.count * sizeof(*list));
	free(env.list);
	*out = list;
	return list ? KS_OK : ks_fail_nomem(err);
}
