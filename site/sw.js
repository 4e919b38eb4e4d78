// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The one service worker: the whole site offline, the security headers where the host sends none, and a count of
 * whatever a page sends.
 *
 * A release is a list of files with their hashes, fixed at build time. The light ones (pages, app) are kept per
 * release; the heavy ones (Pyodide, ORT, wheels) are kept by hash and shared between releases; the rare ones among
 * them (ORT for WebGPU) only once a page has asked for them. A page only ever
 * gets files of the release its HTML belongs to: a newer one waits until the person asks for it.
 */

/** @import {FromServiceWorker, ListedFile, ToServiceWorker} from "./app/protocol.js" */

/** Written by the build. Urls are relative to the site root. @type {string} */
const release = RELEASE;
const LIGHT = `offcut-release-${release}`;
const HEAVY = "offcut-heavy";
const KEPT_RELEASES = 2;
const LEDGER = "offcut-ledger";

const scope = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const root = new URL("./", scope.location.href);
const listed = new Map(PRECACHE.map((entry) => [new URL(entry.url, root).href, entry]));

/** @param {typeof PRECACHE[number]} entry */
const integrity = (entry) => {
  const bytes = entry.sha256.match(/../g) ?? [];
  return `sha256-${btoa(String.fromCharCode(...bytes.map((hex) => Number.parseInt(hex, 16))))}`;
};

/** Heavy files are kept under their hash, so that an old copy can never stand in for a new one. @param {typeof PRECACHE[number]} entry */
const heavyKey = (entry) => `${new URL(entry.url, root).href}?sha256=${entry.sha256}`;

/**
 * Fetches a file of this release; a wrong byte is refused by the browser.
 *
 * @param {typeof PRECACHE[number]} entry
 */
async function fetchListed(entry) {
  const request = new Request(new URL(entry.url, root), { integrity: integrity(entry), cache: "no-cache" });
  const response = await fetch(request);
  if (!response.ok) throw new TypeError(`${entry.url}: ${response.status}`);
  return response;
}

/**
 * @param {Response} response
 * @returns {Response} the same with the security headers
 */
