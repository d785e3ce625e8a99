/* SPDX-License-Identifier: Apache-2.0 */
/* What the words of a name, a value or a line are about. */
#include "filter/lexicon.h"

#include "filter/shape.h"

enum {
	WORD_MAX = 15,
	WORDS_A_LETTER = 37
};

struct entry {
	char word[WORD_MAX];
	uint8_t topic;
};

/*
 * Words by their first letter; each row ends with an empty one. The second
 * letters, one bit each, spare most words the search.
 */
#define BIT(letter) (1u << ((letter) - 'a'))

static const struct {
	uint32_t seconds;
	struct entry words[WORDS_A_LETTER];
} rows[26] = {
	['a' - 'a'] = { BIT('c') | BIT('d') | BIT('g') | BIT('l') | BIT('p') |
				BIT('r') | BIT('s') | BIT('t') | BIT('u'),
		{
			{ "access", KS_TOPIC_SECRET },
			{ "account", KS_TOPIC_USER },
			{ "add", KS_TOPIC_VERB },
			{ "addr", KS_TOPIC_PLACE },
			{ "address", KS_TOPIC_PLACE },
			{ "admin", KS_TOPIC_USER },
			{ "age", KS_TOPIC_AMOUNT },
			{ "alg", KS_TOPIC_KIND },
			{ "algo", KS_TOPIC_KIND },
			{ "algorithm", KS_TOPIC_KIND },
			{ "alias", KS_TOPIC_FIELD },
			{ "allow", KS_TOPIC_SWITCH },
			{ "allowed", KS_TOPIC_SWITCH },
			{ "api", KS_TOPIC_SECRET },
			{ "apikey", KS_TOPIC_SECRET },
			{ "apitoken", KS_TOPIC_SECRET },
			{ "arg", KS_TOPIC_FIELD },
			{ "argument", KS_TOPIC_FIELD },
			{ "arn", KS_TOPIC_ID },
			{ "assert", KS_TOPIC_TEST },
			{ "assertequal", KS_TOPIC_TEST },
			{ "attr", KS_TOPIC_FIELD },
			{ "attribute", KS_TOPIC_FIELD },
			{ "auth", KS_TOPIC_SECRET },
			{ "author", KS_TOPIC_TEXT },
			{ "authorization", KS_TOPIC_SECRET },
			{ "authors", KS_TOPIC_TEXT },
			{ "authtoken", KS_TOPIC_SECRET },
		} },
	['b' - 'a'] = { BIT('a') | BIT('e') | BIT('i') | BIT('o') | BIT('u') |
				BIT('y'),
		{
			{ "base", KS_TOPIC_VALUE },
			{ "bearer", KS_TOPIC_SECRET },
			{ "bits", KS_TOPIC_AMOUNT },
			{ "bogus", KS_TOPIC_EXAMPLE },
			{ "bucket", KS_TOPIC_PLACE },
			{ "build", KS_TOPIC_VERB },
			{ "bytes", KS_TOPIC_AMOUNT },
		} },
	['c' - 'a'] = { BIT('a') | BIT('e') | BIT('h') | BIT('i') | BIT('l') |
				BIT('o') | BIT('r'),
		{
			{ "ca", KS_TOPIC_PUBLIC },
			{ "can", KS_TOPIC_SWITCH },
			{ "caption", KS_TOPIC_TEXT },
			{ "case", KS_TOPIC_CODE },
			{ "cert", KS_TOPIC_PLACE },
			{ "certificate", KS_TOPIC_PLACE },
			{ "change", KS_TOPIC_VERB },
			{ "char", KS_TOPIC_CODE },
			{ "check", KS_TOPIC_VERB },
			{ "checksum", KS_TOPIC_HASH },
			{ "cipher", KS_TOPIC_KIND },
			{ "class", KS_TOPIC_KIND },
			{ "client", KS_TOPIC_USER },
			{ "code", KS_TOPIC_FIELD },
			{ "column", KS_TOPIC_FIELD },
			{ "comment", KS_TOPIC_TEXT },
			{ "confirm", KS_TOPIC_SWITCH },
			{ "confirmation", KS_TOPIC_SWITCH },
			{ "confirmed", KS_TOPIC_SWITCH },
			{ "console", KS_TOPIC_LOG },
			{ "const", KS_TOPIC_FIELD },
			{ "count", KS_TOPIC_AMOUNT },
			{ "create", KS_TOPIC_VERB },
			{ "credential", KS_TOPIC_SECRET },
			{ "credentials", KS_TOPIC_SECRET },
			{ "creds", KS_TOPIC_SECRET },
			{ "crt", KS_TOPIC_PUBLIC },
		} },
	['d' - 'a'] = { BIT('a') | BIT('e') | BIT('i') | BIT('o') | BIT('u'),
		{
			{ "data", KS_TOPIC_VALUE },
			{ "debug", KS_TOPIC_LOG },
			{ "decode", KS_TOPIC_VERB },
			{ "def", KS_TOPIC_CODE },
			{ "default", KS_TOPIC_EXAMPLE },
			{ "define", KS_TOPIC_CODE },
			{ "delay", KS_TOPIC_AMOUNT },
			{ "delete", KS_TOPIC_VERB },
			{ "demo", KS_TOPIC_EXAMPLE },
			{ "desc", KS_TOPIC_TEXT },
			{ "describe", KS_TOPIC_TEST },
			{ "description", KS_TOPIC_TEXT },
			{ "digest", KS_TOPIC_HASH },
			{ "dir", KS_TOPIC_PLACE },
			{ "directory", KS_TOPIC_PLACE },
			{ "disable", KS_TOPIC_SWITCH },
			{ "disabled", KS_TOPIC_SWITCH },
			{ "domain", KS_TOPIC_PLACE },
			{ "dummy", KS_TOPIC_EXAMPLE },
			{ "duration", KS_TOPIC_AMOUNT },
		} },
	['e' - 'a'] = { BIT('c') | BIT('l') | BIT('m') | BIT('n') | BIT('q') |
				BIT('r') | BIT('x'),
		{
			{ "echo", KS_TOPIC_LOG },
			{ "element", KS_TOPIC_FIELD },
			{ "else", KS_TOPIC_CODE },
			{ "email", KS_TOPIC_USER },
			{ "enable", KS_TOPIC_SWITCH },
			{ "enabled", KS_TOPIC_SWITCH },
			{ "encode", KS_TOPIC_VERB },
			{ "encoder", KS_TOPIC_KIND },
			{ "encoding", KS_TOPIC_KIND },
			{ "encryption", KS_TOPIC_KIND },
			{ "endpoint", KS_TOPIC_PLACE },
			{ "env", KS_TOPIC_FIELD },
			{ "equal", KS_TOPIC_TEST },
			{ "equals", KS_TOPIC_TEST },
			{ "err", KS_TOPIC_LOG },
			{ "error", KS_TOPIC_TEXT },
			{ "errors", KS_TOPIC_TEXT },
			{ "example", KS_TOPIC_EXAMPLE },
			{ "examples", KS_TOPIC_EXAMPLE },
			{ "expect", KS_TOPIC_TEST },
			{ "expected", KS_TOPIC_TEST },
			{ "expiration", KS_TOPIC_AMOUNT },
			{ "expired", KS_TOPIC_SWITCH },
			{ "expires", KS_TOPIC_AMOUNT },
			{ "expiry", KS_TOPIC_AMOUNT },
			{ "export", KS_TOPIC_CODE },
		} },
	['f' - 'a'] = { BIT('a') | BIT('e') | BIT('i') | BIT('l') | BIT('m') |
				BIT('o') | BIT('p') | BIT('u'),
		{
			{ "fail", KS_TOPIC_LOG },
			{ "fake", KS_TOPIC_EXAMPLE },
			{ "fetch", KS_TOPIC_VERB },
			{ "field", KS_TOPIC_FIELD },
			{ "fields", KS_TOPIC_FIELD },
			{ "file", KS_TOPIC_PLACE },
			{ "filename", KS_TOPIC_PLACE },
			{ "final", KS_TOPIC_CODE },
			{ "find", KS_TOPIC_VERB },
			{ "fingerprint", KS_TOPIC_HASH },
			{ "flag", KS_TOPIC_FIELD },
			{ "flow", KS_TOPIC_KIND },
			{ "fmt", KS_TOPIC_LOG },
			{ "folder", KS_TOPIC_PLACE },
			{ "for", KS_TOPIC_CODE },
			{ "form", KS_TOPIC_FIELD },
			{ "format", KS_TOPIC_KIND },
			{ "fprintf", KS_TOPIC_LOG },
			{ "func", KS_TOPIC_CODE },
			{ "function", KS_TOPIC_CODE },
		} },
	['g' - 'a'] = { BIT('e') | BIT('r') | BIT('u'),
		{
			{ "generate", KS_TOPIC_VERB },
			{ "get", KS_TOPIC_VERB },
			{ "grant", KS_TOPIC_KIND },
			{ "guid", KS_TOPIC_ID },
		} },
	['h' - 'a'] = { BIT('a') | BIT('e') | BIT('i') | BIT('o') | BIT('r'),
		{
			{ "has", KS_TOPIC_SWITCH },
			{ "hash", KS_TOPIC_HASH },
			{ "hashed", KS_TOPIC_HASH },
			{ "hashes", KS_TOPIC_HASH },
			{ "header", KS_TOPIC_FIELD },
			{ "headers", KS_TOPIC_FIELD },
			{ "hex", KS_TOPIC_VALUE },
			{ "hint", KS_TOPIC_TEXT },
			{ "host", KS_TOPIC_PLACE },
			{ "hostname", KS_TOPIC_PLACE },
			{ "href", KS_TOPIC_PLACE },
		} },
	['i' - 'a'] = { BIT('d') | BIT('f') | BIT('m') | BIT('n') | BIT('s') |
				BIT('t'),
		{
			{ "id", KS_TOPIC_ID },
			{ "identifier", KS_TOPIC_ID },
			{ "ids", KS_TOPIC_ID },
			{ "if", KS_TOPIC_CODE },
			{ "import", KS_TOPIC_CODE },
			{ "in", KS_TOPIC_CODE },
			{ "index", KS_TOPIC_ID },
			{ "info", KS_TOPIC_TEXT },
			{ "input", KS_TOPIC_FIELD },
			{ "interval", KS_TOPIC_AMOUNT },
			{ "invalid", KS_TOPIC_SWITCH },
			{ "is", KS_TOPIC_SWITCH },
			{ "it", KS_TOPIC_TEST },
			{ "item", KS_TOPIC_FIELD },
		} },
	['j' - 'a'] = { BIT('s'),
		{
			{ "json", KS_TOPIC_VALUE },
		} },
	['k' - 'a'] = { BIT('e') | BIT('i'),
		{
			{ "key", KS_TOPIC_SECRET },
			{ "keys", KS_TOPIC_SECRET },
			{ "kid", KS_TOPIC_ID },
		} },
	['l' - 'a'] = { BIT('a') | BIT('e') | BIT('i') | BIT('o'),
		{
			{ "label", KS_TOPIC_TEXT },
			{ "len", KS_TOPIC_AMOUNT },
			{ "length", KS_TOPIC_AMOUNT },
			{ "let", KS_TOPIC_CODE },
			{ "level", KS_TOPIC_KIND },
			{ "lifetime", KS_TOPIC_AMOUNT },
			{ "limit", KS_TOPIC_AMOUNT },
			{ "link", KS_TOPIC_PLACE },
			{ "list", KS_TOPIC_FIELD },
			{ "load", KS_TOPIC_VERB },
			{ "location", KS_TOPIC_PLACE },
			{ "log", KS_TOPIC_LOG },
			{ "logger", KS_TOPIC_LOG },
			{ "logging", KS_TOPIC_LOG },
			{ "login", KS_TOPIC_USER },
		} },
	['m' - 'a'] = { BIT('a') | BIT('d') | BIT('e') | BIT('i') | BIT('o') |
				BIT('s'),
		{
			{ "mail", KS_TOPIC_USER },
			{ "make", KS_TOPIC_VERB },
			{ "manager", KS_TOPIC_KIND },
			{ "map", KS_TOPIC_FIELD },
			{ "max", KS_TOPIC_AMOUNT },
			{ "md", KS_TOPIC_HASH },
			{ "member", KS_TOPIC_USER },
			{ "message", KS_TOPIC_TEXT },
			{ "messages", KS_TOPIC_TEXT },
			{ "method", KS_TOPIC_KIND },
			{ "min", KS_TOPIC_AMOUNT },
			{ "mock", KS_TOPIC_EXAMPLE },
			{ "mode", KS_TOPIC_KIND },
			{ "msg", KS_TOPIC_TEXT },
		} },
	['n' - 'a'] = { BIT('a') | BIT('e') | BIT('o') | BIT('u'),
		{
			{ "name", KS_TOPIC_TEXT },
			{ "names", KS_TOPIC_TEXT },
			{ "needed", KS_TOPIC_SWITCH },
			{ "new", KS_TOPIC_VERB },
			{ "node", KS_TOPIC_FIELD },
			{ "number", KS_TOPIC_ID },
		} },
	['o' - 'a'] = { BIT('p') | BIT('w'),
		{
			{ "option", KS_TOPIC_FIELD },
			{ "options", KS_TOPIC_FIELD },
			{ "owner", KS_TOPIC_USER },
		} },
	['p' - 'a'] = { BIT('a') | BIT('e') | BIT('l') | BIT('o') | BIT('r') |
				BIT('u') | BIT('w'),
		{
			{ "page", KS_TOPIC_PLACE },
			{ "panic", KS_TOPIC_LOG },
			{ "param", KS_TOPIC_FIELD },
			{ "parameter", KS_TOPIC_FIELD },
			{ "parameters", KS_TOPIC_FIELD },
			{ "params", KS_TOPIC_FIELD },
			{ "parse", KS_TOPIC_VERB },
			{ "pass", KS_TOPIC_SECRET },
			{ "passcode", KS_TOPIC_SECRET },
			{ "passphrase", KS_TOPIC_SECRET },
			{ "passwd", KS_TOPIC_SECRET },
			{ "password", KS_TOPIC_SECRET },
			{ "passwords", KS_TOPIC_SECRET },
			{ "path", KS_TOPIC_PLACE },
			{ "paths", KS_TOPIC_PLACE },
			{ "pem", KS_TOPIC_PUBLIC },
			{ "placeholder", KS_TOPIC_TEXT },
			{ "policy", KS_TOPIC_KIND },
			{ "port", KS_TOPIC_PLACE },
			{ "prefix", KS_TOPIC_FIELD },
			{ "print", KS_TOPIC_LOG },
			{ "printf", KS_TOPIC_LOG },
			{ "println", KS_TOPIC_LOG },
			{ "private", KS_TOPIC_CODE },
			{ "prompt", KS_TOPIC_TEXT },
			{ "prop", KS_TOPIC_FIELD },
			{ "property", KS_TOPIC_FIELD },
			{ "protected", KS_TOPIC_CODE },
			{ "protocol", KS_TOPIC_KIND },
			{ "provider", KS_TOPIC_KIND },
			{ "pub", KS_TOPIC_PUBLIC },
			{ "public", KS_TOPIC_PUBLIC },
			{ "publishable", KS_TOPIC_PUBLIC },
			{ "puts", KS_TOPIC_LOG },
			{ "pw", KS_TOPIC_SECRET },
			{ "pwd", KS_TOPIC_SECRET },
		} },
	['r' - 'a'] = { BIT('a') | BIT('e') | BIT('o'),
		{
			{ "raise", KS_TOPIC_LOG },
			{ "raw", KS_TOPIC_VALUE },
			{ "read", KS_TOPIC_VERB },
			{ "reason", KS_TOPIC_TEXT },
			{ "redacted", KS_TOPIC_EXAMPLE },
			{ "ref", KS_TOPIC_FIELD },
			{ "reference", KS_TOPIC_FIELD },
			{ "remove", KS_TOPIC_VERB },
			{ "request", KS_TOPIC_VERB },
			{ "required", KS_TOPIC_SWITCH },
			{ "reset", KS_TOPIC_SWITCH },
			{ "return", KS_TOPIC_CODE },
			{ "root", KS_TOPIC_USER },
			{ "route", KS_TOPIC_PLACE },
		} },
	['s' - 'a'] = { BIT('a') | BIT('c') | BIT('e') | BIT('h') | BIT('i') |
				BIT('o') | BIT('p') | BIT('t') | BIT('u'),
		{
			{ "salt", KS_TOPIC_SECRET },
			{ "sample", KS_TOPIC_EXAMPLE },
			{ "schema", KS_TOPIC_KIND },
			{ "scheme", KS_TOPIC_KIND },
			{ "secret", KS_TOPIC_SECRET },
			{ "secrets", KS_TOPIC_SECRET },
			{ "section", KS_TOPIC_FIELD },
			{ "selector", KS_TOPIC_FIELD },
			{ "separator", KS_TOPIC_FIELD },
			{ "serial", KS_TOPIC_ID },
			{ "server", KS_TOPIC_PLACE },
			{ "service", KS_TOPIC_KIND },
			{ "set", KS_TOPIC_VERB },
			{ "sha", KS_TOPIC_HASH },
			{ "should", KS_TOPIC_SWITCH },
			{ "signature", KS_TOPIC_HASH },
			{ "size", KS_TOPIC_AMOUNT },
			{ "source", KS_TOPIC_PLACE },
			{ "spec", KS_TOPIC_TEST },
			{ "state", KS_TOPIC_FIELD },
			{ "static", KS_TOPIC_CODE },
			{ "status", KS_TOPIC_FIELD },
			{ "store", KS_TOPIC_PLACE },
			{ "str", KS_TOPIC_VALUE },
			{ "strategy", KS_TOPIC_KIND },
			{ "string", KS_TOPIC_CODE },
			{ "style", KS_TOPIC_KIND },
			{ "suffix", KS_TOPIC_FIELD },
			{ "sum", KS_TOPIC_HASH },
			{ "summary", KS_TOPIC_TEXT },
		} },
	['t' - 'a'] = { BIT('a') | BIT('e') | BIT('h') | BIT('i') | BIT('o') |
				BIT('t') | BIT('y'),
		{
			{ "table", KS_TOPIC_FIELD },
			{ "tag", KS_TOPIC_FIELD },
			{ "test", KS_TOPIC_TEST },
			{ "testing", KS_TOPIC_TEST },
			{ "tests", KS_TOPIC_TEST },
			{ "text", KS_TOPIC_TEXT },
			{ "throw", KS_TOPIC_LOG },
			{ "throws", KS_TOPIC_LOG },
			{ "thumbprint", KS_TOPIC_HASH },
			{ "timeout", KS_TOPIC_AMOUNT },
			{ "title", KS_TOPIC_TEXT },
			{ "titles", KS_TOPIC_TEXT },
			{ "token", KS_TOPIC_SECRET },
			{ "tokens", KS_TOPIC_SECRET },
			{ "tooltip", KS_TOPIC_TEXT },
			{ "ttl", KS_TOPIC_AMOUNT },
			{ "type", KS_TOPIC_KIND },
			{ "types", KS_TOPIC_KIND },
		} },
	['u' - 'a'] = { BIT('i') | BIT('p') | BIT('r') | BIT('s') | BIT('u'),
		{
			{ "uid", KS_TOPIC_ID },
			{ "update", KS_TOPIC_VERB },
			{ "uri", KS_TOPIC_PLACE },
			{ "url", KS_TOPIC_PLACE },
			{ "urls", KS_TOPIC_PLACE },
			{ "usage", KS_TOPIC_AMOUNT },
			{ "use", KS_TOPIC_SWITCH },
			{ "user", KS_TOPIC_USER },
			{ "userid", KS_TOPIC_USER },
			{ "username", KS_TOPIC_USER },
			{ "users", KS_TOPIC_USER },
			{ "uuid", KS_TOPIC_ID },
		} },
	['v' - 'a'] = { BIT('a') | BIT('e') | BIT('i'),
		{
			{ "val", KS_TOPIC_CODE },
			{ "valid", KS_TOPIC_SWITCH },
			{ "validate", KS_TOPIC_VERB },
			{ "value", KS_TOPIC_VALUE },
			{ "values", KS_TOPIC_VALUE },
			{ "var", KS_TOPIC_FIELD },
			{ "variable", KS_TOPIC_FIELD },
			{ "verify", KS_TOPIC_VERB },
			{ "version", KS_TOPIC_KIND },
			{ "visible", KS_TOPIC_SWITCH },
		} },
	['w' - 'a'] = { BIT('a') | BIT('i') | BIT('r'),
		{
			{ "warn", KS_TOPIC_LOG },
			{ "warning", KS_TOPIC_TEXT },
			{ "with", KS_TOPIC_VERB },
			{ "write", KS_TOPIC_VERB },
			{ "wrong", KS_TOPIC_EXAMPLE },
		} },
};

