// Sections: the panel's elements in an order for a page. What isn't named here comes last.

import { Answer, ActionButton } from "./buttons.js";
import { CategoryField } from "./category.js";
import { arrange, freshId, make, setRich, setText } from "./dom.js";
import {
	AddressField,
	CheckField,
	ChoiceField,
	NumberField,
	SecretField,
	TextField,
} from "./fields.js";
import { PresetButtons } from "./presets.js";
import { TagsField } from "./tags.js";
import { TitleField } from "./title.js";
import { say } from "./words.js";

const KINDS = {
	text: TextField,
	secret: SecretField,
	number: NumberField,
	checkbox: CheckField,
	choice: ChoiceField,
	editable_choice: TextField,
	address: AddressField,
	button: ActionButton,
};
const OWN = { title: TitleField, category_entry: CategoryField, tags_entry: TagsField };

/** The order of each section. Names in one text are a row of buttons; a space makes one of one. */
const ORDER = {
	info: [
		...["title", "title_count", "category_entry", "tags_entry"],
		"go_live have_stopped update_now configure use_rtmp star_category load refresh",
	],
	presets: [
		...["presets_none", "put_back presets_more presets_less ", "preset", "preset_warning"],
		"preset_apply preset_overwrite preset_up preset_down preset_delete preset_delete_yes preset_delete_no",
		...["scenes_line", "scene_tie scene_untie", "preset_name", "preset_save preset_rename"],
		...["programs", "programs_live", "programs_save "],
		...["recent", "recent_use ", "count_line", "stream_number", "set_count "],
	],
	setup: [
		...["protocol", "srt_form", "update_on_start", "suit_encoder", "by_plugin"],
		...["copy_address copy_key", "configure use_rtmp check load", "previous", "restore regenerate"],
	],
	picture: ["no_texts", "no_text_sources", "text_source", "text_template", "template_warning", "live_interval"],
	account: [
		...["account_line", "register", "sign_in_address", "redirect_address", "client_id"],
		...["client_secret", "redirect_port", "token_line", "access_token"],
		"sign_in use_token configure refresh open_channel open_chat check sign_out",
		"chat_address",
	],
};
/** What is elsewhere on the page. */
const ELSEWHERE = {
	info: ["find_category", "live_line"],
	setup: ["encoder_line"],
	picture: ["refresh", "live_line"],
	account: ["check"],
};

export function byKey(elements = []) {
	return new Map(elements.map((element) => [element.key, element]));
}

class Notice {
	constructor(element) {
		this.node = make("p.notice", { dir: "auto", "data-key": element.key });
	}

	update(element) {
		this.node.className = `notice ${element.tone ?? "normal"}`;
		if (element.rich) setRich(this.node, element.text ?? "");
		else setText(this.node, element.text ?? "");
	}
}

/** Draws elements in an order, and keeps what is drawn of them. */
export class Elements {
	constructor(parent, page, order = []) {
		this.parent = parent;
		this.page = page;
		this.order = order;
		this.parts = new Map(); // by key
		this.rows = new Map(); // by the key of their first button
		this.answer = new Answer();
	}

	update(found, state) {
		const left = new Map(found);
		const nodes = [];
		const focused = this.parent.contains(document.activeElement) && document.activeElement;
		const home = focused && (focused.closest(".row") ?? this.parent);
		let last = null;
		const row = (keys) => {
			const buttons = keys
				.filter((key) => left.has(key))
				.map((key) => this.part(key, left, state));
			if (!buttons.length) return;
			if (!this.rows.has(keys[0])) this.rows.set(keys[0], make("div.row"));
			last = this.rows.get(keys[0]);
			arrange(last, buttons);
			nodes.push(last);
			if (buttons.some((button) => button === this.answered)) nodes.push(this.answer.node);
		};
		for (const place of this.order) {
			if (place.includes(" ")) row(place.split(" "));
			else if (left.has(place)) nodes.push(this.part(place, left, state));
		}
		const buttons = [];
		for (const [key, { kind }] of [...left]) {
			if (kind === "button") buttons.push(key);
			else if (kind in KINDS || kind === "notice") nodes.push(this.part(key, left, state));
		}
		row(buttons);
		if (last && !nodes.includes(this.answer.node)) nodes.push(this.answer.node); // its button has gone
		arrange(this.parent, nodes);
		if (focused && !focused.isConnected) {
			// What had the focus is gone: who works by keyboard stays where that was.
			const near = home.isConnected ? home.querySelector("button:not(.help)") : null;
			(near ?? this.parent.closest("details")?.firstChild)?.focus();
		}
		for (const key of [...this.parts.keys()]) if (!found.has(key)) this.parts.delete(key);
		return nodes.length > 0;
	}

