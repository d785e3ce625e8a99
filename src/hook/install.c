/* SPDX-License-Identifier: Apache-2.0 */
/* Putting hooks in their place, and taking them away. */
#include "hook/install.h"

#include "hook/git.h"
#include "hook/passing.h"
#include "hook/script.h"

#include <errno.h>
#include <fcntl.h>
#include <keysieve/hook.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a hook's files are. */
struct place {
	struct ks_buf folder;
	bool is_set; /* the user's core.hooksPath */
	char hook[KS_HOOK_PATH_MAX];
	char before[KS_HOOK_PATH_MAX];
};

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static int write_all(int fd, struct ks_span text)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text = ks_span_cut(text, (size_t)n, text.n);
	}
	return 0;
}

int ks_install_file(const char *path, struct ks_span text, struct ks_err *err)
{
	struct ks_buf part = { 0 };
	char *name;
	int fd;
	int rc = KS_OK;

	if (ks_buf_printf(&part, "%s.XXXXXX", path) < 0 || !ks_buf_str(&part)) {
		ks_buf_release(&part);
		return ks_fail_nomem(err);
	}
	name = (char *)part.p;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0) {
		rc = ks_fail_errno(err, errno, "cannot write '%s'", path);
		ks_buf_release(&part);
		return rc;
	}
	if (write_all(fd, text) < 0 || fchmod(fd, 0755) < 0)
		rc = ks_fail_errno(err, errno, "cannot write '%s'", path);
	if (close(fd) < 0 && rc == KS_OK)
		rc = ks_fail_errno(err, errno, "cannot write '%s'", path);
	if (rc == KS_OK && rename(name, path) < 0)
		rc = ks_fail_errno(err, errno, "cannot write '%s'", path);
	if (rc < 0)
		unlink(name);
	ks_buf_release(&part);
	return rc;
}

/* "global" where core.hooksPath is for more than this repository. */
static int check_scope(struct ks_err *err)
{
	static const char *const words[] = { "config", "--show-scope", "--get",
		"core.hooksPath", NULL };
	struct ks_buf said = { 0 };
	int status;
	int rc = ks_git_ask(&said, words, &status, err);

	if (rc == KS_OK && status == 0 &&
		(ks_span_starts(ks_buf_span(&said), "global") ||
			ks_span_starts(ks_buf_span(&said), "system")))
		rc = ks_fail(err, KS_E_USAGE,
			"core.hooksPath says that all repositories have their "
			"hooks in one folder: use --global");
	ks_buf_release(&said);
	return rc;
}

static int find_folder(struct place *place, struct ks_err *err)
{
	static const char *const words[] = { "rev-parse", "--git-path", "hooks",
		NULL };
	int status;
	int rc = check_scope(err);

	if (rc == KS_OK)
		rc = ks_git_ask(&place->folder, words, &status, err);
	if (rc == KS_OK && status != 0)
		rc = ks_fail(err, KS_E_REPO,
			"this is not in a git repository; --global installs a "
			"hook for all repositories");
	return rc;
}

/* Make it absolute: what is said is to be found from anywhere. */
static int name_files(
	struct place *place, enum ks_hook hook, struct ks_err *err)
{
	const char *folder = (const char *)place->folder.p;
	char here[KS_HOOK_PATH_MAX] = "";
	int n;

	if (folder[0] != '/' && !getcwd(here, sizeof(here)))
		return ks_fail_errno(err, errno, "cannot tell where this is");
	n = snprintf(place->hook, sizeof(place->hook), "%s%s%s/%s", here,
		here[0] ? "/" : "", folder, ks_hook_name(hook));
	if (n < 0 || (size_t)n + sizeof(KS_SCRIPT_BEFORE) > sizeof(place->hook))
		return ks_fail(err, KS_E_LIMIT,
			"the path of the hook is too "
			"long");
	memcpy(place->before, place->hook, (size_t)n);
	memcpy(place->before + n, KS_SCRIPT_BEFORE, sizeof(KS_SCRIPT_BEFORE));
	return KS_OK;
}

static int find_place(struct place *place, enum ks_hook hook, bool is_global,
	struct ks_err *err)
{
	int rc = is_global ? ks_passing_folder(
				     &place->folder, &place->is_set, err)
			   : find_folder(place, err);

	return rc == KS_OK ? name_files(place, hook, err) : rc;
}

/* Where husky is, hooks find their scripts by their own names. */
static bool is_husky(const struct place *place)
{
	return strstr(place->hook, "/.husky/") != NULL;
}

static int look(const struct place *place, struct ks_hook_state *out,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_buf program = { 0 };
	int rc = KS_OK;

	*out = (struct ks_hook_state){ .has_before = exists(place->before) };
	snprintf(out->path, sizeof(out->path), "%s", place->hook);
	if (exists(place->hook)) {
		bool is_read =
			ks_buf_read_file(&text, place->hook, NULL) == KS_OK;

		out->is_ours = is_read && ks_script_is_ours(ks_buf_span(&text));
		out->has_other = !out->is_ours;
	}
	if (out->is_ours) {
		if (ks_script_program(&program, ks_buf_span(&text)) < 0 ||
			!ks_buf_str(&program))
			rc = ks_fail_nomem(err);
		else
			out->is_program_there =
				access((const char *)program.p, X_OK) == 0;
		/* One that only runs the repository's own is no hook. */
		if (program.n == 0)
			out->is_ours = false;
	}
	ks_buf_release(&text);
	ks_buf_release(&program);
	return rc;
}

