/* SPDX-License-Identifier: Apache-2.0 */
/* What kinds of characters a text is made of. */
#ifndef KS_FILTER_SHAPE_H
#define KS_FILTER_SHAPE_H

#include "base/span.h"

enum ks_class {
	KS_CLASS_OTHER, /* control characters, bytes over 0x7e */
	KS_CLASS_LOWER,
	KS_CLASS_UPPER,
	KS_CLASS_DIGIT,
	KS_CLASS_SYMBOL, /* ASCII punctuation */
	KS_CLASS_SPACE,  /* space and tab */
	KS_CLASS_COUNT
};

struct ks_shape {
	size_t n;
	size_t counts[KS_CLASS_COUNT];
	size_t hex;       /* hex digits of either case */
	size_t distinct;  /* byte values */
	uint64_t seen[4]; /* those: byte b is bit b % 64 of seen[b / 64] */
	size_t run;       /* the longest run of one byte */
	uint8_t run_of;
};

enum ks_class ks_class_of(uint8_t byte);

static inline bool ks_class_is_letter(uint8_t byte)
{
	return (uint8_t)((byte | 0x20) - 'a') < 26;
}

static inline bool ks_class_is_digit(uint8_t byte)
{
	return (uint8_t)(byte - '0') < 10;
}

/* A letter, a digit or '_'. */
static inline bool ks_class_is_word(uint8_t byte)
{
	return ks_class_is_letter(byte) || ks_class_is_digit(byte) ||
	       byte == '_';
}

static inline uint8_t ks_class_fold(uint8_t byte)
{
	return (uint8_t)(byte - 'A') < 26 ? byte | 0x20 : byte;
}

struct ks_shape ks_shape_of(struct ks_span text);

/* Is ${byte} in the text? */
static inline bool ks_shape_has(const struct ks_shape *shape, char byte)
{
	return shape->seen[(uint8_t)byte / 64] >> (uint8_t)byte % 64 & 1;
}

static inline size_t ks_shape_letters(const struct ks_shape *shape)
{
	return shape->counts[KS_CLASS_LOWER] + shape->counts[KS_CLASS_UPPER];
}

#endif
