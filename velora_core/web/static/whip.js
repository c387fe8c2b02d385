// Sends picture and sound by WHIP (RFC 9725), through the program that the page belongs to: it knows
// where to, and has the key.

import { Refusal } from "./connection.js";

const GATHERING = 1000; // milliseconds: what is found later is sent after the offer
const DOUBT = 4000; // without a connection, until there is to be another one
const WAITS = [0, 1000, 2000, 5000, ...Array(9).fill(10000)]; // before each try to have another one
const TIMEOUT = 45000; // for an answer: Velora is asked, and title and tags are sent before it

const wait = (pause) => new Promise((resolve) => setTimeout(resolve, pause));
/** Wait; less long if there is a network again. */
const waitForNetwork = (pause) =>
	new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			removeEventListener("online", done);
			resolve();
		};
		const timer = setTimeout(done, pause);
		addEventListener("online", done);
	});

/** One stream, from its start to its end; its connection may be another one in between. */
export class Whip {
	/** `tell` gets "live", "again", and at last why it is over; the last two with a reason. */
	constructor(connection, tracks, kilobits, tell) {
		Object.assign(this, { connection, tracks, kilobits, tell });
		this.id = "";
		this.over = this.connected = this.renewing = false;
		this.senders = {};
	}

	/** Begin; throws what the program says against it. */
	async start() {
		try {
			await this.connect();
		} catch (error) {
			this.close();
			this.remove();
			throw error;
		}
		if (this.over) this.remove(); // stopped meanwhile
	}

	/** Hold a connection without which the program ends the stream: so it knows of a closed tab. */
	hold() {
		const lease = new EventSource(`api/v1/whip/${this.id}`);
		lease.addEventListener("bye", () => this.end("closed"));
		lease.addEventListener("error", () => {
			if (lease.readyState === EventSource.CLOSED) this.end("over");
		});
		this.lease = lease;
	}

	async connect() {
		const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
		this.peer = peer;
		for (const kind of ["video", "audio"]) {
			const track = this.track(kind) ?? kind; // what isn't there may be chosen later
			const transceiver = peer.addTransceiver(track, { direction: "sendonly" });
			if (kind === "video") prefer(transceiver);
			this.senders[kind] = transceiver.sender;
		}
		const late = [];
		let sent = false;
		let all = false;
		let answered = false;
		const handOn = () => {
			if (all && answered && late.length) this.trickle(peer, late);
		};
		peer.addEventListener("icecandidate", ({ candidate }) => {
			if (candidate && sent) late.push(candidate);
			all = !candidate;
			handOn();
		});
		peer.addEventListener("connectionstatechange", () => this.look(peer));
		await peer.setLocalDescription();
		await gathered(peer);
		sent = true;
		const body = { offer: peer.localDescription.sdp };
		const { id, answer } = await this.ask("POST", this.id && `/${this.id}`, body);
		this.id = id;
		if (this.over) return;
		if (!this.lease) this.hold();
		await peer.setRemoteDescription({ type: "answer", sdp: answer });
		await this.limit();
		answered = true;
		handOn();
	}

	ask(method, path, body) {
		return this.connection.ask(method, `whip${path}`, body, AbortSignal.timeout?.(TIMEOUT));
	}

	/** Hand on what was found after the offer; most servers need none of it. */
	async trickle(peer, candidates) {
		const own = peer.localDescription.sdp;
		const lines = [...own.matchAll(/^a=ice-(?:ufrag|pwd):.*$/gm)].slice(0, 2);
		const fragment = [
			...lines.map(([line]) => line),
			...own.match(/^m=.*$/m),
			`a=mid:${candidates[0].sdpMid}`,
			...candidates.map(({ candidate }) => `a=${candidate}`),
			"a=end-of-candidates",
		].map((line) => `${line.trim()}\r\n`);
		await this.ask("PATCH", `/${this.id}`, { fragment: fragment.join("") }).catch(() => {});
	}

	/** Keep the picture within the bitrate. */
	async limit() {
		const sender = this.senders.video;
		const parameters = sender.getParameters();
		for (const encoding of parameters.encodings ?? []) {
			encoding.maxBitrate = this.kilobits * 1000;
		}
		await sender.setParameters(parameters).catch(() => {});
	}

	track(kind) {
		return this.tracks.find((track) => track.kind === kind);
	}

	/** Send other tracks from now on. */
	async replace(tracks) {
		this.tracks = tracks;
		const senders = Object.entries(this.senders);
		// A connection that is lost takes none, and the next one is made with these.
		await Promise.allSettled(senders.map(([kind, to]) => to.replaceTrack(this.track(kind) ?? null)));
	}

	/** Have another connection where this one is lost, as after a change of the network. */
	async look(peer) {
		if (peer.connectionState === "disconnected") await waitForNetwork(DOUBT);
		if (this.peer !== peer || this.over || this.renewing) return;
		if (peer.connectionState === "connected") {
			this.connected = true;
			this.tell("live");
		} else if (["disconnected", "failed"].includes(peer.connectionState)) {
			if (!this.connected) return this.end("blocked");
			this.renewing = true;
			await this.renew();
			this.renewing = false;
			this.look(this.peer); // it may have connected, or failed, before this was ready for it
		}
	}

	async renew() {
		let reason = "";
		for (const pause of WAITS) {
			this.tell("again", reason);
			await waitForNetwork(pause);
			if (this.over) return;
			this.peer.close();
			try {
				return await this.connect();
			} catch (error) {
				reason = error instanceof Refusal ? error.message : "";
				if (error.isPassing === false) return this.end("refused", reason);
			}
		}
		this.end("lost", reason);
	}

	/** End it, because somebody wants that. */
	stop() {
		this.end("ended");
	}

	end(why, reason = "") {
		if (this.over) return;
		this.close();
		this.remove();
		this.tell(why, reason);
	}

	close() {
		this.over = true;
		this.peer?.close();
		this.lease?.close();
	}

	/** Have the program tell Velora, also when this page is about to go. */
	remove() {
		const address = `api/v1/whip/${this.id}`;
		if (this.id) fetch(address, { method: "DELETE", keepalive: true }).catch(() => {});
	}
}

/** Have H.264 tried first: Velora's players take it as it is. */
function prefer(transceiver) {
	const codecs = RTCRtpSender.getCapabilities?.("video")?.codecs;
	if (!codecs || !transceiver.setCodecPreferences) return;
	const first = ({ mimeType }) => mimeType === "video/H264";
	transceiver.setCodecPreferences([
		...codecs.filter(first),
		...codecs.filter((codec) => !first(codec)),
	]);
}

function gathered(peer) {
	if (peer.iceGatheringState === "complete") return null;
	const complete = new Promise((resolve) => {
		peer.addEventListener("icegatheringstatechange", () => {
			if (peer.iceGatheringState === "complete") resolve();
		});
	});
	return Promise.race([complete, wait(GATHERING)]);
}
