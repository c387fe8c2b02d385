// Fields: one class for each kind of element that holds a value.

import { LINE, freshId, make, makeButton, setText, showText } from "./dom.js";
import { helpMark } from "./tips.js";
import { say } from "./words.js";

/** What all fields have: caption, help, the mark of what is not sent yet, and why it was refused. */
export class Field {
	constructor(element, page) {
		this.key = element.key;
		this.page = page;
		this.dirty = false;
		this.revision = 0; // the first that has what was sent last
		this.instance = "";
		this.id = freshId(this.key);
		this.caption = make("label", { for: this.id, text: element.label });
		this.mark = make("span.mark", {
			id: freshId("mark"),
			text: say("web.not_sent"),
			hidden: true,
		});
		this.help = helpMark(element.label);
		this.error = make("p.error", { id: freshId("error"), hidden: true });
		this.head = make("div.head", {}, this.caption, this.help.node, this.mark);
		this.control = this.build(element);
		this.input ??= this.control;
		this.input.id = this.id;
		this.input.setAttribute(
			"aria-describedby",
			`${this.help.tip.id} ${this.mark.id} ${this.error.id}`,
		);
		this.node = make(
			"div",
			{ class: `field ${element.kind}`, "data-key": this.key },
			this.head,
			this.control,
			this.error,
		);
		this.node.addEventListener("focusout", () => setTimeout(() => this.left()));
	}

	/** Take what the state has, unless somebody types here. */
	update(element, state) {
		setText(this.caption, element.label);
		this.help.change(element.help ?? "");
		this.input.disabled = element.enabled === false;
		if (this.instance !== state.instance) {
			this.instance = state.instance;
			this.revision = 0; // it counts anew
		}
		if (state.revision < this.revision) return; // made before it had what was sent
		this.latest = element;
		if (!this.held) this.fill(element);
	}

	/** Return the line with a button beside it. */
	withButton(text, label, onclick) {
		return make("div.pair", {}, this.input, makeButton(text, { "aria-label": label, onclick }));
	}

	fill(element) {
		const value = String(element.value ?? "");
		if (this.input.value !== value) this.input.value = value;
	}

	/** Whether what is in it is somebody's, who may be typing. */
	get held() {
		if (this.dirty || !this.input.matches("[type=text], [type=number], textarea"))
			return this.dirty;
		return document.hasFocus() && document.activeElement === this.input;
	}

	left() {
		if (!this.held && this.latest) this.fill(this.latest);
	}

	/** Send a value: after a pause in the typing, or at once. */
	put(values, now = false) {
		this.refused("");
		this.setDirty(true);
		this.page.outbox.put(this, values, now);
	}

	/** Note that it has arrived, and is in the states from this revision on. */
	sent(revision) {
		this.revision = revision;
		this.setDirty(false);
	}

	/** Note why it was not taken; empty when it may be. */
	refused(sentence) {
		showText(this.error, sentence);
		this.input.setAttribute("aria-invalid", String(Boolean(sentence)));
		if (sentence) this.page.announce(sentence);
	}

	setDirty(dirty) {
		this.dirty = dirty;
		this.mark.hidden = !dirty;
		this.node.classList.toggle("dirty", dirty);
	}
}

/** Enter, or leaving it, sends a line. */
export const sends = ({ outbox }) => ({
	onkeydown: (event) => {
		if (event.key !== "Enter" || event.isComposing) return;
		event.preventDefault();
		outbox.flush();
	},
	onblur: () => outbox.flush(),
});

export class TextField extends Field {
	build() {
		return make("input", {
			...LINE,
			oninput: () => this.put({ [this.key]: this.input.value }),
			...sends(this.page),
		});
	}
}

export class NumberField extends Field {
	build(element) {
		const [min, max] = element.limits ?? [];
		return make("input", {
			type: "number",
			min,
			max,
			oninput: () => {
				this.refused(this.right ? "" : say("web.number", { min, max }));
				this.setDirty(true); // the first figure of a number is another number: it isn't sent
			},
			onchange: () => this.right && this.put({ [this.key]: Number(this.input.value) }, true),
		});
	}

	get right() {
		return this.input.validity.valid && this.input.value !== "";
	}

	left() {
		if (!this.right && document.activeElement !== this.input) {
			this.refused("");
			this.setDirty(false);
		}
		super.left();
	}
}

/** Something secret: it goes one way, as a whole, and is not kept here. */
export class SecretField extends Field {
	build(element) {
		this.input = make("input", {
			...LINE,
			type: element.masked === false ? "text" : "password",
			oninput: () => this.setDirty(Boolean(this.input.value)),
			onkeydown: (event) => event.key === "Enter" && this.save(),
		});
		const label = say("web.save_named", { label: element.label });
		return this.withButton(say("web.save"), label, () => this.save());
	}

	/** Send it; pressing a button of its section does that as well. */
	save() {
		this.saved = this.input.value;
		if (this.saved) this.put({ [this.key]: this.saved }, true);
	}

	sent(revision) {
		super.sent(revision);
		if (this.input.value === this.saved) this.input.value = "";
		else this.setDirty(true); // it was typed on
	}

	fill() {} // its value is always empty
}

export class CheckField extends Field {
	build() {
		return make("input", {
			type: "checkbox",
			onchange: () => this.put({ [this.key]: this.input.checked }, true),
		});
	}

	fill(element) {
		this.input.checked = Boolean(element.value);
	}
}

export class ChoiceField extends Field {
	build() {
		return make("select", { onchange: () => this.put({ [this.key]: this.input.value }, true) });
	}

	fill(element) {
		const options = JSON.stringify(element.options ?? []);
		if (this.options !== options) {
			this.options = options;
			this.input.replaceChildren(
				...(element.options ?? []).map(({ label, value }) =>
					make("option", { value, text: label }),
				),
			);
		}
		this.input.value = element.value ?? "";
	}
}

export class AddressField extends Field {
	build(element) {
		this.input = make("input", {
			type: "text",
			readonly: true,
			onfocus: () => this.input.select(),
		});
		const label = say("web.copy_named", { label: element.label });
		return this.withButton(say("web.copy"), label, () => this.copy());
	}

	async copy() {
		try {
			await navigator.clipboard.writeText(this.input.value);
		} catch {
			this.input.select(); // a dock may have no right to do it the other way
			document.execCommand("copy");
		}
		this.page.announce(say("web.copied"));
	}

	get held() {
		return false;
	}
}
