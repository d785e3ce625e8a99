/* SPDX-License-Identifier: Apache-2.0 */
/* One finding out of its hits. */
#include "scan/assembly.h"

#include "filter/filter.h"
#include "filter/redact.h"
#include "match/decoded.h"
#include "scan/told.h"

#include <stdio.h>
#include <stdlib.h>

static const char *hex_of(
	const struct ks_assembly *assembly, const struct ks_oid *oid)
{
	char hex[KS_OID_HEX_MAX];

	ks_oid_hex(oid, assembly->gather->hash_bytes, hex);
	return ks_arena_copy(assembly->arena, ks_span_str(hex));
}

static const char *fingerprint(struct ks_assembly *assembly,
	const struct ks_rule *rule, struct ks_span secret)
{
	char hex[KS_TOLD_FINGERPRINT];

	if (ks_told_fingerprint(hex, rule, secret) < 0)
		return NULL;
	return ks_arena_copy(assembly->arena, ks_span_str(hex));
}

static const char *redacted(struct ks_assembly *assembly,
	const struct ks_rule *rule, struct ks_span secret)
{
	struct ks_buf text = { 0 };
	const char *copy = NULL;

	if (ks_redact(&text, rule, secret) == KS_OK)
		copy = ks_arena_copy(assembly->arena, ks_buf_span(&text));
	ks_buf_release(&text);
	return copy;
}

/*
 * The other half of ${secret} where it is no finding of its own for want of
 * confidence: what is public by itself is shown whole. NULL: there is none,
 * or no memory for it.
 */
static const char *quiet_pair(struct ks_assembly *assembly, uint32_t secret)
{
	const struct ks_gather *gather = assembly->gather;
	uint32_t pair = gather->hits.secrets[secret].pair;
	const struct ks_secret *other;
	const struct ks_rule *rule;
	struct ks_buf text = { 0 };
	const char *copy = NULL;
	int rc;

	if (pair == KS_HITS_NONE)
		return NULL;
	if (ks_gather_wants(gather, pair))
		return NULL;
	other = &gather->hits.secrets[pair];
	rule = &gather->options->rules->list[other->rule];
	rc = ks_buf_printf(&text, "%s ", rule->name);
	if (rc == KS_OK && rule->is_public &&
		other->bytes.n < KS_DETAIL_VALUE_MAX)
		rc = ks_buf_add(&text, other->bytes.p, other->bytes.n);
	else if (rc == KS_OK)
		rc = ks_redact(&text, rule, other->bytes);
	if (rc == KS_OK)
		copy = ks_arena_copy(assembly->arena, ks_buf_span(&text));
	ks_buf_release(&text);
	return copy;
}

static int add_facts(struct ks_assembly *assembly, struct ks_finding *out,
	const struct ks_rule *rule, uint32_t secret)
{
	struct ks_detail details[KS_DETAILS_MAX];
	struct ks_span bytes = assembly->gather->hits.secrets[secret].bytes;
	const char *pair = quiet_pair(assembly, secret);
	size_t count = ks_inspect(details, rule, bytes);
	struct ks_fact *facts =
		ks_arena_array(assembly->arena, count + 1, sizeof(*facts));

	if (!facts)
		return KS_E_NOMEM;
	for (size_t i = 0; i < count; i++) {
		facts[i].name = details[i].name;
		facts[i].value = ks_arena_copy(
			assembly->arena, ks_span_str(details[i].value));
		if (!facts[i].value)
			return KS_E_NOMEM;
	}
	if (pair)
		facts[count++] = (struct ks_fact){ "with", pair };
	out->facts = facts;
	out->fact_count = count;
	return KS_OK;
}

static const char *hide(
	struct ks_assembly *assembly, uint32_t secret, struct ks_span text)
{
	const struct ks_secret *what = &assembly->gather->hits.secrets[secret];

	return ks_hide_text(assembly->hide, assembly->arena, text, what->rule,
		what->bytes, NULL, 0);
}

/* The path of a hit as shown: see struct ks_occurrence. */
static const char *path_of(struct ks_assembly *assembly,
	const struct ks_hit *hit, const struct ks_where *where,
	const struct ks_origin *origin, const char *path)
{
	struct ks_buf text = { 0 };
	const char *shown = NULL;

	if (ks_told_path(&text, assembly->gather, where, origin, path) == KS_OK)
		shown = hide(assembly, hit->secret, ks_buf_span(&text));
	ks_buf_release(&text);
	return shown;
}

