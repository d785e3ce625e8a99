/* SPDX-License-Identifier: Apache-2.0 */
/* The image of the built-in rules, which is part of the program. */
#ifndef KS_RULES_BUILTIN_H
#define KS_RULES_BUILTIN_H

#include "base/span.h"

/* Both ends of it; defined by the assembly file that the build writes. */
extern const uint8_t ks_builtin_image[] __attribute__((visibility("hidden")));
extern const uint8_t ks_builtin_image_end[]
	__attribute__((visibility("hidden")));

static inline struct ks_span ks_builtin_bytes(void)
{
	return ks_span_of(ks_builtin_image,
		(size_t)(ks_builtin_image_end - ks_builtin_image));
}

#endif
