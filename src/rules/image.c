/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a compiled set of rules: in the program, in the cache. */
#include "rules/image.h"

#include <math.h>

#include "base/sha256.h"
#include "rules/anchor.h"
#include "rules/follow.h"
#include "rules/literal.h"
#include "rules/token_reach.h"

#define MAGIC "KSRULES"

enum {
	IMAGE_VERSION = 5,
	BYTE_ORDER_MARK = 0x01020304,
	ALIGNMENT = 8
};

struct section {
	uint32_t at; /* bytes from the start of the image */
	uint32_t size;
};

struct header {
	char magic[8];
	uint32_t version;
	uint32_t byte_order;
	uint8_t image_digest[32]; /* SHA-256 of all behind it */
	uint8_t rules_digest[32];
	uint32_t rule_count;
	uint32_t total; /* bytes of the image */
	struct section records;
	struct section lists;
	struct section strings;
	struct section follows;
	struct section literals;
	struct section database;
	struct section token_database;
};

struct list {
	uint32_t first; /* index into the lists section */
	uint32_t count;
};

/* Strings are offsets into the strings section. */
struct record {
	uint32_t id, name, pattern, assigned, source, checked, rotate, anchor;
	struct list allow, match, no_match;
	uint32_t min_length;
	float entropy, confidence;
	uint32_t kind, checksum, decode;
	uint32_t is_public, is_user;
	struct ks_rule_link near, pairs_with;
	uint32_t anchor_min, anchor_max, lookbehind, extent, token_reach;
	uint32_t anchor_width;
	uint32_t follow; /* number in the follows section, from 1; 0: none */
	struct list literals; /* in the literals section */
};

struct literal_record {
	struct ks_literal literal; /* without an automaton */
	uint32_t follow;           /* as above */
	uint32_t unused;
};

/* The sections while an image is being written. */
struct writer {
	struct ks_buf records;
	struct ks_buf lists;
	struct ks_buf strings;
	struct ks_buf follows;
	struct ks_buf literals;
	const struct ks_follow *last; /* that was written */
	bool is_oom;
};

static uint32_t add_string(struct writer *writer, const char *text)
{
	uint32_t at = (uint32_t)writer->strings.n;

	writer->is_oom |=
		ks_buf_add(&writer->strings, text, strlen(text) + 1) < 0;
	return at;
}

static struct list add_list(
	struct writer *writer, const char *const *items, uint32_t count)
{
	struct list list = {
		.first = (uint32_t)(writer->lists.n / sizeof(uint32_t)),
		.count = count,
	};

	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = add_string(writer, items[i]);

		writer->is_oom |=
			ks_buf_add(&writer->lists, &at, sizeof(at)) < 0;
	}
	return list;
}

static uint32_t add_follow(
	struct writer *writer, const struct ks_follow *follow)
{
	if (!follow)
		return 0;
	if (follow != writer->last)
		writer->is_oom |= ks_buf_add(&writer->follows, follow,
					  sizeof(*follow)) < 0;
	writer->last = follow;
	return (uint32_t)(writer->follows.n / sizeof(*follow));
}

static struct list add_literals(
	struct writer *writer, const struct ks_rule *rule)
{
	struct list list = {
		.first = (uint32_t)(writer->literals.n /
				    sizeof(struct literal_record)),
		.count = rule->literal_count,
	};

	for (uint32_t i = 0; i < rule->literal_count; i++) {
		struct literal_record record = { .literal = rule->literals[i] };

		record.follow = add_follow(writer, record.literal.follow);
		record.literal.follow = NULL;
		writer->is_oom |= ks_buf_add(&writer->literals, &record,
					  sizeof(record)) < 0;
	}
	return list;
}

