// The page: puts its parts together and hands each state to them.

import { inWords } from "./buttons.js";
import { Connection, Gone } from "./connection.js";
import { arrange, make, makeButton, setText } from "./dom.js";
import { Live } from "./live.js";
import { Outbox } from "./outbox.js";
import { Elements, Section, byKey } from "./sections.js";
import { Sentences, withTone } from "./sentences.js";
import { closeTips } from "./tips.js";
import { learnWords, say } from "./words.js";

const NAMES = ["info", "presets", "setup", "picture", "account"];
const ANSWERS = { regenerate: "regenerate_no", preset_delete: "preset_delete_no" };
const AFTER = {
	regenerate_yes: "regenerate",
	regenerate_no: "regenerate",
	preset_delete_yes: "presets_less",
	preset_delete_no: "preset_delete",
};
const RETRY = 1000; // milliseconds
const FILE = /\.(css|js|svg)$|\/words$/;

class Page {
	constructor() {
		this.connection = new Connection(
			(state) => this.show(state),
			(condition) => this.tell(condition),
			() => this.renew(),
		);
		this.outbox = new Outbox(this.connection);
		setText(document.getElementById("stream"), say("web.stream"));
		this.notice = document.getElementById("connection");
		this.status = make("p", { id: "status", role: "status", dir: "auto" });
		this.said = make("p.visually-hidden", { role: "status" });
		this.question = make("section.card.question", { "aria-label": say("web.question"), hidden: true });
		this.asked = new Elements(this.question, this);
		this.live = new Live(document.getElementById("air"));
		this.sentences = new Sentences();
		this.sections = NAMES.map((name) => new Section(name, this));
		document.getElementById("top").append(this.status, this.said, this.question);
		this.columns = [make("div.column"), make("div.column")];
		document.getElementById("columns").append(...this.columns);
	}

	/** Put the sections in their order: who isn't signed in sees to that first. */
	place(needed) {
		if (this.needed === needed) return;
		this.needed = needed;
		const focused = document.activeElement;
		const [info, presets, setup, picture, account] = this.sections;
		const first = [this.live, info, presets];
		const second = [this.sentences, setup, picture];
		if (needed === "account") first.unshift(account);
		else second.push(account);
		arrange(this.columns[0], first.map(({ node }) => node));
		arrange(this.columns[1], second.map(({ node }) => node));
		if (focused !== document.activeElement && focused.isConnected) focused.focus();
	}

	show(state) {
		// Opened before its program, it may be of another version.
		if (!this.state && this.wasAway) return location.reload();
		if (!this.state) keep(state.version).catch(() => {}); // a browser may not let it
		this.state = state;
		state.pages && import("./pages.js").then((it) => it.lead(state));
		setText(this.status, withTone(state.status?.text ?? "", state.status?.tone));
		this.status.className = state.status?.tone ?? "normal";
		this.question.hidden = !this.asked.update(byKey(state.question), state);
		const info = byKey(state.sections.info);
		this.live.update(state, info.get("live_line")?.text ?? "");
		this.sentences.update(state);
		for (const section of this.sections) section.update(state);
		this.place(state.needed);
		this.moveFocus();
		this.forget(state.status?.text);
	}

	/** Note an answer, which is shown until the status says something else, or another one comes. */
	remember(answer, text) {
		if (this.last?.answer !== answer) this.last?.answer.show("");
		this.last = { answer, text, said: text === this.state?.status?.text };
	}

	forget(status) {
		const last = this.last;
		if (!last) return;
		if (last.text === status) last.said = true;
		else if (last.said) last.answer.show("");
	}

	get host() {
		return this.state?.host || say("web.the_program");
	}

	/** Say how the connection stands. */
	tell(condition) {
		const on = condition === "on";
		document.body.classList.toggle("away", !on);
		this.notice.replaceChildren();
		if (on) {
			if (this.wasAway) this.announce(say("web.back"));
			this.outbox.flush();
			return;
		}
		this.wasAway = true;
		this.notice.append(
			make("p", { text: say(`web.${condition}`, { host: this.host }) }),
			makeButton(say("web.retry"), { onclick: () => this.connection.open() }),
		);
	}

	/** Load another version of the page, once what was typed into this one has arrived. */
	async renew() {
		await this.outbox.flush();
		if (!this.outbox.waiting.size) return location.reload();
		this.connection.become("updated"); // and stands still: the states are of that version
		setTimeout(() => this.connection.open(), RETRY);
	}

	/** Have a screen reader say something that isn't seen elsewhere. */
	announce(text) {
		this.said.textContent = "";
		setTimeout(() => setText(this.said, text), 50);
	}

	press(action, button) {
		return this.pressIn(this.asked, action, button);
	}

	/** Do what a button is for, once what was typed has arrived; answer below it. */
	async pressIn(elements, action, button) {
		this.wanted = ANSWERS[action] ?? AFTER[action];
		const from = button.button;
		try {
			for (const part of elements.parts.values()) part.save?.();
			if (await this.outbox.flush()) throw new Gone();
			const { answer = "", tone } = await this.connection.press(action, button.values);
			if (elements !== this.asked) elements.say(button, answer, tone);
		} catch (error) {
			const words = inWords(error, this.host);
			elements.say(button, words, "error");
			this.announce(words);
		}
		if (from.isConnected && document.activeElement === document.body) from.focus();
		this.moveFocus();
	}

	/** A question that was just asked for has the focus, and what asked for it when it is answered. */
	moveFocus() {
		if (!this.wanted) return;
		const target = document.querySelector(`button[data-action="${this.wanted}"]`);
		if (!target || target === document.activeElement) return;
		this.wanted = null;
		target.focus();
	}
}

/** Keep this version for when it is opened before its program (`at_hand.js`). */
async function keep(version) {
	const kept = await caches.open(`${version} ${location.pathname}`);
	await navigator.serviceWorker.register("at_hand.js");
	if ((await kept.keys()).length) return;
	for (const old of await caches.keys()) if (!old.startsWith(version)) await caches.delete(old);
	const files = performance.getEntriesByType("resource").map(({ name }) => name);
	await kept.addAll(["./", ...files.filter((name) => FILE.test(name))]);
}

async function start() {
	await learnWords();
	closeTips();
	new Page().connection.open();
}

start();
