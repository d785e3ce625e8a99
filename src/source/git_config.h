/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a git configuration file: git-config(1), "Syntax". */
#ifndef KS_SOURCE_GIT_CONFIG_H
#define KS_SOURCE_GIT_CONFIG_H

#include "base/buf.h"

/* One variable; nothing of it outlives the call that tells it. */
struct ks_git_config_item {
	const char *section;    /* lower case */
	const char *subsection; /* as written; "" for none */
	const char *key;        /* lower case */
	const char *value;      /* unquoted; "true" where there is no "=" */
};

/*
 * Call ${each} for every variable of ${text}, in order; what it returns other
 * than 0 ends the reading and is returned. Files that it includes are not
 * read. KS_E_CORRUPT names the line that git would not read either;
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_git_config_read(struct ks_span text,
	int (*each)(void *payload, const struct ks_git_config_item *item),
	void *payload, struct ks_err *err);

#endif
