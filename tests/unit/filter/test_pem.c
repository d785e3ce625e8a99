/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys in all their clothes, and blocks that hold none. */
#include "draw.h"
#include "filter/pem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	HEAD_MAX = 64
};

/* How the lines of a block are put down. */
struct clothes {
	const char *before; /* each line */
	const char *after;
};

static const struct clothes plain = { "", "\n" };

static void add(struct ks_buf *out, const char *text)
{
	assert_int_equal(ks_buf_add_str(out, text), KS_OK);
}

/* ${head}, then random bytes up to ${n}, in lines of ${width} digits. */
static void add_body(struct ks_buf *out, struct ks_span head, size_t n,
	size_t width, const struct clothes *clothes)
{
	struct draw draw = { n };
	struct ks_buf bytes = { 0 };
	struct ks_buf text = { 0 };

	assert_int_equal(ks_buf_add(&bytes, head.p, head.n), KS_OK);
	while (bytes.n < n)
		assert_int_equal(ks_buf_add_byte(&bytes,
					 (uint8_t)draw_below(&draw, 256)),
			KS_OK);
	draw_base64(&text, ks_buf_span(&bytes), BASE64, true);
	for (size_t i = 0; i < text.n; i += width) {
		size_t end = i + width < text.n ? i + width : text.n;

		add(out, clothes->before);
		assert_int_equal(ks_buf_add(out, text.p + i, end - i), KS_OK);
		add(out, clothes->after);
	}
	ks_buf_release(&bytes);
	ks_buf_release(&text);
}

/* -----BEGIN ${label}----- to -----END; labels are put together here. */
static void make(struct ks_buf *out, const char *label, const char *headers,
	struct ks_span head, size_t n, const struct clothes *clothes)
{
	ks_buf_reset(out);
	add(out, "-----BEGIN ");
	add(out, label);
	add(out, "-----");
	add(out, clothes->after);
	add(out, headers);
	add_body(out, head, n, 64, clothes);
	add(out, clothes->before);
	add(out, "-----END ");
	add(out, label);
	add(out, "-----\n");
}

static struct ks_span rsa_head(uint8_t head[HEAD_MAX], size_t n)
{
	static const uint8_t rest[] = { 0x02, 0x01, 0x00, 0x02 };

	head[0] = 0x30;
	head[1] = 0x82;
	head[2] = (uint8_t)((n - 4) >> 8);
	head[3] = (uint8_t)(n - 4);
	memcpy(head + 4, rest, sizeof(rest));
	return ks_span_of(head, 4 + sizeof(rest));
}

static void test_pem__knows_the_forms(void **state)
{
	static const struct {
		const char *label;
		const char *head;
		size_t head_n;
		size_t n;
		enum ks_pem kind;
	} cases[] = {
		{ "EC PRIVATE KEY", "\x30\x77\x02\x01\x01\x04\x20", 7, 121,
			KS_PEM_KEY },
		{ "PRIVATE KEY",
			"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04"
			"\x22\x04\x20",
			16, 48, KS_PEM_KEY },
		{ "PRIVATE KEY", "\x30\x81\x87\x02\x01\x00\x30\x13", 8, 138,
			KS_PEM_KEY },
		{ "ENCRYPTED PRIVATE KEY",
			"\x30\x82\x05\x1c\x30\x4e\x06\x09\x2a\x86\x48\x86\xf7"
			"\x0d\x01\x05\x0d",
			17, 1312, KS_PEM_ENCRYPTED },
		{ "OPENSSH PRIVATE KEY",
			"openssh-key-v1\0\0\0\0\4none\0\0\0\4none", 31, 399,
			KS_PEM_KEY },
		{ "OPENSSH PRIVATE KEY",
			"openssh-key-v1\0\0\0\0\x0a"
			"aes256-ctr\0\0\0\6bcrypt",
			39, 464, KS_PEM_ENCRYPTED },
		{ "PGP PRIVATE KEY BLOCK", "\x95\x03\x98\x04", 4, 1200,
			KS_PEM_KEY },
		{ "PGP PRIVATE KEY BLOCK", "\x94\x58\x04", 3, 300, KS_PEM_KEY },
		{ "SSH2 ENCRYPTED PRIVATE KEY", "\x3f\x6f\xf9\xeb", 4, 300,
			KS_PEM_KEY },
		/* What is public. */
		{ "PUBLIC KEY",
			"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7"
			"\x0d\x01\x01\x01",
			17, 294, KS_PEM_NONE },
		{ "CERTIFICATE", "\x30\x82\x03\x0b\x30\x82\x02\x01\xf3", 8, 783,
			KS_PEM_NONE },
	};
	struct ks_buf block = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		make(&block, cases[i].label, "",
			ks_span_of(cases[i].head, cases[i].head_n), cases[i].n,
			&plain);
		if (ks_pem_kind(ks_buf_span(&block)) != cases[i].kind)
			print_error("%s, case %zu\n", cases[i].label, i);
		assert_int_equal(
			ks_pem_kind(ks_buf_span(&block)), cases[i].kind);
	}
	ks_buf_release(&block);
}

