/* SPDX-License-Identifier: Apache-2.0 */
/* Running another program. */
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

int ks_program_find(struct ks_buf *out, const char *name, struct ks_err *err)
{
	const char *list = getenv("PATH");

	while (list && *list) {
		int n = (int)strcspn(list, ":");

		ks_buf_reset(out);
		if (ks_buf_printf(out, "%.*s/%s", n, list, name) < 0 ||
			!ks_buf_str(out))
			return ks_fail_nomem(err);
		if (*list == '/' && is_program((const char *)out->p))
			return KS_OK;
		list += n;
		list += *list == ':';
	}
	return ks_fail(err, KS_E_NOTFOUND,
		"there is no %s in the folders of PATH", name);
}

static int act(
	posix_spawn_file_actions_t *actions, const struct ks_program *program)
{
	int rc;

	if (program->in < 0)
		rc = posix_spawn_file_actions_addopen(
			actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	else
		rc = posix_spawn_file_actions_adddup2(
			actions, program->in, STDIN_FILENO);
	if (!rc)
		rc = posix_spawn_file_actions_adddup2(
			actions, program->out, STDOUT_FILENO);
	if (rc)
		return rc;
	if (program->complaints > 0)
		return posix_spawn_file_actions_adddup2(
			actions, program->complaints, STDERR_FILENO);
	return posix_spawn_file_actions_addopen(
		actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
}

/* The interface is older than const. */
static char *const *words_of(const char *const *words)
{
	char *const *out;

	memcpy(&out, &words, sizeof(out));
	return out;
}

int ks_program_start(
	pid_t *pid, const struct ks_program *program, struct ks_err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = posix_spawnattr_init(&attributes);

	if (!rc && program->is_apart)
		rc = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
	if (!rc)
		rc = posix_spawn_file_actions_init(&actions);
	if (!rc) {
		rc = act(&actions, program);
		if (!rc)
			rc = posix_spawn(pid, program->path, &actions,
				&attributes, words_of(program->words),
				program->environment
					? words_of(program->environment)
					: environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	posix_spawnattr_destroy(&attributes);
	return rc ? ks_fail_errno(err, rc, "cannot run '%s'", program->path)
		  : KS_OK;
}

int ks_program_wait(pid_t pid)
{
	int ended = 0;

	while (waitpid(pid, &ended, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
}

int ks_program_ask(struct ks_buf *out, const struct ks_program *program,
	size_t max, int *status, struct ks_err *err)
{
	struct ks_program piped = *program;
	int ends[2];
	pid_t pid = 0;
	int rc;

	ks_buf_reset(out);
	*status = -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return ks_fail_errno(err, errno, "cannot make a pipe");
	piped.out = ends[1];
	rc = ks_program_start(&pid, &piped, err);
	close(ends[1]);
	if (rc == KS_OK)
		rc = ks_buf_read_fd(out, ends[0], program->path, max, err);
	close(ends[0]);
	if (pid > 0)
		*status = ks_program_wait(pid);
	if (rc == KS_OK && !ks_buf_str(out))
		rc = ks_fail_nomem(err);
	return rc;
}
