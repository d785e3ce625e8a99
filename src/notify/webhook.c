/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a URL what is new, at least once. */
#include "notify/webhook.h"

#include "base/arena.h"
#include "base/sha256.h"
#include "net/url.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>

enum {
	BATCH = 50,
	ANSWER_MAX = 1 << 20,
	HEX = 2 * KS_SHA256_BYTES + 1,
	DELIVERY_HEX = 32
};

/* One message: copies of what the outbox gave. */
struct batch {
	struct ks_arena arena;
	struct ks_news news[BATCH];
	const char *ids[BATCH];
	size_t count;
};

static bool has_prefix(const char **text, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncasecmp(*text, prefix, n) != 0)
		return false;
	*text += n;
	return true;
}

int ks_webhook_parse(
	struct ks_webhook *out, const char *text, struct ks_err *err)
{
	struct ks_url url;
	bool is_slack = has_prefix(&text, "slack:");
	bool is_json = !is_slack && has_prefix(&text, "json:");
	int rc = ks_url_parse(&url, text, NULL);

	/* Nothing of it is told: it may be all secret. */
	if (rc < 0)
		return ks_fail(err, KS_E_USAGE, "the webhook is not a URL");
	if (!ks_url_is(&url, "https") &&
		!(ks_url_is(&url, "http") && ks_url_is_loopback(&url)))
		return ks_fail(
			err, KS_E_USAGE, "the webhook is not an https URL");
	if (!is_json && ks_span_eq(url.host, ks_span_str("hooks.slack.com")))
		is_slack = true;
	out->url = text;
	out->form = is_slack ? KS_NEWS_SLACK : KS_NEWS_JSON;
	return KS_OK;
}

static int add(void *to, const struct ks_news *news, struct ks_err *err)
{
	struct batch *batch = to;
	struct ks_news copy = *news;
	const char **texts[] = { &copy.id, &copy.state, &copy.fingerprint,
		&copy.rule, &copy.rule_name, &copy.redacted, &copy.repository,
		&copy.path, &copy.commit, &copy.rotate, &copy.seen };

	if (batch->count == BATCH)
		return ks_fail(
			err, KS_E_LIMIT, "more news than were asked for");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		*texts[i] =
			ks_arena_copy(&batch->arena, ks_span_str(*texts[i]));
		if (!*texts[i])
			return ks_fail_nomem(err);
	}
	batch->ids[batch->count] = copy.id;
	batch->news[batch->count++] = copy;
	return KS_OK;
}

static void write_hex(char *out, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* The same for the same news, so that who gets them twice can tell. */
static void name_delivery(char out[DELIVERY_HEX + 1], const struct batch *batch)
{
	uint8_t digest[KS_SHA256_BYTES];
	struct ks_sha256 hash;

	ks_sha256_init(&hash);
	for (size_t i = 0; i < batch->count; i++)
		ks_sha256_update(
			&hash, batch->ids[i], strlen(batch->ids[i]) + 1);
	ks_sha256_final(&hash, digest);
	write_hex(out, digest, DELIVERY_HEX / 2);
}

static int64_t now(const struct ks_http_options *options)
{
	return options->clock ? options->clock->now(options->clock->payload)
			      : (int64_t)time(NULL);
}

static int sign(char out[HEX], const char *key, int64_t at, struct ks_span body,
	struct ks_err *err)
{
	uint8_t digest[KS_SHA256_BYTES];
	struct ks_buf text = { 0 };
	int rc = ks_buf_printf(&text, "%" PRId64 ".", at);

	if (rc == KS_OK)
		rc = ks_buf_add(&text, body.p, body.n);
	if (rc == KS_OK) {
		ks_hmac_sha256(ks_span_str(key), ks_buf_span(&text), digest);
		write_hex(out, digest, sizeof(digest));
	}
	ks_buf_release(&text);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static int post(struct ks_http *http, const struct ks_webhook *hook,
	const char *const *headers, struct ks_span body, struct ks_err *err)
{
	struct ks_http_request request = { .url = hook->url,
		.headers = headers,
		.is_post = true,
		.body = body,
		.max = ANSWER_MAX,
		.is_url_private = true };
	struct ks_http_answer answer = { 0 };
	int rc = ks_http_ask(http, &request, &answer, err);

	if (rc == KS_OK && (answer.status < 200 || answer.status > 299))
		rc = ks_fail(err, KS_E_IO, "status %ld", answer.status);
	ks_http_answer_release(&answer);
	return rc < 0 ? ks_err_wrap(err, "the webhook took no message") : KS_OK;
}

static int send(struct ks_http *http, const struct ks_webhook *hook,
	const struct batch *batch, int64_t at, struct ks_err *err)
{
	char delivery[DELIVERY_HEX + 1];
	char signature[HEX];
	char lines[3][128];
	const char *headers[] = { "Content-Type: application/json", lines[0],
		lines[1], hook->key ? lines[2] : NULL, NULL };
	struct ks_buf body = { 0 };
	int rc;

	name_delivery(delivery, batch);
	rc = ks_news_write(&body, hook->form, hook->org, delivery, batch->news,
		batch->count, err);
	if (rc == KS_OK && hook->key)
		rc = sign(signature, hook->key, at, ks_buf_span(&body), err);
	if (rc == KS_OK) {
		snprintf(lines[0], sizeof(lines[0]), "X-Keysieve-Delivery: %s",
			delivery);
		snprintf(lines[1], sizeof(lines[1]),
			"X-Keysieve-Timestamp: %" PRId64, at);
		if (hook->key)
			snprintf(lines[2], sizeof(lines[2]),
				"X-Keysieve-Signature: sha256=%s", signature);
		rc = post(http, hook, headers, ks_buf_span(&body), err);
	}
	ks_buf_release(&body);
	return rc;
}

int ks_webhook_flush(const struct ks_webhook *hook,
	const struct ks_outbox *outbox, const struct ks_http_options *options,
	size_t *sent, struct ks_err *err)
{
	struct ks_http *http = NULL;
	int rc = KS_OK;

	*sent = 0;
	while (rc == KS_OK) {
		struct batch batch = { 0 };
		size_t count;

		rc = outbox->each(outbox->payload, BATCH, add, &batch, err);
		count = batch.count;
		if (rc == KS_OK && count && !http)
			rc = ks_http_new(&http, options, err);
		if (rc == KS_OK && count)
			rc = send(http, hook, &batch, now(options), err);
		if (rc == KS_OK && count)
			rc = outbox->delivered(
				outbox->payload, batch.ids, count, err);
		if (rc == KS_OK)
			*sent += count;
		ks_arena_release(&batch.arena);
		if (count == 0)
			break;
	}
	ks_http_free(http);
	return rc;
}
