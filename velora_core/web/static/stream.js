// The page that streams by itself: what is chosen, how it stands, and what to do next.

import { Capture, NONE, SCREEN, devices } from "./capture.js";
import { Connection, Gone, Refusal } from "./connection.js";
import { freshId, make, makeButton, setText } from "./dom.js";
import { Whip } from "./whip.js";
import { learnWords, say } from "./words.js";

const RATES = [1500, 2500, 4500, 6000, 8000]; // kbit/s
const USUAL = 4500;
const INFO = ["title", "category_entry", "tags_entry"];
/** What is said when there is no picture or no sound, by the browser's name for it. */
const CAPTURE_ERRORS = {
	NotAllowedError: "web.stream_denied",
	NotFoundError: "web.stream_no_device",
	OverconstrainedError: "web.stream_no_device",
	NotReadableError: "web.stream_device_busy",
	AbortError: "web.stream_device_busy",
	NoScreen: "web.stream_no_screen",
	NoMedia: "web.stream_no_media",
};
const ENDS = {
	ended: "web.stream_ended",
	closed: "web.stream_closed",
	over: "web.stream_over",
	lost: "web.stream_lost",
	blocked: "web.stream_blocked",
};

class StreamPage {
	constructor() {
		const get = (selector) => document.querySelector(selector);
		setText(get("h1"), say("web.stream"));
		this.air = get("#air");
		this.notice = get("#connection");
		this.video = make("video", { autoplay: true, playsinline: true });
		this.video.muted = true;
		this.video.setAttribute("aria-label", say("web.stream_preview"));
		this.said = make("p", { id: "said", class: "notice", role: "status", dir: "auto" });
		this.status = make("p", { id: "status", role: "status", dir: "auto" });
		this.picture = choice(say("web.stream_picture"), () => this.chosen());
		this.sound = choice(say("web.stream_microphone"), () => this.chosen());
		this.rate = choice(say("web.bitrate"), () => this.limited());
		const kilobits = say("web.kilobits");
		this.rate.offer(RATES.map((rate) => [String(rate), `${rate} ${kilobits}`]));
		this.rate.input.value = String(USUAL);
		this.main = makeButton("", { class: "main", id: "main", onclick: () => this.pressed() });
		this.show = makeButton("", { id: "show", onclick: () => this.turned() });
		this.mute = makeButton(say("web.stream_mute"), {
			id: "mute",
			"aria-pressed": "false",
			onclick: () => this.muted(),
		});
		this.figures = make("dl.figures");
		this.told = make("dl.told");
		const panel = { href: "./", target: "_blank", rel: "noopener", text: say("web.stream_panel") };
		const node = get("main");
		node.append(
			this.status,
			this.video,
			make("div.choices", {}, this.picture.node, this.sound.node, this.rate.node),
			make("div.row", {}, this.main, this.show, this.mute),
			this.said,
			make(
				"section.card",
				{ "aria-label": say("web.stream_info") },
				this.told,
				make("a", panel),
			),
			this.figures,
		);
		this.capture = new Capture((kind) => this.lostDevice(kind));
		this.connection = new Connection(
			(state) => this.take(state),
			(condition) => this.tell(condition),
		);
		navigator.mediaDevices?.addEventListener?.("devicechange", () => this.list());
		addEventListener("pagehide", () => this.whip?.stop());
		addEventListener("beforeunload", (event) => this.whip && event.preventDefault());
		setInterval(() => this.tick(), 1000);
		this.list();
		this.draw();
	}

	// -- the program -----------------------------------------------------------------------

	take(state) {
		this.state = state;
		setText(this.status, state.status?.text ?? "");
		const info = state.sections.info.filter(({ key }) => INFO.includes(key));
		this.told.replaceChildren(
			...info.map(({ label, value }) =>
				make(
					"div",
					{},
					make("dt", { text: label }),
					make("dd", { text: value || "–", dir: "auto" }),
				),
			),
		);
		this.tick();
	}

	tell(condition) {
		const host = this.state?.host || say("web.the_program");
		this.notice.replaceChildren();
		if (condition !== "on") {
			this.notice.append(make("p", { text: say(`web.${condition}`, { host }) }));
		}
	}

	// -- picture and sound -----------------------------------------------------------------

	async list() {
		const named = async (kind, name) =>
			(await devices(kind)).map(({ deviceId, label }, at) => [
				deviceId,
				label || say(name, { number: at + 1 }),
			]);
		const cameras = await named("videoinput", "web.stream_camera");
		const microphones = await named("audioinput", "web.stream_microphone_number");
		const usual = ["", say("web.stream_usual")];
		this.picture.offer([
			...(cameras.length ? cameras : [usual]),
			...(navigator.mediaDevices?.getDisplayMedia ? [[SCREEN, say("web.stream_screen")]] : []),
		]);
		this.sound.offer([
			...(microphones.length ? microphones : [usual]),
			[NONE, say("web.stream_silent")],
		]);
	}

	/** Capture what is chosen; return whether there is something to send. */
	async open() {
		this.show.setAttribute("aria-busy", "true");
		try {
			await this.capture.begin(this.picture.input.value, this.sound.input.value);
		} catch (error) {
			this.say(say(CAPTURE_ERRORS[error.name] ?? "web.stream_no_device"), "error");
			return false;
		} finally {
			this.show.removeAttribute("aria-busy");
		}
		this.capture.mute(this.isMuted);
		this.video.srcObject = new MediaStream(this.capture.tracks);
		this.say(this.since ? say("web.stream_live") : "");
		await this.list();
		if (this.picture.input.value !== SCREEN) this.picture.choose(this.capture.picture);
		if (this.sound.input.value !== NONE) this.sound.choose(this.capture.microphone);
		await this.whip?.replace(this.capture.tracks);
		this.draw();
		return true;
	}