#undef BIT

/* Is ${word}, with a space behind, in ${list}? */
static bool is_listed(const char *list, const char *word, size_t n)
{
	for (const char *at = list; *at;) {
		const char *end = strchr(at, ' ');

		if (at[0] == word[0] && (size_t)(end - at) == n &&
			memcmp(at, word, n) == 0)
			return true;
		at = end + 1;
	}
	return false;
}

static size_t fold(char word[WORD_MAX + 1], struct ks_span text)
{
	if (text.n == 0 || text.n > WORD_MAX)
		return 0;
	for (size_t i = 0; i < text.n; i++)
		word[i] = (char)ks_class_fold(text.p[i]);
	word[text.n] = '\0';
	return text.n;
}

enum ks_topic ks_lexicon_topic(struct ks_span text)
{
	char word[WORD_MAX + 1];
	unsigned first;
	unsigned second;
	size_t n;

	if (text.n < 2 || text.n >= WORD_MAX)
		return KS_TOPIC_NONE;
	first = (text.p[0] | 0x20u) - 'a';
	second = (text.p[1] | 0x20u) - 'a';
	if (first >= 26 || second >= 26 || !(rows[first].seconds >> second & 1))
		return KS_TOPIC_NONE;
	n = fold(word, text);
	for (const struct entry *at = rows[first].words; at->word[0]; at++) {
		if (at->word[1] == word[1] && at->word[n] == '\0' &&
			memcmp(at->word, word, n) == 0)
			return (enum ks_topic)at->topic;
	}
	return KS_TOPIC_NONE;
}

