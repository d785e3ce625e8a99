/* SPDX-License-Identifier: Apache-2.0 */
/* The commands: one table, from which dispatch and help come. */
#include "cli/command.h"

#include "cli/suggest.h"

#include <stdio.h>

static const struct ks_option_group *const audit_groups[] = {
	&ks_settings_rules, &ks_settings_control, &ks_settings_scan,
	&ks_settings_archives, &ks_settings_audit, &ks_settings_report,
	&ks_settings_other, NULL
};

static const struct ks_option_group *const scan_groups[] = { &ks_settings_rules,
	&ks_settings_control, &ks_settings_scan, &ks_settings_archives,
	&ks_settings_report, &ks_settings_agent, &ks_settings_other, NULL };

static const struct ks_option_group *const hook_groups[] = { &ks_settings_hook,
	&ks_settings_archives, &ks_settings_other, NULL };

static const struct ks_option_group *const install_groups[] = {
	&ks_settings_where, &ks_settings_hook, &ks_settings_archives,
	&ks_settings_other, NULL
};

static const struct ks_option_group *const where_groups[] = {
	&ks_settings_where, &ks_settings_other, NULL
};

static const struct ks_option_group *const rules_groups[] = {
	&ks_settings_rule_files, &ks_settings_other, NULL
};

static const struct ks_option_group *const rules_test_groups[] = {
	&ks_settings_try, &ks_settings_other, NULL
};

static const struct ks_option_group *const create_groups[] = {
	&ks_settings_entries, &ks_settings_from, &ks_settings_rules,
	&ks_settings_control, &ks_settings_scan, &ks_settings_archives,
	&ks_settings_file, &ks_settings_other, NULL
};

static const struct ks_option_group *const prune_groups[] = { &ks_settings_from,
	&ks_settings_rules, &ks_settings_control, &ks_settings_scan,
	&ks_settings_archives, &ks_settings_file, &ks_settings_other, NULL };

static const struct ks_option_group *const merge_groups[] = { &ks_settings_file,
	&ks_settings_other, NULL };

static const struct ks_option_group *const explain_groups[] = {
	&ks_settings_rules, &ks_settings_control, &ks_settings_scan,
	&ks_settings_other, NULL
};

static const struct ks_option_group *const report_groups[] = {
	&ks_settings_rule_files, &ks_settings_told, &ks_settings_other, NULL
};

static const struct ks_option_group *const org_scan_groups[] = {
	&ks_settings_store, &ks_settings_rules, &ks_settings_control,
	&ks_settings_scan, &ks_settings_archives, &ks_settings_mirrors,
	&ks_settings_org_scan, &ks_settings_other, NULL
};

static const struct ks_option_group *const worker_groups[] = {
	&ks_settings_store, &ks_settings_worker, &ks_settings_rules,
	&ks_settings_control, &ks_settings_scan, &ks_settings_archives,
	&ks_settings_mirrors, &ks_settings_other, NULL
};

static const struct ks_option_group *const org_add_groups[] = {
	&ks_settings_store, &ks_settings_source, &ks_settings_other, NULL
};

static const struct ks_option_group *const store_groups[] = {
	&ks_settings_store, &ks_settings_other, NULL
};

static const struct ks_option_group *const org_list_groups[] = {
	&ks_settings_store, &ks_settings_org_list, &ks_settings_other, NULL
};

static const struct ks_option_group *const org_history_groups[] = {
	&ks_settings_store, &ks_settings_org_history, &ks_settings_other, NULL
};

static const struct ks_option_group *const dismiss_groups[] = {
	&ks_settings_store, &ks_settings_entries, &ks_settings_other, NULL
};

static const struct ks_option_group *const no_groups[] = { &ks_settings_other,
	NULL };

