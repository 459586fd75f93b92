/**
 * Keeps the files of the screen, so that it opens without a connection. What the server knows is never kept: it could
 * be old.
 */

const KEPT = "packtree-screen";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Whether a request is for a file of the screen. */
function isFile(request) {
  const { origin, pathname } = new URL(request.url, self.location.href);
  return (
    request.method === "GET" &&
    origin === self.location.origin &&
    (pathname === "/" || /\.(js|css|svg|png|webmanifest)$/.test(pathname)) &&
    !/^\/(v1|docs)\//.test(pathname)
  );
}

self.addEventListener("message", (event) => {
  event.waitUntil(keep(event.data));
});

/** Loads the files of the page and keeps them. */
async function keep(names) {
  const kept = await caches.open(KEPT);
  await Promise.all(
    names
      .map((name) => new Request(name))
      .filter(isFile)
      .map((request) => kept.add(request).catch(() => undefined)),
  );
}

self.addEventListener("fetch", (event) => {
  if (isFile(event.request)) {
    event.respondWith(answer(event.request));
  }
});

/** The newest that the server has; without it, what was kept. */
async function answer(request) {
  const kept = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) {
      await kept.put(request, fresh.clone());
    }
    return fresh;
  } catch (error) {
    const old = await kept.match(request, { ignoreSearch: true });
    if (old === undefined) {
      throw error;
    }
    return old;
  }
}
