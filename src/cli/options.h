/* SPDX-License-Identifier: Apache-2.0 */
/* Options: one table says how they are read and what the help says. */
#ifndef KS_CLI_OPTIONS_H
#define KS_CLI_OPTIONS_H

#include "base/err.h"

#include <stddef.h>

struct ks_settings;

/* What an option takes, and of which type its target is. */
enum ks_option_kind {
	KS_OPTION_FLAG,   /* nothing; bool */
	KS_OPTION_TEXT,   /* anything; const char * */
	KS_OPTION_CHOICE, /* one of choices; int, its index */
	KS_OPTION_COUNT,  /* a number from 1; unsigned */
	KS_OPTION_SIZE,   /* bytes, with k, M or G for 2^10, …; uint64_t */
	KS_OPTION_SHARE,  /* from 0 to 1; double */
	KS_OPTION_WORD,   /* one each time; struct ks_words */
	KS_OPTION_LIST    /* several with commas; struct ks_words */
};

struct ks_option {
	const char *name;     /* long, without the dashes */
	char letter;          /* short; 0: none */
	const char *argument; /* as the help calls it; NULL for a flag */
	const char *help;     /* lower case, no full stop */
	enum ks_option_kind kind;
	size_t target;              /* its offset in struct ks_settings */
	const char *const *choices; /* ends with NULL */
};

/* Options that the help shows together. */
struct ks_option_group {
	const char *title;
	const struct ks_option *list;
	size_t count;
};

/*
 * Read the ${argc} words ${argv} (the first is passed over) into
 * ${settings}: the options that ${groups}, which ends with NULL, knows, and
 * the operands. Options may follow operands; "--" ends them. KS_E_USAGE names
 * what is wrong and what may have been meant; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_options_parse(struct ks_settings *settings,
	const struct ks_option_group *const *groups, int argc, char **argv,
	struct ks_err *err);

#endif
