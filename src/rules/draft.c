/* SPDX-License-Identifier: Apache-2.0 */
/* Rules in the making: read from files, then checked and given anchors. */
#include "rules/draft.h"

#include <stdlib.h>

#include <hs/hs_compile.h>

#include "base/array.h"
#include "rules/anchor.h"
#include "rules/follow.h"
#include "rules/literal.h"
#include "rules/pcre.h"
#include "rules/syntax.h"
#include "rules/token.h"
#include "rules/token_reach.h"

struct ks_draft *ks_drafts_add(struct ks_drafts *drafts)
{
	struct ks_draft *draft;

	if (ks_array_reserve(&drafts->list, &drafts->cap, drafts->count + 1,
		    sizeof(*drafts->list)) < 0)
		return NULL;
	draft = &drafts->list[drafts->count++];
	*draft = (struct ks_draft){ 0 };
	return draft;
}

void ks_drafts_release(struct ks_drafts *drafts)
{
	free(drafts->list);
	ks_arena_release(&drafts->arena);
	*drafts = (struct ks_drafts){ 0 };
}

/* Put "file:line: rule 'id': " before the message of ${err}. */
static int blame(struct ks_err *err, const struct ks_draft *draft,
	struct ks_draft_place place)
{
	return ks_err_wrap(err, "%s:%u: rule '%s'", place.file, place.line,
		draft->rule.id);
}

static int check_secret(const struct ks_syntax *syntax, struct ks_err *err)
{
	if (syntax->secret == 0)
		return ks_fail(
			err, KS_E_RULE, "pattern: has no group (?<secret>...)");
	if (!ks_node_always_sets(syntax->root, syntax->secret))
		return ks_fail(err, KS_E_RULE,
			"pattern: can match without the group 'secret'");
	if (syntax->secret_min == 0)
		return ks_fail(err, KS_E_RULE,
			"pattern: the group 'secret' can be empty");
	return KS_OK;
}

/*
 * Hyperscan's own idea of the width widens ours if they differ: a window
 * that is too wide costs time, one that is too narrow costs findings.
 */
static int measure(struct ks_draft *draft, const struct ks_node *anchor,
	struct ks_err *err)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *why = NULL;
	struct ks_rule *rule = &draft->rule;

	if (hs_expression_info(draft->anchor, 0, &info, &why) != HS_SUCCESS) {
		ks_fail(err, KS_E_RULE, "pattern: Hyperscan: %s",
			why ? why->message : "out of memory");
		hs_free_compile_error(why);
		return KS_E_RULE;
	}
	rule->anchor_min = anchor->min_width;
	rule->anchor_max = anchor->max_width;
	if (info->min_width < rule->anchor_min)
		rule->anchor_min = info->min_width;
	if (info->max_width != UINT32_MAX && info->max_width > rule->anchor_max)
		rule->anchor_max = info->max_width;
	rule->anchor_width = rule->anchor_max;
	free(info);
	return KS_OK;
}

/*
 * Leave to Hyperscan what ${anchor} begins with, if that is all it need do.
 * Near token runs so little is searched that it may do it all.
 */
static int give_follow(struct ks_drafts *drafts, struct ks_draft *draft,
	struct ks_arena *scratch, struct ks_node **anchor,
	struct ks_node **rest)
{
	struct ks_follow *follow;
	struct ks_node *head;

	draft->rule.follow = NULL;
	if (ks_anchor_split(&head, rest, scratch, *anchor) < 0)
		return KS_E_NOMEM;
	if (draft->rule.token_reach || !(*rest)->first)
		return KS_OK;
	follow = ks_arena_alloc(&drafts->arena, sizeof(*follow));
	if (!follow)
		return KS_E_NOMEM;
	if (!ks_follow_make(follow, *rest))
		return KS_OK;
	draft->rule.follow = follow;
	*anchor = head;
	return KS_OK;
}

/* Near token runs so little is searched that Hyperscan may do it all. */
static int give_literals(struct ks_drafts *drafts, struct ks_draft *draft,
	struct ks_arena *scratch, const struct ks_node *anchor)
{
	struct ks_literals literals;
	struct ks_rule *rule = &draft->rule;

