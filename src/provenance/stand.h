/* SPDX-License-Identifier: Apache-2.0 */
/* Where wanted objects still stand: in HEAD, at the tips of branches. */
#ifndef KS_PROVENANCE_STAND_H
#define KS_PROVENANCE_STAND_H

#include "provenance/search.h"

/* Survey the trees of HEAD and the branches. KS_E_NOMEM, KS_E_INTERRUPTED. */
KS_MUST_CHECK int ks_stand_survey(struct ks_search *search, struct ks_err *err);

/*
 * Fill head_path and branches of the origins, whose paths are known.
 * KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_stand_fill(struct ks_search *search, struct ks_err *err);

#endif
