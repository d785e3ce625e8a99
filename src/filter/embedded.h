/* SPDX-License-Identifier: Apache-2.0 */
/* What is packed into a token beside its random part. */
#ifndef KS_FILTER_EMBEDDED_H
#define KS_FILTER_EMBEDDED_H

#include "base/buf.h"
#include "filter/detail.h"

/*
 * The base64 of JSON in ${token}: all of it, or what is behind a prefix that
 * ends with '_' (glc_, ops_), without the random part of a token of Sentry.
 */
struct ks_span ks_embedded_json(struct ks_span token);

/*
 * Is ${token} a PASETO of version 1 to 4? Its claims, JSON, are appended to
 * ${claims} if they are not encrypted. True when memory ran out. From "PASETO
 * Version 1 to 4" of the PASETO specification.
 */
bool ks_embedded_paseto(struct ks_buf *claims, struct ks_span token);

/*
 * The number of the bot in ${token}, a bot's token of Discord: digits, the
 * base64 of which is before the first '.'. Returns 0 if it has none. From
 * "Snowflakes" in Discord's reference.
 */
uint64_t ks_embedded_discord(struct ks_span token);

/* Add bot and created of a bot's token of Discord. */
void ks_embedded_tell_discord(struct ks_details *details, struct ks_span token);

/*
 * Add cell, group, organization, project and user of a routable token. From
 * "Cells: Routable Tokens" in the GitLab handbook.
 */
void ks_embedded_tell_gitlab(struct ks_details *details, struct ks_span token);

/* Add workspace of a webhook of Slack, or app of an app's token. */
void ks_embedded_tell_slack(struct ks_details *details, struct ks_span token);

/* Add account of a long-term key of Amazon Bedrock. */
void ks_embedded_tell_bedrock(struct ks_details *details, struct ks_span token);

/* Add user of user:password in base64. */
void ks_embedded_tell_user(struct ks_details *details, struct ks_span token);

#endif
