// SPDX-License-Identifier: Apache-2.0
// A finding opened: its line, its places, what it tells, how to get rid of it.

const PLACES_SHOWN = 50;

/** ${text} as one word of a shell. */
function quote(text) {
	if (/^[\w@%+=:,./-]+$/.test(text))
		return text;
	if (/[\x00-\x1f\x7f]/.test(text))
		return "$'" + text.replace(/[\\']/g, "\\$&").replace(/[\x00-\x1f\x7f]/g,
			(sign) => "\\x" + sign.charCodeAt(0).toString(16).padStart(2, "0")) + "'";
	return "'" + text.replace(/'/g, "'\\''") + "'";
}

function isFile(place) {
	return !/^(commit|tag|note|ref|blob):/.test(place.path);
}

/** The file of the repository, where the place is in an archive. */
function fileOf(place) {
	return place.path.split("!/")[0];
}

/** Do the bytes stand there as they are? */
function isPlain(place) {
	return !place.encoding && !place.path.includes("!/");
}

// The secret as a regular expression of filter-repo: one line, all escaped.
const EXPRESSION = '.secret | split("\\n") | map(gsub("(?<c>[^A-Za-z0-9 ])"; "\\\\\\(.c)")) | "regex:" + join("\\\\n")';

/** What removes ${item} from the history; where a step fails, or it is still there, nothing is pushed. */
function removal(item) {
	const files = [...new Set(item.places.filter((place) => isFile(place) && !isPlain(place)).map(fileOf))];
	const audit = `keysieve audit --only ${quote(item.found.rule)} --min-confidence 0 --format jsonl`;
	const print = item.found.fingerprint.replace(/[^0-9a-f]/g, "");
	const rewrite = "git filter-repo --replace-refs delete-no-add";
	const lines = ["(", "set -e; umask 077", "git clone --mirror --no-local URL rewritten.git", "cd rewritten.git"];

	if (files.length > 0)
		lines.push("# In these it is encoded: they go from all of the history, with what else is in them.",
			`${rewrite} --invert-paths \\`,
			...files.map((file, i) => `    --path ${quote(file)}${i < files.length - 1 ? " \\" : ""}`));
	if (item.places.some(isPlain))
		lines.push(`${audit} --show-secrets . > ../found.jsonl || [ $? = 1 ]`,
			`jq -r 'select(.fingerprint == "${print}") |`,
			`    ${EXPRESSION}' ../found.jsonl > ../secret.txt`,
			`${rewrite} --replace-text ../secret.txt --replace-message ../secret.txt`,
			"rm ../found.jsonl ../secret.txt");
	return [...lines, "# Pushed only if it is gone:",
		`${audit} . > ../left.jsonl || [ $? = 1 ]`,
		`if grep ${print} ../left.jsonl; then exit 1; fi`,
		"git push --force --mirror URL", ")"].join("\n");
}

function snippet(item, place) {
	const parts = item.found.secret ? place.snippet.split(item.found.secret) : [place.snippet];
	const line = make("pre", {});

	parts.forEach((part, i) => {
		if (i > 0)
			add(line, make("mark", {}, item.found.secret));
		add(line, part);
	});
	return line;
}

function term(name, value) {
	return value ? [make("dt", {}, name), make("dd", {}, value)] : null;
}

function where(place) {
	return `${place.path}:${place.line}:${place.column}`;
}

/** Who wrote a commit, and when; "" where that is not known. */
function signature(commit) {
	return [commit.date.slice(0, 10), commit.author, commit.commit.slice(0, 12), commit.message].filter(Boolean).join(" · ");
}

function placeOf(place, isRepository) {
	const brought = signature(place);

	return make("li", {}, make("span", {class: "mono"}, where(place)),
		isRepository ? ` — ${STATES[stateOf(place, true)].replace(/^I|^U/, (sign) => sign.toLowerCase())}` : null,
		brought ? make("span", {class: "muted"}, brought) : null);
}

function aboutToken(item) {
	const facts = Object.entries(item.found.facts || {});

	if (facts.length === 0 && !item.found.pair)
		return null;
	return [make("h3", {}, "What it tells"), make("dl", {},
		facts.map(([name, value]) => term(name, value)),
		item.found.pair ? term("belongs to", item.found.pair.slice(0, 16)) : null)];
}

function aboutPlaces(item, report) {
	const all = item.found.occurrence_count;
	const shown = item.places.slice(0, PLACES_SHOWN);

	return [make("h3", {}, plural(all, "place", "places")),
		make("ul", {class: "places"}, shown.map((place) => placeOf(place, report.is_repository)),
			all > shown.length ? make("li", {class: "muted"}, `and ${count(all - shown.length)} more`) : null)];
}

function aboutRotation(item) {
	return [make("h3", {}, "1. Rotate it"),
		make("p", {}, "Whoever has a copy of the repository has the secret: only a new one helps. ",
			item.found.rotate ? link(item.found.rotate, `How to replace it: ${item.name}`) : "Revoke it where it was issued, and issue a new one.")];
}

function aboutHistory(item, report) {
	if (!report.is_repository)
		return null;
	return [make("h3", {}, "2. Remove it from the history, if it must go"),
		make("p", {class: "muted"}, "Ids of commits change for everybody: agree on a time first. Forks and caches of the host keep the old ones."),
		make("pre", {class: "shell", tabindex: "0", role: "region", "aria-label": "Commands"}, removal(item))];
}

/** All about ${item}, made when it is opened. */
function detailsOf(item, report) {
	const found = item.found;

	return [make("h3", {}, "The line"), snippet(item, item.place),
		make("h3", {}, "The finding"),
		make("dl", {}, term("rule", found.rule), term("secret", found.secret),
			term("sure", `${Math.round(found.confidence * 100)}%, ${found.entropy} bits of entropy per character`),
			term("encoded", item.place.encoding), term("removed", item.removed ? signature(item.removed) : ""),
			term("branches", (found.branches || []).join(", ")),
			term("fingerprint", found.fingerprint)),
		aboutToken(item), aboutPlaces(item, report), aboutRotation(item), aboutHistory(item, report)];
}
