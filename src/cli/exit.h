/* SPDX-License-Identifier: Apache-2.0 */
/* What the program's exit status says; docs/output.md has it for users. */
#ifndef KS_CLI_EXIT_H
#define KS_CLI_EXIT_H

enum ks_exit {
	KS_EXIT_CLEAN = 0,      /* all was scanned, nothing found */
	KS_EXIT_FOUND = 1,      /* secrets found */
	KS_EXIT_FAILED = 2,     /* it could not be done */
	KS_EXIT_INCOMPLETE = 3, /* nothing found, but not all was scanned */
};

#endif
