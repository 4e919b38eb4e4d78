// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { number, t } from "../messages.js";
import { LightElement } from "./light.js";

/** @import {JobResult, Placement} from "../protocol.js" */

/** @typedef {"crown" | "chin"} Line */

const STEPS = /** @type {Record<string, number>} */ ({ ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 });

/**
 * The lines at crown and chin, where they were found or put; they are dragged to where they should be.
 *
 * @fires Lines#head detail: {crown?, chin?} in pixels of the picture
 */
export class Lines extends LightElement {
  static properties = { placement: { attribute: false }, head: { attribute: false }, drag: { state: true } };

  constructor() {
    super();
    /** @type {Placement | null} */
    this.placement = null;
    /** @type {JobResult["head"]} */
    this.head = null;
    /** A line under way, and how far it was moved, as a share of the canvas's height. @type {{line: Line, from: number, by: number} | null} */
    this.drag = null;
  }

  /** @override */
  render() {
    const { placement, head } = this;
    if (!placement || !head) return html``;
    const [crown, chin, x] = head;
    return html`${this.#line("crown", crown, x, placement)}${this.#line("chin", chin, x, placement)}`;
  }

  /** @override */
  updated() {
    for (const line of this.querySelectorAll("[data-at]")) {
      const { style } = /** @type {HTMLElement} */ (line);
      style.top = `${Number(line.getAttribute("data-at")) * 100}%`;
    }
  }

  /**
   * @param {Line} line
   * @param {number} y
   * @param {number} x
   * @param {Placement} placement
   */
  #line(line, y, x, { matrix: [, , , d, e, f], height }) {
    const moved = this.drag?.line === line ? this.drag.by : 0;
    const at = (d * x + e * y + f) / height + moved;
    const label = line === "crown" ? t("Top of the head") : t("Chin");
    return html`<div class="head-line" role="slider" tabindex="0" data-line=${line} data-at=${at}
      aria-label=${label} aria-orientation="vertical" aria-valuemin="0" aria-valuemax="100"
      aria-valuenow=${Math.round(at * 100)} aria-valuetext=${t("{n} pixels from the top", { n: number(Math.round(y)) })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, line)}
      @pointerdown=${(/** @type {PointerEvent} */ event) => this.#down(event, line)}
      @pointermove=${this.#move} @pointerup=${this.#up} @pointercancel=${this.#cancel}
    ><span>${label}</span></div>`;
  }

  /**
   * Tells that a line belongs elsewhere.
   *
   * @param {Line} line
   * @param {number} by in pixels of the canvas
   */
  #tell(line, by) {
    const { placement, head } = this;
    if (!placement || !head || !by) return;
    const [, , , d, e] = placement.matrix;
    const [crown, chin] = head;
    const scale = Math.hypot(d, e) || 1;
    const moved = (line === "crown" ? crown : chin) + by / scale;
    const put = line === "crown" ? Math.min(moved, chin - 1) : Math.max(moved, crown + 1);
    this.dispatchEvent(new CustomEvent("head", { detail: { [line]: put } }));
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Line} line
   */
  #key(event, line) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#tell(line, (step * (this.placement?.height ?? 0)) / 400);
  }

  /**
   * @param {PointerEvent} event
   * @param {Line} line
   */
  #down(event, line) {
    event.stopPropagation();
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.drag = { line, from: event.clientY, by: 0 };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.drag) return;
    event.stopPropagation();
    const height = this.parentElement?.getBoundingClientRect().height || 1;
    this.drag = { ...this.drag, by: (event.clientY - this.drag.from) / height };
  }

  /** @param {PointerEvent} event */
  #up(event) {
    event.stopPropagation();
    const { drag, placement } = this;
    this.drag = null;
    if (drag && placement) this.#tell(drag.line, drag.by * placement.height);
  }

  #cancel() {
    this.drag = null;
  }
}

customElements.define("offcut-lines", Lines);
