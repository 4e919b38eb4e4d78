// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { t } from "../messages.js";
import { LightElement } from "./light.js";

/** @import {Placement} from "../protocol.js" */

/** A colour is the mean of a square of so many pixels a side: pictures have noise. */
const SIDE = 3;

const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/**
 * Lies over the original, and picks a colour from where it is pointed at.
 *
 * @fires Dropper#picked detail: "#rrggbb", or null where the person thought better of it
 */
export class Dropper extends LightElement {
  static properties = { placement: { attribute: false }, at: { state: true } };

  #canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  constructor() {
    super();
    /** Where the original lies; null where it fills all of the frame. @type {Placement & {original: [number, number]} | null} */
    this.placement = null;
    /** What is pointed at, in shares of the frame. */
    this.at = { x: 0.5, y: 0.5 };
  }

  /** @override */
  firstUpdated() {
    /** @type {HTMLElement | null} */ (this.querySelector(".dropper"))?.focus();
  }

  /** @override */
  updated() {
    const ring = /** @type {HTMLElement | null} */ (this.querySelector(".dropper-ring"));
    if (!ring) return;
    ring.style.left = `${this.at.x * 100}%`;
    ring.style.top = `${this.at.y * 100}%`;
    ring.style.setProperty("--picked", this.#colour() ?? "transparent");
  }

  /** @override */
  render() {
    return html`<div class="dropper" role="application" tabindex="0"
      aria-label=${t("Pick a colour from the picture. Arrow keys move, Enter picks, Escape leaves.")}
      @pointermove=${this.#point} @pointerdown=${this.#down} @pointerup=${this.#up} @keydown=${this.#key}
    >
      <span class="dropper-ring"></span>
      <output class="visually-hidden">${this.#colour() ?? ""}</output>
    </div>`;
  }

  /** The colour that is pointed at; null beside the picture. */
  #colour() {
    const { placement, at } = this;
    const image = /** @type {HTMLImageElement | null} */ (this.parentElement?.querySelector("img.before") ?? null);
    if (!image?.naturalWidth || !this.#canvas) return null;
    let { x, y } = at;
    if (placement) {
      const [a, b, c, d, e, f] = placement.matrix;
      const [across, down] = [x * placement.width - c, y * placement.height - f];
      const size = a * e - b * d;
      x = (e * across - b * down) / size / placement.original[0];
      y = (a * down - d * across) / size / placement.original[1];
    }
    if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return null;
    const from = (/** @type {number} */ share, /** @type {number} */ length) =>
      Math.max(0, Math.min(length - SIDE, Math.floor(share * length) - (SIDE - 1) / 2));
    this.#canvas.clearRect(0, 0, SIDE, SIDE);
    const place = /** @type {const} */ ([from(x, image.naturalWidth), from(y, image.naturalHeight)]);
    this.#canvas.drawImage(image, ...place, SIDE, SIDE, 0, 0, SIDE, SIDE);
    const { data } = this.#canvas.getImageData(0, 0, SIDE, SIDE);
    const sums = [0, 0, 0, 0];
    for (let i = 0; i < data.length; i += 4) {
      const alpha = data[i + 3] ?? 0;
      for (const channel of [0, 1, 2]) sums[channel] = (sums[channel] ?? 0) + (data[i + channel] ?? 0) * alpha;
      sums[3] = (sums[3] ?? 0) + alpha;
    }
    const [, , , weight = 0] = sums;
    if (!weight) return null;
    const hex = (/** @type {number} */ sum) =>
      Math.round(sum / weight)
        .toString(16)
        .padStart(2, "0");
    return `#${sums.slice(0, 3).map(hex).join("")}`;
  }

  /** @param {string | null} colour */
  #tell(colour) {
    this.dispatchEvent(new CustomEvent("picked", { detail: colour }));
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const box = this.getBoundingClientRect();
    this.at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    event.stopPropagation();
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.#point(event);
  }

  /** A finger may have moved before it is lifted: what counts is where that happens. @param {PointerEvent} event */
  #up(event) {
    if (event.button !== 0) return;
    event.stopPropagation();
    this.#point(event);
    const colour = this.#colour();
    if (colour) this.#tell(colour);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = STEPS[event.key];
    if (step) {
      const box = this.getBoundingClientRect();
      const pixels = event.shiftKey ? 20 : 2;
      const moved = (/** @type {number} */ at, /** @type {number} */ by, /** @type {number} */ length) =>
        Math.min(1, Math.max(0, at + (by * pixels) / length));
      this.at = { x: moved(this.at.x, step[0], box.width), y: moved(this.at.y, step[1], box.height) };
    } else if (event.key === "Enter" || event.key === " ") {
      const colour = this.#colour();
      if (colour) this.#tell(colour);
    } else if (event.key === "Escape") {
      this.#tell(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("offcut-dropper", Dropper);
