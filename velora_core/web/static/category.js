// The category: found on Velora as somebody types, with pictures; all by keyboard.

import { LINE, freshId, make, makeButton, setText } from "./dom.js";
import { Field } from "./fields.js";
import { say } from "./words.js";

const PAUSE = 180; // milliseconds of a typist's before Velora is asked

export class CategoryField extends Field {
	build() {
		this.hits = [];
		this.active = -1;
		this.list = make("ul.hits", {
			role: "listbox",
			id: freshId("categories"),
			"aria-label": say("web.categories"),
			hidden: true,
		});
		this.input = make("input", {
			...LINE,
			role: "combobox",
			placeholder: say("web.search_category"),
			"aria-autocomplete": "list",
			"aria-expanded": "false",
			"aria-controls": this.list.id,
			oninput: () => this.typed(),
			onkeydown: (event) => this.pressed(event),
			onclick: () => this.search(),
			onblur: () => this.take(),
		});
		this.clear = makeButton("×", {
			class: "clear",
			"aria-label": say("web.clear_category"),
			onclick: () => this.choose({ slug: "", name: "" }),
		});
		this.note = make("p.note", { role: "status" });
		return make("div.combo", {}, this.input, this.clear, this.list, this.note);
	}

	fill(element) {
		super.fill(element);
		this.clear.hidden = !element.value;
	}

	typed() {
		this.typing = true;
		this.setDirty(true);
		this.stop();
		this.timer = setTimeout(() => this.search(), PAUSE);
	}

	async search() {
		this.stop();
		const asking = (this.asking = new AbortController());
		const query = this.typing ? this.input.value.trim() : "";
		try {
			const hits = await this.page.connection.categories(query, asking.signal);
			if (this.asking === asking) this.open(hits, query);
		} catch (error) {
			if (this.asking !== asking) return;
			this.close();
			setText(this.note, error.message);
		}
	}

	open(hits, query) {
		if (document.activeElement !== this.input) return;
		this.hits = hits;
		this.list.replaceChildren(...hits.map((hit, at) => this.option(hit, at)));
		this.expand(hits.length > 0);
		setText(this.note, this.found(hits.length, query));
		this.note.classList.toggle("quiet", hits.length > 0);
	}

	found(count, query) {
		if (count) return say("web.categories_found", { count });
		return query ? say("web.no_category_found") : "";
	}

	option(hit, at) {
		return make(
			"li",
			{
				role: "option",
				id: `${this.list.id}-${at}`,
				"aria-selected": "false",
				onpointerdown: (event) => event.preventDefault(), // the line keeps the focus
				onclick: () => this.choose(hit),
			},
			this.hits.some(({ picture }) => picture) &&
				make("span.picture", {}, hit.picture && image(hit.picture)),
			make("span.name", { text: hit.name, dir: "auto" }),
			hit.starred &&
				make("span", { text: "★", role: "img", "aria-label": say("web.starred") }),
		);
	}

	move(at) {
		this.list.children[this.active]?.setAttribute("aria-selected", "false");
		this.active = at;
		const option = this.list.children[at];
		if (!option) return this.input.removeAttribute("aria-activedescendant");
		option.setAttribute("aria-selected", "true");
		option.scrollIntoView({ block: "nearest" });
		this.input.setAttribute("aria-activedescendant", option.id);
	}

	pressed(event) {
		if (event.isComposing) return;
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (step) {
			event.preventDefault();
			if (this.list.hidden) this.search();
			else {
				this.stop(); // or late hits undo it
				const count = this.hits.length;
				const from = this.active < 0 && step < 0 ? 0 : this.active;
				this.move((from + step + count) % count);
			}
		} else if (event.key === "Enter") {
			event.preventDefault();
			if (this.active >= 0) this.choose(this.hits[this.active]);
			else this.take();
		} else if (event.key === "Escape") {
			if (this.list.hidden) this.giveUp();
			this.close();
		}
	}

	choose(hit) {
		this.input.value = hit.name;
		this.typing = false;
		this.clear.hidden = !hit.name;
		this.close();
		this.put({ [this.key]: hit.slug }, true);
		this.input.focus();
	}

	/** Take the text as it stands. */
	take() {
		this.close();
		if (!this.typing) return;
		this.typing = false;
		this.put({ [this.key]: this.input.value.trim() }, true);
	}

	giveUp() {
		if (!this.typing) return;
		this.typing = false;
		this.setDirty(false);
		if (this.latest) this.fill(this.latest);
	}

	stop() {
		clearTimeout(this.timer);
		this.asking?.abort();
		this.asking = null;
	}

	close() {
		this.stop();
		this.hits = [];
		this.expand(false);
		setText(this.note, "");
	}

	expand(open) {
		this.list.hidden = !open;
		this.input.setAttribute("aria-expanded", String(open));
		this.move(-1);
	}
}

/** Return a picture, which goes where there is none. */
function image(src) {
	return make("img", { src, alt: "", loading: "lazy", onerror: ({ target }) => target.remove() });
}
