// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A worker that dies says nothing: `close()`, a crash and an out-of-memory kill raise no event on the page. The
 * browser does release its Web Locks, so a worker holds one for life and the page waits behind it.
 */

/**
 * In the worker: hold `name` until this thread ends.
 *
 * @param {string} name
 * @returns {Promise<void>} resolved once the lock is held
 */
export function holdLifeline(name) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((resolve) => {
    navigator.locks.request(name, () => {
      resolve();
      return new Promise(() => {});
    });
  });
}

/**
 * On the page: call `died` when the holder of `name` has gone. Start it only once the worker is known to hold it.
 *
 * @param {string} name
 * @param {() => void} died
 * @param {AbortSignal} signal aborted when the page ends the worker itself
 */
export function watchLifeline(name, died, signal) {
  if (!navigator.locks) return;
  navigator.locks.request(name, { signal }, () => died()).catch(() => {});
}
