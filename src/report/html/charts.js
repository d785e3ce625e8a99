// SPDX-License-Identifier: Apache-2.0
// The charts, as SVG in the page.

const BARS = [["head", "head-bar"], ["history", "history-bar"], ["unreachable", "gone-bar"]];
const SPANS_SHOWN = 36;
const RANKS_SHOWN = 7;

/** "2026-01" -> a number of months, and back. */
function monthOf(date) {
	return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

function monthName(month) {
	return `${Math.floor(month / 12)}-${String(month % 12 + 1).padStart(2, "0")}`;
}

/** What a span of ${step} months that begins with ${month} is called. */
function spanName(month, step) {
	const year = String(Math.floor(month / 12));

	if (step === 12)
		return year;
	return step === 3 ? `${year} Q${month % 12 / 3 + 1}` : monthName(month);
}

/** Spans of a month, a quarter or a year: as short as there is room for. */
function spansOf(items) {
	const gone = items.filter((item) => item.removed && item.removed.date);
	const months = [...items.map((item) => item.date), ...gone.map((item) => item.removed.date)].map(monthOf);
	const first = months.reduce((a, b) => Math.min(a, b));
	const last = months.reduce((a, b) => Math.max(a, b));
	const step = [1, 3].find((months) => (last - first) / months < SPANS_SHOWN) || 12;
	const begin = first - first % step;
	const spans = [];

	for (let month = begin; month <= last && spans.length < 200; month += step)
		spans.push({label: spanName(month, step), head: 0, history: 0, unreachable: 0, all: 0, removed: 0});
	const spanOf = (date) => spans[Math.min(Math.floor((monthOf(date) - begin) / step), spans.length - 1)];

	for (const item of items) {
		spanOf(item.date)[item.state]++;
		spanOf(item.date).all++;
	}
	for (const item of gone)
		spanOf(item.removed.date).removed++;
	return spans;
}

/** Round numbers from 0 to ${most} or a little more. */
function ticksOf(most) {
	const raw = Math.max(most / 4, 1);
	const power = 10 ** Math.floor(Math.log10(raw));
	const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw);
	const ticks = [];

	for (let tick = 0; tick < Math.max(most, 1) + step; tick += step)
		ticks.push(tick);
	return ticks;
}

/** Charts are drawn as wide as there is room, so that their text is not scaled. */
function widthOf(id) {
	return Math.max(byId(id).clientWidth, 240);
}

/** What a bar stands for, in words. */
function barTitle(span) {
	const removed = span.removed ? `, ${count(span.removed)} removed` : "";

	return `${span.label}: ${plural(span.all, "finding", "findings")}${removed}`;
}

/**
 * Stacked bars; each span has a label, and a count for each of ${kinds}. What
 * was removed hangs below the line.
 */
