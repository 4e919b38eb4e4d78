// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { size, t } from "../messages.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";
import { Watch } from "./watch.js";

/** @import {Store} from "../store.js" */

/** How much room this site takes up on the device and may still take, and whether it may stay there. */
export class Storage extends LightElement {
  static properties = { store: { attribute: false }, asked: { state: true } };

  constructor() {
    super();
    /** @type {Store | null} */
    this.store = null;
    /** Whether the browser was asked and has not agreed. */
    this.asked = false;
    new Watch(
      this,
      () => this.store,
      () => this.requestUpdate(),
    );
  }

  /** @override */
  render() {
    const { store } = this;
    if (!store) return nothing;
    return html`<section class="storage" aria-labelledby="storage-title">
      <h2 id="storage-title">${t("On this device")}</h2>
      ${store.available ? this.#room(store) : this.#none()}
    </section>`;
  }

  #none() {
    return html`<p class="engine-state is-warn">${icon("alert")}<span><strong>${t("This page may not keep anything here.")}</strong> ${
      globalThis.isSecureContext
        ? t(
            "A private window or a setting of the browser forbids it. Engines are fetched each time, and none can be imported.",
          )
        : t(
            "The site is not opened over https, so the browser gives it no storage. Engines are fetched each time, and none can be imported.",
          )
    }</span></p>`;
  }

  /** @param {Store} store */
  #room({ room, leftovers }) {
    return html`${
      room.known
        ? html`<p class="storage-sum"><strong>${t("{size} used", { size: size(room.used) })}</strong>
            <span class="soft">${t("{size} left for this site", { size: size(room.left) })}</span></p>
          <progress max=${room.used + room.left} .value=${room.used} aria-label=${t("Storage used")}></progress>`
        : html`<p class="soft">${t("This browser does not tell how much room there is.")}</p>`
    }
    ${
      room.persisted
        ? html`<p class="engine-state is-ok">${icon("shield")}<span>${t("It stays until you delete it: the browser has agreed to clear nothing by itself.")}</span></p>`
        : html`<p class="engine-state">${icon("wait")}<span>${
            this.asked
              ? t(
                  "The browser has not agreed. Some do so only for sites that are installed or visited often; until then it may clear all this when the disk is full.",
                )
              : t("The browser may clear all this when the disk is full, and a private window does when it is closed.")
          }</span> ${
            this.asked
              ? nothing
              : html`<button type="button" class="button is-small" @click=${this.#persist}>${t("Ask it to keep everything")}</button>`
          }</p>`
    }
    ${
      leftovers.length
        ? html`<p class="engine-state">${icon("file")}<span>${t("Parts of engines that are offered no more take up room here.")}</span>
            <button type="button" class="button is-small" @click=${() => this.store?.clearLeftovers()}>${t("Clear them")}</button></p>`
        : nothing
    }`;
  }

  async #persist() {
    await this.store?.persist();
    this.asked = true;
  }
}

customElements.define("offcut-storage", Storage);
