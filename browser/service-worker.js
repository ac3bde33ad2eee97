// Keeps all files of the page, so that it opens without a network after the first visit.
const NAME = "tracuu-" + "VERSION";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const manifest = await (await fetch("./manifest.json", { cache: "no-store" })).json();
      const cache = await caches.open(NAME);
      await cache.addAll(["./", "./manifest.json", ...manifest.files.map((file) => "./" + file)]);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith("tracuu-") && name !== NAME) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(
    (async () => (await caches.match(event.request, { ignoreSearch: true })) ?? fetch(event.request))(),
  );
});
