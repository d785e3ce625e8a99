/* SPDX-License-Identifier: Apache-2.0 */
/* The commands: one table, from which dispatch and help come. */
#ifndef KS_CLI_COMMAND_H
#define KS_CLI_COMMAND_H

#include "base/err.h"
#include "cli/settings.h"

struct ks_command {
	const char *name;     /* "rules" */
	const char *verb;     /* "list"; NULL if the name is all */
	const char *operands; /* as the help calls them; "" for none */
	const char *summary;  /* lower case, no full stop */
	const char *about;    /* paragraphs of the help */
	/* Returns the exit status, enum ks_exit. */
	int (*run)(const struct ks_settings *settings);
	const struct ks_option_group *const *groups; /* ends with NULL */
	size_t operand_min;
	size_t operand_max;
};

/* Every command, in the order of the help. */
const struct ks_command *ks_command_table(size_t *count);

/*
 * Find the command that the ${count} words ${words} begin with; how many of
 * them name it goes to ${used}. NULL: there is none, and ${err} says what
 * was meant perhaps (KS_E_USAGE).
 */
const struct ks_command *ks_command_find(const char *const *words, size_t count,
	size_t *used, struct ks_err *err);

/* Is ${name} the first word of a command? */
bool ks_command_is_name(const char *name);

int ks_cmd_audit(const struct ks_settings *settings);
int ks_cmd_scan(const struct ks_settings *settings);
int ks_cmd_push(const struct ks_settings *settings);
int ks_cmd_commit(const struct ks_settings *settings);
int ks_cmd_receive(const struct ks_settings *settings);
int ks_cmd_hook_install(const struct ks_settings *settings);
int ks_cmd_hook_uninstall(const struct ks_settings *settings);
int ks_cmd_hook_status(const struct ks_settings *settings);
int ks_cmd_baseline_create(const struct ks_settings *settings);
int ks_cmd_baseline_prune(const struct ks_settings *settings);
int ks_cmd_baseline_merge(const struct ks_settings *settings);
int ks_cmd_baseline_diff(const struct ks_settings *settings);
int ks_cmd_org_add(const struct ks_settings *settings);
int ks_cmd_org_scan(const struct ks_settings *settings);
int ks_cmd_org_status(const struct ks_settings *settings);
int ks_cmd_org_findings(const struct ks_settings *settings);
int ks_cmd_org_dismiss(const struct ks_settings *settings);
int ks_cmd_worker(const struct ks_settings *settings);
int ks_cmd_org_remove(const struct ks_settings *settings);
int ks_cmd_org_sources(const struct ks_settings *settings);
int ks_cmd_org_history(const struct ks_settings *settings);
int ks_cmd_org_keygen(const struct ks_settings *settings);
int ks_cmd_org_reopen(const struct ks_settings *settings);
int ks_cmd_report(const struct ks_settings *settings);
int ks_cmd_rules_list(const struct ks_settings *settings);
int ks_cmd_rules_show(const struct ks_settings *settings);
int ks_cmd_rules_import(const struct ks_settings *settings);
int ks_cmd_rules_test(const struct ks_settings *settings);
int ks_cmd_explain(const struct ks_settings *settings);
int ks_cmd_completion(const struct ks_settings *settings);
int ks_cmd_manual(const struct ks_settings *settings);
int ks_cmd_version(const struct ks_settings *settings);
int ks_cmd_help(const struct ks_settings *settings);

#endif
