// SPDX-License-Identifier: AGPL-3.0-or-later
import { Paper } from "./paper.js";
import { pairs, simplified, triples } from "./stroke.js";
import { recallSettings, rememberSettings, SIZES, sizeOf } from "./tools.js";

/** @import {Touch} from "../protocol.js" */
/** @import {Size, View} from "../viewport.js" */
/** @import {Live} from "./paper.js" */
/** @import {Spot} from "./stroke.js" */
/** @import {Settings, Tool} from "./tools.js" */

/** A line stays so near to where the pointer was, in pixels of the screen. */
const NEAR = 0.3;
/** A hand that moved no further than so many pixels of the screen meant a point. */
const STILL = 3;

/** What a tool does while Alt is held. @type {Partial<Record<Tool, Tool>>} */
const OPPOSITES = { erase: "restore", restore: "erase", keep: "drop", drop: "keep" };

/**
 * The hand that works on the picture: makes touches of what the pointer, or the keyboard, does.
 *
 * @fires Hand#touch detail: a Touch, done
 * @fires Hand#begin when a line is begun
 * @fires Hand#rest when a line was begun and came to nothing
 * @fires Hand#change when a setting has changed
 */
export class Hand extends EventTarget {
  settings = recallSettings();
  /** Where the hand is, in CSS pixels of the stage; null when it is away. @type {{x: number, y: number} | null} */
  at = null;
  /** The colour that was picked last. */
  colour = "#ffffff";

