/* SPDX-License-Identifier: Apache-2.0 */
/* Words that tell a placeholder from a secret. */
#include "filter/words.h"

#include "filter/letters.h"
#include "filter/shape.h"

enum {
	FILLER_MAX = 64, /* letters; one bit each */
	HINT_WORD_MAX = 11,
	HINTS_A_LETTER = 10
};

/*
 * Words by their first letter, each with a space behind. Where a secret
 * should be, people write these, alone or in a row.
 */
static const char *const fillers[26] = {
	"a abc about access account actual add admin administrator alice "
	"all an and any api app application are auth authentication "
	"authorization aws azure ",
	"bar base baz be bearer blah bob bot bucket ",
	"cert change changed changeit changeme child ci client cloud "
	"code company config connection correct credential credentials "
	"custom ",
	"data database db default demo deploy dev development do dont "
	"dummy ",
	"edit email empty encryption enter env environment example "
	"examples ",
	"fake fallback fill fix fixme foo foobar for form from ftp ",
	"gcp generate generated get git github gitlab go goes good guest ",
	"hello here hidden host http https ",
	"id if in input insert internal invalid is it ",
	"java jdbc jenkins jks john jwt ",
	"key keys keystore ",
	"ldap local localhost log login long lorem ",
	"mail main manager master me mock mongo mongodb must my myapp "
	"mysql ",
	"name need new nginx nil no node none noop not nothing null "
	"number ",
	"of old omitted on one openai optional or oracle org our ",
	"parent pass passcode passphrase passwd password passwords paste "
	"phrase placeholder please postgres postgresql private "
	"prod production profile project provided proxy psql public put "
	"pw pwd ",
	"quux qux ",
	"rabbit rabbitmq random read real redacted redis refresh removed "
	"replace replaced required root ",
	"safe same sample sas secret secrets secure security see server "
	"service session set sha should signing site smtp snip some "
	"something source sql ssh ssl staging store string strong sudo "
	"super system ",
	"tbd temp temporary test tester testing tests text that the this "
	"tls to todo token tokens truststore two ",
	"unknown unset update use user username users using ",
	"valid value values variable vault very ",
	"was web webhook webmaster what wherever wifi with word world "
	"write wrong ",
	"xx xxx xyz ",
	"yes you your yours ",
	"zzz ",
};

/*
 * As above; longer, since they are looked for anywhere. The second letters,
 * one bit each, spare the search of the lists for most.
 */
#define BIT(letter) (1u << ((letter) - 'a'))

static const struct {
	uint32_t seconds;
	const char *words;
} markers[26] = {
	['c' - 'a'] = { BIT('a') | BIT('h'),
		"cafebabe changeme changeit change_me change-me " },
	['d' - 'a'] = { BIT('e') | BIT('u'), "deadbeef dummy " },
	['e' - 'a'] = { BIT('x'), "example " },
	['f' - 'a'] = { BIT('a') | BIT('o'),
		"foobar fake_ fake- fakekey faketoken fakesecret " },
	['i' - 'a'] = { BIT('n'), "insert invalid " },
	['m' - 'a'] = { BIT('y'), "mytoken mysecret mypassword myapikey " },
	['n' - 'a'] = { BIT('o'), "notreal notasecret not_a_real not-a-real " },
	['p' - 'a'] = { BIT('l'), "placeholder " },
	['r' - 'a'] = { BIT('e'), "redacted replace " },
	['s' - 'a'] = { BIT('a'), "sample " },
	['t' - 'a'] = { BIT('o'), "todo_ " },
	['y' - 'a'] = { BIT('o'), "your_ your- yourtoken yourapi yourkey "
				  "yoursecret yourpass youraccess " },
};

#undef BIT

