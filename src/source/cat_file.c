/* SPDX-License-Identifier: Apache-2.0 */
/* Objects as git itself reads them: git-cat-file(1). */
#include "source/cat_file.h"

#include "source/plumbing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	HEAD_MAX = 256,      /* "<oid> <type> <size>\n" */
	LIST_MAX = INT32_MAX /* bytes of object ids */
};

struct ks_cat_file {
	struct ks_plumbing git;
	/* The running git: one end of a pair, and where it answers. */
	pid_t pid; /* 0: none */
	int to;
	FILE *from;
};

int ks_cat_file_new(struct ks_cat_file **out, const char *const *dirs,
	size_t count, struct ks_err *err)
{
	struct ks_cat_file *git = calloc(1, sizeof(*git));
	struct ks_plumbing_view view = {
		.dirs = dirs, .dir_count = count, .hash_bytes = KS_OID_SHA256
	};
	int rc = git ? ks_plumbing_open(&git->git, &view, err)
		     : ks_fail_nomem(err);

	*out = NULL;
	if (rc < 0) {
		ks_err_wrap(err, "the reference engine reads SHA-256 by git");
		ks_cat_file_free(git);
		return rc;
	}
	*out = git;
	return KS_OK;
}

static void stop(struct ks_cat_file *git)
{
	if (!git->pid)
		return;
	close(git->to);
	fclose(git->from);
	kill(git->pid, SIGTERM);
	ks_program_wait(git->pid);
	git->pid = 0;
}

/* A pair of sockets, not a pipe: writing to a git that ended is no signal. */
static int start(struct ks_cat_file *git, struct ks_err *err)
{
	static const char *const words[] = { "git", "cat-file", "--batch",
		NULL };
	struct ks_program program = ks_plumbing_program(&git->git, words);
	int to[2], from[2];
	int rc;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, to) < 0)
		return ks_fail_errno(err, errno, "cannot make a pipe");
	if (pipe2(from, O_CLOEXEC) < 0) {
		rc = ks_fail_errno(err, errno, "cannot make a pipe");
		close(to[0]);
		close(to[1]);
		return rc;
	}
	program.in = to[1];
	program.out = from[1];
	git->to = to[0];
	git->from = fdopen(from[0], "re");
	rc = git->from ? ks_program_start(&git->pid, &program, err)
		       : ks_fail_nomem(err);
	close(to[1]);
	close(from[1]);
	if (rc < 0) {
		close(to[0]);
		if (git->from)
			fclose(git->from);
		else
			close(from[0]);
		git->pid = 0;
	}
	return rc;
}

/* "<oid> <type> <size>", or "<oid> missing". */
static int parse_head(
	const char *line, int *type, uint64_t *size, struct ks_err *err)
{
	static const char *const types[] = { "", "commit", "tree", "blob",
		"tag" };
	char name[8];

	if (strstr(line, " missing"))
		return ks_fail(err, KS_E_NOTFOUND, "it is not there");
	if (sscanf(line, "%*64s %7s %20" SCNu64, name, size) == 2) {
		for (int i = 1; i < 5; i++) {
			*type = i;
			if (strcmp(types[i], name) == 0)
				return KS_OK;
		}
	}
	return ks_fail(err, KS_E_CORRUPT, "git says what is not understood");
}

/* ${size} bytes and a newline; of those beyond ${limit} none is kept. */
static int take_content(struct ks_cat_file *git, uint64_t size, uint64_t limit,
	struct ks_buf *out, struct ks_err *err)
{
	char scrap[65536];

	if (size <= limit) {
		if (size >= SIZE_MAX || ks_buf_reserve(out, (size_t)size) < 0)
			return ks_fail_nomem(err);
		out->n = fread(out->p, 1, (size_t)size, git->from);
		if (out->n == size && getc(git->from) == '\n')
			return KS_OK;
		return ks_fail(err, KS_E_CORRUPT, "git cannot read it");
	}
	for (uint64_t left = size + 1; left > 0;) {
		size_t n = left < sizeof(scrap) ? (size_t)left : sizeof(scrap);

		if (fread(scrap, 1, n, git->from) != n)
			return ks_fail(err, KS_E_CORRUPT, "git cannot read it");
		left -= n;
	}
	return ks_fail(
		err, KS_E_LIMIT, "%" PRIu64 " bytes are over the limit", size);
}

/* Ask the git that runs. KS_E_CORRUPT: it ended, or said what is senseless. */
static int ask(struct ks_cat_file *git, const struct ks_oid *oid,
	uint64_t limit, int *type, struct ks_buf *out, struct ks_err *err)
{
	char line[KS_OID_HEX_MAX + 1];
	char head[HEAD_MAX];
	uint64_t size = 0;
	size_t n;
	int rc;

	ks_oid_hex(oid, KS_OID_SHA256, line);
	n = strlen(line);
	line[n++] = '\n';
	if (send(git->to, line, n, MSG_NOSIGNAL) != (ssize_t)n ||
		!fgets(head, sizeof(head), git->from))
		return ks_fail(err, KS_E_CORRUPT, "git cannot read it");
	rc = parse_head(head, type, &size, err);
	return rc < 0 ? rc : take_content(git, size, limit, out, err);
}

int ks_cat_file_read(struct ks_cat_file *git, const struct ks_oid *oid,
	uint64_t limit, int *type, struct ks_buf *out, struct ks_err *err)
{
	int rc = git->pid ? KS_OK : start(git, err);

	if (rc == KS_OK)
		rc = ask(git, oid, limit, type, out, err);
	/* It ends at an object that is corrupt; the next asks another. */
	if (rc == KS_E_CORRUPT || rc == KS_E_NOMEM)
		stop(git);
	return rc;
}

int ks_cat_file_each(struct ks_cat_file *git,
	int (*each)(void *payload, const struct ks_oid *oid), void *payload,
	struct ks_err *err)
{
	static const char *const words[] = { "git", "cat-file",
		"--batch-check=%(objectname)", "--batch-all-objects",
		"--unordered", NULL };
	const size_t width = 2 * KS_OID_SHA256 + 1;
	struct ks_program program = ks_plumbing_program(&git->git, words);
	struct ks_buf said = { 0 };
	int status;
	int rc = ks_program_ask(&said, &program, LIST_MAX, &status, err);

	for (size_t at = 0; rc == KS_OK && said.n - at >= width; at += width) {
		struct ks_oid oid;

		if (!ks_oid_parse(
			    &oid, (const char *)said.p + at, KS_OID_SHA256))
			rc = ks_fail(err, KS_E_REPO,
				"git lists objects as is not understood");
		else if (each(payload, &oid) != 0)
			rc = ks_fail(err, KS_E_REPO, "cannot list the objects");
	}
	if (rc == KS_OK && status != 0)
		rc = ks_fail(err, KS_E_REPO,
			"git cannot list the objects: it ends with status %d",
			status);
	ks_buf_release(&said);
	return rc;
}

void ks_cat_file_free(struct ks_cat_file *git)
{
	if (!git)
		return;
	stop(git);
	ks_plumbing_close(&git->git);
	free(git);
}
