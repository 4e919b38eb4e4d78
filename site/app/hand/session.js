// SPDX-License-Identifier: AGPL-3.0-or-later
import { Cursor } from "./cursor.js";
import { Hand } from "./hand.js";
import { KEYS, MODES } from "./tools.js";

/** @import {Drafts} from "../drafts.js" */
/** @import {Laid, Look} from "../easel.js" */
/** @import {RecipeData, Touch} from "../protocol.js" */
/** @import {Job} from "../queue.js" */
/** @import {Size, View} from "../viewport.js" */
/** @import {Mode} from "./paper.js" */

/** After the view has rested for so many milliseconds, Python is asked for what it shows. */
const REST_MS = 120;

/**
 * A person at work by hand on one picture after the other: what the hand does becomes part of the recipe, and what comes
 * of it is brought to the paper.
 *
 * @fires Session#change when there is something else to see of it, or another tool at hand
 */
export class Session extends EventTarget {
  canvas = document.createElement("canvas");
  hand = new Hand(this.canvas);
  cursor = new Cursor(this.hand);

  #drafts;
  #most;
  /** @type {Job | null} */
  #job = null;
  /** @type {Blob | null} */
  #original = null;
  /** What the paper's ground was made of. @type {Blob | ImageData | null} */
  #ground = null;
  /** @type {ImageBitmap | null} */
  #source = null;
  /** @type {View} */
  #view = { scale: 1, x: 0, y: 0 };
  /** @type {Size} */
  #stage = { width: 1, height: 1 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /**
   * @param {Drafts} drafts
   * @param {number} most so many pixels of a picture are held
   */
  constructor(drafts, most) {
    super();
    this.#drafts = drafts;
    this.#most = most;
    this.canvas.className = "paper";
    this.canvas.setAttribute("aria-hidden", "true");
    drafts.addEventListener("laid", (event) => this.#lay(/** @type {CustomEvent<Laid>} */ (event).detail));
    this.hand.addEventListener("begin", () => this.#job && drafts.hold(this.#job));
    this.hand.addEventListener("rest", () => this.#job && drafts.release(this.#job));
    this.hand.addEventListener("touch", (event) => this.#touch(/** @type {CustomEvent<Touch>} */ (event).detail));
    this.hand.addEventListener("change", () => {
      this.#mark();
      this.cursor.refresh();
      this.dispatchEvent(new Event("change"));
    });
  }

  /** How the cutout is shown. */
  get mode() {
    return this.hand.paper.mode;
  }

  set mode(/** @type {Mode} */ mode) {
    this.hand.paper.look(mode);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * What a key does while work is done by hand: letters are tools.
   *
   * @param {string} key
   * @returns {(() => void) | undefined}
   */
  act(key) {
    const { hand } = this;
    const tool = KEYS[key];
    if (tool) return () => hand.set({ tool });
    const harder = (/** @type {number} */ by) =>
      hand.set({ hardness: Math.min(1, Math.max(0, Math.round((hand.settings.hardness + by) * 20) / 20)) });
    /** @type {Record<string, () => void>} */
    const acts = {
      "[": () => hand.grow(0.85),
      "]": () => hand.grow(1 / 0.85),
      "{": () => harder(-0.1),
      "}": () => harder(0.1),
      v: () => {
        this.mode = MODES[(MODES.indexOf(this.mode) + 1) % MODES.length] ?? "cutout";
      },
    };
    return acts[key];
  }

  get ready() {
    return this.#job !== null && this.hand.paper.ready;
  }

  /**
   * @param {Job | null} job whose result is there; null when the person stops
   * @param {Blob} [original] what a browser can show of its file
   * @param {Blob | null} [cutout] what was cut from it, without anything around; null until that is there
   */
  async work(job, original, cutout = null) {
    if (job !== this.#job) this.#leave();
    if (!job?.result || !original) return;
    const begins = job !== this.#job;
    this.#job = job;
    if (begins || original !== this.#original) {
      this.#original = original;
      const source = await this.#bitmap(original, job);
      if (this.#job !== job || this.#original !== original) return source?.close();
      this.#source?.close();
      this.#source = source;
      const [width, height] = job.result.original;
      if (source) this.hand.paper.open({ width, height }, source);
      this.#drafts.look(job, this.#look());
    }
    this.#mark();
    await this.#show(job, cutout);
  }

  /**
   * The picture is looked at elsewhere, or from nearer.
   *
   * @param {View} view
   * @param {Size} stage
   */
  see(view, stage) {
    const same = JSON.stringify([view, stage]) === JSON.stringify([this.#view, this.#stage]);
    if (same && this.canvas.width > 1) return;
    this.#view = view;
    this.#stage = stage;
    this.hand.place(view, stage);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#job && this.#drafts.look(this.#job, this.#look()), REST_MS);
  }

  #leave() {
    clearTimeout(this.#rest);
    this.hand.cancel();
    if (this.#job) this.#drafts.look(this.#job, null);
    this.#source?.close();
    this.#job = this.#original = this.#ground = this.#source = null;
    this.hand.paper.close();
  }

  /**
   * The ground of the paper: the full cutout, or while that is made anew with other edges its sketch.
   *
   * @param {Job} job
   * @param {Blob | null} cutout
   */
  async #show(job, cutout) {
    const { result, shown } = job;
    const drawing = this.#drafts.sketch(job, true);
    const ground = drawing?.image ?? cutout;
    if (!ground || !result || ground === this.#ground) return;
    this.#ground = ground;
    const image = ground instanceof ImageData ? canvasOf(ground) : await this.#bitmap(ground, job);
    if (image instanceof ImageBitmap && this.#ground !== ground) image.close();
    if (!image || this.#ground !== ground) return;
    this.hand.paper.show(image, since((drawing?.recipe ?? shown)?.touches, job.recipe));
    this.#drafts.relay(job);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * @param {Blob} blob
   * @param {Job} job
   * @returns {Promise<ImageBitmap | null>}
   */
  async #bitmap(blob, { result }) {
    const [width, height] = result?.original ?? [1, 1];
    const share = Math.min(1, Math.sqrt(this.#most / (width * height)));
    try {
      return await createImageBitmap(
        blob,
        share < 1 ? { resizeWidth: Math.round(width * share), resizeHeight: Math.round(height * share) } : {},
      );
    } catch {
      // The viewer shows what there is to show, and Python what is made of it.
      return null;
    }
  }

  /** @param {Laid} laid */
  #lay(laid) {
    const job = this.#job;
    if (job) this.hand.paper.lay(laid, since(laid.recipe.touches, job.recipe));
  }

  /** @param {Touch} touch */
  #touch(touch) {
    const job = this.#job;
    if (!job) return;
    const { recipe } = job;
    this.#drafts.change(job, { ...recipe, touches: [...recipe.touches, touch] });
    this.#mark();
  }

  /** While lines are drawn that keep and drop, those that are solved together are seen; and what is protected is. */
  #mark() {
    const { tool } = this.hand.settings;
    const touches = this.#job?.recipe.touches ?? [];
    const first = touches.findLastIndex((touch) => touch.tool !== "scribble") + 1;
    const scribbles = tool === "keep" || tool === "drop" ? touches.slice(first) : [];
    const shields = tool === "protect" ? touches.filter((touch) => touch.tool === "brush") : [];
    this.hand.paper.mark([...scribbles, ...shields]);
  }

  /** @returns {Look} in pixels of the size, a half, a quarter…, that the screen needs */
  #look() {
    const [width, height] = this.#job?.result?.original ?? [1, 1];
    const longer = Math.max(width, height);
    const halves = Math.max(0, Math.floor(Math.log2(1 / (this.#view.scale * devicePixelRatio))));
    const side = Math.ceil(longer / 2 ** halves);
    const share = side / longer / this.#view.scale;
    const { x, y } = this.#view;
    return {
      side,
      box: [
        Math.floor(-x * share),
        Math.floor(-y * share),
        Math.ceil((this.#stage.width - x) * share),
        Math.ceil((this.#stage.height - y) * share),
      ],
    };
  }
}

/**
 * What a recipe does more than what was done; nothing where it does something else.
 *
 * @param {Touch[] | undefined} done
 * @param {RecipeData} recipe
 */
function since(done = [], { touches }) {
  return done.every((touch, index) => touch === touches[index]) ? touches.slice(done.length) : [];
}

/** @param {ImageData} image */
function canvasOf(image) {
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}
