/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to tell of one finding; there is no room for its secret. */
#ifndef KS_NOTIFY_NEWS_H
#define KS_NOTIFY_NEWS_H

#include "base/buf.h"

/* Strings as in keysieve/finding.h: never NULL, "" where not known. */
struct ks_news {
	const char *id;          /* of this piece of news, never another's */
	const char *state;       /* "new", "back" */
	const char *fingerprint; /* 64 hex digits */
	const char *rule;        /* id */
	const char *rule_name;
	const char *redacted;
	const char *repository; /* its name or URL, without credentials */
	const char *path;
	const char *commit; /* hex object id */
	const char *rotate; /* URL: how to replace it */
	const char *seen;   /* when: RFC 3339 */
	uint64_t line;
	double confidence; /* 0 to 1 */
};

enum ks_news_form {
	KS_NEWS_JSON,
	KS_NEWS_SLACK /* Mattermost and Rocket.Chat take it, too */
};

/*
 * Append the body of a message about the ${count} news ${list} from the
 * organisation ${org}. JSON:
 *
 *   {"version": 1, "organisation": "...", "delivery": "...", "findings":
 *    [{"id", "state", "fingerprint", "rule", "rule_name", "redacted",
 *      "confidence", "repository", "path", "line", "commit", "rotate",
 *      "seen"}, ...]}
 *
 * Slack: {"text": "..."}, of at most 20 of them by name. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_news_write(struct ks_buf *out, enum ks_news_form form,
	const char *org, const char *delivery, const struct ks_news *list,
	size_t count, struct ks_err *err);

#endif
