// Buttons: what they are for, that they work, and what came of it.

import { make, makeButton, setText } from "./dom.js";
import { Gone } from "./connection.js";
import { withTip } from "./tips.js";
import { say } from "./words.js";

const MAIN = new Set(["update_now", "sign_in", "use_my_key", "regenerate_no", "preset_delete_no"]);
const DANGEROUS = new Set(["regenerate_yes", "preset_delete_yes"]);

export class ActionButton {
	constructor(element, page) {
		this.key = element.key;
		this.action = element.action ?? element.key;
		this.page = page;
		this.button = makeButton("", { onclick: () => this.press(), "data-action": this.action });
		this.button.classList.toggle("main", MAIN.has(this.key));
		this.button.classList.toggle("danger", DANGEROUS.has(this.key));
		this.tipped = withTip(this.button);
		this.button.setAttribute("aria-describedby", this.tipped.tip.id);
		this.node = this.tipped.node;
		this.node.dataset.key = this.key;
	}

	update(element) {
		setText(this.button, element.label);
		this.tipped.change(element.help ?? "");
		// Not `disabled`: what can't have the focus can't say why it can't be used.
		this.button.setAttribute("aria-disabled", String(element.enabled === false));
	}

	async press() {
		if (this.button.getAttribute("aria-disabled") === "true") {
			this.page.announce(this.tipped.tip.textContent);
			return;
		}
		if (this.busy) return;
		this.busy = true;
		this.button.setAttribute("aria-busy", "true");
		try {
			await this.act();
		} finally {
			this.busy = false;
			this.button.removeAttribute("aria-busy");
		}
	}

	act() {
		return this.page.press(this.action, this);
	}
}

/** What a press was answered with, below the buttons of its section. */
export class Answer {
	constructor() {
		this.node = make("div.answer", { hidden: true });
	}

	show(text, tone = "normal") {
		this.node.hidden = !text;
		this.node.className = `answer ${tone}`;
		const parts = sentences(text);
		this.node.replaceChildren(
			parts.length > 2
				? make("ul", {}, ...parts.map((part) => make("li", { text: part, dir: "auto" })))
				: make("p", { text, dir: "auto" }),
		);
	}
}

/** Return a text's sentences, where the browser knows how to tell them apart. */
export function sentences(text) {
	const lines = text.split("\n");
	if (!Intl.Segmenter) return lines;
	const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
	return lines.flatMap((line) =>
		[...segmenter.segment(line)].map(({ segment }) => segment.trim()).filter(Boolean),
	);
}

export function inWords(error, host) {
	return error instanceof Gone || !error.message ? say("web.not_done", { host }) : error.message;
}