static void add_rule(struct writer *writer, const struct ks_draft *draft)
{
	const struct ks_rule *rule = &draft->rule;
	struct record record = {
		.id = add_string(writer, rule->id),
		.name = add_string(writer, rule->name),
		.pattern = add_string(writer, rule->pattern),
		.assigned = add_string(writer, rule->assigned),
		.source = add_string(writer, rule->source),
		.checked = add_string(writer, rule->checked),
		.rotate = add_string(writer, rule->rotate),
		.anchor = add_string(writer, draft->anchor),
		.allow = add_list(writer, rule->allow, rule->allow_count),
		.match = add_list(writer, rule->match, rule->match_count),
		.no_match =
			add_list(writer, rule->no_match, rule->no_match_count),
		.min_length = rule->min_length,
		.entropy = rule->entropy,
		.confidence = rule->confidence,
		.kind = rule->kind,
		.checksum = rule->checksum,
		.decode = rule->decode,
		.is_public = rule->is_public,
		.is_user = rule->is_user,
		.near = rule->near,
		.pairs_with = rule->pairs_with,
		.anchor_min = rule->anchor_min,
		.anchor_max = rule->anchor_max,
		.lookbehind = rule->lookbehind,
		.extent = rule->extent,
		.token_reach = rule->token_reach,
		.anchor_width = rule->anchor_width,
		.follow = add_follow(writer, rule->follow),
		.literals = add_literals(writer, rule),
	};

	writer->is_oom |=
		ks_buf_add(&writer->records, &record, sizeof(record)) < 0;
}

static void hash_string(struct ks_sha256 *hash, const char *text)
{
	ks_sha256_update(hash, text, strlen(text) + 1);
}

static void hash_link(struct ks_sha256 *hash, const struct ks_drafts *drafts,
	struct ks_rule_link link)
{
	hash_string(hash, link.rule == KS_RULE_NONE
				  ? ""
				  : drafts->list[link.rule].rule.id);
	ks_sha256_update(hash, &link.within_lines, sizeof(link.within_lines));
}

/* All fields that decide what is found and how it is judged. */
static void digest_rules(const struct ks_drafts *drafts, uint8_t out[32])
{
	struct ks_sha256 hash;

	ks_sha256_init(&hash);
	for (size_t i = 0; i < drafts->count; i++) {
		const struct ks_rule *rule = &drafts->list[i].rule;
		const uint32_t numbers[] = { rule->min_length, rule->kind,
			rule->checksum, rule->decode, rule->is_public,
			rule->allow_count, rule->token_reach };
		const float reals[] = { rule->entropy, rule->confidence };

		hash_string(&hash, rule->id);
		hash_string(&hash, rule->pattern);
		ks_sha256_update(&hash, numbers, sizeof(numbers));
		ks_sha256_update(&hash, reals, sizeof(reals));
		for (uint32_t j = 0; j < rule->allow_count; j++)
			hash_string(&hash, rule->allow[j]);
		hash_link(&hash, drafts, rule->near);
		hash_link(&hash, drafts, rule->pairs_with);
	}
	ks_sha256_final(&hash, out);
}

static int add_section(
	struct ks_buf *out, struct section *section, struct ks_span bytes)
{
	static const uint8_t zeroes[ALIGNMENT];

	if (ks_buf_add(out, zeroes,
		    (ALIGNMENT - out->n % ALIGNMENT) % ALIGNMENT) < 0)
		return KS_E_NOMEM;
	section->at = (uint32_t)out->n;
	section->size = (uint32_t)bytes.n;
	return ks_buf_add(out, bytes.p, bytes.n);
}

static void digest_image(struct ks_span image, uint8_t out[32])
{
	const size_t behind = offsetof(struct header, image_digest) + 32;
	struct ks_sha256 hash;

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, image.p + behind, image.n - behind);
	ks_sha256_final(&hash, out);
}

