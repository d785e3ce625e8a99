/* SPDX-License-Identifier: Apache-2.0 */
/* Deltas: gitformat-pack(5), "Deltified representation". */
#include "blobs/delta.h"

#include "base/array.h"

#include <stdlib.h>

/* The code that is left to read. */
struct cursor {
	const uint8_t *p;
	const uint8_t *end;
};

static bool read_size(struct cursor *at, uint64_t *size)
{
	unsigned shift = 0;

	*size = 0;
	while (at->p < at->end && shift < 64) {
		uint8_t byte = *at->p++;

		*size |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return shift < 63 || byte < 2;
		shift += 7;
	}
	return false;
}

bool ks_delta_sizes(
	struct ks_span delta, uint64_t *base_size, uint64_t *result_size)
{
	struct cursor at = { delta.p, delta.p + delta.n };

	return read_size(&at, base_size) && read_size(&at, result_size);
}

/* Offset and size of a copy; absent bytes are zero, size zero is 64 KiB. */
static bool read_copy(struct cursor *at, uint8_t op, size_t *offset, size_t *n)
{
	size_t value[2] = { 0, 0 };

	for (unsigned bit = 0; bit < 7; bit++) {
		if (!(op & 1u << bit))
			continue;
		if (at->p == at->end)
			return false;
		value[bit >= 4] |= (size_t)*at->p++ << 8 * (bit & 3);
	}
	*offset = value[0];
	*n = value[1] ? value[1] : 0x10000;
	return true;
}

/* Describe ${n} more bytes, joined to the last piece where that goes on. */
static int add_piece(
	struct ks_delta *delta, size_t start, size_t n, size_t base_start)
{
	struct ks_delta_piece *last =
		delta->count ? &delta->pieces[delta->count - 1] : NULL;

	if (last && last->base_start == KS_DELTA_NEW &&
		base_start == KS_DELTA_NEW) {
		last->n += n;
		return KS_OK;
	}
	if (last && last->base_start != KS_DELTA_NEW &&
		base_start != KS_DELTA_NEW &&
		last->base_start + last->n == base_start) {
		last->n += n;
		return KS_OK;
	}
	if (delta->count == delta->cap &&
		ks_array_reserve(&delta->pieces, &delta->cap, delta->count + 1,
			sizeof(*delta->pieces)) < 0)
		return KS_E_NOMEM;
	delta->pieces[delta->count++] = (struct ks_delta_piece){
		.start = start, .n = n, .base_start = base_start
	};
	return KS_OK;
}

/* Where the bytes of a result go, and how many of a copy's are wanted. */
struct target {
	uint8_t *p;
	size_t n;
	size_t done;
	size_t seam; /* at both ends of a copy */
};

static void copy(struct target *to, const uint8_t *from, size_t n)
{
	uint8_t *p = to->p + to->done;

	if (n / 2 <= to->seam) {
		memcpy(p, from, n);
		return;
	}
	memcpy(p, from, to->seam);
	memcpy(p + n - to->seam, from + n - to->seam, to->seam);
}

/* One instruction. */
static int step(struct ks_delta *delta, struct cursor *at, struct target *to,
	struct ks_span base, struct ks_err *err)
{
	uint8_t op = *at->p++;
	size_t from = KS_DELTA_NEW;
	size_t n = op;

	if (op == 0)
		return ks_fail(err, KS_E_CORRUPT,
			"delta has an instruction that is reserved");
	if (op & 0x80) {
		if (!read_copy(at, op, &from, &n))
			return ks_fail(err, KS_E_CORRUPT, "delta is cut off");
		if (from > base.n || n > base.n - from)
			return ks_fail(err, KS_E_CORRUPT,
				"delta copies past the end of its base");
	} else if ((size_t)(at->end - at->p) < n) {
		return ks_fail(err, KS_E_CORRUPT, "delta is cut off");
	}
	if (n > to->n - to->done)
		return ks_fail(err, KS_E_CORRUPT,
			"delta makes more bytes than it says");
	if (from == KS_DELTA_NEW) {
		memcpy(to->p + to->done, at->p, n);
		at->p += n;
	} else {
		copy(to, base.p + from, n);
	}
	if (add_piece(delta, to->done, n, from) < 0)
		return ks_fail_nomem(err);
	to->done += n;
	return KS_OK;
}

static int apply(struct ks_delta *delta, struct target *to, struct ks_span base,
	struct ks_span code, struct ks_err *err)
{
	struct cursor at = { code.p, code.p + code.n };
	uint64_t base_size;
	uint64_t result_size;
	int rc = KS_OK;

	delta->count = 0;
	if (!read_size(&at, &base_size) || !read_size(&at, &result_size))
		return ks_fail(err, KS_E_CORRUPT, "delta has no head");
	if (base_size != base.n || result_size != to->n)
		return ks_fail(err, KS_E_CORRUPT,
			"delta is for a base of another size");
	while (at.p < at.end && rc == KS_OK)
		rc = step(delta, &at, to, base, err);
	if (rc == KS_OK && to->done != to->n)
		return ks_fail(err, KS_E_CORRUPT,
			"delta makes fewer bytes than it says");
	return rc;
}

int ks_delta_apply(struct ks_delta *delta, uint8_t *result, size_t result_n,
	struct ks_span base, struct ks_span code, struct ks_err *err)
{
	struct target to = { .p = result, .n = result_n, .seam = SIZE_MAX };

	return apply(delta, &to, base, code, err);
}

int ks_delta_apply_seams(struct ks_delta_rest *rest, struct ks_delta *delta,
	uint8_t *result, size_t result_n, size_t seam, struct ks_span base,
	struct ks_span code, struct ks_err *err)
{
	struct target to = { .p = result, .n = result_n, .seam = seam };

	*rest = (struct ks_delta_rest){ result, seam, delta, base };
	return apply(delta, &to, base, code, err);
}

void ks_delta_head(struct ks_delta_rest *rest, size_t n)
{
	if (!rest || !rest->result)
		return;
	for (size_t i = 0; i < rest->delta->count; i++) {
		const struct ks_delta_piece *piece = &rest->delta->pieces[i];

		if (piece->start >= n)
			break;
		if (piece->base_start != KS_DELTA_NEW)
			memcpy(rest->result + piece->start,
				rest->base.p + piece->base_start,
				piece->n < n - piece->start ? piece->n
							    : n - piece->start);
	}
}

void ks_delta_fill(struct ks_delta_rest *rest)
{
	if (!rest || !rest->result)
		return;
	for (size_t i = 0; i < rest->delta->count; i++) {
		const struct ks_delta_piece *piece = &rest->delta->pieces[i];

		if (piece->base_start != KS_DELTA_NEW)
			memcpy(rest->result + piece->start,
				rest->base.p + piece->base_start, piece->n);
	}
	rest->result = NULL;
}

void ks_delta_release(struct ks_delta *delta)
{
	free(delta->pieces);
	*delta = (struct ks_delta){ 0 };
}
