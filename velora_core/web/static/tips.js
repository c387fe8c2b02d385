// Help: a tip that opens beside what has the focus or the pointer, and that readers are told of.

import { freshId, make, makeButton, showText } from "./dom.js";
import { say } from "./words.js";

/** Put a tip beside a control; return the element with both, and what changes the tip's text. */
export function withTip(control, text = "") {
	const tip = make("span.tip", { role: "tooltip", id: freshId("tip"), text });
	const both = make("span.tipped", {}, control, tip);
	const change = (changed) => showText(tip, changed);
	change(text);
	return { node: both, tip, change };
}

/** Return a question mark that has a tip. */
export function helpMark(label) {
	const mark = makeButton("?", { class: "help" });
	const tipped = withTip(mark);
	mark.setAttribute("aria-describedby", tipped.tip.id);
	const change = (text) => {
		tipped.change(text);
		tipped.node.hidden = !text;
		mark.setAttribute("aria-label", say("web.help", { label }));
	};
	return { node: tipped.node, tip: tipped.tip, change };
}

/** Escape or a press closes a tip, until something else has the focus or the pointer. */
export function closeTips() {
	document.addEventListener("keydown", (event) => {
		if (event.key === "Escape") document.body.classList.add("no-tips");
	});
	document.addEventListener("click", (event) => {
		if (!event.target.closest(".help")) document.body.classList.add("no-tips"); // or it hides the answer
	});
	for (const kind of ["focusin", "pointerover"]) {
		document.addEventListener(kind, () => document.body.classList.remove("no-tips"));
	}
}
