/* SPDX-License-Identifier: Apache-2.0 */
/* Is a block of text a private key, or only looks like one? */
#include "filter/pem.h"

#include "base/base64.h"
#include "filter/filter.h"

/*
 * The body is read as a sequence of pieces: runs of base64 digits with
 * anything between them (line ends, \n, quotes, indentation, commas). The
 * first long piece that decodes to the beginning of a key makes the block a
 * key, if enough digits follow for the length that the key says it has, and
 * if they are not too regular: samples are cut short or filled with x.
 */
enum {
	DASHES = 5,
	PIECE_MIN = 16,    /* digits of a piece that can hold a beginning */
	HEAD_BYTES = 40,   /* that are decoded of a piece */
	TRIES_MAX = 6,     /* pieces tried; headers may come before the body */
	SAMPLE_MAX = 2048, /* digits whose entropy is measured */
	DIGITS_MIN = 40    /* the shortest key: Ed25519, its last line cut */
};

/* Of 40 random digits of base64 at least 4.5, of x or words less. */
static const float entropy_min = 4.2f;

struct body {
	struct ks_span text;
	size_t at;
	uint8_t first[(HEAD_BYTES / 3 + 1) * 4]; /* of the piece read last */
	size_t first_n;
	uint8_t sample[SAMPLE_MAX];
	size_t digits; /* so far */
};

/* What the first bytes of a key say. */
struct head {
	enum ks_pem kind;
	size_t length; /* bytes that the key should have, at least */
};

