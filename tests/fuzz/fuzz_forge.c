/* SPDX-License-Identifier: Apache-2.0 */
/* What a hostile server lists: a Link header, a newline, JSON. */
#include "forge/convert.h"
#include "forge/items.h"
#include "forge/page.h"
#include "input.h"

static ks_ask_convert *const converters[] = { ks_convert_github,
	ks_convert_gitlab, ks_convert_gitea, ks_convert_owner,
	ks_convert_github_root };

static void check(const struct ks_items *items)
{
	for (size_t i = 0; i < items->count; i++) {
		const struct ks_item *item = &items->list[i];

		fuzz_require(item->id && ks_forge_place_is_name(item->name));
		fuzz_require(i == 0 || items->list[i - 1].id < item->id);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	uint8_t choice = fuzz_byte(&input);
	struct ks_buf text = fuzz_take(&input, input.n);
	const uint8_t *end = text.n ? memchr(text.p, '\n', text.n) : NULL;
	struct ks_span link = { 0 };
	struct ks_span body = ks_buf_span(&text);
	struct ks_items items = { 0 };
	json_t *page;

	if (end) {
		size_t at = (size_t)(end - text.p);

		link = ks_span_cut(body, 0, at);
		body = ks_span_cut(body, at + 1, body.n);
	}
	page = choice & 0x80 ? ks_page_reread(body)
			     : ks_page_read(body, link, converters[choice % 5]);
	if (page && ks_items_add(&items, page, 100, NULL) == KS_OK) {
		ks_items_sort(&items);
		ks_items_relate(&items);
		check(&items);
	}
	ks_items_release(&items);
	json_decref(page);
	ks_buf_release(&text);
	return 0;
}