int ks_hook_look(enum ks_hook hook, bool is_global, struct ks_hook_state *out,
	struct ks_err *err)
{
	struct place place = { .is_set = false };
	int rc = find_place(&place, hook, is_global, err);

	if (rc == KS_OK)
		rc = look(&place, out, err);
	ks_buf_release(&place.folder);
	return rc;
}

static int make_folder(
	const struct place *place, bool is_global, struct ks_err *err)
{
	const char *folder = (const char *)place->folder.p;

	if (is_global && !place->is_set)
		return ks_passing_make(folder, err);
	if (mkdir(folder, 0777) < 0 && errno != EEXIST)
		return ks_fail_errno(err, errno, "cannot make '%s'", folder);
	return KS_OK;
}

static int install(const struct place *place, enum ks_hook hook,
	const struct ks_hook_options *options,
	const struct ks_hook_state *state, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	if (ks_script_write(&text, hook, options) < 0) {
		ks_buf_release(&text);
		return ks_fail_nomem(err);
	}
	if (state->has_other && rename(place->hook, place->before) < 0)
		rc = ks_fail_errno(
			err, errno, "cannot put '%s' beside", place->hook);
	if (rc == KS_OK)
		rc = ks_install_file(place->hook, ks_buf_span(&text), err);
	if (rc < 0 && state->has_other && !exists(place->hook))
		(void)!rename(place->before, place->hook);
	ks_buf_release(&text);
	return rc;
}

int ks_hook_install(enum ks_hook hook, const struct ks_hook_options *options,
	struct ks_hook_state *out, struct ks_err *err)
{
	struct place place = { .is_set = false };
	int rc = find_place(&place, hook, options->is_global, err);

	if (rc == KS_OK && is_husky(&place))
		rc = ks_fail(err, KS_E_USAGE,
			"husky has the hooks here: put this line into "
			"'.husky/%s': keysieve %s",
			ks_hook_name(hook),
			hook == KS_HOOK_PRE_PUSH ? "push \"$@\"" : "commit");
	if (rc == KS_OK)
		rc = make_folder(&place, options->is_global, err);
	if (rc == KS_OK)
		rc = look(&place, out, err);
	if (rc == KS_OK && out->has_other && out->has_before)
		rc = ks_fail(err, KS_E_USAGE,
			"'%s' and '%s' are both there and one of them would be "
			"lost: join or remove one",
			place.hook, place.before);
	if (rc == KS_OK)
		rc = install(&place, hook, options, out, err);
	if (rc == KS_OK)
		rc = look(&place, out, err);
	ks_buf_release(&place.folder);
	return rc;
}

static int remove_hook(const struct place *place,
	const struct ks_hook_state *state, struct ks_err *err)
{
	if (state->has_before && rename(place->before, place->hook) < 0)
		return ks_fail_errno(
			err, errno, "cannot put '%s' back", place->before);
	if (!state->has_before && unlink(place->hook) < 0)
		return ks_fail_errno(
			err, errno, "cannot remove '%s'", place->hook);
	return KS_OK;
}

/* A folder of keysieve's own goes with the last hook in it. */
static int leave_folder(const struct place *place, struct ks_err *err)
{
	for (int i = 0; i < KS_HOOK_COUNT; i++) {
		struct ks_hook_state state;
		int rc = ks_hook_look((enum ks_hook)i, true, &state, err);

		if (rc < 0 || state.is_ours || state.has_before)
			return rc;
	}
	return ks_passing_remove((const char *)place->folder.p, err);
}

int ks_hook_uninstall(enum ks_hook hook, bool is_global,
	struct ks_hook_state *out, struct ks_err *err)
{
	struct place place = { .is_set = false };
	int rc = find_place(&place, hook, is_global, err);

	if (rc == KS_OK)
		rc = look(&place, out, err);
	if (rc == KS_OK && out->is_ours) {
		rc = remove_hook(&place, out, err);
		if (rc == KS_OK && is_global &&
			strstr(place.hook, "/keysieve/hooks/"))
			rc = leave_folder(&place, err);
	}
	ks_buf_release(&place.folder);
	return rc;
}

int ks_hook_defaults(enum ks_hook hooks[KS_HOOK_COUNT], size_t *count,
	bool is_global, struct ks_err *err)
{
	static const char *const words[] = { "rev-parse",
		"--is-bare-repository", NULL };
	struct ks_buf said = { 0 };
	int status = 0;
	int rc = KS_OK;

	*count = 2;
	hooks[0] = KS_HOOK_PRE_PUSH;
	hooks[1] = KS_HOOK_PRE_COMMIT;
	if (is_global)
		return KS_OK;
	rc = ks_git_ask(&said, words, &status, err);
	if (rc == KS_OK && status != 0)
		rc = ks_fail(err, KS_E_REPO,
			"this is not in a git repository; --global installs a "
			"hook for all repositories");
	if (rc == KS_OK && strcmp((const char *)said.p, "true") == 0) {
		hooks[0] = KS_HOOK_PRE_RECEIVE;
		*count = 1;
	}
	ks_buf_release(&said);
	return rc;
}
