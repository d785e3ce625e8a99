/* SPDX-License-Identifier: Apache-2.0 */
/* Asking git itself: it knows best where its hooks are. */
#include "hook/git.h"

#include "base/program.h"

enum {
	WORDS_MAX = 16,
	ANSWER_MAX = 1 << 20 /* bytes */
};

int ks_git_ask(struct ks_buf *out, const char *const *words, int *status,
	struct ks_err *err)
{
	const char *argv[WORDS_MAX] = { "git" };
	struct ks_program git = { .words = argv, .in = -1 };
	struct ks_buf path = { 0 };
	int rc = ks_program_find(&path, "git", err);

	*status = -1;
	for (size_t i = 0; words[i] && i < WORDS_MAX - 2; i++)
		argv[i + 1] = words[i];
	git.path = (const char *)path.p;
	if (rc == KS_OK)
		rc = ks_program_ask(out, &git, ANSWER_MAX, status, err);
	ks_buf_release(&path);
	if (rc < 0)
		return rc;
	while (out->n && out->p[out->n - 1] == '\n')
		out->n--;
	return ks_buf_str(out) ? KS_OK : ks_fail_nomem(err);
}
