// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { t } from "../messages.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/**
 * A handle in the corner of the canvas: dragged away from its middle, what lies on it grows. Who has no pointer has the
 * slider of the same name.
 *
 * @fires Scale#scaled detail: {by, over}; how many times as large it is to be as when the drag began
 */
export class Scale extends LightElement {
  /** @type {{pointer: number, x: number, y: number, away: number, by: number} | null} */
  #drag = null;

  /** @override */
  render() {
    return html`<div class="scale-handle" aria-hidden="true" title=${t("Drag to make it larger or smaller")}
      @pointerdown=${this.#down} @pointermove=${this.#move} @pointerup=${this.#up} @pointercancel=${this.#up}
      @dblclick=${(/** @type {Event} */ event) => event.stopPropagation()}
    >${icon("scale")}</div>`;
  }

  /** @param {boolean} over */
  #tell(over) {
    this.dispatchEvent(new CustomEvent("scaled", { detail: { by: this.#drag?.by ?? 1, over } }));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    event.stopPropagation();
    const canvas = this.parentElement?.getBoundingClientRect();
    if (event.button !== 0 || this.#drag || !canvas) return;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    const [x, y] = [canvas.left + canvas.width / 2, canvas.top + canvas.height / 2];
    const away = Math.max(1, Math.hypot(event.clientX - x, event.clientY - y));
    this.#drag = { pointer: event.pointerId, x, y, away, by: 1 };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    event.stopPropagation();
    drag.by = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) / drag.away;
    this.#tell(false);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.#drag?.pointer !== event.pointerId) return;
    event.stopPropagation();
    if (this.#drag.by !== 1) this.#tell(true);
    this.#drag = null;
  }
}

customElements.define("offcut-scale", Scale);
