/* SPDX-License-Identifier: Apache-2.0 */
/* Names, paths, numbers and prose: what an unnamed value mostly is. */
#ifndef KS_FILTER_IDENTIFIER_H
#define KS_FILTER_IDENTIFIER_H

#include "filter/context.h"
#include "filter/shape.h"

/*
 * Is the secret of ${context} a name, a path, a URL, a file name, a number, a
 * date, a version, a digest in a place for digests, or a sentence? For
 * generic rules.
 */
bool ks_identifier_is(
	const struct ks_context *context, const struct ks_shape *shape);

/*
 * Is it the name of a variable that holds a password: bare in an assignment,
 * like passwordEncoder? For rules of passwords.
 */
bool ks_identifier_is_variable(
	const struct ks_context *context, const struct ks_shape *shape);

/* A number in parts: a date, a time, a version, an address, a fraction. */
bool ks_identifier_is_date(struct ks_span text, const struct ks_shape *shape);

/* sha512-…, or hex and UUIDs that are called a hash or an id. */
bool ks_identifier_is_digest(
	const struct ks_context *context, const struct ks_shape *shape);

#endif
