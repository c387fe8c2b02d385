// The page's own words, which lie with all others in velora_core/messages.

let words = {};

/** Get them; they are the same for as long as the page is open. */
export async function learnWords() {
	const answer = await fetch("api/v1/words");
	if (!answer.ok) throw new Error(String(answer.status));
	words = await answer.json();
}

/** Return a text with its {placeholders} filled in. */
export function say(name, values = {}) {
	return (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
