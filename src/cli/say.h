/* SPDX-License-Identifier: Apache-2.0 */
/* One line on standard error. */
#ifndef KS_CLI_SAY_H
#define KS_CLI_SAY_H

#include "base/err.h"

/*
 * Write "keysieve: ", the printf-style message and a newline to standard
 * error, in one piece. Control characters appear as \xNN: a message may hold
 * names that a repository chose.
 */
void ks_say(const char *format, ...) KS_PRINTF(1, 2);

#endif
