/* SPDX-License-Identifier: Apache-2.0 */
/* TOML as JSON, by way of toml++. */
#ifndef KS_IMPORT_TOML_H
#define KS_IMPORT_TOML_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ks_toml_status {
	KS_TOML_OK,
	KS_TOML_WRONG, /* not TOML */
	KS_TOML_NOMEM
};

/*
 * The TOML document of ${n} bytes at ${text} as JSON; ${out} is the caller's,
 * to be freed with free(). Where it is not TOML, ${line} (from 1) and
 * ${reason}, cut to ${reason_size} bytes, tell what is wrong.
 */
enum ks_toml_status ks_toml_to_json(char **out, const char *text, size_t n,
	unsigned *line, char *reason, size_t reason_size);

#ifdef __cplusplus
}
#endif
#endif
