/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hostile secret through every check: what kind it is, where it stands,
 * then the text around it.
 */
#include "filter/filter.h"
#include "filter/redact.h"
#include "input.h"

static bool holds(struct ks_span text, struct ks_span part)
{
	return part.n && text.n && memmem(text.p, text.n, part.p, part.n);
}

/* Nothing that the kinds share is told by a secret as a whole. */
static void check_secret(struct ks_rule *rule, struct ks_span secret)
{
	struct ks_detail details[KS_DETAILS_MAX];
	struct ks_buf out = { 0 };

	for (int i = 0; i < KS_CHECKSUM_COUNT; i++)
		(void)ks_checksum_ok((enum ks_checksum)i, secret);
	for (int i = 0; i < KS_DECODE_COUNT; i++) {
		rule->decode = (enum ks_decode)i;
		fuzz_require(
			ks_inspect(details, rule, secret) <= KS_DETAILS_MAX);
	}
	fuzz_require(ks_redact(&out, rule, secret) == KS_OK);
	fuzz_require(out.n > 0);
	if (rule->kind != KS_RULE_BLOCK && secret.n >= 8)
		fuzz_require(!holds(ks_buf_span(&out), secret));
	ks_buf_release(&out);
}

static void check_text(const struct ks_rule *rule, struct ks_span text,
	const struct ks_match *match)
{
	const struct ks_redaction list[] = {
		{ match->secret_start, match->secret_end, rule },
		{ match->secret_start, text.n + 1, rule },
	};
	struct ks_verdict verdict;
	struct ks_buf out = { 0 };

	ks_filter_judge(&verdict, rule, text, match);
	fuzz_require(verdict.confidence >= 0 && verdict.confidence <= 1);
	fuzz_require(verdict.entropy >= 0 && verdict.entropy <= 8);
	fuzz_require(
		verdict.reject == KS_REJECT_NONE || verdict.confidence <= 0);
	for (size_t count = 1; count <= 2; count++)
		fuzz_require(ks_redact_in(&out, text, list, count) == KS_OK);
	ks_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	unsigned kind = fuzz_byte(&input);
	struct ks_rule rule = { .id = "fuzz", .name = "", .confidence = 0.9F };
	size_t start = fuzz_byte(&input);
	size_t length = fuzz_u16(&input);
	struct ks_buf text = fuzz_take(&input, input.n);
	struct ks_match match = { 0 };

	start = start > text.n ? text.n : start;
	length = 1 + (length > text.n - start ? text.n - start : length);
	if (text.n > start) {
		length = length > text.n - start ? text.n - start : length;
		rule.kind = (enum ks_rule_kind)(kind % KS_RULE_KIND_COUNT);
		rule.checksum =
			(enum ks_checksum)(kind / 4 % KS_CHECKSUM_COUNT);
		match.secret_start = start;
		match.secret_end = match.end = start + length;
		check_text(&rule, ks_buf_span(&text), &match);
		check_secret(&rule,
			ks_span_cut(ks_buf_span(&text), start, start + length));
	}
	ks_buf_release(&text);
	return 0;
}
