/* SPDX-License-Identifier: Apache-2.0 */
/* The way into an archive: "!/lib/a.zip!/config.yml". */
#include "scan/way.h"

enum {
	NAME_MAX_BYTES = 4096
};

static bool is_dots(const uint8_t *p, size_t n)
{
	return n == 0 || (n == 1 && p[0] == '.') ||
	       (n == 2 && p[0] == '.' && p[1] == '.');
}

int ks_way_enter(struct ks_buf *way, struct ks_span name)
{
	const char *before = "!/";
	size_t from = 0;
	int rc = KS_OK;

	if (name.n > NAME_MAX_BYTES)
		name.n = NAME_MAX_BYTES;
	while (rc == KS_OK && from < name.n) {
		const uint8_t *p = name.p + from;
		const uint8_t *slash = memchr(p, '/', name.n - from);
		size_t n = slash ? (size_t)(slash - p) : name.n - from;

		from += n + 1;
		if (is_dots(p, n))
			continue;
		rc = ks_buf_add_str(way, before);
		if (rc == KS_OK)
			rc = ks_buf_add(way, p, n);
		before = "/";
	}
	/* Nothing but dots. */
	if (rc == KS_OK && before[0] == '!')
		rc = ks_buf_add_str(way, "!/unnamed");
	return rc;
}

/* Suffixes of one compressed file, and what stands in their place. */
static const struct {
	const char *end;
	const char *becomes;
} suffixes[] = {
	{ ".gz", "" },
	{ ".xz", "" },
	{ ".bz2", "" },
	{ ".zst", "" },
	{ ".lz4", "" },
	{ ".lz", "" },
	{ ".tgz", ".tar" },
	{ ".txz", ".tar" },
	{ ".tbz2", ".tar" },
	{ ".rpm", ".cpio" },
};

int ks_way_peel(struct ks_buf *path)
{
	size_t from = path->n;

	while (from > 0 && path->p[from - 1] != '/')
		from--;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		size_t n = strlen(suffixes[i].end);
		size_t stem = path->n - from;

		if (stem <= n ||
			memcmp(path->p + path->n - n, suffixes[i].end, n) != 0)
			continue;
		stem -= n;
		/* First the room: what is appended is of the same buffer. */
		if (ks_buf_reserve(path, path->n + stem + 8) < 0 ||
			ks_buf_add_str(path, "!/") < 0 ||
			ks_buf_add(path, path->p + from, stem) < 0)
			return KS_E_NOMEM;
		return ks_buf_add_str(path, suffixes[i].becomes);
	}
	return ks_buf_add_str(path, "!/data");
}
