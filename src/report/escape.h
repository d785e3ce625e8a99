/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others in markup that a machine reads: CSV, XML, Markdown, … */
#ifndef KS_REPORT_ESCAPE_H
#define KS_REPORT_ESCAPE_H

#include "base/buf.h"

#include <stdio.h>

/* What text is to be put into. */
enum ks_escape_form {
	KS_ESCAPE_CSV,             /* RFC 4180: a field, quotes included */
	KS_ESCAPE_XML,             /* XML 1.0: content, or a quoted value */
	KS_ESCAPE_GITHUB,          /* workflow commands: the message */
	KS_ESCAPE_GITHUB_PROPERTY, /* the same: the value of a property */
	KS_ESCAPE_MARKDOWN         /* GitHub's Markdown, inside of <code> */
};

/*
 * Zero-initialise scratch; ks_escape_release() frees. A failed allocation is
 * remembered in has_failed; failed writes are the file's to remember.
 */
struct ks_escape {
	FILE *file;
	bool has_failed;
	struct ks_buf scratch;
};

/*
 * Write ${text} to the file so that it is text in ${form} and nothing else.
 * Control characters, invisible ones and bytes that are not UTF-8 are written
 * visibly first (sanitize.h), so there is one line and no NUL.
 *
 * CSV: a field that a spreadsheet would take for a formula gets "'" in front.
 * Markdown: each character that could mean something is a numeric reference,
 * so that it makes no structure, no link and calls nobody.
 */
void ks_escape_span(struct ks_escape *escape, enum ks_escape_form form,
	struct ks_span text);
void ks_escape_str(
	struct ks_escape *escape, enum ks_escape_form form, const char *text);

void ks_escape_release(struct ks_escape *escape);

#endif