static int hex_value(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The bytes that an escape at ${at} takes, and what it stands for. */
static size_t unescape(struct ks_span text, size_t at, uint8_t *byte)
{
	size_t left = text.n - at;

	*byte = text.p[at];
	if (*byte == '\\') {
		size_t n = 1;

		/* In strings within strings there are two or four. */
		while (n < left && text.p[at + n] == '\\')
			n++;
		if (n == left)
			return n;
		*byte = text.p[at + n] == '/' ? '/' : ' ';
		return n + 1;
	}
	if (*byte == '%' && left > 2) {
		int high = hex_value(text.p[at + 1]);
		int low = hex_value(text.p[at + 2]);

		if (high >= 0 && low >= 0) {
			*byte = (uint8_t)(high << 4 | low);
			return 3;
		}
	}
	return 1;
}

/* A digit of the standard alphabet, as PEM has it. */
static bool is_digit(uint8_t byte)
{
	return ks_base64_is_digit(byte) && byte != '-' && byte != '_';
}

/* Read the next piece, all of it counted. False at the end of the body. */
static bool next_piece(struct body *body)
{
	size_t n = 0;
	uint8_t byte;

	body->first_n = 0;
	while (body->at < body->text.n) {
		size_t step = unescape(body->text, body->at, &byte);

		/* -----END */
		if (body->text.n - body->at >= DASHES &&
			memcmp(body->text.p + body->at, "-----", DASHES) == 0) {
			body->text.n = body->at;
			break;
		}
		body->at += step;
		if (!is_digit(byte)) {
			if (n > 0)
				break;
			continue;
		}
		if (body->first_n < sizeof(body->first))
			body->first[body->first_n++] = byte;
		if (body->digits < SAMPLE_MAX)
			body->sample[body->digits] = byte;
		body->digits++;
		n++;
	}
	return n > 0;
}

/* The length of a DER SEQUENCE at ${p}; its content begins at ${at}. */
static bool der_sequence(const uint8_t *p, size_t n, size_t *length, size_t *at)
{
	size_t octets;

	if (n < 8 || p[0] != 0x30)
		return false;
	*at = 2;
	*length = p[1];
	if (p[1] < 0x80)
		return true;
	octets = p[1] & 0x7f;
	if (octets == 0 || octets > 3)
		return false;
	*length = 0;
	for (size_t i = 0; i < octets; i++)
		*length = *length << 8 | p[2 + i];
	*at += octets;
	return true;
}

/* A version number comes first, in encrypted ones an algorithm. */
static struct head der_head(const uint8_t *p, size_t n)
{
	/* 1.2.840.113549.1, then the number of the standard. */
	static const uint8_t pkcs[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		0x01 };
	struct head head = { KS_PEM_NONE, 0 };
	size_t at;

	if (!der_sequence(p, n, &head.length, &at) || n < at + 3)
		return head;
	if (p[at] == 0x02 && p[at + 1] == 1 && p[at + 2] < 4)
		head.kind = KS_PEM_KEY;
	/* An algorithm of PKCS #5 or #12. */
	else if (p[at] == 0x30 && n >= at + 12 && p[at + 2] == 0x06 &&
		 memcmp(p + at + 4, pkcs, sizeof(pkcs)) == 0 &&
		 (p[at + 11] == 5 || p[at + 11] == 12))
		head.kind = KS_PEM_ENCRYPTED;
	return head;
}

static struct head openssh_head(const uint8_t *p, size_t n)
{
	static const char magic[] = "openssh-key-v1"; /* with its NUL */
	struct head head = { KS_PEM_NONE, 160 };

	if (n < sizeof(magic) + 8 || memcmp(p, magic, sizeof(magic)) != 0)
		return head;
	head.kind = memcmp(p + sizeof(magic), "\0\0\0\4none", 8) == 0
			    ? KS_PEM_KEY
			    : KS_PEM_ENCRYPTED;
	return head;
}

/* A secret-key packet (tag 5) of version 3 to 6. */
static struct head pgp_head(const uint8_t *p, size_t n)
{
	struct head head = { KS_PEM_NONE, 0 };
	size_t at = 0;

	if (n < 8)
		return head;
	if (p[0] == 0x94) {
		at = 2;
		head.length = p[1];
	} else if (p[0] == 0x95) {
		at = 3;
		head.length = (size_t)p[1] << 8 | p[2];
	} else if (p[0] == 0xc5) {
		at = p[1] < 192 ? 2 : 3;
		head.length =
			p[1] < 192 ? p[1]
				   : ((size_t)(p[1] - 192) << 8) + p[2] + 192;
	}
	if (at > 0 && p[at] >= 3 && p[at] <= 6)
		head.kind = KS_PEM_KEY;
	return head;
}

static struct head ssh2_head(const uint8_t *p, size_t n)
{
	struct head head = { KS_PEM_NONE, 64 };

	if (n >= 8 && memcmp(p, "\x3f\x6f\xf9\xeb", 4) == 0)
		head.kind = KS_PEM_KEY;
	return head;
}

static struct head head_of(struct ks_span piece)
{
	uint8_t bytes[HEAD_BYTES];
	size_t n = ks_base64_head(bytes, sizeof(bytes), piece);
	struct head head = der_head(bytes, n);

	if (head.kind == KS_PEM_NONE)
		head = openssh_head(bytes, n);
	if (head.kind == KS_PEM_NONE)
		head = pgp_head(bytes, n);
	if (head.kind == KS_PEM_NONE)
		head = ssh2_head(bytes, n);
	return head;
}

static bool is_varied(const struct body *body)
{
	size_t n = body->digits < SAMPLE_MAX ? body->digits : SAMPLE_MAX;

	return body->digits >= DIGITS_MIN &&
	       ks_entropy(ks_span_of(body->sample, n)) >= entropy_min;
}

static bool holds(struct ks_span text, const char *word)
{
	return memmem(text.p, text.n, word, strlen(word)) != NULL;
}

/* Behind the first line, -----BEGIN X-----, if there is one. */
static struct ks_span body_of(struct ks_span text)
{
	const uint8_t *begin = memmem(text.p, text.n, "-----BEGIN", 10);
	const uint8_t *end = text.p + text.n;
	const uint8_t *dashes;

	if (!begin)
		return text;
	begin += 10;
	dashes = memmem(begin, (size_t)(end - begin), "-----", DASHES);
	if (!dashes)
		return ks_span_of(end, 0);
	begin = dashes + DASHES;
	return ks_span_of(begin, (size_t)(end - begin));
}

static void count_all(struct body *body)
{
	while (next_piece(body))
		continue;
}

/* PuTTY's own: the lines behind "Private-Lines: N" are the key. */
static enum ks_pem putty_kind(struct ks_span text)
{
	static const char label[] = "Private-Lines:";
	const uint8_t *at = memmem(text.p, text.n, label, sizeof(label) - 1);
	const uint8_t *mac = memmem(text.p, text.n, "Private-MAC", 11);
	const uint8_t *end = mac ? mac : text.p + text.n;
	struct body body = { .at = 0 };

	if (!at || end < at)
		return KS_PEM_NONE;
	at += sizeof(label) - 1;
	body.text = ks_span_of(at, (size_t)(end - at));
	count_all(&body);
	if (!is_varied(&body))
		return KS_PEM_NONE;
	return holds(text, "Encryption: none") ? KS_PEM_KEY : KS_PEM_ENCRYPTED;
}

enum ks_pem ks_pem_kind(struct ks_span text)
{
	struct body body = { .at = 0 };
	struct head head = { KS_PEM_NONE, 0 };
	bool is_enciphered;

	if (text.n == 0)
		return KS_PEM_NONE;
	if (ks_span_starts(text, "PuTTY-User-Key-File-"))
		return putty_kind(text);
	body.text = body_of(text);
	/* RFC 1421: the body is then the key enciphered, without a form. */
	is_enciphered = holds(text, "Proc-Type: 4,ENCRYPTED");
	for (int tries = 0; tries < TRIES_MAX && head.kind == KS_PEM_NONE;) {
		struct ks_span piece;

		body.digits = 0;
		if (!next_piece(&body))
			return KS_PEM_NONE;
		piece = ks_span_of(body.first, body.first_n);
		if (piece.n < PIECE_MIN)
			continue;
		tries++;
		/* In a patch '+' stands before each line, in code '//'. */
		while (piece.n > 0 && (piece.p[0] == '+' || piece.p[0] == '/'))
			piece = ks_span_cut(piece, 1, piece.n);
		head = head_of(piece);
		if (is_enciphered && piece.n >= 32)
			head = (struct head){ KS_PEM_ENCRYPTED, 0 };
	}
	if (head.kind == KS_PEM_NONE)
		return KS_PEM_NONE;
	count_all(&body);
	if (body.digits / 4 * 3 < head.length / 2 || !is_varied(&body))
		return KS_PEM_NONE;
	return head.kind;
}
