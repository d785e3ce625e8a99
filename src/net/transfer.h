/* SPDX-License-Identifier: Apache-2.0 */
/* One request, one answer, no redirect. */
#ifndef KS_NET_TRANSFER_H
#define KS_NET_TRANSFER_H

#include "net/curl.h"
#include "net/http.h"

struct ks_transfer {
	const struct ks_curl *curl;
	CURL *handle;
	unsigned timeout;
	const volatile int *cancel;
};

/*
 * Send ${request} to ${url}, with its token if ${with_token}. Where a
 * redirect leads goes to ${next} (emptied first). ${is_passing}: an error may
 * pass by itself. Errors of ks_http_once().
 */
KS_MUST_CHECK int ks_transfer_run(const struct ks_transfer *transfer,
	const struct ks_http_request *request, const char *url, bool with_token,
	struct ks_http_answer *out, struct ks_buf *next, bool *is_passing,
	struct ks_err *err);

#endif
