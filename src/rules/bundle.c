/* SPDX-License-Identifier: Apache-2.0 */
/* Where a compiled set of rules comes from: the build, files, the cache. */
#include "rules/bundle.h"

#include <stdlib.h>

#include "rules/builtin.h"
#include "rules/cache.h"
#include "rules/compile.h"
#include "rules/files.h"
#include "rules/image.h"

/* What stands behind a struct ks_rules, which comes first. */
struct loaded {
	struct ks_rules rules;
	struct ks_arena arena;
	struct ks_buf bytes;  /* the image; empty if it is the built-in one */
	struct ks_rule *list; /* rules.list, until it is given out */
	hs_database_t *database;
	hs_database_t *token_database;
};

void ks_rules_free(struct ks_rules *rules)
{
	struct loaded *loaded = (struct loaded *)rules;

	if (!loaded)
		return;
	hs_free_database(loaded->database);
	hs_free_database(loaded->token_database);
	ks_arena_release(&loaded->arena);
	ks_buf_release(&loaded->bytes);
	free(loaded);
}

/* KS_E_UNSUPPORTED: it was made for another Hyperscan. */
static int load_database(
	hs_database_t **out, struct ks_span bytes, struct ks_err *err)
{
	hs_error_t rc;

	if (bytes.n == 0)
		return KS_OK;
	rc = hs_deserialize_database((const char *)bytes.p, bytes.n, out);
	if (rc == HS_SUCCESS)
		return KS_OK;
	if (rc == HS_NOMEM)
		return ks_fail_nomem(err);
	if (rc == HS_DB_PLATFORM_ERROR || rc == HS_DB_VERSION_ERROR)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"the rules were compiled for another Hyperscan");
	return ks_fail(err, KS_E_CORRUPT,
		"Hyperscan does not accept the rules' database: error %d", rc);
}

static void widen(struct ks_rules *rules, const struct ks_rule *rule)
{
	uint32_t *width = rule->token_reach ? &rules->token_anchor_max
					    : &rules->anchor_max_width;

	if (rule->anchor_width > *width)
		*width = rule->anchor_width;
	if (rule->token_reach > rules->token_reach_max)
		rules->token_reach_max = rule->token_reach;
}

static int fill(struct loaded *loaded, struct ks_span bytes, bool verify,
	struct ks_err *err)
{
	struct ks_rules *rules = &loaded->rules;
	struct ks_image image;
	int rc = ks_image_open(&image, &loaded->arena, bytes, verify, err);

	if (rc == KS_OK)
		rc = load_database(&loaded->database, image.database, err);
	if (rc == KS_OK)
		rc = load_database(
			&loaded->token_database, image.token_database, err);
	if (rc < 0)
		return rc;
	loaded->list = image.rules;
	rules->list = image.rules;
	rules->count = image.count;
	rules->database = loaded->database;
	rules->token_database = loaded->token_database;
	memcpy(rules->digest, image.digest, sizeof(rules->digest));
	for (uint32_t i = 0; i < image.count; i++)
		widen(rules, &image.rules[i]);
	return KS_OK;
}

/*
 * Make ${out} of the image ${bytes}: static ones, or those of ${owned}, which
 * is taken over and empty afterwards, also on failure.
 */
static int load(struct ks_rules **out, struct ks_span bytes,
	struct ks_buf *owned, bool verify, struct ks_err *err)
{
	struct loaded *loaded = calloc(1, sizeof(*loaded));
	int rc;

	*out = NULL;
	if (owned && loaded) {
		loaded->bytes = *owned;
		*owned = (struct ks_buf){ 0 };
	} else if (owned) {
		ks_buf_release(owned);
	}
	if (!loaded)
		return ks_fail_nomem(err);
	rc = fill(loaded, bytes, verify, err);
	if (rc < 0) {
		ks_rules_free(&loaded->rules);
		return rc;
	}
	*out = &loaded->rules;
	return KS_OK;
}

