// SPDX-License-Identifier: Apache-2.0
// The page: what is urgent, the figures, the charts, and the list.

const PAGE = 50;
const PRINTED = 1000;
const URGENT_SHOWN = 5;

const report = readReport();
const wanted = {};
let chosen = [];
let page = 0;

function showHead() {
	const name = report.source || "a saved report";

	const title = report.items.length ? `Secrets in ${name}` : `No secrets in ${name}`;

	document.title = `${title} – keysieve`;
	show("title", title);
	show("scanned", `${plural(report.items.length, "finding", "findings")} · keysieve ${report.version}`);
	if (report.secrets_shown)
		add(byId("warnings"), make("p", {class: "warning"}, "This report holds secrets in full. Do not pass it on."));
	if (!report.complete)
		add(byId("warnings"), make("p", {class: "warning"}, make("strong", {}, "Not all could be scanned. "),
			report.skipped.slice(0, 5).map((skip) => `${skip.reason}: ${skip.what}`).join("; ")));
}

function showToday() {
	const urgent = report.items.filter((item) => item.isUrgent);
	const standing = report.is_repository ? "stand in HEAD" : "stand in the files";

	byId("today").classList.toggle("clean", urgent.length === 0);
	show("today-body", make("p", {class: "lead"}, make("span", {class: "number"}, count(urgent.length)),
		urgent.length === 0 ? "Nothing of high confidence stands there today."
			: `${urgent.length === 1 ? "secret" : "secrets"} of high confidence ${urgent.length === 1 ? standing.replace("stand", "stands") : standing}. Whoever can read the code can use them: replace them first, those of clouds before all.`),
	make("ol", {}, urgent.slice(0, URGENT_SHOWN).map((item) => make("li", {},
		make("strong", {}, item.name, " ", make("code", {}, item.found.secret)),
		make("span", {class: "where mono"}, where(item.place)),
		item.found.rotate ? link(item.found.rotate, "How to rotate it") : null))),
	urgent.length > URGENT_SHOWN ? make("button", {type: "button", class: "solid screen", onclick: () => filterBy({state: "head", confidence: String(SURE)})},
		`Show all ${count(urgent.length)}`) : null);
}

function showFigures() {
	const of = (test) => count(report.items.filter(test).length);
	const figure = (value, name) => make("div", {class: "figure"}, make("b", {}, value), make("span", {}, name));

	show("figures", figure(of((item) => item.isUrgent), "to rotate today"),
		report.is_repository ? [figure(of((item) => item.state === "head"), "in HEAD"),
			figure(of((item) => item.state !== "head"), "in history only")] : null,
		figure(of((item) => item.isCloud), "of clouds"),
		figure(count(group(report.items, (item) => item.place.path).length), "files"),
		report.is_repository ? figure(count(group(report.items, (item) => item.author).length), "authors") : null);
}

function showCharts() {
	drawTimeline(report);
	drawSureness(report);
	drawRanks("by-rule", group(report.items, (item) => item.found.rule), (_, items) => items[0].name, (rule) => filterBy({rule}));
	drawRanks("by-folder", group(report.items, (item) => item.folder), (folder) => folder,
		(folder) => filterBy({path: folder.startsWith("(") ? "" : folder}));
	drawRanks("by-author", group(report.items, (item) => item.author), (author) => author, (author) => filterBy({author}));
}

function showFooter() {
	const covered = report.coverage;

	if (!covered.bytes)
		show("covered", "What was scanned is not known: findings alone were saved (--format json has both).");
	else
		show("covered", `Scanned: ${report.is_repository ? `${plural(covered.commits, "commit", "commits")}, ${plural(covered.blobs, "blob", "blobs")}` : plural(covered.files, "file", "files")}, ` +
			`${(covered.bytes / 1e6).toFixed(1)} MB in ${covered.seconds} s. This file is complete: it asks no other for anything.`);
}

function options(id, all, list) {
	show(id, make("option", {value: ""}, all), list.map(([value, text]) => make("option", {value}, text)));
}

