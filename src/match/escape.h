/* SPDX-License-Identifier: Apache-2.0 */
/* Single escapes in text, and literals that go on in the next line. */
#ifndef KS_MATCH_ESCAPE_H
#define KS_MATCH_ESCAPE_H

#include "match/encoded.h"

enum ks_escape_kind {
	KS_ESCAPE_PERCENT,   /* %41 */
	KS_ESCAPE_BACKSLASH, /* \x41, \u0041 */
	KS_ESCAPE_ENTITY     /* &#65; &#x41; &amp; */
};

/* An escape, and the bytes that it stands for. */
struct ks_escape {
	enum ks_escape_kind kind;
	size_t n; /* bytes that it takes */
	uint8_t plain[4];
	size_t plain_n; /* 1 to 4: UTF-8 */
};

/* Read the escape that begins at ${at} < text.n; false if there is none. */
bool ks_escape_read(struct ks_escape *out, struct ks_span text, size_t at);

/*
 * The stretch around ${at}, bytes without spaces, controls, quotes, '<' and
 * '>'. Of one that is too long only the last KS_ENCODED_STRETCH_MAX bytes
 * before ${at} are looked at. Returns where the stretch ends.
 */
size_t ks_escape_stretch(
	struct ks_encoded_run *out, struct ks_span text, size_t at);

/*
 * Does a literal end before the line's end at ${newline}, and go on in the
 * next line: "ab"\n"c", 'ab' +\n 'c', "ab" .\n "c", "ab"\n & "c"? If
 * that makes something like a token, both lines are the run.
 */
bool ks_escape_joins_lines(
	struct ks_encoded_run *out, struct ks_span text, size_t newline);

/*
 * May it? Looks at KS_ENCODED_BLANKS_MAX + 1 bytes before ${newline} at most:
 * nearly all lines end otherwise.
 */
bool ks_escape_may_join_lines(struct ks_span text, size_t newline);

/* Where the first literal of such a run ends, and the second goes on. */
void ks_escape_gap(struct ks_span text, const struct ks_encoded_run *run,
	size_t *start, size_t *end);

#endif
