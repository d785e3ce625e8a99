/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the HTML report, embedded by embed.sh; each ends with a NUL. */
#ifndef KS_REPORT_HTML_PAGE_H
#define KS_REPORT_HTML_PAGE_H

/* report.html, where {{policy}}, {{style}}, {{report}}, {{script}} go. */
extern const char ks_page_template[] __attribute__((visibility("hidden")));

/* report.css */
extern const char ks_page_style[] __attribute__((visibility("hidden")));

/* All of *.js, in the order in which they need each other. */
extern const char ks_page_script[] __attribute__((visibility("hidden")));

#endif