function setUpFilters() {
	options("rule", "All rules", group(report.items, (item) => item.found.rule).map(([rule, items]) => [rule, `${items[0].name} (${count(items.length)})`]));
	options("state", "Any state", Object.entries(STATES));
	options("author", "All authors", group(report.items, (item) => item.author).map(([author, items]) => [author, `${author} (${count(items.length)})`]));
	options("confidence", "Any", ["0.9", "0.8", "0.6", "0.4"].map((least) => [least, `${Math.round(least * 100)}% or more`]));
	show("sort", Object.entries(ORDERS).map(([value, [text]]) => make("option", {value}, text)));
	if (!report.is_repository)
		byId("state").disabled = byId("author").disabled = true;
	byId("filters").addEventListener("input", update);
	byId("filters").addEventListener("submit", (event) => event.preventDefault());
	byId("filters").addEventListener("reset", () => setTimeout(update));
}

/** Set the filters to ${values} alone and go to the list. */
function filterBy(values) {
	byId("filters").reset();
	for (const [id, value] of Object.entries(values))
		byId(id).value = value;
	update();
	byId("findings").scrollIntoView();
	byId("findings").focus({preventScroll: true});
}

function update() {
	wanted.rule = byId("rule").value;
	wanted.state = byId("state").value;
	wanted.author = byId("author").value;
	wanted.path = byId("path").value.trim().toLowerCase();
	wanted.confidence = Number(byId("confidence").value || 0);
	wanted.words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
	wanted.sort = byId("sort").value;
	chosen = select(report, wanted);
	page = 0;
	showList();
}

function toggle(item, button, details) {
	const isOpen = button.getAttribute("aria-expanded") === "true";

	if (!isOpen && !details.hasChildNodes())
		add(details, detailsOf(item, report));
	details.hidden = isOpen;
	button.setAttribute("aria-expanded", String(!isOpen));
}

function entry(item, i) {
	const details = make("div", {class: "details", id: `details-${i}`, hidden: true});
	const button = make("button", {type: "button", class: "row", "aria-expanded": "false", "aria-controls": details.id,
		onclick: () => toggle(item, button, details)},
	make("span", {class: "cell"}, make("span", {class: `state ${item.state}`}, report.is_repository ? STATES[item.state] : "In a file")),
	make("span", {class: "cell"}, make("strong", {}, item.name), make("span", {class: "second mono"}, item.found.secret)),
	make("span", {class: "cell mono", title: where(item.place)}, where(item.place)),
	make("span", {class: "cell"}, item.date ? item.date.slice(0, 10) : "", make("span", {class: "second"}, item.author)),
	make("span", {class: "sure"}, `${Math.round(item.confidence * 100)}%`));

	return make("li", {}, button, details);
}

function showList(first = page * PAGE, most = PAGE) {
	const pages = Math.ceil(chosen.length / PAGE);
	const turn = (by) => {
		page += by;
		showList();
		byId("findings").scrollIntoView();
		byId("findings").focus({preventScroll: true});
	};

	show("count", chosen.length === report.items.length ? plural(chosen.length, "finding", "findings")
		: `${count(chosen.length)} of ${plural(report.items.length, "finding", "findings")}`,
	pages > 1 && most === PAGE ? `, page ${count(page + 1)} of ${count(pages)}` : null);
	show("list", chosen.slice(first, first + most).map((item, i) => entry(item, first + i)));
	show("pages", pages < 2 ? null : [
		make("button", {type: "button", class: "quiet", disabled: page === 0, onclick: () => turn(-1)}, "Previous"),
		make("span", {class: "muted"}, `${count(page + 1)} / ${count(pages)}`),
		make("button", {type: "button", class: "quiet", disabled: page >= pages - 1, onclick: () => turn(1)}, "Next")]);
}

/** Light or dark, against what the system says. */
function setUpTheme() {
	const system = matchMedia("(prefers-color-scheme: dark)");
	const isDark = () => (document.documentElement.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
	const name = () => show("theme", isDark() ? "Light" : "Dark");

	byId("theme").addEventListener("click", () => {
		document.documentElement.dataset.theme = isDark() ? "light" : "dark";
		name();
	});
	system.addEventListener("change", name);
	name();
}

setUpTheme();
showHead();
showToday();
showFigures();
showCharts();
setUpFilters();
update();
showFooter();
let width = innerWidth;

addEventListener("resize", () => {
	if (innerWidth === width)
		return;
	width = innerWidth;
	drawTimeline(report);
	drawSureness(report);
});
// On paper there are no pages to turn.
addEventListener("beforeprint", () => showList(0, PRINTED));
addEventListener("afterprint", () => showList());
