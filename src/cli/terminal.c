/* SPDX-License-Identifier: Apache-2.0 */
/* What the terminal can show. */
#include "cli/terminal.h"

#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

unsigned ks_terminal_width(int fd)
{
	struct winsize size;

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

bool ks_terminal_is_able(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && term[0] && strcmp(term, "dumb") != 0;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && value[0];
}

static bool is_zero(const char *name)
{
	return is_set(name) && strcmp(getenv(name), "0") == 0;
}

bool ks_terminal_is_coloured(int when, int fd)
{
	if (when != KS_COLOUR_AUTO)
		return when == KS_COLOUR_ALWAYS;
	if (is_set("NO_COLOR"))
		return false;
	if (is_set("CLICOLOR_FORCE") && !is_zero("CLICOLOR_FORCE"))
		return true;
	return !is_zero("CLICOLOR") && ks_terminal_is_able(fd);
}
