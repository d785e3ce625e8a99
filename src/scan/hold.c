/* SPDX-License-Identifier: Apache-2.0 */
/* An archive on its way through: kept whole, for it is read back and forth. */
#include "scan/hold.h"

enum {
	STEP = 64 << 10 /* bytes read at once */
};

/* Room for ${n} bytes in the file, and those that were in memory. */
static int make_room(struct ks_hold *hold, size_t n, struct ks_err *err)
{
	size_t size = hold->spool.n ? hold->spool.n : 2 * hold->n + STEP;
	int rc;

	while (size < n) {
		if (size > SIZE_MAX / 2)
			return ks_fail_nomem(err);
		size *= 2;
	}
	if (size <= hold->spool.n)
		return KS_OK;
	if (hold->spool.p)
		return ks_spool_grow(&hold->spool, size, err);
	rc = ks_spool_open(&hold->spool, size, err);
	if (rc == KS_OK && hold->n)
		memcpy(hold->spool.p, hold->buf.p, hold->n);
	if (rc == KS_OK)
		ks_buf_release(&hold->buf);
	return rc;
}

int ks_hold_add(struct ks_hold *hold, struct ks_span bytes, struct ks_err *err)
{
	int rc;

	if (bytes.n == 0)
		return KS_OK;
	if (!hold->spool.p &&
		(hold->n <= hold->most && bytes.n <= hold->most - hold->n)) {
		if (ks_buf_add(&hold->buf, bytes.p, bytes.n) < 0)
			return ks_fail_nomem(err);
		hold->n += bytes.n;
		return KS_OK;
	}
	if (bytes.n > SIZE_MAX - hold->n)
		return ks_fail_nomem(err);
	rc = make_room(hold, hold->n + bytes.n, err);
	if (rc < 0)
		return rc;
	memcpy(hold->spool.p + hold->n, bytes.p, bytes.n);
	hold->n += bytes.n;
	return KS_OK;
}

int ks_hold_fill(
	struct ks_hold *hold, struct ks_stream *stream, struct ks_err *err)
{
	struct ks_buf step = { 0 };
	size_t got = STEP;
	int rc = ks_buf_reserve(&step, STEP);

	if (rc < 0)
		return ks_fail_nomem(err);
	while (rc == KS_OK && got == STEP) {
		rc = ks_stream_read(stream, step.p, STEP, &got, err);
		if (rc == KS_OK)
			rc = ks_hold_add(hold, ks_span_of(step.p, got), err);
	}
	ks_buf_release(&step);
	return rc;
}

struct ks_span ks_hold_span(const struct ks_hold *hold)
{
	return ks_span_of(hold->spool.p ? hold->spool.p : hold->buf.p, hold->n);
}

void ks_hold_release(struct ks_hold *hold)
{
	ks_buf_release(&hold->buf);
	ks_spool_close(&hold->spool);
	hold->n = 0;
}