static int join(struct ks_buf *out, const struct writer *writer,
	struct header *header, struct ks_span database,
	struct ks_span token_database)
{
	if (ks_buf_add(out, header, sizeof(*header)) < 0 ||
		add_section(out, &header->records,
			ks_buf_span(&writer->records)) < 0 ||
		add_section(out, &header->lists, ks_buf_span(&writer->lists)) <
			0 ||
		add_section(out, &header->strings,
			ks_buf_span(&writer->strings)) < 0 ||
		add_section(out, &header->follows,
			ks_buf_span(&writer->follows)) < 0 ||
		add_section(out, &header->literals,
			ks_buf_span(&writer->literals)) < 0 ||
		add_section(out, &header->database, database) < 0 ||
		add_section(out, &header->token_database, token_database) < 0)
		return KS_E_NOMEM;
	header->total = (uint32_t)out->n;
	memcpy(out->p, header, sizeof(*header));
	digest_image(ks_buf_span(out), header->image_digest);
	memcpy(out->p, header, sizeof(*header));
	return KS_OK;
}

int ks_image_write(struct ks_buf *out, const struct ks_drafts *drafts,
	struct ks_span database, struct ks_span token_database,
	struct ks_err *err)
{
	struct writer writer = { .is_oom = false };
	struct header header = {
		.magic = MAGIC,
		.version = IMAGE_VERSION,
		.byte_order = BYTE_ORDER_MARK,
		.rule_count = (uint32_t)drafts->count,
	};
	int rc = KS_OK;

	/* So that the section is never empty and ends with a NUL. */
	add_string(&writer, "");
	for (size_t i = 0; i < drafts->count; i++)
		add_rule(&writer, &drafts->list[i]);
	digest_rules(drafts, header.rules_digest);
	if (writer.records.n + writer.lists.n + writer.strings.n +
			writer.follows.n + writer.literals.n + database.n +
			token_database.n >
		UINT32_MAX - 4096)
		rc = ks_fail(err, KS_E_LIMIT, "the rules are too large");
	else if (writer.is_oom ||
		 join(out, &writer, &header, database, token_database) < 0)
		rc = ks_fail_nomem(err);
	ks_buf_release(&writer.records);
	ks_buf_release(&writer.lists);
	ks_buf_release(&writer.strings);
	ks_buf_release(&writer.follows);
	ks_buf_release(&writer.literals);
	return rc;
}

/* An image while it is being opened. */
struct opener {
	struct header header;
	struct ks_span records;
	struct ks_span lists;
	struct ks_span strings;
	const struct ks_follow *follows;
	size_t follow_count;
	struct ks_span literals;
	struct ks_arena *arena;
	bool is_broken;
	bool is_oom;
};

static const char *string_at(struct opener *opener, uint32_t at)
{
	if (at < opener->strings.n)
		return (const char *)opener->strings.p + at;
	opener->is_broken = true;
	return "";
}

static const char *const *list_at(struct opener *opener, struct list list)
{
	size_t available = opener->lists.n / sizeof(uint32_t);
	const char **items;

	if (list.first > available || list.count > available - list.first) {
		opener->is_broken = true;
		return NULL;
	}
	items = ks_arena_array(
		opener->arena, (size_t)list.count + 1, sizeof(*items));
	if (!items) {
		opener->is_oom = true;
		return NULL;
	}
	for (uint32_t i = 0; i < list.count; i++) {
		uint32_t at;

		memcpy(&at,
			opener->lists.p + (list.first + i) * sizeof(uint32_t),
			sizeof(at));
		items[i] = string_at(opener, at);
	}
	return items;
}

static const struct ks_follow *follow_at(struct opener *opener, uint32_t number)
{
	if (number == 0)
		return NULL;
	if (number > opener->follow_count) {
		opener->is_broken = true;
		return NULL;
	}
	return &opener->follows[number - 1];
}

static bool is_literal_ok(const struct ks_literal *literal)
{
	return literal->n <= KS_LITERAL_BYTES &&
	       literal->offset <= KS_LITERAL_OFFSET_MAX &&
	       literal->window_size >= KS_LITERAL_WINDOW_MIN &&
	       literal->window_size <= KS_LITERAL_WINDOW &&
	       literal->window + literal->window_size <= literal->n;
}

