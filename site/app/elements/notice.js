// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { t } from "../messages.js";
import { LightElement } from "./light.js";

/** The one floating notice: a new version waits until the person says so. */
export class Notice extends LightElement {
  static properties = { reload: { attribute: false } };

  constructor() {
    super();
    /** @type {(() => void) | null} */
    this.reload = null;
  }

  /** @override */
  render() {
    if (!this.reload) return nothing;
    return html`<div class="notice" role="status">
      <p>${t("A new version is ready. Pictures on the workbench are not kept by a reload.")}</p>
      <button type="button" class="button is-small is-primary" @click=${this.reload}>${t("Reload")}</button>
      <button type="button" class="button is-small" @click=${() => {
        this.reload = null;
      }}>${t("Later")}</button>
    </div>`;
  }
}

customElements.define("offcut-notice", Notice);