/* By their first letter; each row ends with an empty word. */
static const struct {
	char word[HINT_WORD_MAX + 1];
	uint8_t hint;
} hints[26][HINTS_A_LETTER] = {
	['a' - 'a'] = {
		{ "apikey", KS_HINT_SECRET },
		{ "assert", KS_HINT_TEST },
		{ "auth", KS_HINT_SECRET },
	},
	['b' - 'a'] = {
		{ "bar", KS_HINT_EXAMPLE },
		{ "blob", KS_HINT_HASH },
		{ "bogus", KS_HINT_EXAMPLE },
	},
	['c' - 'a'] = {
		{ "checksum", KS_HINT_HASH },
		{ "checksums", KS_HINT_HASH },
		{ "commit", KS_HINT_HASH },
		{ "credential", KS_HINT_SECRET },
		{ "credentials", KS_HINT_SECRET },
	},
	['d' - 'a'] = {
		{ "demo", KS_HINT_TEST },
		{ "digest", KS_HINT_HASH },
		{ "docs", KS_HINT_TEST },
		{ "dummy", KS_HINT_EXAMPLE },
	},
	['e' - 'a'] = {
		{ "etag", KS_HINT_HASH },
		{ "example", KS_HINT_EXAMPLE },
		{ "examples", KS_HINT_EXAMPLE },
		{ "expect", KS_HINT_TEST },
		{ "expected", KS_HINT_TEST },
	},
	['f' - 'a'] = {
		{ "fake", KS_HINT_EXAMPLE },
		{ "fingerprint", KS_HINT_HASH },
		{ "fixture", KS_HINT_EXAMPLE },
		{ "fixtures", KS_HINT_EXAMPLE },
		{ "foo", KS_HINT_EXAMPLE },
		{ "foobar", KS_HINT_EXAMPLE },
	},
	['g' - 'a'] = {
		{ "guid", KS_HINT_ID },
	},
	['h' - 'a'] = {
		{ "hash", KS_HINT_HASH },
		{ "hashes", KS_HINT_HASH },
	},
	['i' - 'a'] = {
		{ "id", KS_HINT_ID },
		{ "ident", KS_HINT_ID },
		{ "identifier", KS_HINT_ID },
		{ "integrity", KS_HINT_HASH },
		{ "invalid", KS_HINT_EXAMPLE },
	},
	['k' - 'a'] = {
		{ "key", KS_HINT_SECRET },
	},
	['l' - 'a'] = {
		{ "localhost", KS_HINT_LOCAL },
	},
	['m' - 'a'] = {
		{ "mock", KS_HINT_EXAMPLE },
		{ "mocked", KS_HINT_EXAMPLE },
		{ "mocks", KS_HINT_EXAMPLE },
	},
	['p' - 'a'] = {
		{ "passphrase", KS_HINT_SECRET },
		{ "passwd", KS_HINT_SECRET },
		{ "password", KS_HINT_SECRET },
		{ "placeholder", KS_HINT_EXAMPLE },
		{ "private", KS_HINT_SECRET },
		{ "pub", KS_HINT_PUBLIC },
		{ "public", KS_HINT_PUBLIC },
		{ "publishable", KS_HINT_PUBLIC },
		{ "pwd", KS_HINT_SECRET },
	},
	['r' - 'a'] = {
		{ "redacted", KS_HINT_EXAMPLE },
		{ "revision", KS_HINT_HASH },
	},
	['s' - 'a'] = {
		{ "sample", KS_HINT_EXAMPLE },
		{ "samples", KS_HINT_EXAMPLE },
		{ "secret", KS_HINT_SECRET },
		{ "sha", KS_HINT_HASH },
		{ "shasum", KS_HINT_HASH },
		{ "spec", KS_HINT_TEST },
		{ "specs", KS_HINT_TEST },
		{ "stub", KS_HINT_TEST },
	},
	['t' - 'a'] = {
		{ "test", KS_HINT_TEST },
		{ "testing", KS_HINT_TEST },
		{ "tests", KS_HINT_TEST },
		{ "token", KS_HINT_SECRET },
		{ "tutorial", KS_HINT_TEST },
	},
	['u' - 'a'] = {
		{ "usage", KS_HINT_TEST },
		{ "uuid", KS_HINT_ID },
	},
};

/* The hint of the lower-case ${word} of ${n} bytes. */
static unsigned hint_of(const char *word, size_t n)
{
	size_t row = (size_t)(word[0] - 'a');

	for (size_t i = 0; hints[row][i].word[0]; i++) {
		const char *known = hints[row][i].word;

		if (known[1] == word[1] && known[n] == '\0' &&
			memcmp(known, word, n) == 0)
			return hints[row][i].hint;
	}
	return 0;
}

unsigned ks_words_hints(struct ks_span text)
{
	unsigned found = 0;
	struct ks_span piece;
	size_t at = 0;

	while (ks_letters_next(text, &at, &piece)) {
		char word[HINT_WORD_MAX + 1];

		if (piece.n < 2 || piece.n > HINT_WORD_MAX)
			continue;
		for (size_t i = 0; i < piece.n; i++)
			word[i] = (char)(piece.p[i] | 0x20);
		if (piece.n == 2 && word[0] == 'm' && word[1] == 'd' &&
			at < text.n && text.p[at] == '5')
			found |= KS_HINT_HASH;
		found |= hint_of(word, piece.n);
	}
	return found;
}

