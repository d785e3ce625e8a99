/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a repository of the queue: fetched, scanned, noted. */
#ifndef KS_ORG_WORK_H
#define KS_ORG_WORK_H

#include "mirror/mirror.h"
#include "org/org.h"
#include "org/visit.h"
#include "store/queue.h"

#include <time.h>

/* Who works; ks_work_end() frees. */
struct ks_work {
	struct ks_org *org; /* its organisation and scan are each job's */
	const struct ks_org_wish *wish;
	char rules[KS_STATE_DIGEST]; /* of all that decides what is found */
	char rest[KS_STATE_DIGEST];  /* of that but the rules */
	char host[65];               /* this machine */
	struct ks_mirrors *mirrors;  /* NULL: none was needed yet */
	struct ks_visit visit;
	struct ks_arena arena; /* of one job */
	int64_t leased;        /* the repository */
	time_t told;           /* when we last said that we live */
};

/*
 * Begin to work as ${wish} says, which outlives ${work}. KS_E_IO, KS_E_USAGE:
 * a file that it names cannot be read.
 */
KS_MUST_CHECK int ks_work_begin(struct ks_work *work, struct ks_org *org,
	const struct ks_org_wish *wish, struct ks_err *err);

void ks_work_end(struct ks_work *work);

/*
 * Take what is to be done next, of ${organisation} or of all: 0, and do it.
 * What fails is noted in the store. ${place}, the job's, is valid until the
 * next call, and NULL if there was nothing to do. KS_E_INTERRUPTED,
 * KS_E_NOMEM, and errors of the store.
 */
KS_MUST_CHECK int ks_work_next(struct ks_work *work, int64_t organisation,
	const char **place, enum ks_queue_outcome *outcome, struct ks_err *err);

#endif
