/* SPDX-License-Identifier: Apache-2.0 */
/* Inflating zlib streams piece by piece: libdeflate wants all at once. */
#include "blobs/inflow.h"

#include <stdlib.h>
#include <zlib.h>

int ks_inflow_open(
	struct ks_inflow *flow, struct ks_span packed, struct ks_err *err)
{
	*flow = (struct ks_inflow){ .packed = packed };
	flow->engine = calloc(1, sizeof(*flow->engine));
	if (flow->engine && inflateInit(flow->engine) == Z_OK)
		return KS_OK;
	free(flow->engine);
	flow->engine = NULL;
	return ks_fail_nomem(err);
}

/* zlib counts its input in 32 bits. */
static void feed(struct ks_inflow *flow)
{
	z_stream *engine = flow->engine;
	size_t n = flow->packed.n;
	Bytef *in;

	if (engine->avail_in || n == 0)
		return;
	if (n > UINT32_MAX)
		n = UINT32_MAX;
	memcpy(&in, &flow->packed.p, sizeof(in)); /* its input is not const */
	engine->next_in = in;
	engine->avail_in = (uInt)n;
	flow->packed = ks_span_cut(flow->packed, n, flow->packed.n);
}

int ks_inflow_read(struct ks_inflow *flow, uint8_t *to, size_t n, size_t *got,
	struct ks_err *err)
{
	z_stream *engine = flow->engine;

	*got = 0;
	while (*got < n && !flow->is_over) {
		size_t room = n - *got;
		int rc;

		feed(flow);
		engine->next_out = to + *got;
		engine->avail_out = room > UINT32_MAX ? UINT32_MAX : (uInt)room;
		room = engine->avail_out;
		rc = inflate(engine, Z_NO_FLUSH);
		*got += room - engine->avail_out;
		if (rc == Z_STREAM_END)
			flow->is_over = true;
		else if (rc == Z_MEM_ERROR)
			return ks_fail_nomem(err);
		else if (rc != Z_OK)
			return ks_fail(err, KS_E_CORRUPT,
				rc == Z_BUF_ERROR
					? "compressed data is cut off"
					: "compressed data is corrupt");
	}
	return KS_OK;
}

int ks_inflow_check(struct ks_span packed, uint64_t size, struct ks_err *err)
{
	struct ks_inflow flow;
	uint8_t bytes[1 << 14];
	uint64_t total = 0;
	size_t got = sizeof(bytes);
	int rc = ks_inflow_open(&flow, packed, err);

	while (rc == KS_OK && got == sizeof(bytes) && total <= size) {
		rc = ks_inflow_read(&flow, bytes, sizeof(bytes), &got, err);
		total += got;
	}
	if (rc == KS_OK && (total != size || !flow.is_over))
		rc = ks_fail(err, KS_E_CORRUPT,
			"compressed data has not the size it should have");
	ks_inflow_close(&flow);
	return rc;
}

static int read_flow(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	return ks_inflow_read(payload, to, n, got, err);
}

struct ks_stream ks_inflow_stream(struct ks_inflow *flow)
{
	return (struct ks_stream){ read_flow, flow };
}

void ks_inflow_close(struct ks_inflow *flow)
{
	if (flow->engine)
		inflateEnd(flow->engine);
	free(flow->engine);
	*flow = (struct ks_inflow){ 0 };
}
