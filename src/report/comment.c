/* SPDX-License-Identifier: Apache-2.0 */
/* How comments are written, by the name of a file. */
#include "report/comment.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum style {
	HASH,
	SLASHES,
	DASHES,
	SEMICOLON,
	STARS,
	MARKUP,
	PERCENT,
	NONE
};

static const struct ks_comment styles[] = {
	[HASH] = { "# ", "" },
	[SLASHES] = { "// ", "" },
	[DASHES] = { "-- ", "" },
	[SEMICOLON] = { "; ", "" },
	[STARS] = { "/* ", " */" },
	[MARKUP] = { "<!-- ", " -->" },
	[PERCENT] = { "% ", "" },
};

static const struct {
	enum style style;
	const char *extensions; /* between spaces */
} table[] = {
	{ SLASHES,
		" c h cc cpp cxx hpp cs dart gradle go groovy java js jsx kt "
		"kts m mjs php proto rs scala swift ts tsx " },
	{ DASHES, " adb ads elm hs lua sql vhd " },
	{ SEMICOLON, " asm clj el ini lisp reg " },
	{ STARS, " css less scss " },
	{ MARKUP, " htm html markdown md plist svg vue xhtml xml " },
	{ PERCENT, " erl tex " },
	{ NONE, " csv ipynb json lock tsv " },
};

static bool is_listed(const char *list, const char *extension)
{
	size_t n = strlen(extension);

	for (const char *at = list; *at; at++) {
		if (*at == ' ' && strncasecmp(at + 1, extension, n) == 0 &&
			at[n + 1] == ' ')
			return true;
	}
	return false;
}

const struct ks_comment *ks_comment_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	if (!dot || !dot[1] || strchr(dot, ' '))
		return &styles[HASH];
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (is_listed(table[i].extensions, dot + 1))
			return table[i].style == NONE ? NULL
						      : &styles[table[i].style];
	}
	return &styles[HASH];
}
