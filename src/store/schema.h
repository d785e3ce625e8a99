/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a store, and their versions. */
#ifndef KS_STORE_SCHEMA_H
#define KS_STORE_SCHEMA_H

#include "store/db.h"

/*
 * Make the tables of ${db}, or bring those of an older version up to date, in
 * one transaction. KS_E_CORRUPT: it is a database of something else;
 * KS_E_UNSUPPORTED: it was made by a newer keysieve; KS_E_IO, KS_E_LIMIT.
 */
KS_MUST_CHECK int ks_schema_prepare(struct ks_db *db, struct ks_err *err);

/*
 * Is it still of our version? Another process may have brought it up to date
 * meanwhile. KS_E_UNSUPPORTED: a newer one did; as ks_schema_prepare().
 */
KS_MUST_CHECK int ks_schema_check(struct ks_db *db, struct ks_err *err);

#endif
