// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { formatName } from "../formats.js";
import { copy, share, shareable } from "../giving.js";
import { t } from "../messages.js";
import { BlobUrl } from "./blob-url.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/** @import {PropertyValues} from "lit" */
/** @import {Job} from "../queue.js" */

/**
 * What can be done with a file that is made: it is downloaded, copied, shared.
 *
 * @fires Actions#told detail: a sentence to announce
 */
export class Actions extends LightElement {
  static properties = {
    job: { attribute: false },
    turn: { type: Number },
    outcome: { state: true },
  };

  #download = new BlobUrl();

  constructor() {
    super();
    /** @type {Job | null} */
    this.job = null;
    this.turn = 0;
    /** What became of the last try, and with which file. @type {{what: "copied" | "not-copied" | "not-shared", blob: Blob} | null} */
    this.outcome = null;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#download.set(null);
  }

  /**
   * @override
   * @param {PropertyValues<this>} _changed
   */
  willUpdate(_changed) {
    this.#download.set(this.job?.result?.blob ?? null);
  }

  /** @override */
  render() {
    const { job, outcome } = this;
    if (!job?.result) return nothing;
    const { result, shown } = job;
    const what = outcome?.blob === result.blob ? outcome.what : "";
    const shares = shareable(result);
    const copied = what === "copied" ? t("Copied") : t("Copy");
    return html`<div class="panel-actions">
        <a class="button is-primary" download=${result.name} href=${this.#download.url}>
          ${icon("download")}${t("Download {format}", { format: formatName(shown?.output.format ?? "png") })}
        </a>
        <button type="button" class="button" title=${shares ? copied : nothing} @click=${this.copy}>
          ${icon(what === "copied" ? "check" : "copy")}<span class=${shares ? "visually-hidden" : ""}>${copied}</span>
        </button>
        ${
          shares
            ? html`<button type="button" class="button" aria-label=${t("Share")} title=${t("Share")} @click=${this.#share}>
                ${icon("share")}
              </button>`
            : nothing
        }
      </div>
      ${
        what === "not-copied"
          ? html`<p class="panel-note is-warn" role="alert">${icon("alert")}${t("This browser did not let the page copy a picture. Download it instead.")}</p>`
          : what === "not-shared"
            ? html`<p class="panel-note is-warn" role="alert">${icon("alert")}${t("Your system did not take the file. Download it instead.")}</p>`
            : nothing
      }`;
  }

  /** Puts it on the clipboard. */
  async copy() {
    const result = this.job?.result;
    if (!result) return;
    const done = await copy(result);
    this.outcome = { what: done ? "copied" : "not-copied", blob: result.blob };
    if (done) this.dispatchEvent(new CustomEvent("told", { detail: t("The cutout is on the clipboard.") }));
  }

  async #share() {
    const result = this.job?.result;
    if (!result) return;
    this.outcome = (await share(result)) ? null : { what: "not-shared", blob: result.blob };
  }
}

customElements.define("offcut-actions", Actions);
