/* SPDX-License-Identifier: Apache-2.0 */
/* Paths and links as URIs: RFC 3986. */
#include "report/uri.h"

#define ALPHANUMERIC                                                           \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* Kept in a path, section 2.3; all else is encoded, ':' above all. */
static const char kept[] = ALPHANUMERIC "-._~/";
/* What a URI consists of, sections 2.1 to 2.3. */
static const char legal[] = ALPHANUMERIC "-._~:/?#@!$&'()*+,;=%";

int ks_uri_add_path(struct ks_buf *out, const char *path)
{
	int rc = path[0] == '/' ? ks_buf_add_str(out, "file://") : 0;

	while (*path && !rc) {
		size_t n = strspn(path, kept);

		if (n > 0) {
			rc = ks_buf_add(out, path, n);
			path += n;
		} else {
			rc = ks_buf_printf(out, "%%%02X", (uint8_t)*path);
			path++;
		}
	}
	return rc;
}

static bool has_good_escapes(const char *text)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	while ((text = strchr(text, '%'))) {
		if (strspn(++text, hex) < 2)
			return false;
	}
	return true;
}

bool ks_uri_is_link(const char *text)
{
	const char *rest = NULL;

	if (strncmp(text, "https://", 8) == 0)
		rest = text + 8;
	else if (strncmp(text, "http://", 7) == 0)
		rest = text + 7;
	if (!rest || !*rest || rest[strspn(rest, legal)] != '\0')
		return false;
	return has_good_escapes(rest);
}
