/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule makes of a text, for people. */
#ifndef KS_CLI_EXPLANATION_H
#define KS_CLI_EXPLANATION_H

#include <keysieve/explain.h>
#include <stdio.h>

/* Write the match with its figures to ${file}, some lines. */
void ks_explanation_put(FILE *file, const struct ks_explanation *explanation);

#endif