static const struct ks_command table[] = {
	{
		.name = "audit",
		.operands = "[REPO]",
		.summary = "scan all that a git repository ever held",
		.about = "Scans every object of the repository REPO ('.' if "
			 "not given), bare or not: the blobs, messages and "
			 "names of all branches, tags, stashes, notes and "
			 "reflogs, and of what nothing refers to any more. "
			 "Nothing in the repository is executed and nothing "
			 "is changed.",
		.run = ks_cmd_audit,
		.groups = audit_groups,
		.operand_max = 1,
	},
	{
		.name = "scan",
		.operands = "PATH...",
		.summary = "scan files, folders or standard input (-)",
		.about = "Scans the files PATH and all files in the folders "
			 "PATH, hidden ones too; - is standard input. "
			 "Symlinks are not followed, and folders named .git "
			 "are left to 'keysieve audit'.",
		.run = ks_cmd_scan,
		.groups = scan_groups,
		.operand_min = 1,
		.operand_max = SIZE_MAX,
	},
	{
		.name = "push",
		.operands = "[REMOTE [URL]]",
		.summary = "let a push pass that brings no secrets (pre-push)",
		.about = "For git's hook pre-push: reads from standard input "
			 "what is pushed and scans all that REMOTE has not "
			 "yet: files, names, messages of commits and tags, "
			 "also what was added and removed again. Exit status "
			 "0 lets the push pass, any other stops it.",
		.run = ks_cmd_push,
		.groups = hook_groups,
		.operand_max = 2,
	},
	{
		.name = "commit",
		.operands = "",
		.summary = "let a commit pass that has no secrets (pre-commit)",
		.about = "For git's hook pre-commit: scans the files that are "
			 "staged, as they are staged. Exit status 0 lets the "
			 "commit pass, any other stops it.",
		.run = ks_cmd_commit,
		.groups = hook_groups,
	},
	{
		.name = "receive",
		.operands = "",
		.summary = "refuse pushes with secrets (pre-receive)",
		.about = "For git's hook pre-receive, on a server: reads from "
			 "standard input what is pushed and scans all that no "
			 "ref leads to yet. Exit status 0 takes the push in, "
			 "any other refuses it.",
		.run = ks_cmd_receive,
		.groups = hook_groups,
	},
	{
		.name = "hook",
		.verb = "install",
		.operands = "[HOOK...]",
		.summary = "let git call keysieve: pre-push, pre-commit, ...",
		.about = "Installs keysieve as HOOK: pre-push, pre-commit or "
			 "pre-receive; if none is named as pre-push and "
			 "pre-commit, or in a bare repository as pre-receive. "
			 "A hook that is there is kept and runs after it. "
			 "Options are those that the hook will have.",
		.run = ks_cmd_hook_install,
		.groups = install_groups,
		.operand_max = 16,
	},
	{
		.name = "hook",
		.verb = "uninstall",
		.operands = "[HOOK...]",
		.summary = "remove the hooks again",
		.about = "Removes keysieve's hooks, or those named, and puts "
			 "back what was there before.",
		.run = ks_cmd_hook_uninstall,
		.groups = where_groups,
		.operand_max = 16,
	},
	{
		.name = "hook",
		.verb = "status",
		.operands = "",
		.summary = "tell which hooks are installed",
		.about = "Tells of each hook whether keysieve is installed "
			 "as it.",
		.run = ks_cmd_hook_status,
		.groups = where_groups,
	},
	{
		.name = "baseline",
		.verb = "create",
		.operands = "[REPO]",
		.summary = "list what is found, so that it is known",
		.about = "Audits REPO ('.' if not given) and writes a line for "
			 "each finding: a baseline, which 'keysieve audit "
			 "--baseline' leaves out. Lines of an older one, "
			 "given with --baseline, stay as they are if they are "
			 "found again.",
		.run = ks_cmd_baseline_create,
		.groups = create_groups,
		.operand_max = 1,
	},
	{
		.name = "baseline",
		.verb = "prune",
		.operands = "BASELINE [REPO]",
		.summary =
			"take out what is not found any more, or has run out",
		.about = "Audits REPO ('.' if not given) and takes the lines "
			 "out of the file BASELINE that are not found, or "
			 "whose day is over.",
		.run = ks_cmd_baseline_prune,
		.groups = prune_groups,
		.operand_min = 1,
		.operand_max = 2,
	},
	{
		.name = "baseline",
		.verb = "merge",
		.operands = "BASELINE...",
		.summary = "join baselines into one",
		.about = "Writes the lines of all the files BASELINE, each "
			 "once; of two that differ, that which runs out "
			 "first.",
		.run = ks_cmd_baseline_merge,
		.groups = merge_groups,
		.operand_min = 1,
		.operand_max = SIZE_MAX,
	},
	{
		.name = "baseline",
		.verb = "diff",
		.operands = "BASELINE [REPO]",
		.summary = "show what is new and what is gone",
		.about = "Audits REPO ('.' if not given) and shows findings "
			 "that the file BASELINE does not have, with +, and "
			 "lines of it that are not found, with -. Exit status "
			 "1 if there is something new.",
		.run = ks_cmd_baseline_diff,
		.groups = prune_groups,
		.operand_min = 1,
		.operand_max = 2,
	},
	{
		.name = "org",
		.verb = "add",
		.operands = "NAME SOURCE...",
		.summary = "name repositories that are to be scanned often",
		.about = "Adds to the organisation NAME of the store: SOURCE "
			 "is a repository, a folder of repositories, a file "
			 "with a path or URL a line, a URL, or an organisation "
			 "of a forge, such as github:NAME.",
		.run = ks_cmd_org_add,
		.groups = org_add_groups,
		.operand_min = 2,
		.operand_max = SIZE_MAX,
	},
	{
		.name = "org",
		.verb = "remove",
		.operands = "NAME SOURCE...",
		.summary = "scan these no more",
		.about = "Removes sources from the organisation NAME. What is "
			 "known of their repositories stays.",
		.run = ks_cmd_org_remove,
		.groups = store_groups,
		.operand_min = 2,
		.operand_max = SIZE_MAX,
	},
	{
		.name = "org",
		.verb = "sources",
		.operands = "NAME",
		.summary = "list where its repositories come from",
		.about = "Lists the sources of the organisation NAME, with "
			 "their options.",
		.run = ks_cmd_org_sources,
		.groups = store_groups,
		.operand_min = 1,
		.operand_max = 1,
	},
	{
		.name = "org",
		.verb = "scan",
		.operands = "NAME",
		.summary = "scan what is new in all of them, tell what is new",
		.about = "Scans what the repositories of NAME have got since "
			 "the last scan, and all of those that it has not "
			 "seen, or under other rules. Tells what was not told "
			 "before: exit status 1 if there is something.",
		.run = ks_cmd_org_scan,
		.groups = org_scan_groups,
		.operand_min = 1,
		.operand_max = 1,
	},
	{
		.name = "org",
		.verb = "status",
		.operands = "NAME",
		.summary = "tell when each repository was scanned",
		.about = "Tells of each repository of NAME when it was "
			 "scanned, how many findings its refs lead to, and "
			 "why it could not be scanned.",
		.run = ks_cmd_org_status,
		.groups = store_groups,
		.operand_min = 1,
		.operand_max = 1,
	},
	{
		.name = "org",
		.verb = "findings",
		.operands = "NAME",
		.summary = "list what was found in them",
		.about = "Lists all findings of NAME: new, open, gone (from "
			 "all refs) or dismissed.",
		.run = ks_cmd_org_findings,
		.groups = org_list_groups,
		.operand_min = 1,
		.operand_max = 1,
	},
	{
		.name = "org",
		.verb = "history",
		.operands = "NAME [FINGERPRINT]",
		.summary = "tell what happened, and when",
		.about = "Tells of the scans of NAME and what became of its "
			 "findings: new, gone from all refs, back, dismissed, "
			 "reopened, and whose dismissal expired. Or only of "
			 "the finding whose fingerprint begins with "
			 "FINGERPRINT, eight digits or more.",
		.run = ks_cmd_org_history,
		.groups = org_history_groups,
		.operand_min = 1,
		.operand_max = 2,
	},
	{
		.name = "org",
		.verb = "dismiss",
		.operands = "NAME FINGERPRINT...",
		.summary = "say that a finding need not be told",
		.about = "Dismisses findings of NAME, by the first digits of "
			 "their fingerprints, eight or more.",
		.run = ks_cmd_org_dismiss,
		.groups = dismiss_groups,
		.operand_min = 2,
		.operand_max = SIZE_MAX,
	},
	{
		.name = "org",
		.verb = "reopen",
		.operands = "NAME FINGERPRINT...",
		.summary = "take that back",
		.about = "Reopens findings of NAME that were dismissed.",
		.run = ks_cmd_org_reopen,
		.groups = store_groups,
		.operand_min = 2,
		.operand_max = SIZE_MAX,
	},
	{
		.name = "org",
		.verb = "keygen",
		.operands = "FILE",
		.summary = "make keys to keep secrets under",
		.about = "Makes a pair of keys: the private one in FILE, for "
			 "'keysieve org findings --secret-key', and the public "
			 "one in FILE.pub, for 'keysieve org scan "
			 "--store-secrets'.",
		.run = ks_cmd_org_keygen,
		.groups = no_groups,
		.operand_min = 1,
		.operand_max = 1,
	},
	{
		.name = "worker",
		.operands = "",
		.summary = "do what 'org scan' elsewhere wants done",
		.about = "Takes repositories that scans of organisations want "
			 "looked at from the store, the largest first, until "
			 "it is told to stop. Any number of workers on any "
			 "machines may have one store; they need the same "
			 "rules and options as the scans.",
		.run = ks_cmd_worker,
		.groups = worker_groups,
	},
	{
		.name = "report",
		.operands = "FILE",
		.summary = "tell what a saved report says in another format",
		.about = "Reads FILE, a report of the format json or jsonl (- "
			 "is standard input), and writes it in the format "
			 "that --format names. Exit status 0 if it is "
			 "written, whatever it says.",
		.run = ks_cmd_report,
		.groups = report_groups,
		.operand_min = 1,
		.operand_max = 1,
	},
	{
		.name = "explain",
		.operands = "FILE:LINE|FINGERPRINT [REPO]",
		.summary = "say why something is reported, or is not",
		.about = "Says what the rules make of the line LINE of FILE: "
			 "each match with its figures, what the filter says of "
			 "it and whether it is reported. Or audits REPO ('.' "
			 "if not given) and says the same of the secret with "
			 "FINGERPRINT, of which 8 digits are enough.",
		.run = ks_cmd_explain,
		.groups = explain_groups,
		.operand_min = 1,
		.operand_max = 2,
	},
	{
		.name = "rules",
		.verb = "list",
		.operands = "",
		.summary = "list what is looked for",
		.about = "Lists the rules, built-in and added ones: id, kind, "
			 "confidence and name.",
		.run = ks_cmd_rules_list,
		.groups = rules_groups,
	},
	{
		.name = "rules",
		.verb = "show",
		.operands = "RULE...",
		.summary = "show all of a rule",
		.about = "Shows the rules with the ids RULE: the pattern, what "
			 "a secret must be like, where its form is documented "
			 "and how to replace it.",
		.run = ks_cmd_rules_show,
		.groups = rules_groups,
		.operand_min = 1,
		.operand_max = SIZE_MAX,
	},
	{
		.name = "rules",
		.verb = "test",
		.operands = "[PATH...]",
		.summary = "check rules against their samples",
		.about = "Checks that the rules in the files or folders PATH, "
			 "or the built-in ones, are right and find what their "
			 "samples say: each text of `match`, and none of "
			 "`no_match`. Exit status 1 if one does not. With "
			 "--text says of each of their matches there what the "
			 "filter makes of it and why, and which do not match.",
		.run = ks_cmd_rules_test,
		.groups = rules_test_groups,
		.operand_max = SIZE_MAX,
	},
	{
		.name = "rules",
		.verb = "import",
		.operands = "FILE",
		.summary = "turn rules and allowlists of other tools into ours",
		.about = "Reads FILE, a configuration of gitleaks or "
			 "betterleaks (.toml), a .gitleaksignore, or rules of "
			 "Nosey Parker or Kingfisher (.yaml, .yml), and writes "
			 "a configuration for --config. What cannot be "
			 "carried over, or not exactly, is named on standard "
			 "error.",
		.run = ks_cmd_rules_import,
		.groups = merge_groups,
		.operand_min = 1,
		.operand_max = 1,
	},
	{
		.name = "completion",
		.operands = "SHELL",
		.summary = "write what a shell needs to complete commands",
		.about = "Writes the completions for SHELL: bash, zsh or fish. "
			 "In bash: source <(keysieve completion bash)",
		.run = ks_cmd_completion,
		.groups = no_groups,
		.operand_min = 1,
		.operand_max = 1,
	},
	{
		.name = "manual",
		.operands = "",
		.summary = "write the manual page",
		.about =
			"Writes the manual page, in mdoc. To read it: keysieve "
			"manual | man -l -",
		.run = ks_cmd_manual,
		.groups = no_groups,
	},
	{
		.name = "version",
		.operands = "",
		.summary = "show the version",
		.about = "Shows the version of keysieve.",
		.run = ks_cmd_version,
		.groups = no_groups,
	},
	{
		.name = "help",
		.operands = "[COMMAND]",
		.summary = "show this, or the help of a command",
		.about = "Shows what COMMAND does and its options.",
		.run = ks_cmd_help,
		.groups = no_groups,
		.operand_max = 2,
	},
};

