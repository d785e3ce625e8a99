/* SPDX-License-Identifier: Apache-2.0 */
/* What lines for people and for programs are made of. */
#include "org/words.h"

#include "report/sanitize.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

void ks_org_date(char out[KS_ORG_DATE], int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm when;

	out[0] = '\0';
	if (seconds && gmtime_r(&time, &when))
		strftime(out, KS_ORG_DATE, "%Y-%m-%dT%H:%M:%SZ", &when);
}

int ks_org_add_safe(struct ks_buf *line, const char *text)
{
	return ks_sanitize_add(line, ks_span_str(text), 0, NULL);
}

json_t *ks_org_json(const char *text)
{
	json_t *value = json_string(text);
	struct ks_buf safe = { 0 };

	if (!value && ks_org_add_safe(&safe, text) == KS_OK &&
		ks_buf_str(&safe))
		value = json_string((const char *)safe.p);
	ks_buf_release(&safe);
	return value;
}

int ks_org_add_json(struct ks_buf *line, json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	int rc = KS_E_NOMEM;

	if (text)
		rc = ks_buf_printf(line, "%s\n", text);
	free(text);
	json_decref(object);
	return rc;
}

int ks_org_put(FILE *file, const struct ks_buf *line, struct ks_err *err)
{
	if (fwrite(line->p, 1, line->n, file) != line->n)
		return ks_fail_errno(err, errno, "writing failed");
	return KS_OK;
}
