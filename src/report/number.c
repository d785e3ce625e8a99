/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people read them, whatever the locale. */
#include "report/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void ks_number_count(char out[KS_NUMBER_MAX], uint64_t value)
{
	char plain[KS_NUMBER_MAX];
	size_t n;
	char *to = out;

	snprintf(plain, sizeof(plain), "%" PRIu64, value);
	n = strlen(plain);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*to++ = ',';
		*to++ = plain[i];
	}
	*to = '\0';
}

void ks_number_decimal(char out[KS_NUMBER_MAX], double value, unsigned decimals)
{
	static const unsigned scales[] = { 1, 10, 100, 1000 };
	unsigned scale = scales[decimals < 4 ? decimals : 3];
	uint64_t whole;

	if (!isfinite(value) || value < 0 || value > 1e12)
		value = 0;
	whole = (uint64_t)llround(value * scale);
	if (scale == 1)
		snprintf(out, KS_NUMBER_MAX, "%" PRIu64, whole);
	else
		snprintf(out, KS_NUMBER_MAX, "%" PRIu64 ".%0*" PRIu64,
			whole / scale, (int)decimals, whole % scale);
}

void ks_number_bytes(char out[KS_NUMBER_MAX], uint64_t bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB",
		"EB" };
	double value = (double)bytes;
	size_t unit = 0;

	if (bytes < 1000) {
		snprintf(out, KS_NUMBER_MAX, "%" PRIu64 " byte%s", bytes,
			bytes == 1 ? "" : "s");
		return;
	}
	/* 999.5 would be rounded to 1000. */
	for (value /= 1000; value >= 999.5; value /= 1000)
		unit++;
	ks_number_decimal(out, value, value < 9.95 ? 1 : 0);
	strcat(out, " ");
	strcat(out, units[unit]);
}

void ks_number_seconds(char out[KS_NUMBER_MAX], double seconds)
{
	unsigned whole;

	if (!isfinite(seconds) || seconds < 0 || seconds > 1e9)
		seconds = 0;
	if (seconds < 59.5) {
		ks_number_decimal(out, seconds,
			seconds < 0.995  ? 2
			: seconds < 9.95 ? 1
					 : 0);
		strcat(out, " s");
		return;
	}
	whole = (unsigned)llround(seconds);
	if (whole < 3600)
		snprintf(out, KS_NUMBER_MAX, "%u min %u s", whole / 60,
			whole % 60);
	else
		snprintf(out, KS_NUMBER_MAX, "%u h %u min", whole / 3600,
			whole % 3600 / 60);
}
