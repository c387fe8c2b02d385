// The last sentences, the newest first, with the times at which they were said.

import { make, setText } from "./dom.js";
import { say } from "./words.js";

/** All as wide as each other, so that what was said stands in line. */
const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit" };

export class Sentences {
	constructor() {
		this.title = make("h2", { id: "sentences-title" });
		this.list = make("ol.sentences", { tabindex: 0, "aria-labelledby": "sentences-title" });
		this.none = make("p.note");
		this.node = make(
			"details.card",
			{ "aria-labelledby": "sentences-title" },
			make("summary", {}, this.title),
			make("div.body", {}, this.list, this.none),
		);
		this.node.open = matchMedia("(min-width: 700px)").matches;
	}

	update(state) {
		setText(this.title, say("web.sentences"));
		setText(this.none, say("web.no_sentences"));
		const all = state.sentences ?? [];
		this.none.hidden = all.length > 0;
		const drawn = JSON.stringify(all);
		if (this.drawn === drawn) return;
		this.drawn = drawn;
		this.list.replaceChildren(...[...all].reverse().map(entry));
	}
}

function entry({ at, text, tone = "normal" }) {
	const when = new Date(at * 1000);
	return make(
		"li",
		{ class: tone },
		make("time", { datetime: when.toISOString(), text: when.toLocaleTimeString([], TIME) }),
		make("span", { text: withTone(text, tone), dir: "auto" }),
	);
}

/** Return a sentence that says in words what its colour says. */
export function withTone(text, tone) {
	if (tone === "error") return `${say("web.error")} ${text}`;
	return tone === "warning" ? `${say("web.warning")} ${text}` : text;
}
