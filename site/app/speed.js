// SPDX-License-Identifier: AGPL-3.0-or-later

const WINDOW_MS = 4000;
/** Before that a speed is a guess. */
const LEAST_MS = 500;

/** How fast things grow, as a moving average over the last seconds. */
export class Speed {
  /** @type {Map<string, {time: number, done: number}[]>} */
  #samples = new Map();

  /**
   * @param {string} name
   * @param {number} done bytes by now
   * @param {number} [now] ms
   * @returns {number} bytes a second; 0 while it is not known
   */
  of(name, done, now = performance.now()) {
    const samples = this.#samples.get(name) ?? [];
    this.#samples.set(name, samples);
    if (samples.at(-1)?.done !== done) samples.push({ time: now, done });
    while (samples.length > 2 && now - (samples[1]?.time ?? now) > WINDOW_MS) samples.shift();
    const first = samples[0];
    if (!first || now - first.time < LEAST_MS) return 0;
    return Math.max(0, ((done - first.done) / (now - first.time)) * 1000);
  }

  /** @param {string} name */
  forget(name) {
    this.#samples.delete(name);
  }
}
