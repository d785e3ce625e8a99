/* SPDX-License-Identifier: Apache-2.0 */
/* Rules and allowlists of other tools, as a configuration of keysieve. */
#ifndef KEYSIEVE_IMPORT_H
#define KEYSIEVE_IMPORT_H

#include <keysieve/error.h>
#include <keysieve/rules.h>

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an import came to. */
struct ks_import_counts {
	size_t rules;   /* written */
	size_t entries; /* of what may stand, written */
	size_t lost;    /* rules and entries that could not be carried over */
};

/*
 * Read the file ${path} and write what it says to ${out} as a configuration
 * (docs/control.md). It is a configuration of gitleaks or betterleaks (TOML),
 * a list of findings to ignore (.gitleaksignore), or rules of Nosey Parker or
 * Kingfisher (YAML); its name and content tell which. ${rules} are those
 * there are: what is written takes none of their ids. ${note} is told of all
 * that could not be carried over, or not exactly: what it is about, and a
 * line. KS_E_IO, KS_E_CORRUPT, KS_E_RULE (no format that is known),
 * KS_E_LIMIT, KS_E_NOMEM.
 */
int ks_import_file(FILE *out, const char *path, const struct ks_rules *rules,
	void (*note)(void *payload, const char *about, const char *what),
	void *payload, struct ks_import_counts *counts, struct ks_err *err);

#ifdef __cplusplus
}
#endif
#endif
