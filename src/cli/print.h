/* SPDX-License-Identifier: Apache-2.0 */
/* What a command says on standard output without a scan. */
#ifndef KS_CLI_PRINT_H
#define KS_CLI_PRINT_H

#include <stdio.h>

/*
 * Let ${write} write to standard output, with ${payload}. Returns the exit
 * status: what cannot be written is said.
 */
int ks_print(
	void (*write)(FILE *file, const void *payload), const void *payload);

/*
 * Write ${text} so that a terminal obeys nothing in it: line feeds as \n,
 * other control characters as \xHH.
 */
void ks_print_text(FILE *file, const char *text);

/* The same, and end the line. */
void ks_print_line(FILE *file, const char *text);

#endif
