/* SPDX-License-Identifier: Apache-2.0 */
/* What every cmocka test includes, in the order that cmocka asks for. */
#ifndef TESTS_LIB_CHECK_H
#define TESTS_LIB_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/span.h"

/* Are the bytes of ${span} those of the string ${text}? */
#define assert_span_text(span, text)                                           \
	do {                                                                   \
		assert_int_equal((span).n, strlen(text));                      \
		assert_memory_equal((span).p, text, (span).n);                 \
	} while (0)

#endif
