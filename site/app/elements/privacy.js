// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { size, t } from "../messages.js";
import { readLedger } from "../offline.js";
import { LightElement } from "./light.js";

/** The claim, its count and how to check it. Counts only what the service worker has really seen leave. */
export class Privacy extends LightElement {
  static properties = { sent: { state: true }, listening: { state: true }, offline: { type: Boolean } };

  constructor() {
    super();
    this.sent = 0;
    this.listening = false;
    /** Whether everything is on the device. */
    this.offline = false;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.refresh();
  }

  async refresh() {
    const ledger = await readLedger();
    this.listening = ledger !== null;
    this.sent = ledger?.bytes ?? 0;
  }

  /** @override */
  render() {
    return html`<button type="button" class="chip" popovertarget="privacy-note" @click=${this.refresh}>
        <span class="chip-dot" aria-hidden="true"></span>
        ${this.listening ? t("{size} sent", { size: size(this.sent) }) : t("Stays on this device")}
      </button>
      <div popover id="privacy-note" class="popover">
        <p><strong>${
          this.listening
            ? t("{size} sent from this device since you first opened Offcut on it.", { size: size(this.sent) })
            : t("This page has no way to send your picture.")
        }</strong></p>
        <p>${
          this.listening
            ? t(
                "Every request of this site passes a counter on your device, which adds up whatever is sent along. The site's own rules also tell the browser to refuse any other host.",
              )
            : t("Its rules tell the browser to refuse any other host. The counter starts with the next visit.")
        }</p>
        <p>${t("Check it yourself: open your browser's network tab, drop a picture, and watch. Or switch off the network first.")}</p>
        ${this.offline ? html`<p>${t("Everything it needs is on this device now: it works without a network.")}</p>` : nothing}
      </div>`;
  }
}

customElements.define("offcut-privacy", Privacy);
