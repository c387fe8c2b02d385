// What goes to the program that the page belongs to, and what comes from it.

const API = "api/v1/";
const FIRST_WAIT = 1000; // milliseconds until the next try
const LONGEST_WAIT = 5000;
const OPENING = 8000; // within which the first state comes, or somebody else has the port
const TIMEOUT = 20000; // for an answer

/** The connection: it comes back by itself, and says how it stands. */
export class Connection {
	/** `show` gets each state, `tell` whether it is "on", "gone" or "refused"; `renew` loads anew. */
	constructor(show, tell, renew = () => location.reload()) {
		this.show = show;
		this.tell = tell;
		this.renew = renew;
		this.condition = "";
		this.version = null;
		this.wait = FIRST_WAIT;
		// A browser has six connections to one address for all pages: who isn't seen needs none.
		document.addEventListener("visibilitychange", () => {
			if (document.hidden) this.close();
			else this.open();
		});
		addEventListener("pagehide", () => this.close());
		addEventListener("pageshow", (event) => event.persisted && this.open());
	}

	/** Begin, or try again at once. */
	open() {
		this.close();
		const events = new EventSource(`${API}events`);
		this.events = events;
		const on = (name, act) =>
			events.addEventListener(name, (event) => this.events === events && act(event));
		on("state", (event) => this.take(JSON.parse(event.data)));
		on("bye", () => this.lose());
		on("error", () => this.lose());
		this.opening = setTimeout(() => this.lose(), OPENING);
	}

	close() {
		clearTimeout(this.timer);
		clearTimeout(this.opening);
		this.events?.close();
	}

	take(state) {
		clearTimeout(this.opening);
		this.wait = FIRST_WAIT;
		this.version ??= state.version;
		if (this.version !== state.version) {
			this.close(); // what is drawn here belongs to another version
			this.renew();
			return;
		}
		this.become("on");
		this.show(state);
	}

	become(condition) {
		if (this.condition === condition) return;
		this.condition = condition;
		this.tell(condition);
	}

	async lose() {
		this.close();
		const events = this.events;
		const refused = await this.isRefused();
		if (this.events !== events || document.hidden) return; // it was tried again in the meantime
		this.become(refused ? "refused" : "gone");
		this.timer = setTimeout(() => this.open(), this.wait);
		this.wait = Math.min(this.wait * 1.5, LONGEST_WAIT);
	}

	/** An EventSource doesn't say why it failed. */
	async isRefused() {
		try {
			const answer = await fetch(`${API}state`, { signal: AbortSignal.timeout?.(OPENING) });
			return answer.status === 401 || answer.status === 403;
		} catch {
			return false;
		}
	}

	/** Send what fields hold; return the revision that has it. Throws `Refusal` or `Gone`. */
	async send(values) {
		return (await this.ask("PATCH", "values", values, null, "revision")).revision;
	}

	/** Do what a button is for, with values for fields; return answer and tone. */
	press(action, values) {
		return this.ask("POST", `actions/${action}`, { values }, null, "answer");
	}

	categories(query, signal) {
		return this.ask("GET", `categories?query=${encodeURIComponent(query)}`, null, signal, "length");
	}

	/** Ask for something; `part` is what its answer has. Throws `Refusal` or `Gone`. */
	async ask(method, path, body, signal, part) {
		let answer;
		try {
			answer = await fetch(API + path, {
				method,
				signal: signal ?? AbortSignal.timeout?.(TIMEOUT),
				headers: body ? { "Content-Type": "application/json" } : {},
				body: body ? JSON.stringify(body) : undefined,
			});
		} catch (error) {
			if (signal?.aborted) throw error;
			throw new Gone();
		}
		const found = await answer.json().catch(() => null);
		const ours = found && (answer.ok ? !part || found[part] != null : found.error != null);
		if (!ours) throw new Gone(); // somebody else has the port
		if (!answer.ok) throw new Refusal(found.error, answer.status);
		return found;
	}
}

/** The program did not answer. */
export class Gone extends Error {}

/** The program said no, and why. */
export class Refusal extends Error {
	constructor(sentence, status) {
		super(sentence);
		// Not about what was sent, but about the page, or the moment.
		this.isPassing = [401, 403, 429].includes(status) || status >= 500;
	}
}
