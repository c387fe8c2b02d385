// Picture and sound of this computer: which there are, and those that were chosen.

export const SCREEN = "screen";
export const NONE = "none";

/** Return the devices of a kind, "videoinput" or "audioinput"; without permission, without names. */
export async function devices(kind) {
	const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
	return all.filter((device) => device.kind === kind && device.deviceId);
}

/** What is captured now. */
export class Capture {
	constructor(ended) {
		this.ended = ended;
		this.sources = []; // streams, the microphone's last
	}

	get open() {
		return this.sources.length > 0;
	}

	/** Capture a camera by its id (or the usual one), or the screen; and a microphone, or none. */
	async begin(picture, sound) {
		const media = navigator.mediaDevices;
		if (!media?.getUserMedia) throw new DOMException("", "NoMedia");
		const found = [];
		try {
			const size = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
			const device = (id) => (id ? { deviceId: { exact: id } } : {});
			const audio = sound === NONE ? false : device(sound);
			if (picture === SCREEN) {
				found.push(await screen(media));
				if (audio) found.push(await media.getUserMedia({ audio }));
			} else {
				const video = { ...size, ...device(picture) };
				found.push(await media.getUserMedia({ video, audio }));
			}
		} catch (error) {
			for (const stream of found) stop(stream);
			throw error;
		}
		this.end();
		this.sources = found;
		this.microphone = sound === NONE ? null : found.at(-1).getAudioTracks()[0];
		for (const track of found.flatMap((stream) => stream.getTracks())) {
			track.addEventListener("ended", () => this.ended(track.kind));
		}
		this.picture = found[0].getVideoTracks()[0];
		this.tracks = [this.picture, ...this.mixed()];
		this.picture.contentHint = "motion";
	}

	/** Return the sound as one track: that of the screen and the microphone are mixed. */
	mixed() {
		const sounds = this.sources.filter((stream) => stream.getAudioTracks().length);
		if (sounds.length < 2) return sounds.flatMap((stream) => stream.getAudioTracks());
		this.mixer = new AudioContext();
		const out = this.mixer.createMediaStreamDestination();
		for (const stream of sounds) this.mixer.createMediaStreamSource(stream).connect(out);
		return out.stream.getAudioTracks();
	}

	mute(muted) {
		if (this.microphone) this.microphone.enabled = !muted;
	}

	end() {
		for (const stream of this.sources) stop(stream);
		this.sources = [];
		this.mixer?.close();
		this.mixer = null;
	}
}

async function screen(media) {
	try {
		return await media.getDisplayMedia({ video: { frameRate: 30 }, audio: true });
	} catch (error) {
		throw error.name === "NotAllowedError" ? new DOMException("", "NoScreen") : error;
	}
}

function stop(stream) {
	for (const track of stream.getTracks()) track.stop();
}
