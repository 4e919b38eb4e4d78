// SPDX-License-Identifier: AGPL-3.0-or-later
import { clip, copied, INKS, inPicture, pen, polygon, range, softness, spotsOf, trace } from "./ink.js";
import { outlined, tinted } from "./show.js";

/**
 * What a person sees while working by hand: the part of the cutout that is looked at, in pixels of the screen. A stroke
 * appears on it as it is drawn; what Python makes of it is laid over that as soon as it is there.
 *
 * @import {Laid} from "../easel.js"
 * @import {Touch} from "../protocol.js"
 * @import {Size, View} from "../viewport.js"
 * @import {Part} from "./ink.js"
 * @import {Spot} from "./stroke.js"
 *
 * @typedef {"cutout" | "overlay" | "matte" | "outline"} Mode How the cutout is shown.
 *
 * @typedef {{image: HTMLCanvasElement, x: number, y: number, width: number, height: number}} Patch In pixels of the
 *   picture.
 *
 * @typedef {object} Live A line that is being drawn.
 * @property {"erase" | "restore" | "keep" | "drop" | "refine" | "area"} ink
 * @property {number} radius in pixels of the picture
 * @property {number} hardness
 * @property {Spot[]} spots
 */

/** What lies over what is gone. */
const GONE = "rgb(214 30 20 / 55%)";

export class Paper {
  /** @type {Mode} */
  mode = "cutout";

  #canvas;
  /** What Python said of the cutout; that with what it has not said yet; the original; the line being drawn; room to work
   * in; the cutout before that line. */
  #ground = document.createElement("canvas");
  #cut = document.createElement("canvas");
  #original = document.createElement("canvas");
  #line = document.createElement("canvas");
  #room = document.createElement("canvas");
  #before = document.createElement("canvas");
  /** @type {CanvasImageSource | null} */
  #base = null;
  /** @type {CanvasImageSource | null} */
  #source = null;
  /** @type {Size} */
  #picture = { width: 1, height: 1 };
  /** @type {Patch[]} */
  #patches = [];
  /** What is laid over them until what is exact is there. @type {Patch[]} */
  #drafts = [];
  /** What was done and Python has not answered yet. @type {Touch[]} */
  #pending = [];
  /** Lines that are shown as they were drawn. @type {Touch[]} */
  #lines = [];
  /** @type {Live | null} */
  #live = null;
  #drawn = 0;
  #hasOriginal = false;
  #hasGround = false;
  /** How the paper lies, in pixels of the screen. @type {View} */
  #view = { scale: 1, x: 0, y: 0 };
  #ratio = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** Whether there is anything to show. */
  get ready() {
    return this.#base !== null;
  }

  /**
   * @param {Size} picture
   * @param {CanvasImageSource} source the original
   */
  open(picture, source) {
    this.#picture = picture;
    this.#source = source;
    this.#hasOriginal = false;
  }