function barChart(spans, kinds, label, width) {
	const most = (of) => spans.reduce((most, span) => Math.max(most, of(span) || 0), 0);
	const left = 34, top = 8, bottom = 24;
	const ticks = ticksOf(Math.max(most((span) => span.all), most((span) => span.removed)));
	const scale = 158 / ticks[ticks.length - 1];
	const below = most((span) => span.removed) * scale;
	const base = top + 158, height = base + below + bottom;
	const room = (width - left) / spans.length;
	const wide = Math.min(room * 0.76, 40);
	const every = Math.ceil(64 / room);
	const chart = draw("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label});

	for (const tick of ticks) {
		for (const y of new Set([base - tick * scale, base + tick * scale])) {
			if (y <= base + below)
				add(chart, draw("line", {class: "grid", x1: left, x2: width, y1: y, y2: y}),
					draw("text", {x: left - 8, y: y + 4, "text-anchor": "end"}, count(tick)));
		}
	}
	spans.forEach((span, i) => {
		const bar = draw("g", {}, draw("title", {}, barTitle(span)));
		const x = left + (i + 0.5) * room - wide / 2;
		let y = base;

		for (const [kind, style] of kinds) {
			const tall = span[kind] * scale;

			y -= tall;
			if (tall > 0)
				add(bar, draw("rect", {class: style, x, y, width: wide, height: tall, rx: Math.min(2, tall / 2)}));
		}
		if (span.removed)
			add(bar, draw("rect", {class: "removed-bar", x, y: base, width: wide, height: span.removed * scale, rx: 2}));
		if (i % every === 0)
			add(bar, draw("text", {x: left + (i + 0.5) * room, y: height - 6, "text-anchor": "middle"}, span.label));
		add(chart, bar);
	});
	return chart;
}

function legend(kinds) {
	return make("ul", {class: "legend"}, kinds.map(([kind, style]) => make("li", {},
		draw("svg", {viewBox: "0 0 10 10", "aria-hidden": "true"}, draw("rect", {class: style, width: 10, height: 10, rx: 2})),
		STATES[kind] || "Removed from HEAD")));
}

function drawTimeline(report) {
	const dated = report.items.filter((item) => item.date);

	if (dated.length === 0) {
		show("timeline", make("p", {class: "muted"}, "No commits, no dates: files were scanned."));
		return;
	}
	const spans = spansOf(dated);
	const busiest = spans.reduce((a, b) => b.all > a.all ? b : a);
	const used = BARS.filter(([kind]) => spans.some((span) => span[kind]));

	const removed = spans.reduce((sum, span) => sum + span.removed, 0);

	show("timeline-note", "Up: the commit that brought each in, and where it stands today." +
		(removed ? " Down: the commit that removed it from HEAD." : ""));
	show("timeline", barChart(spans, used,
		`Findings over time, ${spans[0].label} to ${spans[spans.length - 1].label}; the most, ${busiest.all}, in ${busiest.label}; ${count(removed)} removed from HEAD`, widthOf("timeline")),
	legend(removed ? [...used, ["removed", "removed-bar"]] : used));
}

function drawSureness(report) {
	const spans = Array.from({length: 10}, (_, i) => ({label: `${i * 10}%`, all: 0, sure: 0, unsure: 0}));

	for (const item of report.items) {
		const span = spans[Math.min(Math.floor(item.confidence * 10 + 1e-9), 9)];

		span.all++;
		span[item.confidence >= SURE ? "sure" : "unsure"]++;
	}
	const sure = report.items.filter((item) => item.confidence >= SURE).length;
	const from = Math.max(0, Math.min(spans.findIndex((span) => span.all > 0), 4));

	show("sureness", barChart(spans.slice(from), [["sure", "plain-bar"], ["unsure", "gone-bar"]],
		`Confidence: ${sure} of ${report.items.length} findings at ${SURE * 100}% or more`, widthOf("sureness")));
}

/** The largest of ${groups} as bars that filter when they are pressed. */
function drawRanks(id, groups, nameOf, choose) {
	const shown = groups.slice(0, RANKS_SHOWN);
	const rest = groups.length - shown.length;
	const most = shown.length ? shown[0][1].length : 1;

	show(id, shown.length === 0 ? make("p", {class: "muted"}, "Not known.") : null,
		make("ul", {class: "ranks"}, shown.map(([key, items]) => make("li", {},
			make("button", {type: "button", title: nameOf(key, items), onclick: () => choose(key)},
				make("span", {class: "name"}, nameOf(key, items)),
				make("span", {class: "amount"}, count(items.length)),
				rank(items, most))))),
		rest > 0 ? make("p", {class: "muted"}, `and ${count(rest)} more`) : null);
}

function rank(items, most) {
	const chart = draw("svg", {viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true"},
		draw("rect", {class: "track", width: 100, height: 6, rx: 1}));
	let x = 0;

	for (const [kind, style] of BARS) {
		const wide = items.filter((item) => item.state === kind).length / most * 100;

		if (wide > 0)
			add(chart, draw("rect", {class: style, x, width: wide, height: 6}));
		x += wide;
	}
	return chart;
}
