// How the running stream stands: time, viewers and how it is sent.

import { draw, make, setText, showText } from "./dom.js";
import { say } from "./words.js";

const WIDTH = 300;
const HEIGHT = 44;

/** Return a duration as streamers read it: 0:07:30. */
function duration(seconds) {
	const whole = Math.max(0, Math.floor(seconds));
	const two = (number) => String(number).padStart(2, "0");
	return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

export class Live {
	constructor(badge) {
		this.badge = badge;
		this.time = make("span.time", { role: "timer" });
		this.word = make("span.word");
		badge.append(this.word, this.time);
		this.title = make("h2", { id: "live-title", class: "visually-hidden" });
		this.viewers = figure();
		this.bitrate = figure();
		this.lost = figure();
		this.curve = make("div.curve");
		this.what = make("p.what", { dir: "auto" });
		this.line = make("p.notice", { dir: "auto" });
		const figures = [this.viewers, this.bitrate, this.lost].map(({ node }) => node);
		this.figures = make("dl.figures", {}, ...figures);
		this.node = make(
			"section.card.live",
			{ "aria-labelledby": "live-title" },
			this.title,
			this.figures,
			this.curve,
			this.what,
			this.line,
		);
		setInterval(() => this.tick(), 1000);
	}

	update(state, line) {
		const live = state.live ?? {};
		this.since = live.on_air ? live.since : null;
		this.offset = state.now ? Date.now() / 1000 - state.now : 0; // the clocks may differ
		this.badge.className = live.on_air ? "air on" : "air";
		setText(this.word, say(live.on_air ? "web.live" : "web.offline"));
		setText(this.title, say("web.live_now"));
		this.viewers.set(say("web.viewers"), live.viewers ?? say("web.unknown"), seen(live));
		this.bitrate.set(say("web.bitrate"), ...rate(live.bitrate));
		this.lost.set(say("web.lost"), live.lost ?? say("web.unknown"), share(live));
		this.figures.hidden = !live.on_air;
		const known = live.on_air && live.viewers != null; // then the figures say what the line says
		setText(this.what, known ? [live.title, live.category].filter(Boolean).join(" · ") : "");
		setText(this.line, known ? (live.trouble ?? "") : line);
		this.node.hidden = !live.on_air && !line;
		this.drawCurve(live);
		this.tick();
	}

	tick() {
		const text = this.since ? duration(Date.now() / 1000 - this.offset - this.since) : "";
		showText(this.time, text);
		document.title = text ? say("web.page_title_live", { time: text }) : "Velora";
	}

	drawCurve(live) {
		const points = live.on_air ? (live.curve ?? []) : [];
		this.curve.hidden = points.length < 2;
		const drawn = JSON.stringify(points);
		if (this.curve.hidden || this.drawn === drawn) return;
		this.drawn = drawn;
		const counts = points.map(([, count]) => count);
		const most = Math.max(...counts);
		const [first] = points[0];
		const span = points.at(-1)[0] - first || 1;
		const at = ([time, count]) => {
			const x = ((time - first) / span) * WIDTH;
			const y = HEIGHT - 2 - (count / (most || 1)) * (HEIGHT - 6);
			return `${x.toFixed(1)},${y.toFixed(1)}`;
		};
		const path = points.map(at).join(" ");
		const label = say("web.curve", { now: counts.at(-1), least: Math.min(...counts), most });
		this.curve.replaceChildren(
			draw(
				"svg",
				{
					viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
					preserveAspectRatio: "none",
					role: "img",
					"aria-label": label,
				},
				draw("polygon", { points: `0,${HEIGHT} ${path} ${WIDTH},${HEIGHT}` }),
				draw("polyline", { points: path, "vector-effect": "non-scaling-stroke" }),
			),
		);
	}
}

function figure() {
	const name = make("dt");
	const value = make("dd");
	const rest = make("dd.rest");
	return {
		node: make("div", {}, name, value, rest),
		set(label, text, more = "") {
			setText(name, label);
			setText(value, String(text));
			value.className = /\d/.test(text) ? "" : "word"; // which may be too long for a figure's size
			showText(rest, more);
		},
	};
}

function rate(kilobits) {
	if (kilobits == null) return [say("web.unknown")];
	if (kilobits >= 1000) return [(kilobits / 1000).toFixed(1), say("web.megabits")];
	return [Math.round(kilobits), say("web.kilobits")];
}

function share({ lost, frames, share: lostShare }) {
	const part = lostShare ?? (frames ? lost / frames : 0);
	if (!lost || !part) return "";
	return part < 0.001 ? say("web.hardly") : say("web.share", { share: (part * 100).toFixed(1) });
}

function seen({ peak, average }) {
	return peak == null || average == null ? "" : say("web.peak", { most: peak, average });
}
