// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {FromSketch, RecipeData, ToSketch} from "./protocol.js" */
/** @import {Staff} from "./staff.js" */

/** Longest side of a sketch in pixels: about what a screen shows of a picture. */
const SIDE = 960;

/**
 * A picture on which recipes are tried out. Of the wishes that come while one is being drawn only the newest is drawn:
 * a slider never waits, and nothing stale is worked on.
 *
 * @fires Sketcher#drawn
 */
export class Sketcher extends EventTarget {
  /** What was drawn last. @type {{recipe: RecipeData, image: ImageData} | null} */
  drawing = null;

  #staff;
  /** @type {File | null} */
  #file = null;
  /** @type {MessagePort | null} */
  #port = null;
  /** @type {RecipeData | null} */
  #wanted = null;
  /** @type {RecipeData | null} */
  #asked = null;
  /** @type {RecipeData | null} */
  #rehearsal = null;

  /** @param {Staff} staff */
  constructor(staff) {
    super();
    this.#staff = staff;
  }

  /**
   * @param {File} file
   * @param {RecipeData} recipe
   */
  wish(file, recipe) {
    if (file !== this.#file) this.#open(file);
    this.#wanted = recipe;
    this.#ask();
  }

  /**
   * Has everything made ready for wishes to come, and shows nothing of it.
   *
   * @param {File} file
   * @param {RecipeData} recipe
   */
  prepare(file, recipe) {
    if (file === this.#file) return;
    this.#rehearsal = recipe;
    this.wish(file, recipe);
  }

  /** Forgets the picture and what was drawn of it. */
  close() {
    /** @type {ToSketch} */
    const message = { type: "sketch:close" };
    this.#port?.postMessage(message);
    this.#port?.close();
    Object.assign(this, { drawing: null });
    this.#file = this.#port = this.#wanted = this.#asked = null;
  }

  /** @param {File} file */
  #open(file) {
    this.close();
    this.#port = this.#staff.sketch(file, SIDE);
    if (!this.#port) return;
    this.#file = file;
    this.#port.onmessage = ({ data }) => this.#hear(data);
  }

  #ask() {
    if (!this.#port || this.#asked || !this.#wanted) return;
    /** @type {ToSketch} */
    const message = { type: "sketch:draw", recipe: this.#wanted };
    this.#asked = this.#wanted;
    this.#wanted = null;
    this.#port.postMessage(message);
  }

  /** @param {FromSketch} reply */
  #hear(reply) {
    const recipe = this.#asked;
    this.#asked = null;
    if (reply.type === "sketch:drawn" && reply.pixels && recipe && recipe !== this.#rehearsal) {
      this.drawing = { recipe, image: new ImageData(reply.pixels, reply.width, reply.height) };
      this.dispatchEvent(new Event("drawn"));
    }
    // What could not be drawn small is made in full all the same, and tells by itself what is wrong.
    this.#ask();
  }
}