	rule->literals = NULL;
	rule->literal_count = 0;
	if (rule->token_reach)
		return KS_OK;
	if (ks_literals_derive(&literals, &drafts->arena, scratch, anchor) < 0)
		return KS_E_NOMEM;
	rule->literals = literals.list;
	rule->literal_count = literals.count;
	rule->anchor_min = anchor->min_width;
	rule->anchor_max = anchor->min_width;
	rule->anchor_width = anchor->max_width;
	return KS_OK;
}

static int give_anchor(struct ks_drafts *drafts, struct ks_draft *draft,
	struct ks_arena *scratch, const struct ks_node *root,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_node *anchor;
	struct ks_node *rest;
	int rc = ks_anchor_derive(&anchor, scratch, root, err);

	if (rc < 0)
		return rc == KS_E_RULE ? ks_err_wrap(err, "pattern") : rc;
	rc = give_literals(drafts, draft, scratch, anchor);
	if (rc == KS_OK && !draft->rule.literal_count)
		rc = give_follow(drafts, draft, scratch, &anchor, &rest);
	if (rc == KS_OK)
		rc = ks_node_print(&text, anchor);
	if (rc == KS_OK)
		draft->anchor =
			ks_arena_copy(&drafts->arena, ks_buf_span(&text));
	ks_buf_release(&text);
	if (rc < 0 || !draft->anchor)
		return ks_fail_nomem(err);
	if (draft->rule.literal_count)
		return KS_OK;
	rc = measure(draft, anchor, err);
	if (draft->rule.follow)
		draft->rule.anchor_width += rest->max_width;
	return rc;
}

/* A rule has a pattern, or what one is made from. */
static int give_pattern(
	struct ks_drafts *drafts, struct ks_draft *draft, struct ks_err *err)
{
	struct ks_rule *rule = &draft->rule;
	float entropy;
	int rc;

	rule->assigned = "";
	if (draft->token)
		return ks_token_expand(
			&rule->pattern, &drafts->arena, draft->token, err);
	if (!draft->assigned)
		return KS_OK;
	rc = ks_assigned_expand(
		&rule->pattern, &entropy, &drafts->arena, draft->assigned, err);
	if (rc < 0)
		return rc;
	if (!draft->has_entropy)
		rule->entropy = entropy;
	rule->assigned = ks_assigned_summary(&drafts->arena, draft->assigned);
	return rule->assigned ? KS_OK : ks_fail_nomem(err);
}

/* ${scratch} holds the tree; the caller releases it. */
static int check_pattern(struct ks_drafts *drafts, struct ks_draft *draft,
	struct ks_arena *scratch, struct ks_err *err)
{
	struct ks_rule *rule = &draft->rule;
	struct ks_syntax syntax;
	int rc = ks_pcre_check(rule->pattern, "pattern", err);

	if (rc < 0)
		return rc;
	rc = ks_syntax_parse(&syntax, scratch, rule->pattern, err);
	if (rc < 0)
		return rc == KS_E_RULE ? ks_err_wrap(err, "pattern") : rc;
	rc = check_secret(&syntax, err);
	if (rc < 0)
		return rc;
	rule->lookbehind = ks_node_lookbehind(syntax.root);
	rule->extent = ks_node_extent(syntax.root);
	draft->anchor = "";
	if (draft->near_id)
		return KS_OK;
	/* A rule of one's own means just what it says. */
	if (!rule->is_user || draft->is_generated)
		rule->token_reach = ks_token_reach(syntax.root);
	if (draft->is_generated && rule->token_reach == 0)
		return ks_fail(err, KS_E_RULE,
			"generated: no part of the pattern is %d letters, "
			"digits, '-' and '_' in a row with a digit, as good as "
			"surely, %d bytes from its start at most",
			(int)KS_TOKEN_RUN_MIN, (int)KS_TOKEN_REACH_MAX);
	return give_anchor(drafts, draft, scratch, syntax.root, err);
}

static int check_draft(
	struct ks_drafts *drafts, struct ks_draft *draft, struct ks_err *err)
{
	struct ks_arena scratch = { 0 };
	struct ks_rule *rule = &draft->rule;
	int rc = give_pattern(drafts, draft, err);