static const struct ks_literal *literals_at(
	struct opener *opener, struct list list)
{
	size_t available = opener->literals.n / sizeof(struct literal_record);
	struct ks_literal *literals;

	if (list.first > available || list.count > available - list.first) {
		opener->is_broken = true;
		return NULL;
	}
	literals = ks_arena_array(
		opener->arena, (size_t)list.count + 1, sizeof(*literals));
	if (!literals) {
		opener->is_oom = true;
		return NULL;
	}
	for (uint32_t i = 0; i < list.count; i++) {
		struct literal_record record;

		memcpy(&record,
			opener->literals.p + (list.first + i) * sizeof(record),
			sizeof(record));
		opener->is_broken |= !is_literal_ok(&record.literal);
		literals[i] = record.literal;
		literals[i].follow = follow_at(opener, record.follow);
	}
	return literals;
}

static bool is_link_ok(const struct opener *opener, struct ks_rule_link link)
{
	return link.rule == KS_RULE_NONE ||
	       link.rule < opener->header.rule_count;
}

static bool is_record_ok(
	const struct opener *opener, const struct record *record)
{
	return record->kind < KS_RULE_KIND_COUNT &&
	       record->checksum < KS_CHECKSUM_COUNT &&
	       record->decode < KS_DECODE_COUNT && record->is_public <= 1 &&
	       record->is_user <= 1 &&
	       record->anchor_min <= record->anchor_max &&
	       record->anchor_max <= record->anchor_width &&
	       record->anchor_width <= 2 * KS_ANCHOR_MAX_WIDTH &&
	       record->token_reach <= KS_TOKEN_REACH_MAX &&
	       isfinite(record->entropy) && record->confidence >= 0 &&
	       record->confidence <= 1 && is_link_ok(opener, record->near) &&
	       is_link_ok(opener, record->pairs_with);
}

static void open_rule(struct opener *opener, const struct record *record,
	struct ks_rule *rule, const char **anchor)
{
	if (!is_record_ok(opener, record)) {
		opener->is_broken = true;
		return;
	}
	*anchor = string_at(opener, record->anchor);
	*rule = (struct ks_rule){
		.id = string_at(opener, record->id),
		.name = string_at(opener, record->name),
		.pattern = string_at(opener, record->pattern),
		.assigned = string_at(opener, record->assigned),
		.source = string_at(opener, record->source),
		.checked = string_at(opener, record->checked),
		.rotate = string_at(opener, record->rotate),
		.allow = list_at(opener, record->allow),
		.match = list_at(opener, record->match),
		.no_match = list_at(opener, record->no_match),
		.allow_count = record->allow.count,
		.match_count = record->match.count,
		.no_match_count = record->no_match.count,
		.min_length = record->min_length,
		.entropy = record->entropy,
		.confidence = record->confidence,
		.kind = record->kind,
		.checksum = record->checksum,
		.decode = record->decode,
		.is_public = record->is_public,
		.is_user = record->is_user,
		.near = record->near,
		.pairs_with = record->pairs_with,
		.anchor_min = record->anchor_min,
		.anchor_max = record->anchor_max,
		.lookbehind = record->lookbehind,
		.extent = record->extent,
		.token_reach = record->token_reach,
		.anchor_width = record->anchor_width,
		.follow = follow_at(opener, record->follow),
		.literals = literals_at(opener, record->literals),
		.literal_count = record->literals.count,
	};
}

static bool take_section(
	struct ks_span *out, struct section section, struct ks_span bytes)
{
	if (section.at > bytes.n || section.size > bytes.n - section.at)
		return false;
	*out = ks_span_of(bytes.p + section.at, section.size);
	return true;
}

/* Where they lie, if they lie so that they can be used there. */
static bool take_follows(struct opener *opener, struct ks_span bytes)
{
	struct ks_follow *copy;

	opener->follow_count = bytes.n / sizeof(*copy);
	opener->follows = (const struct ks_follow *)(const void *)bytes.p;
	if ((uintptr_t)bytes.p % _Alignof(struct ks_follow) == 0)
		return true;
	copy = ks_arena_array(
		opener->arena, opener->follow_count + 1, sizeof(*copy));
	opener->is_oom |= !copy;
	if (copy && opener->follow_count)
		memcpy(copy, bytes.p, opener->follow_count * sizeof(*copy));
	opener->follows = copy;
	return copy != NULL;
}

