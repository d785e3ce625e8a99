/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration files: .keysieve.yaml. docs/control.md has the format. */
#ifndef KS_CONTROL_CONFIG_H
#define KS_CONTROL_CONFIG_H

#include "control/allow.h"

#include <keysieve/rules.h>

/* What all configurations say together. Zero-initialise. */
struct ks_config {
	struct ks_allow_list allows;
	struct ks_rules_confidence *confidences;
	size_t confidence_count;
	size_t confidence_cap;
	struct ks_rules_text *texts; /* those with rules in them */
	size_t text_count;
	size_t text_cap;
};

/*
 * Add what the YAML ${text} says; ${file} is its name for messages. Strings
 * come from ${arena}. Rules in it are only passed on. KS_E_RULE names file,
 * line and what is wrong; KS_E_NOMEM. ${config} is to be released then too.
 */
KS_MUST_CHECK int ks_config_read(struct ks_config *config,
	struct ks_arena *arena, struct ks_span text, const char *file,
	struct ks_err *err);

void ks_config_release(struct ks_config *config);

#endif
