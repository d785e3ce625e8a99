/* SPDX-License-Identifier: Apache-2.0 */
/* What is meant to be seen, by its form or by its name. */
#ifndef KS_FILTER_PUBLIC_H
#define KS_FILTER_PUBLIC_H

#include "filter/context.h"

/*
 * Does ${text} begin as a public key or a certificate does, or as the header
 * of a block, which is no secret without what follows it?
 */
bool ks_public_is(struct ks_span text);

/*
 * Is the secret of ${context} the name of what is read from the environment,
 * or a bare word that a shell compares a variable with?
 */
bool ks_public_is_variable(const struct ks_context *context);

#endif
