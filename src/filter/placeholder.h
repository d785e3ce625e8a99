/* SPDX-License-Identifier: Apache-2.0 */
/* What people write where a secret should be. */
#ifndef KS_FILTER_PLACEHOLDER_H
#define KS_FILTER_PLACEHOLDER_H

#include "filter/context.h"
#include "filter/shape.h"

/*
 * Is the token ${text} an example: has it a word such as EXAMPLE in it, is a
 * part of it masked or left out, is it made of words?
 */
bool ks_placeholder_is_token(struct ks_span text, const struct ks_shape *shape);

/* The same for what a person chose, or for a value of any kind. */
bool ks_placeholder_is_password(
	struct ks_span text, const struct ks_shape *shape);

/* *** and xxxx and ... and bullets: what masks a secret or stands for one. */
bool ks_placeholder_is_masked(
	struct ks_span text, const struct ks_shape *shape);

#endif
