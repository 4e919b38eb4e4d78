// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { number, t } from "../messages.js";
import { LightElement } from "./light.js";

/** @import {FrameSettings, Head} from "../protocol.js" */

/** @typedef {"crown" | "chin"} Line */

const STEPS = /** @type {Record<string, number>} */ ({
  ArrowUp: -1,
  ArrowLeft: 1,
  ArrowDown: 1,
  ArrowRight: -1,
  PageUp: -10,
  PageDown: 10,
});

/**
 * The lines at crown and chin, where they were found or put; they are dragged to where they should be.
 *
 * @fires Lines#head detail: {crown?, chin?} in pixels of the picture
 */
export class Lines extends LightElement {
  static properties = {
    head: { attribute: false },
    wish: { attribute: false },
    height: { type: Number },
    drag: { state: true },
  };

  constructor() {
    super();
    /** Where they are in what is shown. @type {Head | null} */
    this.head = null;
    /** Where they are wished: what is shown may not know that yet. @type {FrameSettings["head"] | null} */
    this.wish = null;
    /** Of the canvas, in its pixels. */
    this.height = 1;
    /** A line under way, from where, and how far it was moved, as a share of the canvas's height. @type {{line: Line, pointer: number, from: number, by: number} | null} */
    this.drag = null;
  }

  /** @override */
  render() {
    return this.head ? [this.#line("crown", this.head), this.#line("chin", this.head)] : nothing;
  }

  /** @override */
  updated() {
    for (const line of this.querySelectorAll("[data-at]")) {
      const { style } = /** @type {HTMLElement} */ (line);
      style.top = `${Number(line.getAttribute("data-at")) * 100}%`;
    }
  }

  /** Where a line is wished, in pixels of the picture. @param {Line} line @param {Head} head */
  #wished(line, head) {
    return this.wish?.[line] ?? head[line];
  }

  /**
   * @param {Line} line
   * @param {Head} head
   */
  #line(line, head) {
    const moved = this.drag?.line === line ? this.drag.by : 0;
    const wished = this.#wished(line, head);
    const shown = line === "crown" ? head.top : head.bottom;
    const at = (shown + (wished - head[line]) * head.scale) / this.height + moved;
    const label = line === "crown" ? t("Top of the head") : t("Chin");
    return html`<div class="head-line" role="slider" tabindex="0" data-line=${line} data-at=${at}
      aria-label=${label} aria-orientation="vertical" aria-valuemin="0" aria-valuemax="100"
      aria-valuenow=${Math.min(100, Math.max(0, Math.round(100 - at * 100)))}
      aria-valuetext=${t("{n} pixels from the top", { n: number(Math.round(wished)) })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, line)}
      @pointerdown=${(/** @type {PointerEvent} */ event) => this.#down(event, line)}
      @pointermove=${this.#move} @pointerup=${this.#up} @pointercancel=${this.#cancel}
      @dblclick=${(/** @type {Event} */ event) => event.stopPropagation()}
    ><span>${label}</span></div>`;
  }

  /**
   * Tells that a line belongs elsewhere.
   *
   * @param {Line} line
   * @param {number} by in pixels of the canvas
   */
  #tell(line, by) {
    const { head } = this;
    if (!head || !by) return;
    const moved = this.#wished(line, head) + by / head.scale;
    const put =
      line === "crown"
        ? Math.min(moved, this.#wished("chin", head) - 1)
        : Math.max(moved, this.#wished("crown", head) + 1);
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
    this.#tell(line, (step * this.height) / 400);
  }

  /**
   * @param {PointerEvent} event
   * @param {Line} line
   */
  #down(event, line) {
    event.stopPropagation();
    if (event.button !== 0 || this.drag) return;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.drag = { line, pointer: event.pointerId, from: event.clientY, by: 0 };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.drag?.pointer !== event.pointerId) return;
    event.stopPropagation();
    const height = this.parentElement?.getBoundingClientRect().height || 1;
    this.drag = { ...this.drag, by: (event.clientY - this.drag.from) / height };
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const { drag } = this;
    if (drag?.pointer !== event.pointerId) return;
    event.stopPropagation();
    this.drag = null;
    this.#tell(drag.line, drag.by * this.height);
  }

  /** @param {PointerEvent} event */
  #cancel(event) {
    if (this.drag?.pointer === event.pointerId) this.drag = null;
  }
}

customElements.define("offcut-lines", Lines);
