/* SPDX-License-Identifier: Apache-2.0 */
/* Stopping a coding agent that is about to write a secret. */
#ifndef KS_CLI_AGENT_H
#define KS_CLI_AGENT_H

#include "cli/settings.h"

/*
 * Read from standard input what an agent is about to do: JSON, of which every
 * text is scanned by itself, or anything else, which is scanned as it is. Says
 * on standard error what stops it, never a part of a secret. Returns the exit
 * status: 0, or 2, by which agents' hooks stop.
 */
int ks_agent_run(const struct ks_settings *settings);

#endif