const struct ks_command *ks_command_table(size_t *count)
{
	*count = sizeof(table) / sizeof(*table);
	return table;
}

bool ks_command_is_name(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (strcmp(table[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The name is right: the verb is missing, or wrong. */
static int fail_verb(const char *name, const char *verb, struct ks_err *err)
{
	struct ks_suggest suggest = { .word = verb ? verb : "" };
	char verbs[256] = "";

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		size_t n = strlen(verbs);

		if (strcmp(table[i].name, name) != 0)
			continue;
		ks_suggest_offer(&suggest, table[i].verb);
		snprintf(verbs + n, sizeof(verbs) - n, "%s'%s %s'",
			n ? ", " : "", name, table[i].verb);
	}
	if (!verb)
		return ks_fail(err, KS_E_USAGE,
			"the command '%s' is not complete: it is one of %s",
			name, verbs);
	if (suggest.best)
		return ks_fail(err, KS_E_USAGE,
			"unknown command '%s %s' (did you mean '%s %s'?)", name,
			verb, name, suggest.best);
	return ks_fail(err, KS_E_USAGE,
		"unknown command '%s %s': it is one of %s", name, verb, verbs);
}

static int fail_name(const char *name, struct ks_err *err)
{
	struct ks_suggest suggest = { .word = name };

	if (name[0] == '-')
		return ks_fail(err, KS_E_USAGE,
			"unknown option '%s': a command comes first, then its "
			"options",
			name);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		ks_suggest_offer(&suggest, table[i].name);
	if (!suggest.best)
		return ks_fail(err, KS_E_USAGE, "unknown command '%s'", name);
	return ks_fail(err, KS_E_USAGE,
		"unknown command '%s' (did you mean '%s'?)", name,
		suggest.best);
}

const struct ks_command *ks_command_find(const char *const *words, size_t count,
	size_t *used, struct ks_err *err)
{
	const char *verb = count > 1 ? words[1] : NULL;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (strcmp(table[i].name, words[0]) != 0)
			continue;
		if (table[i].verb &&
			(!verb || strcmp(table[i].verb, verb) != 0))
			continue;
		*used = table[i].verb ? 2 : 1;
		return &table[i];
	}
	if (ks_command_is_name(words[0]))
		fail_verb(words[0], verb, err);
	else
		fail_name(words[0], err);
	return NULL;
}
