// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { t, tn } from "../messages.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/** @import {Job} from "../queue.js" */

/** All results at once, as a ZIP file. */
export class Bundle extends LightElement {
  static properties = {
    jobs: { attribute: false },
    turn: { type: Number },
    packed: { state: true },
    failed: { state: true },
  };

  /** @type {AbortController | null} */
  #packing = null;

  constructor() {
    super();
    /** @type {readonly Job[]} */
    this.jobs = [];
    this.turn = 0;
    /** How many are packed, while they are; null when nothing is under way. @type {number | null} */
    this.packed = null;
    this.failed = false;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#packing?.abort();
  }

  get #finished() {
    return this.jobs.filter(({ state, result, recipe, shown }) => state === "done" && result && recipe === shown);
  }

  /** @override */
  render() {
    const { packed } = this;
    const { length } = this.#finished;
    if (packed !== null) {
      return html`<div class="panel-actions">
        <p class="remaking"><span>${t("Packed: {done} of {total}", { done: packed, total: length })}</span></p>
        <button type="button" class="button" @click=${() => this.#packing?.abort()}>${icon("close")}${t("Cancel")}</button>
      </div>`;
    }
    if (length < 2) return nothing;
    return html`<button type="button" class="button" @click=${this.#pack}>
        ${icon("download")}${tn("Download {n} result (ZIP)", "Download {n} results (ZIP)", length)}
      </button>
      ${
        this.failed
          ? html`<p class="panel-note is-warn" role="alert">${icon("alert")}${t("The results could not be packed: this device has no room for them. Download them one by one.")}</p>`
          : nothing
      }`;
  }

  async #pack() {
    const jobs = this.#finished;
    const packing = new AbortController();
    this.#packing = packing;
    this.failed = false;
    this.packed = 0;
    try {
      const { packed } = await import("../archive.js");
      const name = (/** @type {number} */ part) => `offcut${part > 1 ? `-${part}` : ""}.zip`;
      let part = 0;
      const progress = (/** @type {number} */ done) => {
        this.packed = done;
      };
      for await (const blob of packed(jobs, packing.signal, progress)) {
        part += 1;
        const url = URL.createObjectURL(blob);
        Object.assign(document.createElement("a"), { href: url, download: name(part) }).click();
        // The browser has begun to read it by then.
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
      }
    } catch {
      this.failed = !packing.signal.aborted;
    }
    this.packed = null;
  }
}

customElements.define("offcut-bundle", Bundle);
