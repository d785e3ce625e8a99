/* SPDX-License-Identifier: Apache-2.0 */
/* Repetitions and runs: what hands type and no generator draws. */
#ifndef KS_FILTER_REGULAR_H
#define KS_FILTER_REGULAR_H

#include "filter/shape.h"

/*
 * Is ${text} for the most part one character or one short piece repeated?
 * ${shape} is its shape. A random text of 16 characters or more is so in less
 * than one of a hundred thousand cases.
 */
bool ks_regular_is_repeated(struct ks_span text, const struct ks_shape *shape);

/*
 * Is it for the most part runs of the alphabet, of the digits or of a row of
 * the keyboard, up or down, also two of them interleaved (a1b2c3)?
 */
bool ks_regular_is_sequence(struct ks_span text);

#endif