	if (rc == KS_OK)
		rc = check_pattern(drafts, draft, &scratch, err);
	ks_arena_release(&scratch);
	if (rc == KS_E_RULE)
		return blame(err, draft, draft->pattern_place);
	for (uint32_t i = 0; rc == KS_OK && i < rule->allow_count; i++)
		rc = ks_pcre_check(rule->allow[i], "allow", err);
	if (rc == KS_E_RULE)
		return blame(err, draft, draft->place);
	draft->is_checked = true;
	return rc;
}

static int by_id(const void *a, const void *b)
{
	const struct ks_draft *const *left = a;
	const struct ks_draft *const *right = b;
	int order = strcmp((*left)->rule.id, (*right)->rule.id);

	return order ? order : (*left > *right) - (*left < *right);
}

/* The index of the rule ${id} in ${drafts}, by way of the sorted ${index}. */
static uint32_t find(const struct ks_drafts *drafts,
	struct ks_draft *const *index, const char *id)
{
	struct ks_draft key = { .rule = { .id = id } };
	size_t low = 0;
	size_t high = drafts->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(key.rule.id, index[middle]->rule.id);

		if (order == 0)
			return (uint32_t)(index[middle] - drafts->list);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return KS_RULE_NONE;
}

static int check_ids(const struct ks_drafts *drafts,
	struct ks_draft *const *index, struct ks_err *err)
{
	for (size_t i = 1; i < drafts->count; i++) {
		const struct ks_draft *first = index[i - 1];
		const struct ks_draft *again = index[i];

		if (strcmp(first->rule.id, again->rule.id) != 0)
			continue;
		if (first->place.line == 0)
			return ks_fail(err, KS_E_RULE,
				"%s:%u: rule '%s': there is a built-in rule "
				"'%s', choose another id",
				again->place.file, again->place.line,
				again->rule.id, first->rule.id);
		return ks_fail(err, KS_E_RULE,
			"%s:%u: rule '%s': the id is taken by %s:%u",
			again->place.file, again->place.line, again->rule.id,
			first->place.file, first->place.line);
	}
	return KS_OK;
}

static int resolve(const struct ks_drafts *drafts,
	struct ks_draft *const *index, const struct ks_draft *draft,
	const char *field, const char *id, struct ks_rule_link *out,
	struct ks_err *err)
{
	out->rule = KS_RULE_NONE;
	if (!id)
		return KS_OK;
	out->rule = find(drafts, index, id);
	if (out->rule == KS_RULE_NONE)
		ks_fail(err, KS_E_RULE, "%s: there is no rule '%s'", field, id);
	else if (&drafts->list[out->rule] == draft)
		ks_fail(err, KS_E_RULE, "%s: names the rule itself", field);
	else
		return KS_OK;
	return blame(err, draft, draft->place);
}

static int resolve_links(struct ks_drafts *drafts,
	struct ks_draft *const *index, struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < drafts->count; i++) {
		struct ks_draft *draft = &drafts->list[i];

		rc = resolve(drafts, index, draft, "near", draft->near_id,
			&draft->rule.near, err);
		if (rc == KS_OK)
			rc = resolve(drafts, index, draft, "pairs_with",
				draft->pairs_id, &draft->rule.pairs_with, err);
		/* One step only: it must be found before this is tried. */
		if (rc == KS_OK && draft->near_id &&
			drafts->list[draft->rule.near.rule].near_id) {
			ks_fail(err, KS_E_RULE,
				"near: rule '%s' has a 'near' itself",
				draft->near_id);
			rc = blame(err, draft, draft->place);
		}
	}
	return rc;
}

int ks_drafts_check(struct ks_drafts *drafts, struct ks_err *err)
{
	struct ks_draft **index = calloc(drafts->count + 1, sizeof(*index));
	int rc;

	if (!index)
		return ks_fail_nomem(err);
	for (size_t i = 0; i < drafts->count; i++)
		index[i] = &drafts->list[i];
	qsort(index, drafts->count, sizeof(*index), by_id);
	rc = check_ids(drafts, index, err);
	if (rc == KS_OK)
		rc = resolve_links(drafts, index, err);
	free(index);
	for (size_t i = 0; rc == KS_OK && i < drafts->count; i++) {
		if (!drafts->list[i].is_checked)
			rc = check_draft(drafts, &drafts->list[i], err);
	}
	return rc;
}
