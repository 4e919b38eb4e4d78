// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { recall, remember } from "../memory.js";
import { t } from "../messages.js";
import { LightElement } from "./light.js";

const KEY = "offcut.sheet";
/** Shares of the screen's height: what the panel begins with, what it shrinks and grows to, and what a key does. */
const [USUAL, LEAST, MOST, STEP] = [0.44, 0.16, 0.6, 0.06];
/** A finger that moved no further than so many pixels meant a tap. */
const STILL = 4;

const KEYS = /** @type {Record<string, number>} */ ({
  ArrowUp: STEP,
  ArrowDown: -STEP,
  PageUp: 3 * STEP,
  PageDown: -3 * STEP,
  Home: -1,
  End: 1,
});

/**
 * What the panel is held at where it lies below the picture, on phones: dragged, it makes room for the picture or takes
 * it; a tap folds the panel, or brings it back.
 */
export class Grip extends LightElement {
  static properties = { share: { state: true } };

  /** @type {{pointer: number, from: number, share: number, moved: boolean} | null} */
  #drag = null;

  constructor() {
    super();
    const told = Number.parseFloat(recall(KEY) ?? "");
    this.share = told >= LEAST && told <= MOST ? told : USUAL;
  }

  /** @override */
  updated() {
    /** @type {HTMLElement | null} */ (this.closest(".bench"))?.style.setProperty("--sheet", String(this.share));
  }

  /** @override */
  render() {
    return html`<div class="grip" role="separator" tabindex="0" aria-orientation="horizontal"
      aria-label=${t("Height of the panel")} aria-valuemin=${LEAST * 100} aria-valuemax=${MOST * 100}
      aria-valuenow=${Math.round(this.share * 100)}
      @keydown=${this.#key}
      @pointerdown=${this.#down} @pointermove=${this.#move} @pointerup=${this.#up} @pointercancel=${this.#end}
    ></div>`;
  }

  /** @param {number} share */
  #set(share) {
    this.share = Math.min(MOST, Math.max(LEAST, share));
  }

  #fold() {
    this.#set(this.share > LEAST ? LEAST : USUAL);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = KEYS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") this.#fold();
    else if (step) this.#set(this.share + step);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.#keep();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const grip = /** @type {HTMLElement} */ (event.currentTarget);
    grip.setPointerCapture(event.pointerId);
    this.#drag = { pointer: event.pointerId, from: event.clientY, share: this.share, moved: false };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    drag.moved ||= Math.abs(event.clientY - drag.from) > STILL;
    if (drag.moved) this.#set(drag.share + (drag.from - event.clientY) / innerHeight);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.#drag?.pointer === event.pointerId && !this.#drag.moved) this.#fold();
    this.#end();
  }

  #end() {
    this.#drag = null;
    this.#keep();
  }

  #keep() {
    remember(KEY, String(this.share));
  }
}

customElements.define("offcut-grip", Grip);
