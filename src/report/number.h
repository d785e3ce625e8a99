/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people read them, whatever the locale. */
#ifndef KS_REPORT_NUMBER_H
#define KS_REPORT_NUMBER_H

#include <stdint.h>

enum {
	KS_NUMBER_MAX = 32 /* bytes of any of these texts, NUL included */
};

/* 1,234,567. */
void ks_number_count(char out[KS_NUMBER_MAX], uint64_t value);

/* 999 bytes, 1.2 kB, 34 MB, 5.6 GB: powers of 1000. */
void ks_number_bytes(char out[KS_NUMBER_MAX], uint64_t bytes);

/* 0.12 s, 3.4 s, 2 min 5 s, 3 h 10 min. */
void ks_number_seconds(char out[KS_NUMBER_MAX], double seconds);

/* ${value}, not negative, with ${decimals} (at most 3) places: 9.5. */
void ks_number_decimal(
	char out[KS_NUMBER_MAX], double value, unsigned decimals);

#endif
