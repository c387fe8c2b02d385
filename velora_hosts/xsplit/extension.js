// Inside XSplit: says which streams run there. What XSplit tells of a stream has its stream key in
// it, so nothing leaves this file but an output's name and its server, without what is behind that.

const ADDRESS = "api/v1/xsplit"; // beside this page
const AGAIN = 15000; // milliseconds: the program may have been started anew
const RETRY = 2000;

const xsplit = window.external;
const running = new Map(); // servers, by the names of outputs
let asked; // the number under which XSplit will answer
let latest = null; // what is on its way

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

/** Send what runs, until it has arrived or something else is to be sent. */
async function tell(began) {
	const streams = [...running].map(([name, server]) => ({ name, server }));
	const news = { began, streams };
	latest = news;
	while (latest === news) {
		try {
			const answer = await fetch(ADDRESS, {
				method: "POST",
				headers: { "Content-Type": "application/json" },
				body: JSON.stringify(news),
			});
			if (answer.ok || answer.status === 422) break;
		} catch {
			// The program is away.
		}
		await new Promise((resolve) => setTimeout(resolve, RETRY));
	}
	if (latest === news) latest = null;
}

/** Take what XSplit says of one of its streams. */
function happened(text) {
	const event = /(?:^|&)event=(StreamStart|StreamEnd)(?:&|$)/.exec(text)?.[1];
	if (!event) return;
	const info = JSON.parse(decodeURIComponent(/(?:^|&)info=([^&]*)/.exec(text)?.[1] ?? ""));
	const name = String(info.ChannelName).slice(0, 200);
	if (event === "StreamStart") running.set(name, serverIn(documentOf(info.Settings)));
	else running.delete(name);
	tell(event === "StreamStart");
}

/** Take the list of all that runs. */
function listed(text) {
	running.clear();
	for (const channel of documentOf(text).documentElement.children) {
		const name = channel.getAttribute("name");
		if (name) running.set(name.slice(0, 200), serverIn(channel));
	}
	tell(false);
}

/** Have XSplit call a function of ours beside the one that may be there. */
function listen(name, take) {
	const before = window[name];
	window[name] = (...values) => {
		try {
			take(...values);
		} catch {
			// Not in the form that is known: Velora's own live state tells.
		}
		if (typeof before === "function") return before(...values);
	};
}

if (typeof xsplit?.AppGetPropertyAsync === "function") {
	listen("SetEvent", happened);
	listen("OnAsyncCallback", (number, answer) => {
		if (String(number) === asked) listed(decodeURIComponent(answer));
	});
	asked = String(xsplit.AppGetPropertyAsync("recstat"));
	setInterval(() => latest ?? tell(false), AGAIN);
}
