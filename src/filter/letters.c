/* SPDX-License-Identifier: Apache-2.0 */
/* How much a text looks like words. */
#include "filter/letters.h"

#include "filter/shape.h"

/*
 * Row: a letter; column: the next one. A cell is how many half bits likelier
 * the pair is in a word than among random letters: 'm' is none more, 'a' is
 * six bits less. Counted over the words of identifiers and comments in the C
 * and Python headers and libraries of a Debian system, each of some 10,000
 * words weighted by the logarithm of how often it occurs.
 */
static const char gains[26][26 + 1] = {
	"bmonfilamaiqnpamapoqjjggjc",
	"pflkpggaplgrifojhnnkpdaama",
	"pdlhpdcomannkhrhcnjpmiacia",
	"ohimshihrgalhinhhmninigeia",
	"mgopkkkdibemlpgljrpnfkgmia",
	"ncgeppgaraaojjqganllndgala",
	"nhjardknoadnlpniapoknefdef",
	"radhsgdaqagkjgqffnknlaaaja",
	"mlommlmacaenmsplalooblaiak",
	"qekkseeeoeeekeomeeneqkeeee",
	"nahktijhqaamimhhaipjkflaah",
	"phgmrijeraapcfpiafmllibane",
	"rlhjsgccpabjmfoqdbmhmfdaea",
	"ofopplqgndjihjnhefpqkkcafa",
	"kknmgkjajfjnorlnaqnmnllfcd",
	"qhijqhhlnajpghpmgqloldaaka",
	"lddjddddjddkdjdjjmldvddddd",
	"pgklsikdpaijmlpiclonkjfala",
	"mbndrhempajkihmnfhprnkhdja",
	"pejhrhcnrabkggnjdpnmlcgfmb",
	"mnnkmljbnaaonqioapppcaagae",
	"qjmktihhpagmmhmfdjlmhjafaa",
	"rgikpiaoraaliopjfpmfhaaaaa",
	"napaqlaaoaakkkirggnrjgajia",
	"kijgmjlanaanookshkpokgkaag",
	"piicucccncckminciiccicccjk",
};

static bool is_upper(uint8_t byte)
{
	return (uint8_t)(byte - 'A') < 26;
}

bool ks_letters_next(struct ks_span text, size_t *at, struct ks_span *piece)
{
	size_t from = *at;
	size_t to;

	while (from < text.n && !ks_class_is_letter(text.p[from]))
		from++;
	if (from >= text.n)
		return false;
	to = from + 1;
	while (to < text.n && ks_class_is_letter(text.p[to])) {
		bool before = is_upper(text.p[to - 1]);
		bool here = is_upper(text.p[to]);

		if (!before && here)
			break;
		/* HTTPServer: the capital before a small letter is its. */
		if (before && !here && to - from > 1) {
			to--;
			break;
		}
		to++;
	}
	*piece = ks_span_cut(text, from, to);
	*at = to;
	return true;
}

/* As ks_letters_next() cuts, in one go. */
struct ks_letters ks_letters_of(struct ks_span text)
{
	struct ks_letters sum = { 0 };
	size_t length = 0; /* of the piece so far */
	int last_gain = 0;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];
		uint8_t before = length > 0 ? text.p[i - 1] : 0;

		if (!ks_class_is_letter(byte)) {
			length = 0;
			continue;
		}
		sum.letters++;
		if (length == 0 || (!is_upper(before) && is_upper(byte))) {
			sum.pieces++;
			length = 1;
			continue;
		}
		if (length > 1 && is_upper(before) && !is_upper(byte)) {
			sum.pieces++;
			sum.pairs--;
			sum.gain -= last_gain;
			length = 1;
		}
		last_gain =
			gains[(before | 0x20) - 'a'][(byte | 0x20) - 'a'] - 'm';
		sum.gain += last_gain;
		sum.pairs++;
		length++;
	}
	return sum;
}

bool ks_letters_are_words(const struct ks_letters *letters)
{
	/*
	 * Random base 62 has pieces of two letters, words of six. By the
	 * nature of likelihoods one random text in eight gains three bits;
	 * a quarter of a bit for each pair it gains in one of 400 cases if it
	 * has ten letters, hardly ever if it has sixteen. Of names in code
	 * nine in ten do.
	 */
	return letters->letters >= 3 * letters->pieces && letters->gain >= 6 &&
	       letters->gain * 2 >= (int)letters->pairs;
}

bool ks_letters_are_foreign(struct ks_span text)
{
	size_t foreign = 0;
	bool has_space = false;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];

		foreign += byte >= 0x80;
		has_space |= byte == ' ';
		if (byte < 0x80 && !ks_class_is_letter(byte) &&
			(byte == 0 || !strchr(" .,:;!?'()-", byte)))
			return false;
	}
	return foreign > 0 &&
	       (has_space || text.p[0] >= 0x80 || is_upper(text.p[0]));
}
