// What was typed and is on its way. Nothing of it is lost while the program is away.

import { Refusal } from "./connection.js";

const PAUSE = 250; // milliseconds of a typist's, after which it is sent
const LATER = 1000; // until the next try where the program has no time

export class Outbox {
	constructor(connection) {
		this.connection = connection;
		this.waiting = new Map(); // values by field
	}

	/** Take a field's values; they are sent after a pause, or at once. */
	put(field, values, now = false) {
		this.waiting.set(field, values);
		clearTimeout(this.timer);
		if (now) this.flush();
		else this.timer = setTimeout(() => this.flush(), PAUSE);
	}

	/** Send what waits; return whether some of it can't be sent now. */
	flush() {
		clearTimeout(this.timer);
		this.sending = (this.sending ?? Promise.resolve()).then(() => this.sendAll());
		return this.sending;
	}

	async sendAll() {
		for (const [field, values] of [...this.waiting]) {
			const replaced = () => this.waiting.get(field) !== values;
			try {
				const revision = await this.connection.send(values);
				if (replaced()) continue;
				this.waiting.delete(field);
				field.sent(revision);
			} catch (error) {
				if (!(error instanceof Refusal)) return true; // it waits until the program is back
				if (error.isPassing) {
					this.timer = setTimeout(() => this.flush(), LATER);
					return true;
				}
				if (replaced()) continue;
				this.waiting.delete(field);
				field.refused(error.message);
			}
		}
		return false;
	}
}