/* The name in the cache: of all that the image will be made of. */
static void cache_key(uint8_t key[KS_SHA256_BYTES],
	const struct ks_image *builtin, const struct ks_rule_files *files)
{
	struct ks_sha256 hash;

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, KS_VERSION, sizeof(KS_VERSION));
	ks_sha256_update(&hash, hs_version(), strlen(hs_version()) + 1);
	ks_sha256_update(&hash, builtin->image_digest, 32);
	ks_rule_files_hash(files, &hash);
	ks_sha256_final(&hash, key);
}

/* The cached set of ${key}; false: there is none that can be used. */
static bool load_cached(
	struct ks_rules **out, const uint8_t key[KS_SHA256_BYTES])
{
	struct ks_buf bytes = { 0 };

	if (!ks_cache_read(&bytes, key)) {
		ks_buf_release(&bytes);
		return false;
	}
	return load(out, ks_buf_span(&bytes), &bytes, true, NULL) == KS_OK;
}

static int build(struct ks_buf *out, const struct ks_image *builtin,
	const struct ks_rule_files *files, struct ks_err *err)
{
	struct ks_drafts drafts = { 0 };
	int rc = ks_image_unpack(&drafts, builtin, "the built-in rules", err);

	if (rc == KS_OK)
		rc = ks_rule_files_parse(files, &drafts, err);
	if (rc == KS_OK)
		rc = ks_compile(out, &drafts, err);
	ks_drafts_release(&drafts);
	return rc;
}

static const struct ks_draft *find_draft(
	const struct ks_drafts *drafts, const char *id)
{
	for (size_t i = 0; i < drafts->count; i++) {
		if (strcmp(drafts->list[i].rule.id, id) == 0)
			return &drafts->list[i];
	}
	return NULL;
}

/* Add the rule ${id} of ${builtin}, unless it is there, or nowhere. */
static int bring_in(struct ks_drafts *drafts, const struct ks_drafts *builtin,
	const char *id, struct ks_err *err)
{
	const struct ks_draft *found;
	struct ks_draft *added;

	if (!id || find_draft(drafts, id))
		return KS_OK;
	found = find_draft(builtin, id);
	if (!found)
		return KS_OK;
	added = ks_drafts_add(drafts);
	if (!added)
		return ks_fail_nomem(err);
	*added = *found;
	return KS_OK;
}

/* The rules of ${files}, and the built-in ones that those lead to. */
static int build_only(struct ks_buf *out, const struct ks_image *image,
	const struct ks_rule_files *files, struct ks_err *err)
{
	struct ks_drafts drafts = { 0 };
	struct ks_drafts builtin = { 0 };
	int rc = ks_image_unpack(&builtin, image, "the built-in rules", err);

	if (rc == KS_OK)
		rc = ks_rule_files_parse(files, &drafts, err);
	for (size_t i = 0; rc == KS_OK && i < drafts.count; i++) {
		const char *pair = drafts.list[i].pairs_id;

		rc = bring_in(&drafts, &builtin, drafts.list[i].near_id, err);
		if (rc == KS_OK)
			rc = bring_in(&drafts, &builtin, pair, err);
	}
	if (rc == KS_OK)
		rc = ks_compile(out, &drafts, err);
	ks_drafts_release(&drafts);
	ks_drafts_release(&builtin);
	return rc;
}

/* From the cache, or compiled and put there. */
static int load_merged(struct ks_rules **out, const struct ks_image *builtin,
	const struct ks_rule_files *files, struct ks_err *err)
{
	uint8_t key[KS_SHA256_BYTES];
	struct ks_buf bytes = { 0 };
	int rc;

	cache_key(key, builtin, files);
	if (load_cached(out, key))
		return KS_OK;
	rc = build(&bytes, builtin, files, err);
	if (rc < 0) {
		ks_buf_release(&bytes);
		return rc;
	}
	/* Without a cache the next run compiles again, that is all. */
	(void)ks_cache_write(key, ks_buf_span(&bytes));
	return load(out, ks_buf_span(&bytes), &bytes, false, err);
}

