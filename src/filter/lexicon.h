/* SPDX-License-Identifier: Apache-2.0 */
/* What the words of a name, a value or a line are about. */
#ifndef KS_FILTER_LEXICON_H
#define KS_FILTER_LEXICON_H

#include "base/span.h"

/* What one word is about. */
enum ks_topic {
	KS_TOPIC_NONE,
	KS_TOPIC_SECRET,  /* password, token, key */
	KS_TOPIC_ID,      /* id, uuid */
	KS_TOPIC_TEXT,    /* name, label, message: something to be read */
	KS_TOPIC_PLACE,   /* url, path, file, host */
	KS_TOPIC_KIND,    /* type, method, algorithm */
	KS_TOPIC_AMOUNT,  /* length, count, timeout */
	KS_TOPIC_HASH,    /* digest, checksum */
	KS_TOPIC_FIELD,   /* column, parameter, variable: a name of a name */
	KS_TOPIC_PUBLIC,  /* public, certificate */
	KS_TOPIC_SWITCH,  /* enabled, required, is */
	KS_TOPIC_EXAMPLE, /* example, fake, sample */
	KS_TOPIC_TEST,    /* test, expect, assert */
	KS_TOPIC_USER,    /* user, login, email */
	KS_TOPIC_VERB,    /* get, set, check */
	KS_TOPIC_LOG,     /* print, error, throw */
	KS_TOPIC_CODE,    /* const, return, if */
	KS_TOPIC_VALUE,   /* value, string, text, base64 */
	KS_TOPIC_COUNT
};

/* The topic of the word ${text}: letters of either case, nothing else. */
enum ks_topic ks_lexicon_topic(struct ks_span text);

/* Keywords within a name, glued to others or not; a set is a bit mask. */
enum ks_keyword {
	KS_KEYWORD_PASS = 1 << 0,
	KS_KEYWORD_SECRET = 1 << 1,
	KS_KEYWORD_TOKEN = 1 << 2,
	KS_KEYWORD_KEY = 1 << 3,
	KS_KEYWORD_AUTH = 1 << 4,
	KS_KEYWORD_CREDENTIAL = 1 << 5,
	KS_KEYWORD_API = 1 << 6,
	KS_KEYWORD_SALT = 1 << 7,
	KS_KEYWORD_NONCE = 1 << 8,
	KS_KEYWORD_SIGNATURE = 1 << 9,
	KS_KEYWORD_ACCESS = 1 << 10,
	KS_KEYWORD_PUBLIC = 1 << 11,
	KS_KEYWORD_USER = 1 << 12,
	KS_KEYWORD_HASH = 1 << 13,
	KS_KEYWORD_ENCRYPTED = 1 << 14
};

/* The keywords in ${text}; where the last one ends goes to ${end}. */
unsigned ks_lexicon_keywords(struct ks_span text, size_t *end);

/* Is ${text} one of the passwords that people choose and tests use? */
bool ks_lexicon_is_common(struct ks_span text);

#endif
