/* SPDX-License-Identifier: Apache-2.0 */
/* How comments are written, by the name of a file. */
#ifndef KS_REPORT_COMMENT_H
#define KS_REPORT_COMMENT_H

struct ks_comment {
	const char *open;  /* "# " */
	const char *close; /* " -->", or "" where the line ends it */
};

/*
 * How to put a comment behind a line of the file ${path}; NULL where its
 * format has none (JSON). What is not known is taken for one with "#". Static.
 */
const struct ks_comment *ks_comment_of(const char *path);

#endif
