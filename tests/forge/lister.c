/* SPDX-License-Identifier: Apache-2.0 */
/* Lists a source for the tests: lister SOURCE [OPTION]...; time is made up. */
#include "forge/kept.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	KEPT_MAX = 64,
	GLOBS_MAX = 8
};

struct kept {
	char *url;
	struct ks_buf etag;
	struct ks_buf text;
};

struct state {
	struct kept kept[KEPT_MAX];
	size_t count;
	int64_t now;
};

static struct kept *find(struct state *state, const char *url)
{
	for (size_t i = 0; i < state->count; i++) {
		if (strcmp(state->kept[i].url, url) == 0)
			return &state->kept[i];
	}
	return NULL;
}

static int get(void *payload, const char *url, struct ks_buf *etag,
	struct ks_buf *text, struct ks_err *err)
{
	struct kept *kept = find(payload, url);
	int rc = KS_OK;

	if (kept)
		rc = ks_buf_add(etag, kept->etag.p, kept->etag.n);
	if (kept && rc == KS_OK)
		rc = ks_buf_add(text, kept->text.p, kept->text.n);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static int put(void *payload, const char *url, struct ks_span etag,
	struct ks_span text, struct ks_err *err)
{
	struct state *state = payload;
	struct kept *kept = find(state, url);
	const char *damage = getenv("LISTER_DAMAGE");

	if (!kept && state->count == KEPT_MAX)
		return ks_fail(err, KS_E_LIMIT, "too many pages");
	if (!kept) {
		kept = &state->kept[state->count++];
		kept->url = strdup(url);
	}
	ks_buf_reset(&kept->etag);
	ks_buf_reset(&kept->text);
	if (ks_buf_add(&kept->etag, etag.p, etag.n) < 0 ||
		(damage ? ks_buf_add_str(&kept->text, damage)
			: ks_buf_add(&kept->text, text.p, text.n)) < 0)
		return ks_fail_nomem(err);
	return KS_OK;
}

static int64_t now(void *payload)
{
	return ((struct state *)payload)->now;
}

static void pass(void *payload, unsigned seconds)
{
	printf("sleep %u\n", seconds);
	((struct state *)payload)->now += seconds;
}

static void waiting(void *payload, const char *origin, unsigned seconds)
{
	(void)payload;
	printf("wait %s %u\n", strrchr(origin, ':') ? "server" : origin,
		seconds);
}

static int each(
	void *payload, const struct ks_listed *listed, struct ks_err *err)
{
	(void)payload;
	(void)err;
	printf("repo %s %s %s %s %llu %s%s%s%s%s.\n", listed->name, listed->id,
		listed->url, listed->network ? listed->network : "-",
		(unsigned long long)listed->size,
		listed->is_archived ? "a" : "", listed->is_fork ? "f" : "",
		listed->is_private ? "p" : "", listed->is_wiki ? "w" : "",
		listed->is_empty ? "e" : "");
	return KS_OK;
}

static void read_options(
	struct ks_forge_options *options, const char **globs, char **words)
{
	const char **include = globs;
	const char **exclude = globs + GLOBS_MAX;

	for (; *words; words++) {
		if (strcmp(*words, "--no-archived") == 0)
			options->no_archived = true;
		else if (strcmp(*words, "--no-forks") == 0)
			options->no_forks = true;
		else if (strcmp(*words, "--wikis") == 0)
			options->wikis = true;
		else if (strncmp(*words, "--include=", 10) == 0)
			*include++ = *words + 10;
		else if (strncmp(*words, "--exclude=", 10) == 0)
			*exclude++ = *words + 10;
		else if (strncmp(*words, "--credentials=", 14) == 0)
			options->credentials = *words + 14;
		else if (strncmp(*words, "--max=", 6) == 0)
			options->max = strtoul(*words + 6, NULL, 10);
	}
	options->include = globs;
	options->exclude = globs + GLOBS_MAX;
}

int main(int argc, char **argv)
{
	const char *globs[2 * GLOBS_MAX] = { NULL };
	struct state state = { .now = 1000000 };
	struct ks_http_clock clock = { now, pass, &state };
	struct ks_http_options http = { .waiting = waiting, .clock = &clock };
	struct ks_forge_cache cache = { get, put, &state };
	struct ks_forge_cache files;
	struct ks_forge_options options = { .http = &http };
	struct ks_err err = { 0 };
	int rc = KS_OK;

	if (argc < 2)
		return 2;
	read_options(&options, globs, argv + 2);
	if (getenv("LISTER_TWICE"))
		options.cache = &cache;
	if (getenv("LISTER_KEPT")) {
		files = ks_forge_kept(getenv("LISTER_KEPT"));
		options.cache = &files;
	}
	for (int i = 0; rc == KS_OK && i < (getenv("LISTER_TWICE") ? 2 : 1);
		i++)
		rc = ks_forge_list(argv[1], &options, each, NULL, &err);
	if (rc < 0)
		printf("error %d %s\n", rc, err.message);
	for (size_t i = 0; i < state.count; i++) {
		free(state.kept[i].url);
		ks_buf_release(&state.kept[i].etag);
		ks_buf_release(&state.kept[i].text);
	}
	return rc < 0;
}