static void test_pem__reads_it_in_any_clothes(void **state)
{
	static const struct clothes clothes[] = {
		{ "", "\n" },
		{ "", "\r\n" },
		{ "    ", "\n" },
		{ "\t", "\n" },
		{ "> ", "\n" },
		{ "# ", "\n" },
		{ "+", "\n" },
		{ "//", "\n" },
		{ " * ", "\n" },
		{ "", " " },
		{ "", "" },
		{ "", "\\n" },
		{ "", "\\r\\n" },
		{ "", "\\\\n" },
		{ "", "\\\n" },
		{ "\"", "\\n\"\n" },
		{ "\"", "\\n\" +\n" },
		{ "    + '", "\\n'\n" },
		{ "'", "\\n',\n" },
		{ "\"", "\" . PHP_EOL .\n" },
		{ "", "%0A" },
		{ "", "&#10;" },
	};
	uint8_t head[HEAD_MAX];
	struct ks_buf block = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(clothes); i++) {
		make(&block, "RSA PRIVATE KEY", "", rsa_head(head, 1190), 1190,
			&clothes[i]);
		if (ks_pem_kind(ks_buf_span(&block)) != KS_PEM_KEY)
			print_error("between %s and %s\n", clothes[i].before,
				clothes[i].after);
		assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_KEY);
	}
	ks_buf_release(&block);
}

static void test_pem__undoes_escapes_of_its_digits(void **state)
{
	struct ks_buf block = { 0 };
	struct ks_buf escaped = { 0 };
	uint8_t head[HEAD_MAX];

	(void)state;
	make(&block, "RSA PRIVATE KEY", "", rsa_head(head, 1190), 1190, &plain);
	for (size_t i = 0; i < block.n; i++) {
		char text[4] = { (char)block.p[i] };

		if (block.p[i] == '/')
			add(&escaped, "\\/");
		else if (block.p[i] == '+')
			add(&escaped, "%2B");
		else
			add(&escaped, text);
	}
	assert_true(escaped.n > block.n);
	assert_int_equal(ks_pem_kind(ks_buf_span(&escaped)), KS_PEM_KEY);
	ks_buf_release(&block);
	ks_buf_release(&escaped);
}

static void test_pem__passes_over_headers(void **state)
{
	uint8_t head[HEAD_MAX];
	struct ks_buf block = { 0 };

	(void)state;
	make(&block, "PGP PRIVATE KEY BLOCK",
		"Version: GnuPG v2.0.22 (GNU/Linux)\n"
		"Comment: https://gpgtools.example\n\n",
		ks_span_of("\x95\x03\x98\x04", 4), 1200, &plain);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_KEY);
	make(&block, "RSA PRIVATE KEY",
		"Proc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF\n\n",
		ks_span_of("", 0), 1200, &plain);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_ENCRYPTED);
	/* Without the headers random bytes are no key. */
	make(&block, "RSA PRIVATE KEY", "", ks_span_of("", 0), 1200, &plain);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_NONE);
	/* The whole key, whatever is in front. */
	make(&block, "RSA PRIVATE KEY", "friendlyName: a-name-of-many-digits\n",
		rsa_head(head, 1190), 1190, &plain);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_KEY);
	ks_buf_release(&block);
}

