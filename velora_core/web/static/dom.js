// Elements of the page. Texts are set as texts, never as HTML: titles and names are anybody's.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element, "p.notice" with a class; `text`, functions for events and attributes by name. */
export function make(what, attributes = {}, ...children) {
	const [tag, ...classes] = what.split(".");
	const node = document.createElement(tag);
	if (classes.length) node.classList.add(...classes);
	for (const [name, value] of Object.entries(attributes)) {
		if (name === "text") node.textContent = value;
		else if (typeof value === "function") node.addEventListener(name.slice(2), value);
		else if (value === true) node.setAttribute(name, "");
		else if (value !== false && value != null) node.setAttribute(name, value);
	}
	node.append(...children.filter(Boolean));
	return node;
}

export function makeButton(text, attributes = {}) {
	return make("button", { type: "button", text, ...attributes });
}

/** What all lines have in which somebody types. */
export const LINE = { type: "text", autocomplete: "off", spellcheck: "false", dir: "auto" };

export function draw(tag, attributes = {}, ...children) {
	const node = document.createElementNS(SVG, tag);
	for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
	node.append(...children);
	return node;
}

/** Change a text only where it differs, so that a screen reader isn't told the same again. */
export function setText(node, text) {
	if (node.textContent !== text) node.textContent = text;
}

/** Change a text, without which the element is hidden. */
export function showText(node, text) {
	setText(node, text);
	node.hidden = !text;
}

/** Bring children into an order without moving those that are right: a moved one loses the focus. */
export function arrange(parent, nodes) {
	for (const child of [...parent.childNodes]) if (!nodes.includes(child)) child.remove();
	let at = parent.firstChild;
	for (const node of nodes) {
		if (node === at) at = at.nextSibling;
		else parent.insertBefore(node, at);
	}
}

/** Show a text in which only links to https and bold words count, as the panel's texts have them. */
export function setRich(node, text) {
	if (node.dataset.rich === text) return;
	node.dataset.rich = text;
	node.textContent = "";
	const pattern = /<a href="(https:\/\/[^"]+)"[^>]*>([^<]*)<\/a>|<b>([^<]*)<\/b>/g;
	let at = 0;
	for (const found of text.matchAll(pattern)) {
		node.append(text.slice(at, found.index));
		const [whole, address, label, bold] = found;
		if (address) {
			node.append(
				make("a", { href: address, target: "_blank", rel: "noopener noreferrer", text: label }),
			);
		} else {
			node.append(make("strong", { text: bold }));
		}
		at = found.index + whole.length;
	}
	node.append(text.slice(at));
}

let ids = 0;

export function freshId(name) {
	ids += 1;
	return `${name}-${ids}`;
}