static int add_person(struct ks_assembly *assembly, struct ks_occurrence *out,
	const struct ks_oid *oid, const char *field)
{
	const struct ks_person *person =
		ks_people_of(assembly->people, oid, field);

	if (!person)
		return KS_E_NOMEM;
	out->author = person->author;
	out->email = person->email;
	out->message = person->message;
	out->time = person->time;
	out->utc_offset = person->utc_offset;
	return KS_OK;
}

/* Has ${commit} no parents? */
static bool is_root(
	const struct ks_assembly *assembly, const struct ks_oid *commit)
{
	uint32_t at = ks_oidmap_get(&assembly->origins->order.index, commit);

	return at != KS_OIDMAP_NONE &&
	       assembly->gather->commits.list[at].parent_count == 0;
}

/* Whose it is: the commit that brought it in, or the tag that it is in. */
static int add_history(struct ks_assembly *assembly, struct ks_occurrence *out,
	const struct ks_where *where, const struct ks_origin *origin)
{
	const struct ks_oid *commit =
		ks_told_commit(assembly->gather, where, origin);

	if (where->kind == KS_PLACE_OBJECT && where->type == KS_OBJECT_TAG)
		return add_person(assembly, out, &where->oid, "tagger");
	if (!commit)
		return KS_OK;
	out->commit = hex_of(assembly, commit);
	out->is_root = is_root(assembly, commit);
	if (!out->commit)
		return KS_E_NOMEM;
	return add_person(assembly, out, commit, "author");
}

static bool is_reachable(const struct ks_assembly *assembly,
	const struct ks_where *where, const struct ks_origin *origin)
{
	const struct ks_origins *origins = assembly->origins;
	uint32_t commit;

	if (origin)
		return origin->is_reachable;
	if (where->kind != KS_PLACE_OBJECT || where->type != KS_OBJECT_COMMIT)
		return true;
	commit = ks_oidmap_get(&origins->order.index, &where->oid);
	return commit != KS_OIDMAP_NONE &&
	       origins->order.reach[commit] != KS_REACH_NONE;
}

/* The names of ${encodings} (views.h), the outermost first. */
static const char *encoding_of(struct ks_assembly *assembly, uint32_t encodings)
{
	char text[128];
	size_t n = 0;

	text[0] = '\0';
	for (; encodings && n < sizeof(text); encodings >>= 4)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
			n ? ">" : "", ks_encoding_name(encodings & 15));
	return n ? ks_arena_copy(assembly->arena, ks_span_str(text)) : "";
}

static int add_occurrence(struct ks_assembly *assembly,
	struct ks_occurrence *out, const struct ks_hit *hit, bool at_head)
{
	const struct ks_where *where =
		&assembly->gather->hits.where[hit->where];
	const struct ks_origin *origin =
		ks_origins_of(assembly->origins, hit->where);
	const char *path =
		origin ? (at_head ? origin->head_path : origin->path) : NULL;

	*out = (struct ks_occurrence){
		.blob = "",
		.snippet = "",
		.commit = "",
		.author = "",
		.email = "",
		.message = "",
		.line = hit->line,
		.column = hit->column,
		.end_line = hit->end_line,
		.end_column = hit->end_column,
		.in_head = origin && origin->head_path && path &&
			   strcmp(origin->head_path, path) == 0,
		.is_name = where->kind == KS_PLACE_NAME,
		.is_reachable = is_reachable(assembly, where, origin),
	};
	out->encoding = encoding_of(assembly, hit->encodings);
	out->path = path_of(assembly, hit, where, origin, path);
	if (where->kind <= KS_PLACE_STAGED)
		out->blob = hex_of(assembly, &where->oid);
	if (!out->path || !out->blob || !out->encoding)
		return KS_E_NOMEM;
	return add_history(assembly, out, where, origin);
}