#define PIECE "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void test_pem__refuses_what_is_no_key(void **state)
{
	static const char *const bodies[] = {
		"",
		"\n",
		"\n...\n-----END RSA PRIVATE KEY-----",
		"\nxxxx\n-----END RSA PRIVATE KEY-----",
		"\n<your key>\n-----END RSA PRIVATE KEY-----",
		"\nYOUR_PRIVATE_KEY_GOES_HERE\n-----END",
		"\n${PRIVATE_KEY}\n-----END RSA PRIVATE KEY-----",
		"\nMIIEpAIBAAKCAQEA...\n-----END RSA PRIVATE KEY-----",
		"\nMIGkAgEA" PIECE PIECE PIECE PIECE,
		"\\n...\\n-----END RSA PRIVATE KEY-----\\n",
		"\"); if (!begin) return error(\"no private key in this\");",
		"-----END RSA PRIVATE KEY-----",
		"\\",
		"%",
		"%2",
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		snprintf(text, sizeof(text), "-----BEGIN %s-----%s",
			"RSA PRIVATE KEY", bodies[i]);
		assert_int_equal(ks_pem_kind(ks_span_str(text)), KS_PEM_NONE);
	}
	assert_int_equal(ks_pem_kind(ks_span_str("")), KS_PEM_NONE);
	assert_int_equal(ks_pem_kind(ks_span_str("-----BEGIN")), KS_PEM_NONE);
}

/* A sample is cut after a line or two, a leak in the middle at most. */
static void test_pem__takes_half_a_key_but_no_beginning(void **state)
{
	uint8_t head[HEAD_MAX];
	struct ks_buf block = { 0 };

	(void)state;
	make(&block, "RSA PRIVATE KEY", "", rsa_head(head, 1190), 800, &plain);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_KEY);
	make(&block, "RSA PRIVATE KEY", "", rsa_head(head, 1190), 200, &plain);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_NONE);
	ks_buf_release(&block);
}

static void make_putty(struct ks_buf *out, const char *encryption, size_t n)
{
	ks_buf_reset(out);
	add(out, "PuTTY-User-Key-File-2: ssh-rsa\r\nEncryption: ");
	add(out, encryption);
	add(out, "\r\nComment: a key\r\nPublic-Lines: 4\r\n");
	add_body(out, ks_span_of("", 0), 200, 64, &plain);
	add(out, "Private-Lines: 2\r\n");
	add_body(out, ks_span_of("", 0), n, 64, &plain);
	add(out, "Private-MAC: 0123456789abcdef0123456789abcdef01234567\r\n");
}

static void test_pem__knows_putty(void **state)
{
	struct ks_buf block = { 0 };

	(void)state;
	make_putty(&block, "none", 80);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_KEY);
	make_putty(&block, "aes256-cbc", 80);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_ENCRYPTED);
	/* The public lines alone are no secret. */
	make_putty(&block, "none", 0);
	assert_int_equal(ks_pem_kind(ks_buf_span(&block)), KS_PEM_NONE);
	ks_buf_release(&block);
}

/* Any cut of any block; the sanitizers watch. */
static void test_pem__survives_any_cut(void **state)
{
	uint8_t head[HEAD_MAX];
	struct ks_buf block = { 0 };
	struct draw draw = { 9 };

	(void)state;
	make(&block, "RSA PRIVATE KEY", "Proc-Type: 4\\n\n",
		rsa_head(head, 300), 300, &plain);
	for (size_t i = 0; i <= block.n; i++) {
		struct ks_buf cut = { 0 };

		assert_int_equal(ks_buf_add(&cut, block.p, i), KS_OK);
		if (i > 30)
			cut.p[30 + draw_below(&draw, (uint32_t)(i - 30))] =
				(uint8_t)draw_below(&draw, 256);
		/* Only whole or half keys are keys. */
		if (i < 150)
			assert_int_equal(
				ks_pem_kind(ks_buf_span(&cut)), KS_PEM_NONE);
		else
			(void)ks_pem_kind(ks_buf_span(&cut));
		ks_buf_release(&cut);
	}
	ks_buf_release(&block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pem__knows_the_forms),
		cmocka_unit_test(test_pem__reads_it_in_any_clothes),
		cmocka_unit_test(test_pem__undoes_escapes_of_its_digits),
		cmocka_unit_test(test_pem__passes_over_headers),
		cmocka_unit_test(test_pem__refuses_what_is_no_key),
		cmocka_unit_test(test_pem__takes_half_a_key_but_no_beginning),
		cmocka_unit_test(test_pem__knows_putty),
		cmocka_unit_test(test_pem__survives_any_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
