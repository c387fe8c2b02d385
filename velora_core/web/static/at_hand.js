// Shows the page where its program isn't there yet: it says so then, and comes back by itself.

self.addEventListener("fetch", (event) => {
	const { request } = event;
	// Its files and words, but not what is asked for all the time.
	if (request.method !== "GET" || !(request.destination || request.url.endsWith("/words"))) return;
	const kept = () => caches.match(request, { ignoreSearch: true });
	event.respondWith(fetch(request).catch(async () => (await kept()) ?? Response.error()));
});
