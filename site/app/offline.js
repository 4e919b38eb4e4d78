// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page's side of the service worker: registration, updates, isolation on bare hosts, the count of what was sent. */

/** @import {FromServiceWorker, ToServiceWorker} from "./protocol.js" */

const PATIENCE_MS = 8000;

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Registers the service worker and waits until it serves this page, or until it is clear that it will not.
 *
 * On a host that sends no security headers the worker gives them, from the next load on. That load is made at once,
 * and only once a tab, while nothing is on the workbench: afterwards the page is isolated (threads) and its workers
 * are under the same policy as the page.
 *
 * @param {string} root the site's root URL
 * @param {() => boolean} isIdle whether a reload would cost the person nothing
 * @param {(activate: () => void) => void} updateReady called when a newer release waits
 * @returns {Promise<boolean>} false when the page is about to be loaded again
 */
export async function goOffline(root, isIdle, updateReady) {
  const container = navigator.serviceWorker;
  if (!container) return true;
  /** @type {ServiceWorkerRegistration} */
  let registration;
  try {
    registration = await container.register(new URL("sw.js", root), {
      scope: new URL(".", root).pathname,
      updateViaCache: "none",
    });
  } catch {
    // Private windows and plain http have none; the app works without.
    return true;
  }
  watchUpdates(registration, updateReady);
  await served();
  if (!globalThis.crossOriginIsolated && container.controller && isIdle() && !alreadyReloaded()) {
    location.reload();
    return false;
  }
  return true;
}

/** Resolves once a service worker serves this page, or when it is clear that none will. */
export async function served() {
  const container = navigator.serviceWorker;
  if (!container || container.controller) return;
  const controlled = new Promise((resolve) => {
    container.addEventListener("controllerchange", resolve, { once: true });
  });
  await Promise.race([controlled, wait(PATIENCE_MS)]);
}

/** A page that cannot be isolated must not reload for ever. */
function alreadyReloaded() {
  try {
    const key = "offcut-isolation-reload";
    const done = sessionStorage.getItem(key) !== null;
    sessionStorage.setItem(key, "1");
    return done;
  } catch {
    return true;
  }
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {(activate: () => void) => void} updateReady
 */
function watchUpdates(registration, updateReady) {
  const offer = (/** @type {ServiceWorker} */ worker) =>
    updateReady(() => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      /** @type {ToServiceWorker} */
      const message = { type: "release:activate" };
      worker.postMessage(message);
    });
  // Without a controller this is the first visit, and what installs is not an update.
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    const replaces = navigator.serviceWorker.controller !== null;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && replaces) offer(worker);
    });
  });
}

/**
 * @template {FromServiceWorker["type"]} T
 * @param {(port: MessagePort) => ToServiceWorker} question
 * @param {T} answer
 * @returns {Promise<Extract<FromServiceWorker, {type: T}> | null>} null where no service worker serves this page
 */
async function ask(question, answer) {
  const controller = navigator.serviceWorker?.controller;
  if (!controller) return null;
  const { port1, port2 } = new MessageChannel();
  return await new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      port1.close();
      resolve(data.type === answer ? data : null);
    };
    controller.postMessage(question(port2), [port2]);
  });
}

/** Fetches whatever of this release is not on the device yet. */
export const fillPrecache = () => ask((port) => ({ type: "precache:fill", port }), "precache:done");

/** Every file of the release that serves this page, and where it is kept. */
export const listRelease = () => ask((port) => ({ type: "release:list", port }), "release:is");

/**
 * Fetches files of the release anew.
 *
 * @param {string[]} urls as they stand in the release's list
 */
export const repairRelease = (urls) => ask((port) => ({ type: "release:repair", urls, port }), "release:repaired");

/** What this page and its workers have sent, as the service worker saw it. */
export const readLedger = () => ask((port) => ({ type: "ledger:read", port }), "ledger:is");
