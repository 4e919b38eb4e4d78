// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {RecipeData} from "./protocol.js" */

/** Moves of one slider that follow each other within so many milliseconds are one step. */
const TOGETHER_MS = 1000;

/** What was wished of one picture, one recipe after the other. Undo is the recipe before. */
export class History {
  /** Oldest first. @type {RecipeData[]} */
  past = [];
  /** What was taken back, the next to come first. @type {RecipeData[]} */
  future = [];

  #last = { what: "", at: 0 };

  /**
   * Another recipe is wished.
   *
   * @param {RecipeData} before
   * @param {RecipeData} after
   */
  step(before, after) {
    if (before === after) return;
    const what = difference(before, after);
    const now = performance.now();
    const goesOn = what !== "" && what === this.#last.what && now - this.#last.at < TOGETHER_MS;
    if (!goesOn || this.future.length) this.past.push(before);
    this.future = [];
    this.#last = { what, at: now };
  }

  /**
   * The recipe that is `by` steps away, back below 0; null where there is none.
   *
   * @param {RecipeData} now
   * @param {number} by
   * @returns {RecipeData | null}
   */
  go(now, by) {
    const all = [...this.past, now, ...this.future];
    const place = this.past.length + by;
    const found = all[place];
    if (!found) return null;
    this.past = all.slice(0, place);
    this.future = all.slice(place + 1);
    this.#last = { what: "", at: 0 };
    return found;
  }
}

/**
 * Which slider lies between two recipes; "" where it is something else, or more than one thing.
 *
 * @param {RecipeData} before
 * @param {RecipeData} after
 */
function difference(before, after) {
  if (before.touches !== after.touches || before.model !== after.model) return "";
  if (before.purpose !== after.purpose) return "";
  const moved = ["edges", "scene", "frame", "output"].flatMap((part) =>
    changes(Reflect.get(before, part), Reflect.get(after, part), part),
  );
  return moved.length === 1 ? (moved[0] ?? "") : "";
}

/**
 * The paths at which two pieces of plain data differ: those of numbers by name, all others twice, so that they are no
 * slider's.
 *
 * @param {unknown} one
 * @param {unknown} other
 * @param {string} path
 * @returns {string[]}
 */
function changes(one, other, path) {
  if (one === other) return [];
  if (typeof one === "number" && typeof other === "number") return [path];
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return [path, path];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => changes(Reflect.get(one, name), Reflect.get(other, name), `${path}.${name}`));
}
