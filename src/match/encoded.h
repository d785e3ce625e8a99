/* SPDX-License-Identifier: Apache-2.0 */
/* Text that stands in other text in an encoded form: finding it. */
#ifndef KS_MATCH_ENCODED_H
#define KS_MATCH_ENCODED_H

#include "blobs/delta.h"

/* How a run is recognised; runs of one form never overlap but those joined. */
enum ks_encoded_form {
	/* Digits of base64 or hex: RFC 4648. */
	KS_ENCODED_DIGITS,
	/*
	 * A stretch without spaces and quotes, with escapes in it: %41 (RFC
	 * 3986, 2.1), \x41 and \u0041 (C, JSON), &#65; &#x41; &amp; (HTML).
	 */
	KS_ENCODED_ESCAPES,
	/* Two lines with a literal that ends in one and goes on in the next. */
	KS_ENCODED_JOINED,
	KS_ENCODED_FORM_COUNT
};

enum {
	/* A line that ends in more blanks is looked at closely at once. */
	KS_ENCODED_BLANKS_MAX = 8,
	/*
	 * Digits, without what pads them. Fewer hold nothing worth looking
	 * for, nor surely two halves of blocks.
	 */
	KS_ENCODED_DIGITS_MIN = 23,
	/* Longer stretches or pairs of lines are not looked into. */
	KS_ENCODED_STRETCH_MAX = 2048
};

/*
 * Bytes [start, end) of a text. What a run is, and that it is one, depends
 * on these and on the byte on either side, where there is one.
 */
struct ks_encoded_run {
	size_t start;
	size_t end;
	enum ks_encoded_form form;
};

/* A search through parts of a text, from front to back. */
struct ks_encoded_search {
	struct ks_span text;
	struct ks_delta_rest *rest; /* of the text, not made yet; or NULL */
	size_t from;
	size_t to;
	size_t at;       /* the stride of bytes at hand */
	size_t next;     /* the one behind it */
	uint64_t digits; /* bytes of it, by bit */
	uint64_t groups; /* and places that are still to be looked at */
	uint64_t marks;
	bool had_group; /* the eight bytes before it were digits */
	/* Up to where nothing more is to be told, by form. */
	size_t done[KS_ENCODED_FORM_COUNT];
};

/*
 * Search lines: bytes [from, to) begin and end at the ends of lines, or
 * KS_ENCODED_STRETCH_MAX bytes from what is of interest; ${from} is not
 * before the last ${to}. Every run with a byte in there is found.
 */
void ks_encoded_search(
	struct ks_encoded_search *search, size_t from, size_t to);

/*
 * The next run, which may begin before the part that is searched and end
 * behind it. In all O(bytes passed over). False: there is none.
 */
bool ks_encoded_next(
	struct ks_encoded_search *search, struct ks_encoded_run *out);

#endif
