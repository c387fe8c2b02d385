// The title: one line that shows all of itself, and its length at each letter.

import { make, setText } from "./dom.js";
import { Field, sends } from "./fields.js";
import { say } from "./words.js";

const LIMIT = 140; // characters, which Velora allows

export class TitleField extends Field {
	constructor(element, page) {
		super(element, page);
		this.count = make("span.count", { "aria-hidden": "true" });
		this.head.append(this.count);
		// Its lines depend on its width, which it has once it is on the page.
		new ResizeObserver(() => requestAnimationFrame(() => this.measure())).observe(this.node);
	}

	build() {
		return make("textarea", {
			rows: 1,
			dir: "auto",
			autocomplete: "off",
			oninput: () => this.typed(),
			...sends(this.page),
		});
	}

	typed() {
		const at = this.input.selectionStart;
		const line = this.input.value.replace(/[\r\n]+/g, " "); // as it was pasted
		if (line !== this.input.value) {
			this.input.value = line;
			this.input.setSelectionRange(at, at);
		}
		this.measure();
		this.put({ [this.key]: line });
	}

	fill(element) {
		super.fill(element);
		this.measure();
	}

	/** Show the length, and as many lines as the title has here. */
	measure() {
		const length = [...this.input.value.trim()].length;
		setText(this.count, say("web.count", { length, limit: LIMIT }));
		this.count.classList.toggle("over", length > LIMIT);
		this.input.style.height = "0";
		this.input.style.height = `${this.input.scrollHeight + 2}px`;
	}
}
