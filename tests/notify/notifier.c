/* SPDX-License-Identifier: Apache-2.0 */
/* Sends made-up news for the tests: notifier HOOK COUNT OUTBOX [KEY]. */
#include "notify/webhook.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* How many were delivered stands in a file; with "die", never. */
struct outbox {
	const char *file;
	size_t count;
	bool dies;
};

static size_t delivered_so_far(const struct outbox *outbox)
{
	FILE *file = fopen(outbox->file, "r");
	size_t count = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%zu", &count) != 1)
		count = 0;
	fclose(file);
	return count;
}

static int each(void *payload, size_t max,
	int (*add)(void *to, const struct ks_news *news, struct ks_err *err),
	void *to, struct ks_err *err)
{
	const struct outbox *outbox = payload;
	size_t from = delivered_so_far(outbox);
	int rc = KS_OK;

	for (size_t i = from;
		rc == KS_OK && i < outbox->count && i < from + max; i++) {
		char id[32];
		struct ks_news news = { .id = id,
			.state = i % 2 ? "back" : "new",
			.fingerprint = "f00d",
			.rule = "aws-access-key",
			.rule_name = "AWS access key",
			.redacted = "AKIA…WXYZ",
			.repository = "acme/<!channel> `x` & \033[1m",
			.path = "dir/\xff\n<https://evil.example|click>",
			.commit = "0123",
			.rotate = "",
			.seen = "2026-01-31T12:00:00Z",
			.line = i,
			.confidence = 0.98765 };

		snprintf(id, sizeof(id), "news-%zu", i);
		rc = add(to, &news, err);
	}
	return rc;
}

static int delivered(
	void *payload, const char *const *ids, size_t count, struct ks_err *err)
{
	const struct outbox *outbox = payload;
	size_t from = delivered_so_far(outbox);
	FILE *file;

	if (outbox->dies)
		_exit(9);
	if (strtoul(strchr(ids[0], '-') + 1, NULL, 10) != from)
		return ks_fail(err, KS_E_CORRUPT, "out of order");
	file = fopen(outbox->file, "w");
	if (!file)
		return ks_fail(err, KS_E_IO, "cannot write");
	fprintf(file, "%zu", from + count);
	fclose(file);
	return KS_OK;
}

static int64_t now(void *payload)
{
	(void)payload;
	return 1700000000;
}

static void pass(void *payload, unsigned seconds)
{
	(void)payload;
	printf("sleep %u\n", seconds);
}

int main(int argc, char **argv)
{
	struct ks_http_clock clock = { now, pass, NULL };
	struct ks_http_options options = { .clock = &clock };
	struct outbox state = { 0 };
	struct ks_outbox outbox = { each, delivered, &state };
	struct ks_webhook hook = { 0 };
	struct ks_err err = { 0 };
	size_t sent = 0;
	int rc;

	if (argc < 4)
		return 2;
	state.count = strtoul(argv[2], NULL, 10);
	state.file = argv[3];
	state.dies = getenv("NOTIFIER_DIES") != NULL;
	rc = ks_webhook_parse(&hook, argv[1], &err);
	hook.org = "acme";
	hook.key = argc > 4 ? argv[4] : NULL;
	if (rc == KS_OK)
		rc = ks_webhook_flush(&hook, &outbox, &options, &sent, &err);
	printf("sent %zu\n", sent);
	if (rc < 0)
		printf("error %d %s\n", rc, err.message);
	return rc < 0;
}
