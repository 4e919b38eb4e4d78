// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { engineFault } from "../engine-sentences.js";
import { toFault } from "../fault.js";
import { number, size, t, tn } from "../messages.js";
import { asText, isClean, repair, takeStock } from "../receipt.js";
import { BlobUrl } from "./blob-url.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/** @import {Storekeeper} from "../storekeeper.js" */
/** @import {EngineRow, Fault} from "../protocol.js" */
/** @import {Receipt as Found} from "../receipt.js" */

/**
 * Whether everything is on the device that is needed without a network. It claims nothing until it has looked.
 *
 * @fires Receipt#repaired
 */
export class Receipt extends LightElement {
  static properties = {
    keeper: { attribute: false },
    models: { attribute: false },
    work: { state: true },
    found: { state: true },
    fault: { state: true },
  };

  #stop = new AbortController();
  #file = new BlobUrl();

  constructor() {
    super();
    /** @type {Storekeeper | null} */
    this.keeper = null;
    /** Those on the device, and the one in use. @type {EngineRow[]} */
    this.models = [];
    /** @type {{kind: "check" | "repair", done: number, total: number} | null} */
    this.work = null;
    /** @type {Found | "none" | null} "none": nothing is kept by this page */
    this.found = null;
    /** @type {Fault | null} */
    this.fault = null;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop.abort();
    this.#file.set(null);
  }

  /** @override */
  render() {
    const { work, found, fault } = this;
    return html`<section class="receipt" aria-labelledby="receipt-title">
      <h2 id="receipt-title">${t("Ready to work offline?")}</h2>
      <p class="soft">${t("This reads every file that Offcut needs back from this device, the engine in use and all others that are here, and compares each with the hash it must have.")}</p>
      ${work ? this.#working(work) : nothing}
      ${
        fault
          ? html`<p class="engine-state is-warn">${icon("alert")}<span><strong>${engineFault(fault).title}</strong> ${engineFault(fault).advice}</span></p>`
          : nothing
      }
      <div role="status">${work || !found ? nothing : found === "none" ? this.#none() : this.#result(found)}</div>
      <div class="engine-actions" ?hidden=${work !== null}>
        <button type="button" class="button" @click=${this.check}>${icon("shield")}${
          found && found !== "none" ? t("Check again") : t("Check everything")
        }</button>
        ${found && found !== "none" ? this.#more(found) : nothing}
      </div>
      ${found && found !== "none" && !work ? html`<pre class="receipt-text" tabindex="0" aria-label=${t("Receipt")}>${this.#text(found)}</pre>` : nothing}
    </section>`;
  }

  /** @param {NonNullable<Receipt["work"]>} work */
  #working({ kind, done, total }) {
    const bytes = { done: size(done), total: size(total) };
    return html`<p class="engine-state"><span>${
      kind === "check" ? t("Checking: {done} of {total}.", bytes) : t("Fetching what is missing.")
    }</span></p>
    ${
      kind === "check" && total
        ? html`<progress max=${total} .value=${done} aria-label=${t("Progress")}></progress>`
        : html`<progress aria-label=${t("Progress")}></progress>`
    }
    <div class="engine-actions"><button type="button" class="button is-small" @click=${() => this.#stop.abort()}>${icon("close")}${t("Cancel")}</button></div>`;
  }

  #none() {
    return html`<p class="engine-state is-warn">${icon("alert")}<span><strong>${t("This page keeps no files for offline use.")}</strong> ${t(
      "It is not opened over https, or the browser runs no service worker here, so each visit needs the network.",
    )}</span></p>`;
  }

  /** @param {Found} found */
  #result(found) {
    if (isClean(found)) {
      return html`<p class="engine-state is-ok">${icon("check")}<span><strong>${t("Everything is here.")}</strong> ${tn(
        "{n} file and the engine's parts are what they should be: Offcut works without a network.",
        "{n} files and the engine's parts are what they should be: Offcut works without a network.",
        found.files,
      )}</span></p>`;
    }
    const files = found.missing.length + found.wrong.length;
    const parts = found.models.reduce((sum, { lost }) => sum + lost, 0);
    return html`<p class="engine-state is-warn">${icon("alert")}<span><strong>${t("Not everything is here.")}</strong> ${
      files ? tn("{n} file is missing or wrong.", "{n} files are missing or wrong.", files) : nothing
    } ${parts ? tn("{n} part of an engine is missing or wrong.", "{n} parts of engines are missing or wrong.", parts) : nothing}</span></p>`;
  }

  /** @param {Found} found */
  #more(found) {
    const day = found.date.toISOString().slice(0, 10);
    return html`${
      isClean(found)
        ? nothing
        : html`<button type="button" class="button is-primary" @click=${() => this.#repair(found)}>${icon("retry")}${t("Fetch what is missing")}</button>`
    }
    <a class="button" download="offcut-receipt-${day}.txt" href=${this.#file.url}>${icon("download")}${t("Save as text")}</a>
    <button type="button" class="button" @click=${() => window.print()}>${icon("print")}${t("Print")}</button>`;
  }

  /** @param {Found} found */
  #text(found) {
    return asText(found, new URL("../../", import.meta.url).href);
  }

  /** Looks at everything. */
  async check() {
    await this.#perform("check", async (keeper, signal, progress) => {
      const found = await takeStock(keeper, this.models, signal, progress);
      this.found = found ?? "none";
      this.#file.set(found && new Blob([this.#text(found)], { type: "text/plain;charset=utf-8" }));
      // A wrong part is taken off the shelf as it is found.
      this.dispatchEvent(new Event("repaired"));
    });
  }

  /** @param {Found} found */
  async #repair(found) {
    await this.#perform("repair", (keeper, signal, progress) => repair(keeper, found, signal, progress));
    if (this.#stop.signal.aborted || this.fault) return;
    await this.check();
  }

  /**
   * @param {"check" | "repair"} kind
   * @param {(keeper: Storekeeper, signal: AbortSignal, progress: (done: number, total: number) => void) => Promise<void>} task
   */
  async #perform(kind, task) {
    if (!this.keeper || this.work) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.fault = null;
    this.work = { kind, done: 0, total: 0 };
    try {
      await task(this.keeper, signal, (done, total) => {
        this.work = { kind, done, total };
      });
    } catch (error) {
      if (!signal.aborted) this.fault = toFault(error, "internal");
    }
    this.work = null;
  }
}

customElements.define("offcut-receipt", Receipt);
