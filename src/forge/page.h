/* SPDX-License-Identifier: Apache-2.0 */
/* A page of a list: what a server sent, or what was kept of it. */
#ifndef KS_FORGE_PAGE_H
#define KS_FORGE_PAGE_H

#include "forge/ask.h"

/*
 * Make {"items": [...], "next": "QUERY"} of the server's ${text}, an array or
 * one object, and its Link header (RFC 8288): the caller's reference. NULL if
 * it makes no sense, or memory ran out.
 */
json_t *ks_page_read(
	struct ks_span text, struct ks_span link, ks_ask_convert *convert);

/* The same of what it was kept as; whoever keeps it might have changed it. */
json_t *ks_page_reread(struct ks_span text);

#endif