/* Is the lower-case ${word}, with a space behind, in ${list}? */
static bool is_listed(const char *list, const char *word, size_t n)
{
	size_t length;

	for (const char *at = list; *at; at += length + 1) {
		length = (size_t)(strchr(at, ' ') - at);
		if (length == n && memcmp(at, word, n) == 0)
			return true;
	}
	return false;
}

bool ks_words_are_none(struct ks_span text)
{
	static const char words[] =
		"any bool boolean byte bytes char disabled empty enabled "
		"false float int integer long n/a na nan nil no none null "
		"nullptr number object off on optional required self str "
		"string text this true tbd todo undefined unset unknown "
		"varchar void yes ";
	char word[16];

	if (text.n == 0 || text.n >= sizeof(word))
		return text.n == 0;
	for (size_t i = 0; i < text.n; i++)
		word[i] = (char)ks_class_fold(text.p[i]);
	return is_listed(words, word, text.n);
}

/* The digits that people count with: 1, 12, 123, 000. */
static bool is_counting(const uint8_t *digits, size_t n)
{
	size_t up = 0;
	size_t same = 0;

	if (n == 0)
		return true;
	if (n > 10)
		return false;
	for (size_t i = 1; i < n; i++) {
		up += digits[i] == '0' + (digits[i - 1] - '0' + 1) % 10;
		same += digits[i] == digits[0];
	}
	if (same == n - 1)
		return true;
	return up == n - 1 && (digits[0] == '1' || digits[0] == '0');
}

/* Can the ${n} small ${letters} be cut into fillers? */
static bool can_be_cut(const uint8_t *letters, size_t n)
{
	uint64_t reached = 1; /* bit i: letters[0..i) can be cut */

	for (size_t i = 0; i < n; i++) {
		const char *list = fillers[letters[i] - 'a'];

		if (!(reached >> i & 1))
			continue;
		for (const char *at = list; *at;) {
			size_t length = (size_t)(strchr(at, ' ') - at);

			if (length <= n - i &&
				memcmp(at, letters + i, length) == 0) {
				if (length == n - i)
					return true;
				reached |= UINT64_C(1) << (i + length);
			}
			at += length + 1;
		}
	}
	return false;
}

bool ks_words_are_filler(struct ks_span text)
{
	uint8_t letters[FILLER_MAX];
	uint8_t digits[FILLER_MAX];
	size_t letter_count = 0;
	size_t digit_count = 0;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];

		if (letter_count == FILLER_MAX || digit_count == FILLER_MAX)
			return false;
		if (ks_class_is_letter(byte))
			letters[letter_count++] = byte | 0x20;
		else if (ks_class_is_digit(byte))
			digits[digit_count++] = byte;
		else if (byte == 0 || !strchr("_-. <>[](){}'\"*:/,", byte))
			return false;
	}
	return letter_count > 0 && is_counting(digits, digit_count) &&
	       can_be_cut(letters, letter_count);
}

/* Does ${text} begin with ${word}, all of it in the case of its first? */
static bool begins(struct ks_span text, const char *word, size_t n)
{
	uint8_t flip = text.p[0] ^ (uint8_t)word[0]; /* 0x20: upper case */
	bool is_title = flip == 0x20 && n > 1 && text.n > 1 &&
			text.p[1] == (uint8_t)word[1];

	if (text.n < n)
		return false;
	for (size_t i = is_title ? 1 : 0; i < n; i++) {
		uint8_t byte = text.p[i];

		if (!is_title && ks_class_is_letter((uint8_t)word[i]))
			byte ^= flip;
		if (byte != (uint8_t)word[i])
			return false;
	}
	return true;
}

/* Does ${text}, letters both its first, begin with a word of ${list}? */
static bool begins_with_any(struct ks_span text, const char *list)
{
	for (const char *at = list; *at;) {
		size_t n = (size_t)(strchr(at, ' ') - at);

		if (begins(text, at, n))
			return true;
		at += n + 1;
	}
	return false;
}

bool ks_words_have_marker(struct ks_span text)
{
	/* The shortest one has five letters. */
	for (size_t i = 0; i + 5 <= text.n; i++) {
		unsigned first = (text.p[i] | 0x20u) - 'a';
		unsigned second = (text.p[i + 1] | 0x20u) - 'a';

		if (first < 26 && second < 26 &&
			(markers[first].seconds >> second & 1) &&
			begins_with_any(ks_span_cut(text, i, text.n),
				markers[first].words))
			return true;
	}
	return false;
}
