/* SPDX-License-Identifier: Apache-2.0 */
/* Running git, for as long and for as many bytes as it may. */
#include "mirror/git.h"

#include "base/program.h"
#include "mirror/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	WORDS_MAX = 24,
	POLL_MS = 100,
	GRACE_MS = 2000,          /* for it to remove what is half done */
	OUT_MAX = 256 << 20,      /* bytes; a million refs are a third of it */
	COMPLAINTS_MAX = 1 << 16, /* bytes that are kept */
	SHOWN_MAX = 300           /* bytes of them in a message */
};

/* One end of a pipe and what came out of it. */
struct flow {
	int fd; /* -1: at its end */
	struct ks_buf *to;
	size_t max;
	bool is_cut; /* what is beyond max is read and forgotten */
};

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int flow_read(struct flow *flow, struct ks_err *err)
{
	uint8_t bytes[16384];
	ssize_t got = read(flow->fd, bytes, sizeof(bytes));
	size_t room = flow->max - flow->to->n;

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return KS_OK;
	if (got <= 0) {
		close(flow->fd);
		flow->fd = -1;
		return got < 0 ? ks_fail_errno(err, errno,
					 "cannot read what "
					 "git says")
			       : KS_OK;
	}
	if ((size_t)got > room && !flow->is_cut)
		return ks_fail(err, KS_E_LIMIT, "git says more than %zu bytes",
			flow->max);
	if ((size_t)got > room)
		got = (ssize_t)room;
	return ks_buf_add(flow->to, bytes, (size_t)got) < 0 ? ks_fail_nomem(err)
							    : KS_OK;
}

/* Until both have ended, or it has to stop. */
static int watch(struct flow flows[2], const struct ks_git_limits *limits,
	struct ks_err *err)
{
	double end = seconds_now() + limits->timeout;
	int rc = KS_OK;

	while (rc == KS_OK && (flows[0].fd >= 0 || flows[1].fd >= 0)) {
		struct pollfd fds[2] = { { flows[0].fd, POLLIN, 0 },
			{ flows[1].fd, POLLIN, 0 } };
		int ready = poll(fds, 2, POLL_MS);

		for (int i = 0; rc == KS_OK && i < 2; i++) {
			if (ready > 0 && fds[i].revents)
				rc = flow_read(&flows[i], err);
		}
		if (rc == KS_OK && limits->cancel && *limits->cancel)
			rc = ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		if (rc == KS_OK && limits->timeout && seconds_now() > end)
			rc = ks_fail(err, KS_E_LIMIT,
				"git took more than %u seconds",
				limits->timeout);
		if (rc == KS_OK && ready == 0 && limits->check)
			rc = limits->check(limits->payload, err);
	}
	return rc;
}

/* End it, and the helpers that it started, and wait for it. */
static void stop(pid_t pid)
{
	int i = 0;

	kill(-pid, SIGTERM);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (i++ == GRACE_MS / 10)
			kill(-pid, SIGKILL);
		poll(NULL, 0, 10);
	}
	kill(-pid, SIGKILL);
}

/* What git says, in lower or upper case, and what that means. */
static const struct sign {
	const char *words;
	int code;
	const char *message; /* NULL: git's own */
} signs[] = {
	{ "terminal prompts disabled", KS_E_IO,
		"it asks for a name and a password, and git's credential "
		"helpers know none" },
	{ "Authentication failed", KS_E_IO,
		"it does not accept the name and the password" },
	{ "Permission denied (", KS_E_IO, "it does not accept the key" },
	{ "Host key verification failed", KS_E_IO,
		"its key is not the one that ssh knows, or ssh knows none" },
	{ "returned error: 404", KS_E_NOTFOUND, NULL },
	{ "returned error: 410", KS_E_NOTFOUND, NULL },
	{ "not found", KS_E_NOTFOUND, NULL },
	{ "does not appear to be a git repository", KS_E_NOTFOUND, NULL },
	{ "repository not exported", KS_E_NOTFOUND, NULL },
	{ "access denied or repository", KS_E_NOTFOUND, NULL },
};

