/* SPDX-License-Identifier: Apache-2.0 */
/* The token that a server is asked with. */
#include "forge/token.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILE_MAX = 1 << 20 /* bytes */
};

/* By kind. */
static const struct {
	const char *ours;
	const char *common;
	bool is_for_all; /* else for the public server only */
} variables[] = {
	{ "KEYSIEVE_GITHUB_TOKEN", "GITHUB_TOKEN", false },
	{ "KEYSIEVE_GITLAB_TOKEN", "GITLAB_TOKEN", false },
	{ "KEYSIEVE_GITEA_TOKEN", "GITEA_TOKEN", true },
};

static int check_owner(int fd, const char *path, struct ks_err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return ks_fail_errno(err, errno, "cannot read '%s'", path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return ks_fail(err, KS_E_USAGE,
			"others may read the tokens in '%s': chmod 600 it",
			path);
	return KS_OK;
}

static struct ks_span next_word(struct ks_span *rest)
{
	size_t from = 0;
	size_t to;

	while (from < rest->n && strchr(" \t\r\n", rest->p[from]) &&
		rest->p[from])
		from++;
	to = from;
	while (to < rest->n && !(rest->p[to] && strchr(" \t\r\n", rest->p[to])))
		to++;
	struct ks_span word = ks_span_cut(*rest, from, to);
	*rest = ks_span_cut(*rest, to, rest->n);
	return word;
}

static bool is_word(struct ks_span word, const char *text)
{
	return ks_span_eq(word, ks_span_str(text));
}

static bool is_host(struct ks_span word, const char *host)
{
	return word.n == strlen(host) &&
	       strncasecmp((const char *)word.p, host, word.n) == 0;
}

/* The password of ${host} in ${text}. */
static struct ks_span find_password(struct ks_span text, const char *host)
{
	bool is_ours = false;
	struct ks_span word;

	while ((word = next_word(&text)).n) {
		if (is_word(word, "machine"))
			is_ours = is_host(next_word(&text), host);
		else if (is_word(word, "default"))
			is_ours = false;
		else if (is_word(word, "password") && is_ours)
			return next_word(&text);
		else if (is_word(word, "login") || is_word(word, "account") ||
			 is_word(word, "password"))
			next_word(&text);
	}
	return word;
}

static int read_file(struct ks_buf *out, const char *path, const char *host,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	uint64_t size;
	int fd;
	int rc = ks_file_open(&fd, &size, path, err);

	if (rc < 0)
		return rc;
	rc = check_owner(fd, path, err);
	if (rc == KS_OK)
		rc = ks_buf_read_fd(&text, fd, path, FILE_MAX, err);
	close(fd);
	if (rc == KS_OK) {
		struct ks_span found = find_password(ks_buf_span(&text), host);

		rc = ks_buf_add(out, found.p, found.n) < 0 ? ks_fail_nomem(err)
							   : KS_OK;
	}
	if (text.n)
		explicit_bzero(text.p, text.n);
	ks_buf_release(&text);
	return rc;
}

static const char *from_environment(const struct ks_forge_place *place)
{
	const char *value = getenv(variables[place->kind].ours);

	if (value && *value)
		return value;
	if (!place->is_public && !variables[place->kind].is_for_all)
		return "";
	value = getenv(variables[place->kind].common);
	return value ? value : "";
}

static bool is_token(const struct ks_buf *text)
{
	for (size_t i = 0; i < text->n; i++) {
		if (text->p[i] <= ' ' || text->p[i] >= 0x7f)
			return false;
	}
	return true;
}

int ks_token_find(struct ks_buf *out, const struct ks_forge_place *place,
	const char *credentials, struct ks_err *err)
{
	int rc = KS_OK;

	ks_buf_reset(out);
	if (credentials)
		rc = read_file(out, credentials, place->host, err);
	if (rc == KS_OK && out->n == 0 &&
		ks_buf_add_str(out, from_environment(place)) < 0)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK && !is_token(out))
		rc = ks_fail(err, KS_E_USAGE,
			"the token for '%s' has characters in it that no token "
			"has",
			place->host);
	if (rc == KS_OK && !ks_buf_str(out))
		rc = ks_fail_nomem(err);
	return rc;
}
