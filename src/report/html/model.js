// SPDX-License-Identifier: Apache-2.0
// What was found: read once, ordered, filtered.

const SURE = 0.8;
const STATES = {
	head: "In HEAD",
	history: "In history",
	unreachable: "Unreachable",
};

const ORDERS = {
	urgent: ["What is most urgent", compareUrgency],
	newest: ["Newest first", (a, b) => compareText(b.date, a.date)],
	oldest: ["Oldest first", (a, b) => compareText(a.date || "9", b.date || "9")],
	sure: ["Most sure first", (a, b) => b.confidence - a.confidence],
	rule: ["Rule", (a, b) => compareText(a.name, b.name)],
	path: ["Path", (a, b) => compareText(a.place.path, b.place.path) || a.place.line - b.place.line],
	author: ["Author", (a, b) => compareText(a.author, b.author)],
};

function compareText(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** What opens a cloud account first, then what stands in HEAD, then the sure. */
function compareUrgency(a, b) {
	return b.isUrgent - a.isUrgent || b.isCloud - a.isCloud || (b.state === "head") - (a.state === "head") ||
		b.confidence - a.confidence || compareText(b.date, a.date);
}

function stateOf(found, isRepository) {
	if (!isRepository || found.in_head)
		return "head";
	return found.is_reachable ? "history" : "unreachable";
}

/** The folder of ${path}, two deep at most. */
function folderOf(path) {
	const parts = path.split("/");

	if (/^(commit|tag|note|ref|blob):/.test(path))
		return "(messages and names)";
	return parts.length === 1 ? "(top)" : parts.slice(0, Math.min(2, parts.length - 1)).join("/") + "/";
}

function understand(found, isRepository) {
	const places = found.occurrences;
	const state = stateOf(found, isRepository);

	return {
		found,
		places,
		place: places.find((place) => place.in_head) || places[0],
		state,
		name: found.rule_name || found.rule,
		author: places[0].author,
		date: places[0].date,
		removed: found.removed,
		folder: folderOf((places.find((place) => place.in_head) || places[0]).path),
		confidence: found.confidence,
		isCloud: Boolean(found.cloud),
		isUrgent: state === "head" && found.confidence >= SURE,
		text: null,
	};
}

function readReport() {
	const data = JSON.parse(byId("report").textContent);
	const report = {...data.scan, findings: data.findings};

	report.items = report.findings.map((found) => understand(found, report.is_repository));
	report.items.sort(compareUrgency);
	return report;
}

/** All that a search looks at, made at the first one. */
function textOf(item) {
	if (item.text === null)
		item.text = [item.name, item.found.rule, item.found.secret, item.found.fingerprint, item.author,
			...(item.removed ? [item.removed.commit, item.removed.author, item.removed.message] : []),
			...item.places.flatMap((place) => [place.path, place.commit, place.email, place.message, place.snippet])]
			.join("\n").toLowerCase();
	return item.text;
}

function isWanted(item, wanted) {
	return (!wanted.rule || item.found.rule === wanted.rule) &&
		(!wanted.state || item.state === wanted.state) &&
		(!wanted.author || item.author === wanted.author) &&
		item.confidence >= wanted.confidence &&
		(!wanted.path || item.places.some((place) => place.path.toLowerCase().includes(wanted.path))) &&
		wanted.words.every((word) => textOf(item).includes(word));
}

/** The items that are wanted, in the order that is. */
function select(report, wanted) {
	const chosen = report.items.filter((item) => isWanted(item, wanted));

	// They have the order of urgency already, which is kept among equals.
	return wanted.sort === "urgent" ? chosen : chosen.sort(ORDERS[wanted.sort][1]);
}

/** [key, items] by what ${keyOf} says of each, the most first; "" is left out. */
function group(items, keyOf) {
	const groups = new Map();

	for (const item of items) {
		const key = keyOf(item);

		if (key && !groups.has(key))
			groups.set(key, []);
		if (key)
			groups.get(key).push(item);
	}
	return [...groups].sort((a, b) => b[1].length - a[1].length || compareText(a[0], b[0]));
}
