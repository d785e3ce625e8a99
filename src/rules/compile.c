/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts -> image: what the build and the first use of own rules do. */
#include "rules/compile.h"

#include "rules/database.h"
#include "rules/image.h"

int ks_compile(struct ks_buf *out, struct ks_drafts *drafts, struct ks_err *err)
{
	struct ks_buf database = { 0 };
	struct ks_buf token_database = { 0 };
	int rc = ks_drafts_check(drafts, err);

	if (rc == KS_OK)
		rc = ks_database_compile(&database, drafts, false, err);
	if (rc == KS_OK)
		rc = ks_database_compile(&token_database, drafts, true, err);
	if (rc == KS_OK)
		rc = ks_image_write(out, drafts, ks_buf_span(&database),
			ks_buf_span(&token_database), err);
	ks_buf_release(&database);
	ks_buf_release(&token_database);
	return rc;
}