	/** Have one button stand out. */
	feature(key) {
		for (const [name, part] of this.parts) part.button?.classList.toggle("main", name === key);
	}

	part(key, left, state) {
		const element = left.get(key);
		left.delete(key);
		let part = this.parts.get(key);
		if (!part || part.kind !== element.kind) {
			const Kind = OWN[key] ?? (element.kind === "notice" ? Notice : KINDS[element.kind]);
			part = new Kind(element, this.pageFor());
			part.kind = element.kind;
			this.parts.set(key, part);
		}
		part.update(element, state);
		return part.node;
	}

	/** The page as the parts see it: a press is answered here. */
	pageFor() {
		this.face ??= Object.assign(Object.create(this.page), {
			press: (action, button) => this.page.pressIn(this, action, button),
		});
		return this.face;
	}

	/** Show what a press was answered with, below its row. */
	say(button, text, tone) {
		this.answered = button.node;
		this.answer.show(text, tone);
		this.page.remember(this.answer, text);
		const row = button.node.closest(".row");
		if (row?.isConnected) row.after(this.answer.node);
		else this.parent.append(this.answer.node);
	}
}

/** One of the panel's sections; it can be folded. */
export class Section {
	constructor(name, page) {
		this.name = name;
		this.page = page;
		this.title = make("h2", { id: freshId(name) });
		this.body = make("div.body");
		this.summary = make("summary", {}, this.title);
		this.node = make(
			"details.card",
			{ "data-section": name, "aria-labelledby": this.title.id },
			this.summary,
			this.body,
		);
		this.elements = new Elements(make("div.elements"), page, ORDER[name]);
		if (name === "presets") {
			this.quick = new PresetButtons(this.elements.pageFor());
			this.body.append(this.quick.node);
		}
		this.body.append(this.elements.parent);
		this.node.open = remembered(name) ?? name === "info";
		this.summary.addEventListener("click", () =>
			setTimeout(() => remember(name, this.node.open)),
		);
	}

	update(state) {
		setText(this.title, state.titles?.[this.name] ?? this.name);
		const found = byKey(state.sections[this.name]);
		for (const key of ELSEWHERE[this.name] ?? []) found.delete(key);
		if (this.name === "account") {
			const info = byKey(state.sections.info); // which the panel shows at another time
			for (const key of ["configure", "refresh"]) if (info.has(key)) found.delete(key);
		}
		if (this.name === "info" && isPlain(found)) found.delete("title_count"); // it is at the field
		if (this.quick) this.quick.update(found);
		this.elements.update(found, state);
		// What is to be done first stands out: to sign in, to set up, then to send.
		const first =
			state.needed === "account" ? "" : found.has("configure") ? "configure" : "update_now";
		if (this.name === "info") this.elements.feature(first);
		const needed = state.needed === this.name || (this.quick && !this.quick.node.hidden);
		if (needed && !this.needed && remembered(this.name) == null) this.node.open = true;
		this.needed = needed;
	}
}

/** Whether what is below the title says nothing but its length. */
function isPlain(found) {
	const count = found.get("title_count");
	return (
		count && (count.tone ?? "normal") === "normal" && !found.get("title")?.value?.includes("{")
	);
}

function remembered(name) {
	const kept = store()?.getItem(`open.${name}`);
	return kept && kept === "yes";
}

function remember(name, open) {
	store()?.setItem(`open.${name}`, open ? "yes" : "no");
}

function store() {
	try {
		return localStorage;
	} catch {
		return null; // a browser that keeps nothing
	}
}