static int add_occurrences(struct ks_assembly *assembly, struct ks_finding *out,
	const struct ks_hit *hits, size_t count)
{
	struct ks_occurrence *list;
	size_t moved = 0;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		moved += ks_told_has_moved(
			ks_origins_of(assembly->origins, hits[i].where));
	list = ks_arena_array(assembly->arena, count + moved, sizeof(*list));
	if (!list)
		return KS_E_NOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct ks_origin *origin =
			ks_origins_of(assembly->origins, hits[i].where);

		for (int at_head = 0; at_head <= ks_told_has_moved(origin);
			at_head++) {
			struct ks_occurrence *one = &list[n];

			if (hits[i].hidden &
				(at_head ? KS_HIDDEN_HEAD : KS_HIDDEN_FIRST))
				continue;
			n++;
			if (add_occurrence(assembly, one, &hits[i], at_head) <
				0)
				return KS_E_NOMEM;
			/* Reading blobs again is slow: those shown first. */
			if (n > 1 && (!one->in_head || out->in_head))
				continue;
			out->in_head |= one->in_head;
			one->snippet =
				ks_snippet_of(assembly->snippets, &hits[i]);
			if (!one->snippet)
				return KS_E_NOMEM;
		}
	}
	out->occurrences = list;
	out->occurrence_count = n;
	return KS_OK;
}

/* Mark the branches that still have any of ${hits}; returns how many. */
static size_t mark_branches(const struct ks_assembly *assembly, uint8_t *has,
	const struct ks_hit *hits, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct ks_origin *origin =
			ks_origins_of(assembly->origins, hits[i].where);

		if (hits[i].hidden == KS_HIDDEN_ALL)
			continue;
		for (size_t j = 0; origin && j < origin->branch_count; j++) {
			n += !has[origin->branches[j]];
			has[origin->branches[j]] = 1;
		}
	}
	return n;
}

static int add_branches(struct ks_assembly *assembly, struct ks_finding *out,
	uint32_t secret, const struct ks_hit *hits, size_t count)
{
	const struct ks_gather *gather = assembly->gather;
	uint8_t *has = calloc(gather->tip_count + 1, 1);
	size_t n = has ? mark_branches(assembly, has, hits, count) : 0;
	const char **names =
		ks_arena_array(assembly->arena, n + 1, sizeof(*names));
	int rc = has && names ? KS_OK : KS_E_NOMEM;

	out->branches = names;
	for (size_t i = 0; rc == KS_OK && i < gather->tip_count; i++) {
		if (!has[i])
			continue;
		names[out->branch_count] = hide(
			assembly, secret, ks_span_str(gather->tips[i].name));
		if (!names[out->branch_count++])
			rc = KS_E_NOMEM;
	}
	free(has);
	return rc;
}

uint32_t ks_assembly_age(
	const struct ks_assembly *assembly, const struct ks_hit *hit)
{
	const struct ks_origins *origins = assembly->origins;
	const struct ks_where *where =
		&assembly->gather->hits.where[hit->where];
	const struct ks_origin *origin = ks_origins_of(origins, hit->where);
	uint32_t commit = UINT32_MAX;

	if (origin)
		commit = origin->commit;
	else if (where->kind == KS_PLACE_OBJECT &&
		 where->type == KS_OBJECT_COMMIT)
		commit = ks_oidmap_get(&origins->order.index, &where->oid);
	return commit == UINT32_MAX ? UINT32_MAX : origins->rank[commit];
}

int ks_assembly_finding(struct ks_assembly *assembly, struct ks_finding *out,
	uint32_t secret, const struct ks_hit *hits, size_t count)
{
	const struct ks_secret *what = &assembly->gather->hits.secrets[secret];
	const struct ks_rule *rule =
		&assembly->gather->options->rules->list[what->rule];

	*out = (struct ks_finding){
		.fingerprint = fingerprint(assembly, rule, what->bytes),
		.rule = rule->id,
		.rule_name = rule->name,
		.rotate = rule->rotate,
		.secret = ks_arena_copy(assembly->arena, what->bytes),
		.secret_length = what->bytes.n,
		.redacted = redacted(assembly, rule, what->bytes),
		.confidence = what->confidence,
		.entropy = what->entropy,
		.pair = "",
	};
	if (!out->fingerprint || !out->secret || !out->redacted ||
		add_facts(assembly, out, rule, secret) < 0 ||
		add_occurrences(assembly, out, hits, count) < 0)
		return KS_E_NOMEM;
	return add_branches(assembly, out, secret, hits, count);
}
