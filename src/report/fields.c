/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects, built member by member from what a result holds. */
#include "report/fields.h"

#include "base/base64.h"
#include "base/buf.h"
#include "report/utf8.h"
#include "report/writer.h"

#include <math.h>

/* Digits that show a rounded number as it was rounded: 0.98, not 0.97999…. */
enum {
	REAL_DIGITS = 15
};

struct ks_fields ks_fields_begin(void)
{
	struct ks_fields fields = { .object = json_object() };

	fields.has_failed = !fields.object;
	return fields;
}

json_t *ks_fields_end(struct ks_fields *fields)
{
	json_t *object = fields->object;

	fields->object = NULL;
	if (!fields->has_failed)
		return object;
	json_decref(object);
	return NULL;
}

void ks_fields_set(struct ks_fields *fields, const char *key, json_t *value)
{
	if (json_object_set_new(fields->object, key, value))
		fields->has_failed = true;
}

void ks_fields_str(struct ks_fields *fields, const char *key, const char *text)
{
	ks_fields_set(fields, key, ks_fields_string(ks_span_str(text)));
}

void ks_fields_count(struct ks_fields *fields, const char *key, uint64_t value)
{
	json_int_t number = value > INT64_MAX ? INT64_MAX : (json_int_t)value;

	ks_fields_set(fields, key, json_integer(number));
}

void ks_fields_bool(struct ks_fields *fields, const char *key, bool value)
{
	ks_fields_set(fields, key, json_boolean(value));
}

void ks_fields_real(struct ks_fields *fields, const char *key, double value,
	unsigned decimals)
{
	double scale = 1;

	for (unsigned i = 0; i < decimals; i++)
		scale *= 10;
	if (!isfinite(value))
		value = 0;
	ks_fields_set(fields, key, json_real(round(value * scale) / scale));
}

void ks_fields_base64(
	struct ks_fields *fields, const char *key, struct ks_span bytes)
{
	struct ks_buf text = { 0 };

	if (ks_base64_encode(&text, bytes))
		fields->has_failed = true;
	else
		ks_fields_set(
			fields, key, ks_fields_string(ks_buf_span(&text)));
	ks_buf_release(&text);
}

json_t *ks_fields_string(struct ks_span text)
{
	struct ks_buf repaired = { 0 };
	json_t *string = NULL;

	if (text.n == 0)
		return json_string("");
	if (ks_utf8_is_text(text))
		return json_stringn((const char *)text.p, text.n);
	if (ks_utf8_repair(&repaired, text) == 0)
		string = json_stringn((const char *)repaired.p, repaired.n);
	ks_buf_release(&repaired);
	return string;
}

int ks_fields_write(FILE *file, json_t *value, struct ks_err *err)
{
	size_t flags = JSON_COMPACT | JSON_ENCODE_ANY |
		       JSON_REAL_PRECISION(REAL_DIGITS);
	int rc;

	if (!value)
		return ks_fail_nomem(err);
	rc = json_dumpf(value, file, flags);
	json_decref(value);
	if (rc && !ferror(file))
		return ks_fail_nomem(err);
	return ks_writer_check(file, err);
}
