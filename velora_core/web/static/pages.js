// The way to the pages of other software, where one server has them all: loaded only then.

import { make } from "./dom.js";
import { say } from "./words.js";

const nav = make("nav.row");
nav.style.marginTop = "10px";

/** Lead to all pages; this one is marked. */
export function lead({ pages }) {
	const text = JSON.stringify(pages);
	if (nav.dataset.pages === text) return; // or what has the focus would lose it
	nav.dataset.pages = text;
	nav.setAttribute("aria-label", say("web.pages"));
	nav.hidden = pages.length < 2;
	nav.replaceChildren(
		...pages.map(({ name, path }) => {
			const here = path === location.pathname && "page";
			const link = make("a", { href: path, text: name, dir: "auto", "aria-current": here });
			link.style.padding = "6px 4px"; // room for a finger
			return link;
		}),
	);
	if (!nav.isConnected) document.querySelector("header").after(nav);
}
