// Presets, applied in one press.

import { ActionButton } from "./buttons.js";
import { arrange, make, setText } from "./dom.js";
import { say } from "./words.js";

class PresetButton extends ActionButton {
	constructor(id, page) {
		super({ key: "preset_apply" }, page);
		this.values = { preset: id };
		this.node = this.button;
		this.button.className = "preset";
		this.button.dir = "auto";
		delete this.button.dataset.action;
		this.button.removeAttribute("aria-describedby");
	}
}

export class PresetButtons {
	constructor(page) {
		this.page = page;
		this.node = make("div.presets.row");
		this.buttons = new Map(); // by the preset's id
	}

	/** Draw a button for each preset; the list is for managing them. */
	update(found) {
		const list = found.get("preset");
		const presets = (list?.options ?? []).filter(({ value }) => value);
		const nodes = presets.map(({ label, value }) => {
			if (!this.buttons.has(value))
				this.buttons.set(value, new PresetButton(value, this.page));
			const { button } = this.buttons.get(value);
			setText(button, label);
			button.setAttribute("aria-pressed", String(value === list.value));
			button.setAttribute("aria-label", say("web.apply_preset", { name: label }));
			return button;
		});
		arrange(this.node, nodes);
		this.node.hidden = !nodes.length;
		if (found.has("presets_less")) return;
		found.delete("preset");
		found.delete("preset_apply");
	}
}