static const struct {
	const char *word;
	unsigned keyword;
} keywords[] = {
	{ "pass", KS_KEYWORD_PASS },
	{ "pwd", KS_KEYWORD_PASS },
	{ "psw", KS_KEYWORD_PASS },
	{ "_pw", KS_KEYWORD_PASS },
	{ "secret", KS_KEYWORD_SECRET },
	{ "token", KS_KEYWORD_TOKEN },
	{ "ticket", KS_KEYWORD_TOKEN },
	{ "key", KS_KEYWORD_KEY },
	{ "auth", KS_KEYWORD_AUTH },
	{ "cred", KS_KEYWORD_CREDENTIAL },
	{ "api", KS_KEYWORD_API },
	{ "salt", KS_KEYWORD_SALT },
	{ "nonce", KS_KEYWORD_NONCE },
	{ "sig", KS_KEYWORD_SIGNATURE },
	{ "access", KS_KEYWORD_ACCESS },
	{ "priv", KS_KEYWORD_ACCESS },
	{ "public", KS_KEYWORD_PUBLIC },
	{ "pubkey", KS_KEYWORD_PUBLIC },
	{ "pub_", KS_KEYWORD_PUBLIC },
	{ "pub-", KS_KEYWORD_PUBLIC },
	{ "user", KS_KEYWORD_USER },
	{ "login", KS_KEYWORD_USER },
	{ "hash", KS_KEYWORD_HASH },
	{ "sha1", KS_KEYWORD_HASH },
	{ "sha2", KS_KEYWORD_HASH },
	{ "sha5", KS_KEYWORD_HASH },
	{ "sha_", KS_KEYWORD_HASH },
	{ "md5", KS_KEYWORD_HASH },
	{ "digest", KS_KEYWORD_HASH },
	{ "encrypted", KS_KEYWORD_ENCRYPTED },
};

