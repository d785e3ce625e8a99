/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of hooks for all repositories of a user. */
#include "hook/passing.h"

#include "hook/git.h"
#include "hook/install.h"
#include "hook/script.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * All hooks of githooks(5) but those that change what git does by being
 * there: push-to-checkout, proc-receive, fsmonitor-watchman.
 */
static const char *const names[] = { "applypatch-msg", "commit-msg",
	"post-applypatch", "post-checkout", "post-commit", "post-merge",
	"post-receive", "post-rewrite", "post-update", "pre-applypatch",
	"pre-auto-gc", "pre-commit", "pre-merge-commit", "pre-push",
	"pre-rebase", "pre-receive", "prepare-commit-msg",
	"reference-transaction", "sendemail-validate", "update" };

int ks_passing_folder(struct ks_buf *out, bool *is_set, struct ks_err *err)
{
	static const char *const words[] = { "config", "--global", "--type",
		"path", "--get", "core.hooksPath", NULL };
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int status;
	int rc = ks_git_ask(out, words, &status, err);

	*is_set = rc == KS_OK && status == 0 && out->n > 0;
	if (rc < 0 || *is_set)
		return rc;
	ks_buf_reset(out);
	if (config && config[0] == '/')
		rc = ks_buf_printf(out, "%s/keysieve/hooks", config);
	else if (home && home[0] == '/')
		rc = ks_buf_printf(out, "%s/.config/keysieve/hooks", home);
	else
		return ks_fail(err, KS_E_IO,
			"there is no home folder to put hooks for all "
			"repositories into: HOME is not set");
	return rc == KS_OK && ks_buf_str(out) ? KS_OK : ks_fail_nomem(err);
}

static int make_folders(const char *path, struct ks_err *err)
{
	char *copy = strdup(path);
	int rc = copy ? KS_OK : ks_fail_nomem(err);

	for (char *p = copy ? copy + 1 : NULL; rc == KS_OK && p; p++) {
		p = strchr(p, '/');
		if (p)
			*p = '\0';
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			rc = ks_fail_errno(
				err, errno, "cannot make '%s'", copy);
		if (!p)
			break;
		*p = '/';
	}
	free(copy);
	return rc;
}

static int set_path(const char *path, struct ks_err *err)
{
	const char *const words[] = { "config", "--global", "core.hooksPath",
		path, NULL };
	struct ks_buf said = { 0 };
	int status;
	int rc = ks_git_ask(&said, words, &status, err);

	ks_buf_release(&said);
	if (rc == KS_OK && status != 0)
		rc = ks_fail(err, KS_E_IO,
			"git cannot set core.hooksPath in your configuration");
	return rc;
}

int ks_passing_make(const char *path, struct ks_err *err)
{
	int rc = make_folders(path, err);

	for (size_t i = 0; rc == KS_OK && i < sizeof(names) / sizeof(*names);
		i++) {
		struct ks_buf file = { 0 };
		struct ks_buf text = { 0 };

		if (ks_buf_printf(&file, "%s/%s", path, names[i]) < 0 ||
			!ks_buf_str(&file) ||
			ks_script_write_passing(&text, names[i]) < 0)
			rc = ks_fail_nomem(err);
		else
			rc = ks_install_file(
				(const char *)file.p, ks_buf_span(&text), err);
		ks_buf_release(&file);
		ks_buf_release(&text);
	}
	return rc == KS_OK ? set_path(path, err) : rc;
}

int ks_passing_remove(const char *path, struct ks_err *err)
{
	static const char *const words[] = { "config", "--global", "--unset",
		"core.hooksPath", NULL };
	struct ks_buf text = { 0 };
	int status;
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < sizeof(names) / sizeof(*names);
		i++) {
		ks_buf_reset(&text);
		if (ks_buf_printf(&text, "%s/%s", path, names[i]) < 0 ||
			!ks_buf_str(&text))
			rc = ks_fail_nomem(err);
		else
			unlink((const char *)text.p);
	}
	if (rc == KS_OK && rmdir(path) == 0)
		rc = ks_git_ask(&text, words, &status, err);
	ks_buf_release(&text);
	return rc;
}
