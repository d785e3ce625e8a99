/* SPDX-License-Identifier: Apache-2.0 */
/* Asking git itself: it knows best where its hooks are. */
#include "hook/git.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
	WORDS_MAX = 16,
	ANSWER_MAX = 1 << 20 /* bytes */
};

static int start(pid_t *pid, int out, const char *const *words)
{
	posix_spawn_file_actions_t actions;
	char name[] = "git";
	char *argv[WORDS_MAX] = { name };
	int rc = posix_spawn_file_actions_init(&actions);

	for (size_t i = 0; words[i] && i < WORDS_MAX - 2; i++)
		memcpy(&argv[i + 1], &words[i], sizeof(*argv));
	if (rc)
		return rc;
	rc = posix_spawn_file_actions_addopen(
		&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!rc)
		rc = posix_spawn_file_actions_adddup2(
			&actions, out, STDOUT_FILENO);
	if (!rc)
		rc = posix_spawn_file_actions_addopen(
			&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (!rc)
		rc = posix_spawnp(pid, "git", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static int read_answer(struct ks_buf *out, int fd, struct ks_err *err)
{
	while (out->n < ANSWER_MAX) {
		ssize_t got;

		if (ks_buf_reserve(out, out->n + 4096) < 0)
			return ks_fail_nomem(err);
		got = read(fd, out->p + out->n, out->cap - out->n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ks_fail_errno(
				err, errno, "cannot read what git says");
		if (got == 0)
			break;
		out->n += (size_t)got;
	}
	while (out->n && out->p[out->n - 1] == '\n')
		out->n--;
	return ks_buf_str(out) ? KS_OK : ks_fail_nomem(err);
}

int ks_git_ask(struct ks_buf *out, const char *const *words, int *status,
	struct ks_err *err)
{
	int ends[2];
	pid_t pid;
	int ended;
	int rc;

	ks_buf_reset(out);
	*status = -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return ks_fail_errno(err, errno, "cannot make a pipe");
	rc = start(&pid, ends[1], words);
	close(ends[1]);
	if (rc) {
		close(ends[0]);
		return ks_fail_errno(err, rc, "cannot run git");
	}
	rc = read_answer(out, ends[0], err);
	close(ends[0]);
	while (waitpid(pid, &ended, 0) < 0 && errno == EINTR)
		;
	*status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
	return rc;
}