static const struct sign *find_sign(struct ks_buf *said)
{
	const char *all = ks_buf_str(said);

	for (size_t i = 0; all && i < sizeof(signs) / sizeof(*signs); i++) {
		if (strcasestr(all, signs[i].words))
			return &signs[i];
	}
	return NULL;
}

/* The first line that tells what is fatal, else the last one. */
static struct ks_span last_words(struct ks_span said)
{
	struct ks_span line = { 0 };

	while (said.n) {
		const uint8_t *end = memchr(said.p, '\n', said.n);
		size_t n = end ? (size_t)(end - said.p) : said.n;

		if (n)
			line = ks_span_cut(said, 0, n);
		if (ks_span_starts(line, "fatal: "))
			return ks_span_cut(line, 7, line.n);
		said = ks_span_cut(said, end ? n + 1 : n, said.n);
	}
	return line;
}

static int tell(struct ks_buf *said, struct ks_err *err)
{
	const struct sign *sign = find_sign(said);
	struct ks_span line = last_words(ks_buf_span(said));
	char text[SHOWN_MAX + 1];
	size_t n = line.n < SHOWN_MAX ? line.n : SHOWN_MAX;

	for (size_t i = 0; i < n; i++)
		text[i] = (char)(line.p[i] < ' ' || line.p[i] >= 0x7f
					 ? '?'
					 : line.p[i]);
	text[n] = '\0';
	if (sign && sign->message)
		return ks_fail(err, sign->code, "%s", sign->message);
	return ks_fail(err, sign ? sign->code : KS_E_IO, "git: %s",
		n ? text : "it failed");
}

static int run(struct ks_program *program, struct flow flows[2],
	const struct ks_git_limits *limits, struct ks_err *err)
{
	int out[2];
	int complaints[2];
	pid_t pid = 0;
	int rc;

	if (pipe2(out, O_CLOEXEC) < 0)
		return ks_fail_errno(err, errno, "cannot make a pipe");
	if (pipe2(complaints, O_CLOEXEC) < 0) {
		close(out[0]);
		close(out[1]);
		return ks_fail_errno(err, errno, "cannot make a pipe");
	}
	program->out = out[1];
	program->complaints = complaints[1];
	flows[0].fd = out[0];
	flows[1].fd = complaints[0];
	rc = ks_program_start(&pid, program, err);
	close(out[1]);
	close(complaints[1]);
	if (rc == KS_OK)
		rc = watch(flows, limits, err);
	for (int i = 0; i < 2; i++) {
		if (flows[i].fd >= 0)
			close(flows[i].fd);
	}
	if (rc < 0 && pid > 0)
		stop(pid);
	if (rc < 0)
		return rc;
	return ks_program_wait(pid) == 0 ? KS_OK : tell(flows[1].to, err);
}

int ks_git_run(struct ks_buf *out, const char *const *words,
	const struct ks_remote *remote, const char *refspec,
	const struct ks_git_limits *limits, struct ks_err *err)
{
	const char *argv[WORDS_MAX] = { "git" };
	struct ks_program program = {
		.path = limits->git, .words = argv, .in = -1, .is_apart = true
	};
	struct ks_arena arena = { 0 };
	struct ks_buf said = { 0 };
	struct ks_buf forgotten = { 0 };
	struct flow flows[2] = {
		{ -1, out ? out : &forgotten, out ? OUT_MAX : 0, !out },
		{ -1, &said, COMPLAINTS_MAX, true },
	};
	int rc;

	for (size_t i = 0; words[i] && i < WORDS_MAX - 2; i++)
		argv[i + 1] = words[i];
	if (out)
		ks_buf_reset(out);
	rc = ks_environment_make(
		&program.environment, remote, refspec, &arena, err);
	if (rc == KS_OK)
		rc = run(&program, flows, limits, err);
	ks_buf_release(&said);
	ks_buf_release(&forgotten);
	ks_arena_release(&arena);
	return rc;
}
