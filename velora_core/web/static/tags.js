// Tags, one chip for each.

import { LINE, make, makeButton } from "./dom.js";
import { Field } from "./fields.js";
import { say } from "./words.js";

const BETWEEN = /[,;،、，\n]/; // as velora_core/panel/edit.py splits a line

export class TagsField extends Field {
	build() {
		this.tags = [];
		this.chips = make("ul.chips");
		this.input = make("input", {
			...LINE,
			placeholder: say("web.add_tag"),
			oninput: () => this.typed(),
			onkeydown: (event) => this.key_(event),
			onblur: () => this.add(this.input.value),
		});
		this.chips.append(make("li.adder", {}, this.input));
		return make(
			"div.tags",
			{ onclick: (event) => event.target === event.currentTarget && this.input.focus() },
			this.chips,
		);
	}

	typed() {
		if (BETWEEN.test(this.input.value)) this.add(this.input.value);
		else this.setDirty(Boolean(this.input.value) || this.unsent);
	}

	key_(event) {
		if (event.isComposing) return;
		if (event.key === "Enter") this.add(this.input.value);
		if (event.key === "Backspace" && !this.input.value && this.tags.length) {
			this.remove(this.tags.at(-1));
		}
	}

	add(text) {
		const fresh = [...new Set(split(text))].filter((tag) => !this.tags.includes(tag));
		this.input.value = "";
		if (fresh.length) this.change([...this.tags, ...fresh]);
		else this.setDirty(this.unsent);
	}

	remove(tag) {
		const at = this.tags.indexOf(tag);
		this.change(this.tags.filter((other) => other !== tag));
		this.page.announce(say("web.tag_removed", { tag }));
		const next = this.chips.querySelectorAll("button")[at];
		(next ?? this.input).focus();
	}

	change(tags) {
		this.tags = tags;
		this.unsent = true;
		this.draw();
		this.put({ [this.key]: tags.join(", ") }, true);
	}

	sent(revision) {
		this.unsent = false;
		super.sent(revision);
		this.setDirty(Boolean(this.input.value));
	}

	get held() {
		return this.dirty; // chips have no half-typed state; what is in the line makes it dirty
	}

	fill(element) {
		const tags = split(element.value ?? "");
		if (tags.join("\n") === this.tags.join("\n")) return;
		this.tags = tags;
		this.draw();
	}

	draw() {
		for (const chip of this.chips.querySelectorAll(".chip")) chip.remove();
		this.chips.prepend(
			...this.tags.map((tag) =>
				make(
					"li.chip",
					{},
					make("span", { text: tag, dir: "auto" }),
					makeButton("×", {
						"aria-label": say("web.remove_tag", { tag }),
						onclick: () => this.remove(tag),
					}),
				),
			),
		);
	}
}

function split(text) {
	return text
		.split(BETWEEN)
		.map((tag) => tag.trim())
		.filter(Boolean);
}
