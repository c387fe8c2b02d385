// Inside XSplit: says which streams run there, and which scene viewers see. What XSplit tells of a
// stream has its stream key in it, and what it tells of scenes the addresses of all their sources, so
// nothing leaves this file but an output's name and its server, without what is behind that, and a
// scene's name and id.

const ADDRESS = "api/v1/xsplit"; // beside this page
const AGAIN = 15000; // milliseconds: the program may have been started anew
const RETRY = 2000;
const TIMEOUT = 5000;
const MOST_ASKED = 50; // questions that XSplit has not answered

const xsplit = window.external;
const running = new Map(); // servers, by the names of outputs
const asked = new Map(); // what takes an answer of XSplit, by its number
let scene = null; // what viewers see, where that can be told
let place = ""; // of that scene among all
let began = false; // a stream has, and the program doesn't know yet
let changed = false; // and so does it not know something else
let telling = false;
let known = false; // what runs: before that, nothing is told

/** Return scheme, host and port of an address. */
function serverOf(address) {
	const found = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^/?#@\s]+)/i.exec(address ?? "");
	return found ? (found[1] + found[2]).toLowerCase() : "";
}

function documentOf(text) {
	return new DOMParser().parseFromString(text ?? "", "text/xml");
}

function serverIn(node) {
	return serverOf(node.querySelector("channel[rtmpUrl]")?.getAttribute("rtmpUrl"));
}

/** Return whether the program has taken the news, or never will. */
async function send(news) {
	try {
		const answer = await fetch(ADDRESS, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(news),
			signal: AbortSignal.timeout(TIMEOUT),
		});
		return answer.ok || answer.status === 422;
	} catch {
		return false; // the program is away
	}
}

/** Send what is so now, one after the other, until the program knows. */
async function tell() {
	changed = true;
	if (telling || !known) return;
	telling = true;
	while (changed) {
		const start = began;
		changed = began = false;
		const streams = [...running].map(([name, server]) => ({ name, server }));
		if (await send({ began: start, streams, scene })) continue;
		began ||= start;
		changed = true;
		await new Promise((resolve) => setTimeout(resolve, RETRY));
	}
	telling = false;
}

/** Take what XSplit says of one of its streams. */
function happened(text) {
	const event = /(?:^|&)event=(StreamStart|StreamEnd)(?:&|$)/.exec(text)?.[1];
	if (!event) return;
	const info = JSON.parse(decodeURIComponent(/(?:^|&)info=([^&]*)/.exec(text)?.[1] ?? ""));
	const name = String(info.ChannelName).slice(0, 200);
	if (event === "StreamStart") {
		running.set(name, serverIn(documentOf(info.Settings)));
		began = true;
	} else running.delete(name);
	known = true;
	tell();
}

/** Take the list of all that runs. */
function listed(text) {
	running.clear();
	for (const channel of documentOf(text).documentElement.children) {
		const name = channel.getAttribute("name");
		if (name) running.set(name.slice(0, 200), serverIn(channel));
	}
	known = true;
	tell();
}

/** Ask XSplit for something. */
function ask(name, take) {
	if (asked.size > MOST_ASKED) asked.clear();
	asked.set(String(xsplit.AppGetPropertyAsync(name)), take);
}

/** Take which scene viewers see; null where that isn't known. */
function seen(found) {
	const before = JSON.stringify(scene);
	scene = found;
	if (JSON.stringify(scene) !== before) tell();
}

/** Ask which scene viewers see. While XSplit prepares one beside it, which is which isn't told. */
function look() {
	if (typeof xsplit.GetGlobalProperty !== "function") return;
	if (String(xsplit.GetGlobalProperty("splitmode")) === "1") {
		place = "";
		seen(null);
		return;
	}
	ask("scene:0", (now) => {
		if (now === place) return; // all scenes are long, with all that is in them
		ask("sceneconfig", (text) => {
			const all = documentOf(text).documentElement.children;
			const found = [...all].filter((node) => node.tagName === "placement")[Number(now)];
			const name = found?.getAttribute("name")?.slice(0, 200);
			place = name ? now : "";
			seen(name ? { name, id: (found.getAttribute("id") ?? "").slice(0, 64) } : null);
		});
	});
}

/** Return a function that does nothing with what isn't in the form that is known. */
function guarded(take) {
	return (...values) => {
		try {
			take(...values);
		} catch {
			// Velora's own live state tells.
		}
	};
}

/** Have XSplit call a function of ours beside the one that may be there. */
function listen(name, take) {
	const before = window[name];
	const heard = guarded(take);
	window[name] = (...values) => {
		heard(...values);
		if (typeof before === "function") return before(...values);
	};
}

/** Take the answer to a question. */
function answered(number, answer) {
	const take = asked.get(String(number));
	asked.delete(String(number));
	take?.(decodeURIComponent(answer));
}

/** Take what has become of XSplit's scenes. */
function scenesChanged(event) {
	if (!/^(SceneChange|OnScene|scenedlg)/.test(event)) return;
	if (event !== "SceneChange") place = ""; // there are others now
	look();
}

/** Begin to hear what changes, and ask for what is so already. */
function begin() {
	listen("SetEvent", happened);
	listen("OnAsyncCallback", answered);
	listen("OnSceneLoad", look);
	listen("AppOnEvent", scenesChanged);
	guarded(() => xsplit.AppSubscribeEvents?.())();
	guarded(() => ask("recstat", listed))();
	guarded(look)();
	setInterval(() => {
		known = true; // it may not be able to say what ran before
		guarded(look)();
		tell();
	}, AGAIN);
}

if (typeof xsplit?.AppGetPropertyAsync === "function") begin();
