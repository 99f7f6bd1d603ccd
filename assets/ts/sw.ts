/// <reference lib="webworker" />
// When the line is down, a page of ours says so instead of the browser's. Nothing personal is ever kept here:
// only the offline page and the style sheet and icons it needs.
const worker = self as unknown as ServiceWorkerGlobalScope;
const store = "offline";

async function keep() {
  const cache = await caches.open(store);
  const page = await fetch("/offline", { credentials: "same-origin" });
  if (!page.ok) return;
  const needs = [...(await page.clone().text()).matchAll(/"(\/assets\/[^"#]+\.(?:css|svg))/g)].map((match) => match[1]);
  await cache.addAll([...new Set(needs)]);
  await cache.put("/offline", page);
}

worker.addEventListener("install", (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match("/offline")) ?? Response.error()));
  } else if (new URL(request.url).pathname.startsWith("/assets/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
  }
});
