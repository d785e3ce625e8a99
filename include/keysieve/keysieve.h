/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All of libkeysieve, and what holds for each of its functions.
 *
 * Threads. There is no global state. An object that is const in a function's
 * parameters (struct ks_rules, struct ks_control, struct ks_result) does not
 * change while it is used and may be shared by threads; any other belongs to
 * one thread at a time. Several scans may run at once. Callbacks are called
 * from the thread that called the function.
 *
 * Memory. What a function gives out through its first parameter is the
 * caller's and is freed by the function named there, which takes NULL too; a
 * pointer that is returned is borrowed. ${err} is never NULL.
 *
 * Errors. A function that can fail returns 0 or a negative enum ks_status, of
 * which its comment names those to be expected, and then says in ${err} what
 * failed; what it was to give out is not set. Nothing is printed, and the
 * process is not ended.
 *
 * ABI. The SONAME is libkeysieve.so.0; symbols have the version KEYSIEVE_0 and
 * are those of src/libkeysieve.map; src/libkeysieve.abi describes their types.
 * Within it functions are added, and enumerators behind the others; nothing is
 * removed, and structs keep size and layout, those in arrays above all: if one
 * has to change, the SONAME does. Structs that callers make are
 * zero-initialised ({0}, or the macro named *_INIT).
 */
#ifndef KEYSIEVE_KEYSIEVE_H
#define KEYSIEVE_KEYSIEVE_H

#include <keysieve/baseline.h>
#include <keysieve/check.h>
#include <keysieve/control.h>
#include <keysieve/error.h>
#include <keysieve/explain.h>
#include <keysieve/finding.h>
#include <keysieve/hook.h>
#include <keysieve/import.h>
#include <keysieve/org.h>
#include <keysieve/report.h>
#include <keysieve/rules.h>
#include <keysieve/scan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that is loaded, "0.1.0". Static. */
const char *ks_version(void);

#ifdef __cplusplus
}
#endif
#endif
