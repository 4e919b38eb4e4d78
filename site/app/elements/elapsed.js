// SPDX-License-Identifier: AGPL-3.0-or-later
import { duration } from "../messages.js";

/** Seconds since `since` (performance.now()), counted on screen while the element is there; hidden from screen readers. */
export class Elapsed extends HTMLElement {
  since = 0;
  #timer = 0;

  connectedCallback() {
    this.setAttribute("aria-hidden", "true");
    const tick = () => {
      this.textContent = duration(performance.now() - this.since);
    };
    tick();
    this.#timer = window.setInterval(tick, 100);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }
}

customElements.define("offcut-elapsed", Elapsed);
