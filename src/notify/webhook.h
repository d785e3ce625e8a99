/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a URL what is new, at least once. */
#ifndef KS_NOTIFY_WEBHOOK_H
#define KS_NOTIFY_WEBHOOK_H

#include "net/http.h"
#include "notify/news.h"

/*
 * Where news go. The URL itself may be a secret, as Slack's are: messages name
 * its origin only.
 */
struct ks_webhook {
	const char *url;
	enum ks_news_form form;
	const char *org; /* the organisation's name */
	const char *key; /* what messages are signed with; NULL: they are not */
};

/*
 * Read ${text}: a URL, or "slack:URL" or "json:URL"; without either, one of
 * hooks.slack.com is Slack's. Its strings lie in ${text}; ${org} and ${key}
 * are left. KS_E_USAGE: no URL, or not over https (but to this machine).
 */
KS_MUST_CHECK int ks_webhook_parse(
	struct ks_webhook *out, const char *text, struct ks_err *err);

/* Where news wait until they are delivered: the store's. */
struct ks_outbox {
	/*
	 * Call ${add} for up to ${max} pieces of news that were not
	 * delivered, oldest first, and return what it returns if that is not
	 * KS_OK. Strings are copied.
	 */
	int (*each)(void *payload, size_t max,
		int (*add)(void *to, const struct ks_news *news,
			struct ks_err *err),
		void *to, struct ks_err *err);
	/* The ${count} pieces ${ids} were delivered: they come no more. */
	int (*delivered)(void *payload, const char *const *ids, size_t count,
		struct ks_err *err);
	void *payload;
};

/*
 * POST all that waits in ${outbox} to ${hook}, up to 50 in one message, and
 * tell the outbox of each message that was taken (2xx); how many pieces of
 * news that were goes to ${sent}. Who is killed in between sends the same
 * message again, under the same X-Keysieve-Delivery.
 *
 * With a key, X-Keysieve-Signature is "sha256=" and the hex digits of the
 * HMAC-SHA-256 of X-Keysieve-Timestamp (seconds since 1970), '.' and the
 * body.
 *
 * KS_E_IO: it is not taken; errors of ks_http_ask() and of the outbox. What
 * was not delivered stays.
 */
KS_MUST_CHECK int ks_webhook_flush(const struct ks_webhook *hook,
	const struct ks_outbox *outbox, const struct ks_http_options *options,
	size_t *sent, struct ks_err *err);

#endif