/* Does a keyword begin with ${byte}, in lower case? */
static bool is_keyword_start(uint8_t byte)
{
	static const uint32_t starts =
		1u << ('p' - 'a') | 1u << ('s' - 'a') | 1u << ('t' - 'a') |
		1u << ('k' - 'a') | 1u << ('a' - 'a') | 1u << ('c' - 'a') |
		1u << ('n' - 'a') | 1u << ('u' - 'a') | 1u << ('l' - 'a') |
		1u << ('h' - 'a') | 1u << ('m' - 'a') | 1u << ('d' - 'a') |
		1u << ('e' - 'a');
	unsigned letter = byte - 'a';

	return byte == '_' || (letter < 26 && (starts >> letter & 1));
}

static bool starts_folded(struct ks_span text, size_t at, const char *word)
{
	for (size_t i = 0; word[i]; i++) {
		if (at + i >= text.n ||
			ks_class_fold(text.p[at + i]) != (uint8_t)word[i])
			return false;
	}
	return true;
}

unsigned ks_lexicon_keywords(struct ks_span text, size_t *end)
{
	unsigned found = 0;

	*end = 0;
	for (size_t at = 0; at + 3 <= text.n; at++) {
		uint8_t first = ks_class_fold(text.p[at]);

		if (!is_keyword_start(first))
			continue;
		for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]);
			i++) {
			if ((uint8_t)keywords[i].word[0] != first ||
				!starts_folded(text, at, keywords[i].word))
				continue;
			found |= keywords[i].keyword;
			if (keywords[i].keyword < KS_KEYWORD_ACCESS)
				*end = at + strlen(keywords[i].word);
		}
	}
	return found;
}

bool ks_lexicon_is_common(struct ks_span text)
{
	static const char words[] =
		"abc admin administrator adminpassword asdf bar changeit "
		"changeme default demo dev foo foobar guest hello letmein "
		"hunter manager master mypass mypassword mysecret oracle p "
		"pass passw passwd password postgres pw pwd qwerty root "
		"rootpassword s secret secretpassword supersecret system test "
		"testing testpass testpassword tiger toor user welcome ";
	char word[WORD_MAX + 1];
	size_t n = fold(word, text);

	/* Digits and marks behind it do not make it better: Welcome1! */
	while (n > 0 && !ks_class_is_letter((uint8_t)word[n - 1]))
		n--;
	return n > 0 && is_listed(words, word, n);
}