static bool take_header(struct opener *opener, struct ks_image *out,
	struct ks_span bytes, bool verify)
{
	struct header *header = &opener->header;
	struct ks_span follows;
	uint8_t digest[32];

	if (bytes.n < sizeof(*header))
		return false;
	memcpy(header, bytes.p, sizeof(*header));
	if (memcmp(header->magic, MAGIC, sizeof(MAGIC)) != 0 ||
		header->version != IMAGE_VERSION ||
		header->byte_order != BYTE_ORDER_MARK ||
		header->total != bytes.n)
		return false;
	if (verify) {
		digest_image(bytes, digest);
		if (memcmp(digest, header->image_digest, 32) != 0)
			return false;
	}
	return take_section(&opener->records, header->records, bytes) &&
	       take_section(&opener->lists, header->lists, bytes) &&
	       take_section(&opener->strings, header->strings, bytes) &&
	       take_section(&follows, header->follows, bytes) &&
	       take_follows(opener, follows) &&
	       take_section(&opener->literals, header->literals, bytes) &&
	       take_section(&out->database, header->database, bytes) &&
	       take_section(
		       &out->token_database, header->token_database, bytes) &&
	       opener->records.n ==
		       (uint64_t)header->rule_count * sizeof(struct record) &&
	       opener->strings.n > 0 &&
	       opener->strings.p[opener->strings.n - 1] == '\0';
}

int ks_image_open(struct ks_image *out, struct ks_arena *arena,
	struct ks_span bytes, bool verify, struct ks_err *err)
{
	struct opener opener = { .arena = arena };
	const char **anchors;

	*out = (struct ks_image){ 0 };
	if (!take_header(&opener, out, bytes, verify))
		return opener.is_oom ? ks_fail_nomem(err)
				     : ks_fail(err, KS_E_CORRUPT,
					       "the rule image is damaged");
	out->count = opener.header.rule_count;
	memcpy(out->digest, opener.header.rules_digest, 32);
	memcpy(out->image_digest, opener.header.image_digest, 32);
	out->rules = ks_arena_array(
		arena, (size_t)out->count + 1, sizeof(*out->rules));
	anchors =
		ks_arena_array(arena, (size_t)out->count + 1, sizeof(*anchors));
	out->anchors = anchors;
	if (!out->rules || !anchors)
		return ks_fail_nomem(err);
	for (uint32_t i = 0; i < out->count; i++) {
		struct record record;

		memcpy(&record, opener.records.p + i * sizeof(record),
			sizeof(record));
		open_rule(&opener, &record, &out->rules[i], &anchors[i]);
		if (opener.is_oom)
			return ks_fail_nomem(err);
		if (opener.is_broken)
			return ks_fail(err, KS_E_CORRUPT,
				"rule %u of the rule image is damaged", i);
	}
	return KS_OK;
}

static const char *id_of(const struct ks_image *image, struct ks_rule_link link)
{
	return link.rule == KS_RULE_NONE ? NULL : image->rules[link.rule].id;
}

int ks_image_unpack(struct ks_drafts *drafts, const struct ks_image *image,
	const char *file, struct ks_err *err)
{
	for (uint32_t i = 0; i < image->count; i++) {
		struct ks_draft *draft = ks_drafts_add(drafts);

		if (!draft)
			return ks_fail_nomem(err);
		*draft = (struct ks_draft){
			.rule = image->rules[i],
			.anchor = image->anchors[i],
			.near_id = id_of(image, image->rules[i].near),
			.pairs_id = id_of(image, image->rules[i].pairs_with),
			.is_checked = true,
			.place = { .file = file },
		};
	}
	return KS_OK;
}
