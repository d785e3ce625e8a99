/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand: configuration, markers beside secrets, baselines. */
#ifndef KEYSIEVE_CONTROL_H
#define KEYSIEVE_CONTROL_H

#include <keysieve/error.h>
#include <keysieve/rules.h>

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * May what is in a repository, or in the folder scanned, say what is not to
 * be reported? That is its file .keysieve.yaml, and markers beside secrets.
 */
enum ks_trust {
	/*
	 * If it is one's own clone: it has a work tree, and that and its git
	 * folder belong to the user who runs this. Of files: those that
	 * belong to that user.
	 */
	KS_TRUST_OWN,
	KS_TRUST_ALWAYS,
	KS_TRUST_NEVER
};

/* Where to look for what may stand. Zero-initialise ({0}). */
struct ks_control_options {
	enum ks_trust trust;
	const char *config;   /* a file of the operator's; NULL: none */
	const char *baseline; /* likewise */
	/* What will be scanned: a repository, or else files and folders. */
	const char *repository;   /* NULL: paths */
	const char *const *paths; /* "-" is standard input */
	size_t path_count;
};

/* Immutable; may be shared by threads. */
struct ks_control;

/*
 * Find out what is allowed, as ${options} say. ${out} is the caller's, to be
 * freed after all results of scans made with it. KS_E_RULE and KS_E_CORRUPT
 * name file, line and what is wrong; KS_E_REPO, KS_E_IO, KS_E_LIMIT,
 * KS_E_NOMEM.
 */
int ks_control_load(struct ks_control **out,
	const struct ks_control_options *options, struct ks_err *err);

/*
 * Add the rules and confidences of configurations to ${options}, which
 * borrows them.
 */
void ks_control_add_rules(
	const struct ks_control *control, struct ks_rules_options *options);

/* NULL is fine. */
void ks_control_free(struct ks_control *control);

#ifdef __cplusplus
}
#endif
#endif
