/* SPDX-License-Identifier: Apache-2.0 */
/* What the terminal can show. */
#ifndef KS_CLI_TERMINAL_H
#define KS_CLI_TERMINAL_H

#include <stdbool.h>

/* Its columns; 0 if ${fd} is no terminal or does not tell. */
unsigned ks_terminal_width(int fd);

/* Is ${fd} a terminal that can move the cursor? TERM=dumb cannot. */
bool ks_terminal_is_able(int fd);

/*
 * Is text on ${fd} to be coloured? ${when}, an enum ks_colour, decides; if
 * it is KS_COLOUR_AUTO, NO_COLOR, CLICOLOR_FORCE and CLICOLOR do, in this
 * order, and if none is set, whether it is a terminal.
 */
bool ks_terminal_is_coloured(int when, int fd);

#endif
