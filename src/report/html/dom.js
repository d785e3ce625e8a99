// SPDX-License-Identifier: Apache-2.0
// Elements of the page. All text of a report goes through here and stays
// text: nothing is ever parsed as markup.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

/** Add ${children}, elements or text, to ${element}; null is left out. */
function add(element, ...children) {
	for (const child of children.flat(Infinity))
		if (child !== null && child !== undefined)
			element.append(child);
	return element;
}

/** An element with ${attributes}; those that begin with "on" are handlers. */
function make(name, attributes = {}, ...children) {
	return add(dress(document.createElement(name), attributes), ...children);
}

/** The same of SVG. */
function draw(name, attributes = {}, ...children) {
	return add(dress(document.createElementNS(SVG, name), attributes), ...children);
}

function dress(element, attributes) {
	for (const [name, value] of Object.entries(attributes)) {
		if (name.startsWith("on"))
			element.addEventListener(name.slice(2), value);
		else if (value !== null && value !== false)
			element.setAttribute(name, value === true ? "" : value);
	}
	return element;
}

/** A link where ${address} is one to the web, else its text. */
function link(address, text) {
	if (!/^https?:\/\//i.test(address))
		return make("span", {}, text === undefined ? address : "");
	return make("a", {href: address, target: "_blank", rel: "noreferrer noopener"}, text || address);
}

function byId(id) {
	return document.getElementById(id);
}

function show(id, ...children) {
	const element = byId(id);

	element.replaceChildren();
	return add(element, ...children);
}

/** 1,234 */
function count(value) {
	return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function plural(value, one, many) {
	return `${count(value)} ${value === 1 ? one : many}`;
}