  /** Nothing is shown any more. */
  close() {
    this.#release();
    this.#base = this.#source = this.#live = null;
    this.#patches = [];
    this.#drafts = [];
    this.#pending = [];
    this.#hasOriginal = false;
    pen(this.#canvas).clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /**
   * @param {CanvasImageSource} base the cutout, in any size
   * @param {Touch[]} pending what was done since
   */
  show(base, pending) {
    this.#release();
    this.#base = base;
    this.#hasGround = false;
    this.#patches = [];
    this.#drafts = [];
    this.#pending = pending;
    this.render();
  }

  /**
   * What Python says of some parts.
   *
   * @param {Laid} laid
   * @param {Touch[]} pending what was done since
   */
  lay({ width, height, patches, draft }, pending) {
    const across = this.#picture.width / width;
    const down = this.#picture.height / height;
    /** @type {Patch[]} */
    const drafts = [];
    for (const { left, top, width: wide, height: tall, pixels } of patches) {
      const image = document.createElement("canvas");
      image.width = wide;
      image.height = tall;
      pen(image).putImageData(new ImageData(pixels, wide, tall), 0, 0);
      const patch = { image, x: left * across, y: top * down, width: wide * across, height: tall * down };
      if (draft) {
        drafts.push(patch);
        continue;
      }
      const covers = (/** @type {typeof patch} */ { x, y, width: w, height: h }) =>
        x >= patch.x && y >= patch.y && x + w <= patch.x + patch.width && y + h <= patch.y + patch.height;
      this.#patches = [...this.#patches.filter((other) => !covers(other)), patch];
      this.#hasGround = false;
    }
    const waited = this.#pending.length + this.#drafts.length;
    this.#pending = pending;
    this.#drafts = drafts;
    if (!patches.length && waited === pending.length) return;
    this.render();
  }

  /** @param {Touch[]} touches lines to be seen as they were drawn */
  mark(touches) {
    if (touches.length === 0 && this.#lines.length === 0) return;
    this.#lines = touches;
    this.#present(this.#all());
  }

  /** @param {Mode} mode */
  look(mode) {
    this.mode = mode;
    if (this.#base) this.#present(this.#all());
  }

  /**
   * @param {View} view in CSS pixels
   * @param {Size} stage
   */
  place(view, stage) {
    const ratio = devicePixelRatio;
    this.#view = { scale: view.scale * ratio, x: view.x * ratio, y: view.y * ratio };
    this.#ratio = ratio;
    const width = Math.round(stage.width * ratio);
    const height = Math.round(stage.height * ratio);
    const own = [this.#ground, this.#cut, this.#original, this.#line, this.#room, this.#before];
    for (const canvas of [this.#canvas, ...own]) {
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    }
    this.#hasOriginal = this.#hasGround = false;
    this.render();
  }

  /** Draws all of it. */
  render() {
    if (!this.#base) return;
    this.#renderCut();
    if (this.#live) {
      pen(this.#before).globalCompositeOperation = "copy";
      pen(this.#before).drawImage(this.#cut, 0, 0);
      this.#drawn = 0;
      this.#extend();
    }
    this.#present(this.#all());
  }

  /** @param {Live} live */
  begin(live) {
    this.#live = live;
    this.#drawn = 0;
    const before = pen(this.#before);
    before.globalCompositeOperation = "copy";
    before.drawImage(this.#cut, 0, 0);
    pen(this.#line).clearRect(0, 0, this.#line.width, this.#line.height);
    this.extend();
  }

  /** More spots have come to the line that was begun. */
  extend() {
    const part = this.#extend();
    if (part) this.#present(part);
  }

  /**
   * The line is done, and what becomes of it is pending.
   *
   * @param {Touch | null} touch null to forget it
   */
  end(touch) {
    this.#live = null;
    if (touch) this.#pending = [...this.#pending, touch];
    this.render();
  }

  /** The colour of the original under a spot, "#rrggbb"; null outside. @param {Spot} spot */
  colourAt({ x, y }) {
    if (x < 0 || y < 0 || x >= this.#picture.width || y >= this.#picture.height) return null;
    const { scale, x: left, y: top } = this.#view;
    const [px, py] = [Math.floor(left + x * scale), Math.floor(top + y * scale)];
    if (px < 0 || py < 0 || px >= this.#canvas.width || py >= this.#canvas.height) return null;
    this.#needOriginal();
    const [r = 0, g = 0, b = 0] = pen(this.#original).getImageData(px, py, 1, 1).data;
    return `#${[r, g, b].map((value) => value.toString(16).padStart(2, "0")).join("")}`;
  }

  /** A bitmap's memory is not given back by itself for a long time. */
  #release() {
    if (this.#base instanceof ImageBitmap) this.#base.close();
  }

  /** @returns {Part} */
  #all() {
    return { left: 0, top: 0, right: this.#canvas.width, bottom: this.#canvas.height };
  }

  #renderCut() {
    this.#needGround();
    const cut = pen(this.#cut);
    cut.setTransform(1, 0, 0, 1, 0, 0);
    cut.globalCompositeOperation = "copy";
    cut.drawImage(this.#ground, 0, 0);
    cut.globalCompositeOperation = "source-over";
    this.#put(this.#cut, this.#drafts);
    for (const touch of this.#pending) this.#approximate(touch);
  }

  /** A large picture takes its time: it is drawn again only where it, or how it lies, has changed. */
  #needGround() {
    if (this.#hasGround || !this.#base) return;
    this.#hasGround = true;
    const ground = pen(this.#ground);
    ground.setTransform(1, 0, 0, 1, 0, 0);
    ground.clearRect(0, 0, this.#ground.width, this.#ground.height);
    inPicture(ground, this.#view);
    ground.drawImage(this.#base, 0, 0, this.#picture.width, this.#picture.height);
    this.#put(this.#ground, this.#patches);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Patch[]} patches
   */
  #put(canvas, patches) {
    const on = pen(canvas);
    inPicture(on, this.#view);
    for (const { image, x, y, width, height } of patches) {
      on.clearRect(x, y, width, height);
      on.drawImage(image, x, y, width, height);
    }
    on.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** @returns {Part | null} what has changed on the cutout */
  #extend() {
    const live = this.#live;
    if (!live) return null;
    const from = Math.max(0, this.#drawn - 1);
    const spots = live.spots.slice(from);
    this.#drawn = live.spots.length;
    if (live.ink === "area") return this.#all();
    if (!spots.length) return null;
    const line = pen(this.#line);
    if (from === 0) {
      line.setTransform(1, 0, 0, 1, 0, 0);
      line.clearRect(0, 0, this.#line.width, this.#line.height);
    }
    const { core, blur } = softness(live);
    trace(line, this.#view, spots, core);
    const part = this.#around(spots, live.radius + 2 / this.#view.scale);
    if (live.ink === "erase" || live.ink === "restore") {
      const cut = pen(this.#cut);
      copied(cut, this.#before, part);
      this.#ink(part, live.ink, blur * this.#view.scale);
    }
    return part;
  }

  /**
   * The line as it is on `#line`, soft at its rim, taken from the cutout or brought back to it.
   *
   * @param {Part} part
   * @param {"erase" | "restore"} ink
   * @param {number} blur its standard deviation in pixels of the screen
   */
  #ink(part, ink, blur) {
    const room = pen(this.#room);
    const { left, top, right, bottom } = part;
    const [wide, tall] = [right - left, bottom - top];
    room.save();
    clip(room, part);
    room.clearRect(left, top, wide, tall);
    if (blur < 0.6) {
      room.drawImage(this.#line, left, top, wide, tall, left, top, wide, tall);
    } else {
      // A shadow is the only blur that every browser has: the line itself stays out of sight.
      const far = this.#room.width + 2 * right;
      const margin = Math.ceil(3 * blur);
      const x = Math.max(0, left - margin);
      const y = Math.max(0, top - margin);
      const w = Math.min(this.#line.width, right + margin) - x;
      const h = Math.min(this.#line.height, bottom + margin) - y;
      room.shadowColor = "#000000";
      room.shadowBlur = 2 * blur;
      room.shadowOffsetX = far;
      room.drawImage(this.#line, x, y, w, h, x - far, y, w, h);
      room.shadowColor = "transparent";
    }
    if (ink === "restore") {
      this.#needOriginal();
      room.globalCompositeOperation = "source-in";
      room.drawImage(this.#original, left, top, wide, tall, left, top, wide, tall);
    }
    room.restore();
    const cut = pen(this.#cut);
    cut.save();
    clip(cut, part);
    cut.globalCompositeOperation = ink === "erase" ? "destination-out" : "source-over";
    cut.drawImage(this.#room, left, top, wide, tall, left, top, wide, tall);
    cut.restore();
  }

  /** About what Python will make of a touch. @param {Touch} touch */
  #approximate(touch) {
    const line = pen(this.#line);
    const clear = () => line.clearRect(0, 0, this.#line.width, this.#line.height);
    if (touch.tool === "brush" && touch.mode !== "release") {
      const spots = spotsOf(touch.points, 3);
      if (!spots.length) return;
      const radius = touch.size / 2;
      const { core, blur } = softness({ radius, hardness: touch.hardness });
      clear();
      trace(line, this.#view, spots, core);
      const ink = touch.mode === "erase" ? "erase" : "restore";
      this.#ink(this.#around(spots, radius + 2 / this.#view.scale), ink, blur * this.#view.scale);
    } else if (touch.tool === "area") {
      clear();
      polygon(line, this.#view, spotsOf(touch.points, 2));
      line.fillStyle = "#000000";
      line.fill();
      line.setTransform(1, 0, 0, 1, 0, 0);
      this.#ink(this.#all(), touch.mode, 0);
    }
  }

  /**
   * @param {Spot[]} spots
   * @param {number} radius
   * @returns {Part} what a line covers of the paper
   */
  #around(spots, radius) {
    const { scale, x: left, y: top } = this.#view;
    const [first, last] = range(spots.map(({ x }) => x));
    const [highest, lowest] = range(spots.map(({ y }) => y));
    return {
      left: Math.max(0, Math.floor(left + (first - radius) * scale)),
      top: Math.max(0, Math.floor(top + (highest - radius) * scale)),
      right: Math.min(this.#canvas.width, Math.ceil(left + (last + radius) * scale)),
      bottom: Math.min(this.#canvas.height, Math.ceil(top + (lowest + radius) * scale)),
    };
  }

  #needOriginal() {
    if (this.#hasOriginal || !this.#source) return;
    this.#hasOriginal = true;
    const original = pen(this.#original);
    original.setTransform(1, 0, 0, 1, 0, 0);
    original.clearRect(0, 0, this.#original.width, this.#original.height);
    inPicture(original, this.#view);
    original.drawImage(this.#source, 0, 0, this.#picture.width, this.#picture.height);
    original.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** Brings a part of the cutout, in the mode it is looked at, to the screen. @param {Part} part */
  #present(part) {
    const { left, top, right, bottom } = part;
    const [wide, tall] = [right - left, bottom - top];
    if (wide <= 0 || tall <= 0) return;
    const on = pen(this.#canvas);
    on.save();
    clip(on, part);
    on.clearRect(left, top, wide, tall);
    const put = (/** @type {HTMLCanvasElement} */ from) =>
      on.drawImage(from, left, top, wide, tall, left, top, wide, tall);
    const { scale, x, y } = this.#view;
    const picture = { x, y, width: this.#picture.width * scale, height: this.#picture.height * scale };
    if (this.mode === "cutout") {
      put(this.#cut);
    } else if (this.mode === "matte") {
      on.fillStyle = "#000000";
      on.fillRect(picture.x, picture.y, picture.width, picture.height);
      put(tinted(this.#cut, this.#room, part, "source-in", "#ffffff", picture));
    } else {
      this.#needOriginal();
      put(this.#original);
      if (this.mode === "overlay") put(tinted(this.#cut, this.#room, part, "source-out", GONE, picture));
      else put(outlined(this.#cut, this.#room, part, Math.max(1, Math.round(this.#ratio))));
    }
    this.#presentLines(on);
    on.restore();
  }

  /** What is protected, and was not released since. @param {CanvasRenderingContext2D} on */
  #presentShield(on) {
    const room = pen(this.#room);
    let any = false;
    room.save();
    room.clearRect(0, 0, this.#room.width, this.#room.height);
    for (const touch of this.#lines) {
      if (touch.tool !== "brush" || (touch.mode !== "protect" && touch.mode !== "release")) continue;
      any = true;
      room.globalCompositeOperation = touch.mode === "protect" ? "source-over" : "destination-out";
      trace(
        room,
        this.#view,
        spotsOf(touch.points, 3),
        softness({ radius: touch.size / 2, hardness: touch.hardness }).core,
        INKS.shield,
      );
    }
    room.restore();
    on.globalAlpha = 0.45;
    if (any) on.drawImage(this.#room, 0, 0);
    on.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} on */
  #presentLines(on) {
    this.#presentShield(on);
    on.globalAlpha = 0.7;
    for (const touch of this.#lines) {
      if (touch.tool === "scribble") {
        trace(on, this.#view, spotsOf(touch.points, 2), touch.size / 2, INKS[touch.mode]);
      }
    }
    const live = this.#live;
    const colour = live && INKS[live.ink];
    if (live && colour) {
      if (live.ink === "area") {
        on.globalAlpha = 1;
        for (const [width, ink] of /** @type {[number, string][]} */ ([
          [3, "#ffffff"],
          [1.5, "#1b1a18"],
        ])) {
          polygon(on, this.#view, live.spots);
          on.setTransform(1, 0, 0, 1, 0, 0);
          on.lineWidth = width * this.#ratio;
          on.strokeStyle = ink;
          on.stroke();
        }
      } else {
        trace(on, this.#view, live.spots, live.radius, colour);
      }
    }
    on.globalAlpha = 1;
  }
}
