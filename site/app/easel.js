// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {Box, FromEasel, JobResult, PatchData, Placement, RecipeData, ToEasel} from "./protocol.js" */
/** @import {Staff} from "./staff.js" */

/** Longest side of a sketch in pixels: about what a screen shows of a picture. */
const SIDE = 960;

/**
 * @typedef {{recipe: RecipeData, bare: boolean, image: ImageData, placement: Placement, head: JobResult["head"]}} Drawing
 *   `bare` where it is of the cutout alone, and not of all that the recipe says.
 * @typedef {{side: number, box: Box}} Look What a screen shows of a picture: a box in pixels of the picture at the size
 *   whose longer side is `side`.
 * @typedef {{recipe: RecipeData, look: Look | null, shown: boolean, as: RecipeData}} Wish `as` is what is drawn for it.
 * @typedef {object} Laid
 * @property {RecipeData} recipe
 * @property {boolean} draft whether it counts only until what is exact is laid
 * @property {number} width of all of the picture in the size of the patches
 * @property {number} height
 * @property {PatchData[]} patches
 */

/**
 * The picture at hand, on which recipes are tried out. Of the wishes that come while one is being drawn only the newest
 * is drawn: a slider never waits, and nothing stale is worked on.
 *
 * @fires Easel#drawn when there is another drawing
 * @fires Easel#laid detail: Laid, what touches changed
 */
export class Easel extends EventTarget {
  /** What was drawn last of all of the picture. @type {Drawing | null} */
  drawing = null;

  #staff;
  /** @type {File | null} */
  #file = null;
  /** @type {MessagePort | null} */
  #port = null;
  /** @type {Wish | null} */
  #wanted = null;
  /** @type {Wish | null} */
  #asked = null;
  /** @type {RecipeData | null} */
  #rehearsal = null;
  /** What was looked at last, and up to which turn the patches of it are here. @type {Look | null} */
  #look = null;
  #turn = 0;

  /** @param {Staff} staff */
  constructor(staff) {
    super();
    this.#staff = staff;
  }

  /**
   * Draws all of the picture, small.
   *
   * @param {File} file
   * @param {RecipeData} recipe
   * @param {RecipeData} [as] what is drawn for it
   */
  wish(file, recipe, as = recipe) {
    this.#want(file, recipe, null, false, as);
  }

  /**
   * Draws what touches changed of the part that is looked at.
   *
   * @param {File} file
   * @param {RecipeData} recipe
   * @param {Look} look
   * @param {boolean} [shown] whether the person sees in full what the recipe makes
   */
  touch(file, recipe, look, shown = false) {
    this.#want(file, recipe, look, shown);
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

  /** What was laid is gone from the screen: all that the full picture does not show is wanted again. */
  forget() {
    this.#turn = 0;
  }

  /** Forgets the picture and what was drawn of it. */
  close() {
    /** @type {ToEasel} */
    const message = { type: "easel:close" };
    this.#port?.postMessage(message);
    this.#port?.close();
    Object.assign(this, { drawing: null });
    this.#file = this.#port = this.#wanted = this.#asked = this.#look = null;
    this.#turn = 0;
  }

  /**
   * @param {File} file
   * @param {RecipeData} recipe
   * @param {Look | null} look
   * @param {boolean} [shown]
   * @param {RecipeData} [as]
   */
  #want(file, recipe, look, shown = false, as = recipe) {
    if (file !== this.#file) this.#open(file);
    this.#wanted = { recipe, look, shown, as };
    this.#ask();
  }

  /** @param {File} file */
  #open(file) {
    this.close();
    this.#port = this.#staff.easel(file);
    if (!this.#port) return;
    this.#file = file;
    this.#port.onmessage = ({ data }) => this.#hear(data);
  }

  #ask() {
    if (!this.#port || this.#asked || !this.#wanted) return;
    const { recipe, look, shown, as } = this.#wanted;
    this.#asked = this.#wanted;
    this.#wanted = null;
    /** @type {ToEasel} */
    let message;
    if (look) {
      if (look.side !== this.#look?.side || look.box.join() !== this.#look.box.join()) this.#turn = 0;
      this.#look = look;
      message = { type: "easel:touch", recipe, ...look, since: this.#turn, shown };
    } else {
      message = { type: "easel:draw", recipe: as, stills: this.#staff.stills(as), side: SIDE };
    }
    this.#port.postMessage(message);
  }

  /**
   * @param {RecipeData} recipe
   * @param {boolean} draft
   * @param {{patches: PatchData[], width: number, height: number}} reply
   */
  #lay(recipe, draft, { patches, width, height }) {
    /** @type {Laid} */
    const detail = { recipe, draft, width, height, patches };
    this.dispatchEvent(new CustomEvent("laid", { detail }));
  }

  /** @param {FromEasel} reply */
  #hear(reply) {
    const asked = this.#asked;
    if (reply.type === "easel:drafted") {
      if (asked) this.#lay(asked.recipe, true, reply);
      return;
    }
    this.#asked = null;
    if (reply.type === "easel:drawn" && reply.pixels && asked && asked.recipe !== this.#rehearsal) {
      const { width, height, placement, head } = reply;
      const { recipe, as } = asked;
      const image = new ImageData(reply.pixels, width, height);
      this.drawing = { recipe, bare: as !== recipe, image, placement, head };
      this.dispatchEvent(new Event("drawn"));
    } else if (reply.type === "easel:touched" && reply.patches && asked?.look) {
      this.#turn = reply.turn;
      const { patches, width, height } = reply;
      this.#lay(asked.recipe, false, { patches, width, height });
    }
    // What could not be drawn small is made in full all the same, and tells by itself what is wrong.
    this.#ask();
  }
}
