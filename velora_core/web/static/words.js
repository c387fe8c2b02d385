// The page's own words, which lie with all others in velora_core/messages.

let words = {};

/** Get them once the program is there; they are the same for as long as the page is open. */
export async function learnWords() {
	for (;;) {
		try {
			const answer = await fetch("api/v1/words");
			words = answer.ok && (await answer.json());
			if (words) return;
		} catch {} // it isn't there yet
		await new Promise((resolve) => setTimeout(resolve, 1000));
	}
}

/** Return a text with its {placeholders} filled in. */
export function say(name, values = {}) {
	return (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
