/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a forge's interface; answers as little JSON of one form. */
#ifndef KS_FORGE_ASK_H
#define KS_FORGE_ASK_H

#include "forge/forge.h"
#include "forge/place.h"

#include <jansson.h>

struct ks_ask {
	const struct ks_forge_place *place;
	struct ks_http *http;
	const char *token; /* NULL: none */
	const struct ks_forge_cache *cache;
};

/*
 * Make of an object that the server sent one with what is needed of it: a new
 * reference; NULL if it is not what was expected. See convert.h.
 */
typedef json_t *ks_ask_convert(const json_t *object);

/*
 * Ask for ${path}?${query} (may be NULL) of the place's interface. ${out} is
 * {"items": [...], "next": "QUERY"}, what ${convert} made of each object of
 * the answer, which is an array or one object, and the query of the next
 * page; a reference of the caller's. An answer that breaks off is asked for
 * again.
 *
 * KS_E_NOTFOUND: 404 or 403, told apart in the message; KS_E_USAGE: the token
 * is not accepted; else errors as of ks_forge_list().
 */
KS_MUST_CHECK int ks_ask(const struct ks_ask *ask, const char *path,
	const char *query, ks_ask_convert *convert, json_t **out,
	struct ks_err *err);

#endif
