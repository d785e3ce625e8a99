/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files on disk, read before anything is made of them. */
#ifndef KS_RULES_FILES_H
#define KS_RULES_FILES_H

#include "base/buf.h"
#include "base/sha256.h"
#include "rules/rulefile.h"

struct ks_rule_file {
	char *path;
	struct ks_buf text;
	enum ks_rulefile_kind kind;
};

/* Zero-initialise ({0}); ks_rule_files_release() frees. */
struct ks_rule_files {
	struct ks_rule_file *list;
	size_t count;
	size_t cap;
};

/*
 * Read the rule file ${path}, or all *.yaml in the folder ${path}, by name,
 * and append them as of ${kind}. KS_E_IO (also: too large, no file, nothing in
 * a folder), KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_rule_files_add(struct ks_rule_files *files,
	const char *path, enum ks_rulefile_kind kind, struct ks_err *err);

/* Append a copy of ${text}, called ${path}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_rule_files_add_text(struct ks_rule_files *files,
	const char *path, enum ks_rulefile_kind kind, struct ks_span text,
	struct ks_err *err);

/* Parse them all into ${drafts}. Errors as ks_rulefile_parse(). */
KS_MUST_CHECK int ks_rule_files_parse(const struct ks_rule_files *files,
	struct ks_drafts *drafts, struct ks_err *err);

/* Hash what they hold, not where they are. */
void ks_rule_files_hash(
	const struct ks_rule_files *files, struct ks_sha256 *hash);

void ks_rule_files_release(struct ks_rule_files *files);

#endif
