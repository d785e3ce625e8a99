/* SPDX-License-Identifier: Apache-2.0 */
/* Variables, templates and code that stand where a value could. */
#ifndef KS_FILTER_TEMPLATE_H
#define KS_FILTER_TEMPLATE_H

#include "filter/context.h"
#include "filter/shape.h"

/*
 * Does the secret of ${context} name a value instead of being one: ${X},
 * {{ x }}, <x>, %s, process.env.X, getenv("X"), null?
 */
bool ks_template_is(
	const struct ks_context *context, const struct ks_shape *shape);

/* Does it hold a substitution such as ${X}? For tokens, which are no code. */
bool ks_template_has_variable(
	struct ks_span text, const struct ks_shape *shape);

#endif