static int read_files(struct ks_rule_files *files,
	const struct ks_rules_options *options, enum ks_rulefile_kind kind,
	struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < options->path_count; i++)
		rc = ks_rule_files_add(files, options->paths[i], kind, err);
	for (size_t i = 0; rc == KS_OK && i < options->text_count; i++) {
		const struct ks_rules_text *text = &options->texts[i];

		rc = ks_rule_files_add_text(files, text->name,
			KS_RULEFILE_CONFIG,
			ks_span_of(text->bytes, text->length), err);
	}
	return rc;
}

/* A digest of all that decides what is found has to tell them too. */
static int set_confidences(struct ks_rules *rules,
	const struct ks_rules_options *options, struct ks_err *err)
{
	struct loaded *loaded = (struct loaded *)rules;
	struct ks_sha256 hash;

	if (options->confidence_count == 0)
		return KS_OK;
	ks_sha256_init(&hash);
	ks_sha256_update(&hash, rules->digest, sizeof(rules->digest));
	for (size_t i = 0; i < options->confidence_count; i++) {
		const struct ks_rules_confidence *one =
			&options->confidences[i];
		uint32_t rule = ks_rule_find(rules, one->rule);

		if (rule == KS_RULE_NONE)
			return ks_fail(err, KS_E_RULE,
				"%s: confidence: there is no rule '%s'; "
				"'keysieve rules list' names them",
				one->place, one->rule);
		loaded->list[rule].confidence = (float)one->confidence;
		ks_sha256_update(&hash, &rule, sizeof(rule));
		ks_sha256_update(&hash, &loaded->list[rule].confidence,
			sizeof(loaded->list[rule].confidence));
	}
	ks_sha256_final(&hash, rules->digest);
	return KS_OK;
}

static int load_any(struct ks_rules **out,
	const struct ks_rules_options *options, struct ks_err *err)
{
	struct ks_span bytes = ks_builtin_bytes();
	struct ks_rule_files files = { 0 };
	struct ks_arena arena = { 0 };
	struct ks_image builtin;
	int rc;

	*out = NULL;
	if (options->path_count == 0 && options->text_count == 0) {
		rc = load(out, bytes, NULL, false, err);
		if (rc != KS_E_UNSUPPORTED)
			return rc;
	}
	rc = ks_image_open(&builtin, &arena, bytes, false, err);
	if (rc == KS_OK)
		rc = read_files(&files, options, KS_RULEFILE_USER, err);
	if (rc == KS_OK)
		rc = load_merged(out, &builtin, &files, err);
	ks_rule_files_release(&files);
	ks_arena_release(&arena);
	return rc;
}

int ks_rules_load_with(struct ks_rules **out,
	const struct ks_rules_options *options, struct ks_err *err)
{
	int rc = load_any(out, options, err);

	if (rc == KS_OK)
		rc = set_confidences(*out, options, err);
	if (rc < 0) {
		ks_rules_free(*out);
		*out = NULL;
	}
	return rc;
}

int ks_rules_load(struct ks_rules **out, const char *const *paths,
	size_t path_count, struct ks_err *err)
{
	struct ks_rules_options options = { .paths = paths,
		.path_count = path_count };

	return ks_rules_load_with(out, &options, err);
}

int ks_rules_load_only(struct ks_rules **out, const char *const *paths,
	size_t path_count, struct ks_err *err)
{
	struct ks_rules_options options = { .paths = paths,
		.path_count = path_count };
	struct ks_rule_files files = { 0 };
	struct ks_arena arena = { 0 };
	struct ks_buf bytes = { 0 };
	struct ks_image builtin;
	int rc = read_files(&files, &options, KS_RULEFILE_CONFIG, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = ks_image_open(
			&builtin, &arena, ks_builtin_bytes(), false, err);
	if (rc == KS_OK)
		rc = build_only(&bytes, &builtin, &files, err);
	if (rc == KS_OK)
		rc = load(out, ks_buf_span(&bytes), &bytes, false, err);
	ks_buf_release(&bytes);
	ks_rule_files_release(&files);
	ks_arena_release(&arena);
	return rc;
}