  paper;
  /** @type {View} */
  #view = { scale: 1, x: 0, y: 0 };
  /** @type {{tool: Tool, opposite: boolean, spots: Spot[], live: Live | null} | null} */
  #line = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super();
    this.paper = new Paper(canvas);
  }

  get busy() {
    return this.#line !== null;
  }

  /** Whether the tool takes away, as it is set: so does the eraser of a pen, whatever the tool. */
  get takesAway() {
    const { tool, restores } = this.settings;
    return tool === "erase" || tool === "drop" || (!sizeOf(tool) && !restores);
  }

  /** Diameter of the tool in CSS pixels; 0 where it has none. */
  get size() {
    const name = sizeOf(this.settings.tool);
    return name ? this.settings[name] : 0;
  }

  /** @param {Partial<Settings>} change */
  set(change) {
    this.settings = { ...this.settings, ...change };
    rememberSettings(this.settings);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {number} by how many times as large */
  grow(by) {
    const name = sizeOf(this.settings.tool);
    if (!name) return;
    const size = this.settings[name];
    const next = by > 1 ? Math.max(size + 1, Math.round(size * by)) : Math.min(size - 1, Math.round(size * by));
    this.set({ [name]: Math.min(SIZES.most, Math.max(SIZES.least, next)) });
  }

  /**
   * @param {View} view
   * @param {Size} stage
   */
  place(view, stage) {
    this.#view = view;
    this.paper.place(view, stage);
  }

  /**
   * The hand comes down.
   *
   * @param {{x: number, y: number}} at in CSS pixels of the stage
   * @param {number} pressure 0..1
   * @param {boolean} opposite whether the tool is to do the opposite
   */
  down(at, pressure, opposite) {
    const tool = (opposite && OPPOSITES[this.settings.tool]) || this.settings.tool;
    const spots = [this.#spot(at, pressure)];
    this.#line = { tool, opposite, spots, live: this.#live(tool, spots) };
    this.dispatchEvent(new Event("begin"));
    if (this.#line.live) this.paper.begin(this.#line.live);
  }

  /**
   * The hand moves while it is down.
   *
   * @param {{at: {x: number, y: number}, pressure: number}[]} moves
   */
  move(moves) {
    const line = this.#line;
    if (!line) return;
    for (const { at, pressure } of moves) {
      const spot = this.#spot(at, pressure);
      const [first] = line.spots;
      if (line.tool === "rectangle" && first) {
        const corners = [first, { ...first, x: spot.x }, spot, { ...first, y: spot.y }];
        line.spots.splice(0, line.spots.length, ...corners);
      } else if (line.tool !== "fill") {
        line.spots.push(spot);
      }
    }
    if (line.live) this.paper.extend();
  }

  /** The hand is lifted. */
  up() {
    const line = this.#line;
    this.#line = null;
    if (!line) return;
    const touch = this.#touch(line);
    if (line.live) this.paper.end(touch);
    if (touch) this.dispatchEvent(new CustomEvent("touch", { detail: touch }));
    else this.dispatchEvent(new Event("rest"));
  }

  /** What was begun is not meant. */
  cancel() {
    if (!this.#line) return;
    if (this.#line.live) this.paper.end(null);
    this.#line = null;
    this.dispatchEvent(new Event("rest"));
  }

  /** Takes a colour away, or brings it back, everywhere. @param {string} colour */
  fillEverywhere(colour) {
    const { tolerance, restores } = this.settings;
    /** @type {Touch} */
    const touch = { tool: "fill", mode: mode(restores), at: [0, 0], tolerance, contiguous: false, colour };
    this.dispatchEvent(new CustomEvent("touch", { detail: touch }));
  }

  /**
   * @param {{x: number, y: number}} at
   * @param {number} pressure
   * @returns {Spot}
   */
  #spot({ x, y }, pressure) {
    const { scale, x: left, y: top } = this.#view;
    return { x: (x - left) / scale, y: (y - top) / scale, pressure };
  }

  /**
   * @param {Tool} tool
   * @param {Spot[]} spots
   * @returns {Live | null}
   */
  #live(tool, spots) {
    const radius = this.size / 2 / this.#view.scale;
    const { hardness } = this.settings;
    switch (tool) {
      case "fill":
        return null;
      case "lasso":
      case "rectangle":
        return { ink: "area", radius: 0, hardness: 1, spots };
      case "protect":
        return { ink: "restore", radius, hardness, spots };
      case "erase":
      case "restore":
        return { ink: tool, radius, hardness, spots };
      default:
        return { ink: tool, radius, hardness: 1, spots };
    }
  }

  /**
   * @param {{tool: Tool, opposite: boolean, spots: Spot[]}} line
   * @returns {Touch | null}
   */
  #touch({ tool, opposite, spots }) {
    const { scale } = this.#view;
    const { hardness, tolerance, contiguous, restores } = this.settings;
    const size = Math.round((this.size / scale) * 100) / 100;
    const near = simplified(spots, NEAR / scale, size / 2);
    const [first] = spots;
    if (!first) return null;
    const reach = Math.max(...["x", "y"].map((axis) => span(spots, /** @type {"x" | "y"} */ (axis)))) * scale;
    switch (tool) {
      case "erase":
      case "restore":
        return { tool: "brush", mode: tool, size, hardness, points: triples(near) };
      case "protect":
        return { tool: "brush", mode: opposite ? "release" : "protect", size, hardness, points: triples(near) };
      case "keep":
      case "drop":
        return { tool: "scribble", mode: tool, size, points: pairs(near) };
      case "refine":
        return { tool: "refine", size, points: pairs(near) };
      case "fill": {
        const colour = this.paper.colourAt(first);
        if (!colour) return null;
        this.colour = colour;
        const [x = 0, y = 0] = pairs([first]);
        return { tool: "fill", mode: mode(restores !== opposite), at: [x, y], tolerance, contiguous, colour: null };
      }
      default:
        return reach < STILL ? null : { tool: "area", mode: mode(restores !== opposite), points: pairs(near) };
    }
  }
}

const mode = (/** @type {boolean} */ restores) => /** @type {"erase" | "restore"} */ (restores ? "restore" : "erase");

/**
 * @param {Spot[]} spots
 * @param {"x" | "y"} axis
 */
function span(spots, axis) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const spot of spots) {
    low = Math.min(low, spot[axis]);
    high = Math.max(high, spot[axis]);
  }
  return high - low;
}
