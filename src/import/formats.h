/* SPDX-License-Identifier: Apache-2.0 */
/* The formats that can be imported, and the one that is written. */
#ifndef KS_IMPORT_FORMATS_H
#define KS_IMPORT_FORMATS_H

#include "import/model.h"

/*
 * Each reads ${text}, a file called ${path} in messages, into ${model}. What
 * breaks the format is KS_E_CORRUPT or KS_E_RULE with file, line and reason;
 * KS_E_NOMEM.
 */

/* TOML: gitleaks's configuration, versions 7 and 8, and betterleaks's. */
KS_MUST_CHECK int ks_formats_gitleaks(struct ks_model *model,
	struct ks_span text, const char *path, struct ks_err *err);

/* A line each: [commit:]file:rule:line, as in .gitleaksignore. */
KS_MUST_CHECK int ks_formats_ignore(struct ks_model *model, struct ks_span text,
	const char *path, struct ks_err *err);

/* YAML: rules of Nosey Parker and Kingfisher. */
KS_MUST_CHECK int ks_formats_noseyparker(struct ks_model *model,
	struct ks_span text, const char *path, struct ks_err *err);

/* Write ${model} as a configuration of ours. KS_E_IO, KS_E_NOMEM. */
KS_MUST_CHECK int ks_formats_write(
	FILE *out, const struct ks_model *model, struct ks_err *err);

#endif
