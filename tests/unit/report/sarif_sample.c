/* SPDX-License-Identifier: Apache-2.0 */
/* Write a SARIF log with all that may be in one, for sarif_check.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fixture.h"

static void make_hostile(struct fixture *f)
{
	f->places[0].path = "/abs/\xff \n%\"\\";
	f->places[0].end_column = INT64_MAX;
	f->places[2].line = 0;
	f->places[4].path = "a b:c#d?e\xe2\x80\xae";
	f->places[4].snippet = "\x1b[2J\xc0 {0} [x](y)";
	f->places[4].time = INT64_MAX;
	f->findings[1].rotate = "not a link";
	f->findings[1].confidence = 1;
	f->findings[2].confidence = 0;
	f->findings[2].redacted = "\xff{0}";
	f->skips[0].detail = "\xff\x01";
}

int main(void)
{
	struct ks_report_options options = {
		.format = KS_FORMAT_SARIF,
		.occurrences = true,
	};
	struct fixture *f = fixture_new();

	make_hostile(f);
	return ks_report_write(stdout, &f->result, NULL, &options, NULL) != 0;
}
