/* SPDX-License-Identifier: Apache-2.0 */
/* Running another program. */
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/prctl.h>
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

static int start(
	pid_t *pid, const struct ks_program *program, struct ks_err *err)
{
	posix_spawn_file_actions_t actions;
	int rc = posix_spawn_file_actions_init(&actions);

	if (!rc) {
		rc = act(&actions, program);
		if (!rc)
			rc = posix_spawn(pid, program->path, &actions, NULL,
				words_of(program->words),
				program->environment
					? words_of(program->environment)
					: environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	return rc ? ks_fail_errno(err, rc, "cannot run '%s'", program->path)
		  : KS_OK;
}

/* In the child: only what is safe after a fork of one thread among many. */
static void become(const struct ks_program *program, int null, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 ||
		getppid() != parent)
		return;
	if (dup2(program->in < 0 ? null : program->in, STDIN_FILENO) < 0 ||
		dup2(program->out, STDOUT_FILENO) < 0 ||
		dup2(program->complaints > 0 ? program->complaints : null,
			STDERR_FILENO) < 0)
		return;
	execve(program->path, words_of(program->words),
		program->environment ? words_of(program->environment)
				     : environ);
}

/* posix_spawn() cannot tie a child's life to ours. */
static int start_apart(
	pid_t *pid, const struct ks_program *program, struct ks_err *err)
{
	const pid_t parent = getpid();
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int rc = KS_OK;

	if (null < 0)
		return ks_fail_errno(err, errno, "cannot open '/dev/null'");
	*pid = fork();
	if (*pid == 0) {
		become(program, null, parent);
		_Exit(127);
	}
	if (*pid < 0)
		rc = ks_fail_errno(
			err, errno, "cannot run '%s'", program->path);
	close(null);
	return rc;
}

int ks_program_start(
	pid_t *pid, const struct ks_program *program, struct ks_err *err)
{
	return program->is_apart ? start_apart(pid, program, err)
				 : start(pid, program, err);
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
