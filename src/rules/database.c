/* SPDX-License-Identifier: Apache-2.0 */
/* The Hyperscan databases of all anchors. */
#include "rules/database.h"

#include <stdlib.h>

#include <hs/hs_compile.h>

/* What hs_compile_multi() takes: three arrays side by side. */
struct expressions {
	const char **text;
	unsigned *ids;
	unsigned *flags;
	unsigned count;
};

static int expressions_init(struct expressions *out,
	const struct ks_drafts *drafts, bool has_token_reach)
{
	size_t n = drafts->count + 1;

	out->text = calloc(n, sizeof(*out->text));
	out->ids = calloc(n, sizeof(*out->ids));
	out->flags = calloc(n, sizeof(*out->flags));
	if (!out->text || !out->ids || !out->flags)
		return KS_E_NOMEM;
	for (size_t i = 0; i < drafts->count; i++) {
		const struct ks_draft *draft = &drafts->list[i];

		if (draft->anchor[0] == '\0' || draft->rule.literal_count ||
			(draft->rule.token_reach > 0) != has_token_reach)
			continue;
		out->text[out->count] = draft->anchor;
		out->ids[out->count++] = (unsigned)i;
	}
	return KS_OK;
}

static void expressions_release(struct expressions *expressions)
{
	free(expressions->text);
	free(expressions->ids);
	free(expressions->flags);
}

static int explain(const hs_compile_error_t *why,
	const struct expressions *expressions, const struct ks_drafts *drafts,
	struct ks_err *err)
{
	const struct ks_draft *draft;

	if (!why)
		return ks_fail_nomem(err);
	if (why->expression < 0 ||
		(unsigned)why->expression >= expressions->count)
		return ks_fail(err, KS_E_RULE, "Hyperscan: %s", why->message);
	draft = &drafts->list[expressions->ids[why->expression]];
	return ks_fail(err, KS_E_RULE, "%s:%u: rule '%s': Hyperscan: %s",
		draft->place.file, draft->place.line, draft->rule.id,
		why->message);
}

static int serialise(
	struct ks_buf *out, const hs_database_t *database, struct ks_err *err)
{
	char *bytes = NULL;
	size_t n = 0;
	int rc = KS_E_NOMEM;

	if (hs_serialize_database(database, &bytes, &n) == HS_SUCCESS)
		rc = ks_buf_add(out, bytes, n);
	free(bytes);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

int ks_database_compile(struct ks_buf *out, const struct ks_drafts *drafts,
	bool has_token_reach, struct ks_err *err)
{
	const hs_platform_info_t any = { .tune = HS_TUNE_FAMILY_GENERIC };
	struct expressions expressions = { 0 };
	hs_database_t *database = NULL;
	hs_compile_error_t *why = NULL;
	int rc;

	if (hs_valid_platform() != HS_SUCCESS)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"this processor lacks SSSE3, which Hyperscan needs");
	if (expressions_init(&expressions, drafts, has_token_reach) < 0) {
		rc = ks_fail_nomem(err);
	} else if (expressions.count == 0) {
		rc = KS_OK;
	} else if (hs_compile_multi(expressions.text, expressions.flags,
			   expressions.ids, expressions.count, HS_MODE_BLOCK,
			   &any, &database, &why) != HS_SUCCESS) {
		rc = explain(why, &expressions, drafts, err);
		hs_free_compile_error(why);
	} else {
		rc = serialise(out, database, err);
		hs_free_database(database);
	}
	expressions_release(&expressions);
	return rc;
}
