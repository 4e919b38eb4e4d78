// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { t, translated } from "../messages.js";
import { caution, facts } from "./engine-facts.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/** @import {OtherRow as Model} from "../protocol.js" */

/** A model that this server does not have: what it is, and where it is from. */
export class OtherRow extends LightElement {
  static properties = { row: { attribute: false } };

  constructor() {
    super();
    /** @type {Model | null} */
    this.row = null;
  }

  /** @override */
  render() {
    const { row } = this;
    if (!row) return nothing;
    const { sha256, md5 } = row.published;
    const title = `other-${row.id}`;
    return html`<article class="engine" aria-labelledby=${title} data-state="elsewhere" data-model=${row.id}>
      <div class="engine-about">
        <h3 id=${title}><span lang="en">${row.name}</span></h3>
        <p>${translated(row.advice)}</p>
        ${caution(row, `caution-${row.id}`)}
        ${facts(row, sha256 ? t("SHA-256") : t("MD5"), sha256 ?? md5 ?? "")}
      </div>
      <div class="engine-side">
        <p class="engine-state">${icon("file")}<span>${t("Not on this server. You can import it from a file.")}</span></p>
      </div>
    </article>`;
  }
}

customElements.define("offcut-other-row", OtherRow);