	/** Show the preview, or let go of camera and microphone. */
	turned() {
		if (!this.capture.open) {
			this.open();
			return;
		}
		this.capture.end();
		this.video.srcObject = null;
		this.draw();
	}

	chosen() {
		if (this.capture.open) this.open();
	}

	lostDevice(kind) {
		const name = kind === "video" ? "web.stream_picture_gone" : "web.stream_sound_gone";
		this.say(say(name), "error");
	}

	get isMuted() {
		return this.mute.getAttribute("aria-pressed") === "true";
	}

	muted() {
		this.mute.setAttribute("aria-pressed", String(!this.isMuted));
		this.capture.mute(this.isMuted);
	}

	limited() {
		if (!this.whip) return;
		this.whip.kilobits = Number(this.rate.input.value);
		this.whip.limit();
	}

	// -- the stream ------------------------------------------------------------------------

	pressed() {
		if (this.whip) this.whip.stop();
		else this.start();
	}

	async start() {
		if (this.starting) return;
		this.starting = true;
		try {
			if (!this.capture.open && !(await this.open())) return;
			const rate = Number(this.rate.input.value);
			const tell = (condition, reason) => this.stands(condition, reason);
			const whip = new Whip(this.connection, this.capture.tracks, rate, tell);
			this.whip = whip;
			this.say(say("web.stream_starting"));
			this.draw();
			await whip.start();
		} catch (error) {
			if (this.whip) this.over(this.words(error), "error");
		} finally {
			this.starting = false;
			this.draw();
		}
	}

	words(error) {
		const host = this.state?.host || say("web.the_program");
		if (error instanceof Refusal) return error.message;
		const late = error instanceof Gone || error.name === "TimeoutError";
		return late ? say("web.not_done", { host }) : say("web.stream_unfit");
	}

	stands(condition, reason) {
		if (condition === "live") {
			this.since ??= Date.now();
			this.say(say("web.stream_live"));
		} else if (condition === "again") {
			this.say(say("web.stream_again", { reason }), "error");
		} else {
			const host = this.state?.host || say("web.the_program");
			const sentence = condition === "refused" ? reason : say(ENDS[condition], { host, reason });
			this.over(sentence, condition === "ended" ? "" : "error");
		}
		this.draw();
	}

	over(sentence, tone) {
		this.whip = null;
		this.since = null;
		this.say(sentence, tone);
	}

	say(text, tone = "") {
		this.said.className = `notice ${tone}`;
		setText(this.said, text.trim());
	}

	// -- what is seen ----------------------------------------------------------------------

	draw() {
		setText(this.main, say(this.whip ? "web.stream_stop" : "web.stream_start"));
		this.main.classList.toggle("danger", Boolean(this.whip));
		setText(this.show, say(this.capture.open ? "web.stream_hide" : "web.stream_show"));
		this.show.hidden = Boolean(this.whip);
		this.tick();
	}

	async tick() {
		const live = Boolean(this.since);
		this.air.className = live ? "air on" : "air";
		setText(this.air, say(live ? "web.live" : "web.offline"));
		this.figures.hidden = !live;
		if (!live) return;
		const viewers = this.state?.live?.viewers ?? say("web.unknown");
		const past = Date.now() - this.since;
		const hours = Math.floor(past / 3600000);
		const figures = [
			[say("web.stream_time"), `${hours}:${new Date(past).toISOString().slice(14, 19)}`, ""],
			[say("web.viewers"), String(viewers), ""],
			[say("web.bitrate"), await this.sent(), say("web.megabits")],
		];
		const figure = ([name, value, more]) =>
			make(
				"div",
				{},
				make("dt", { text: name }),
				make("dd", { text: value }),
				more && make("dd.rest", { text: more }),
			);
		this.figures.replaceChildren(...figures.map(figure));
	}

	/** Return the megabits in the last second. */
	async sent() {
		const since = performance.now() - (this.before?.at ?? 0);
		if (since < 900) return this.megabits;
		let bytes = 0;
		const found = await this.whip?.peer.getStats();
		for (const row of found?.values() ?? []) {
			if (row.type === "outbound-rtp") bytes += row.bytesSent ?? 0;
		}
		const more = Math.max(0, bytes - (this.before?.bytes ?? bytes));
		this.before = { bytes, at: performance.now() };
		this.megabits = ((more * 8) / since / 1000).toFixed(1);
		return this.megabits;
	}
}

/** Return a list to choose from. */
function choice(label, changed) {
	const input = make("select", { id: freshId("choice"), onchange: changed });
	return {
		input,
		node: make("div.field", {}, make("label", { for: input.id, text: label }), input),
		offer(options) {
			const { value } = input;
			input.replaceChildren(
				...options.map(([key, text]) => make("option", { value: key, text })),
			);
			if (options.some(([key]) => key === value)) input.value = value;
		},
		/** Show which device it is that a track is of. */
		choose(track) {
			const { deviceId } = track?.getSettings() ?? {};
			if (deviceId) input.value = deviceId;
		},
	};
}

async function begin() {
	await learnWords();
	new StreamPage().connection.open();
}

begin();
