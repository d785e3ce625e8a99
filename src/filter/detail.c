/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what a token tells, while it is filled. */
#include "filter/detail.h"

#include <time.h>

void ks_detail_add(
	struct ks_details *details, const char *name, struct ks_span text)
{
	struct ks_detail *detail;
	size_t n = text.n;

	if (n == 0 || details->count == KS_DETAILS_MAX)
		return;
	if (n > KS_DETAIL_VALUE_MAX - 1)
		n = KS_DETAIL_VALUE_MAX - 1;
	detail = &details->list[details->count++];
	detail->name = name;
	for (size_t i = 0; i < n; i++) {
		uint8_t byte = text.p[i];

		detail->value[i] =
			byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
	}
	if (n < text.n)
		memcpy(detail->value + n - 3, "...", 3);
	detail->value[n] = '\0';
}

void ks_detail_add_time(
	struct ks_details *details, const char *name, double seconds)
{
	/* Ends with the year 9999. */
	static const double limit = 253402300800.0;
	char text[32];
	struct tm tm;
	time_t time;

	if (!(seconds >= 0 && seconds < limit))
		return;
	time = (time_t)seconds;
	if (gmtime_r(&time, &tm) &&
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		ks_detail_add(details, name, ks_span_str(text));
}