function guarded(response) {
  if (response.type === "opaqueredirect" || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  // The body is decoded by now.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const body = [101, 204, 205, 304].includes(response.status) ? null : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

/** What stays the same from one version of a heavy file to the next. @param {string} url */
const fileName = (url) => url.replace(/\?.*$/, "").replace(/^.*\//, "");

async function install() {
  const light = await caches.open(LIGHT);
  await Promise.all(
    PRECACHE.filter(({ heavy }) => !heavy).map(async (entry) => {
      await light.put(new URL(entry.url, root), await fetchListed(entry));
    }),
  );
  // An update must not take away what already works offline.
  if (scope.registration.active && (await caches.has(HEAVY))) await fillHeavy();
}

/** @returns {Promise<void>} once every heavy file of this release that this device uses is on it */
async function fillHeavy() {
  const heavy = await caches.open(HEAVY);
  const kept = new Set((await heavy.keys()).map(({ url }) => fileName(url)));
  for (const entry of PRECACHE.filter((item) => item.heavy && (!item.rare || kept.has(fileName(item.url))))) {
    const key = heavyKey(entry);
    if (!(await heavy.match(key))) await heavy.put(key, await fetchListed(entry));
  }
}

/**
 * Where a file of this release is kept, for whoever checks it.
 *
 * @param {typeof PRECACHE[number]} entry
 * @returns {ListedFile}
 */
const listedFile = (entry) => ({
  url: entry.url,
  sha256: entry.sha256,
  bytes: entry.bytes,
  cache: entry.heavy ? HEAVY : LIGHT,
  key: entry.heavy ? heavyKey(entry) : new URL(entry.url, root).href,
});

/**
 * Fetches these files of this release anew, whatever is kept in their place.
 *
 * @param {string[]} urls
 * @returns {Promise<string[]>} those that could not be had
 */
async function repair(urls) {
  /** @type {string[]} */
  const failed = [];
  for (const entry of PRECACHE.filter(({ url }) => urls.includes(url))) {
    const { cache, key } = listedFile(entry);
    try {
      await (await caches.open(cache)).put(key, await fetchListed(entry));
    } catch {
      failed.push(entry.url);
    }
  }
  return failed;
}

async function activate() {
  const names = (await caches.keys()).filter((name) => name.startsWith("offcut-release-"));
  // Another tab may still show the release before this one; it keeps its files. Caches list in order of creation.
  const others = names.filter((name) => name !== LIGHT);
  await Promise.all(others.slice(0, -(KEPT_RELEASES - 1)).map((name) => caches.delete(name)));
  const heavy = await caches.open(HEAVY);
  const wanted = new Set(PRECACHE.filter((entry) => entry.heavy).map(heavyKey));
  for (const request of await heavy.keys()) if (!wanted.has(request.url)) await heavy.delete(request);
  await scope.clients.claim();
}

/**
 * @param {FetchEvent} event
 * @returns {Promise<Response>}
 */
async function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  await enter(request);
  if (request.method !== "GET" || url.origin !== root.origin) return fetch(request);
  const address = `${url.origin}${url.pathname.replace(/\/index\.html$/, "/")}`;
  const entry = listed.get(address);
  if (entry?.heavy) return guarded(await heavyFile(entry));
  const kept = entry
    ? await (await caches.open(LIGHT)).match(address)
    : address.startsWith(`${root.href}r/`)
      ? await caches.match(address)
      : undefined;
  if (kept) return guarded(kept);
  try {
    return guarded(await fetch(request));
  } catch (error) {
    const page = request.mode === "navigate" && (await caches.match(new URL("404.html", root)));
    if (page) return guarded(page);
    throw error;
  }
}

/** @param {typeof PRECACHE[number]} entry */
async function heavyFile(entry) {
  const key = heavyKey(entry);
  const heavy = await caches.open(HEAVY);
  const kept = await heavy.match(key);
  if (kept) return kept;
  const response = await fetchListed(entry);
  // A full disk costs the offline copy, not the picture.
  await heavy.put(key, response.clone()).catch(() => {});
  return response;
}

/**
 * Writes down what a request carries away: its body, and what stands behind the `?`. It is kept in a cache, since
 * the browser stops and restarts this worker as it likes.
 *
 * @param {Request} request
 */
async function enter(request) {
  const bodiless = request.method === "GET" || request.method === "HEAD";
  const body = bodiless ? 0 : (await request.clone().arrayBuffer()).byteLength;
  const bytes = body + new URL(request.url).search.length;
  if (bytes === 0) return;
  const cache = await caches.open(LEDGER);
  await cache.put(root, new Response(String((await sent()) + bytes)));
}

/** @returns {Promise<number>} bytes sent from this device since the site was first opened on it */
async function sent() {
  const entry = await caches.match(root, { cacheName: LEDGER });
  return entry ? Number(await entry.text()) : 0;
}

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("fetch", (event) => event.respondWith(answer(event)));
scope.addEventListener("message", (event) => {
  const message = /** @type {ToServiceWorker} */ (event.data);
  /** @type {(port: MessagePort, reply: FromServiceWorker) => void} */
  const reply = (port, text) => port.postMessage(text);
  if (message.type === "release:activate") scope.skipWaiting();
  else if (message.type === "ledger:read") {
    const { port } = message;
    event.waitUntil(sent().then((bytes) => reply(port, { type: "ledger:is", bytes })));
  } else if (message.type === "precache:fill") {
    const { port } = message;
    event.waitUntil(
      fillHeavy().then(
        () => reply(port, { type: "precache:done", complete: true }),
        () => reply(port, { type: "precache:done", complete: false }),
      ),
    );
  } else if (message.type === "release:list") {
    reply(message.port, { type: "release:is", release, files: PRECACHE.map(listedFile) });
  } else if (message.type === "release:repair") {
    const { port } = message;
    event.waitUntil(repair(message.urls).then((failed) => reply(port, { type: "release:repaired", failed })));
  }
});
