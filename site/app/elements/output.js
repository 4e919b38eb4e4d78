// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing, svg } from "lit";
import { same } from "../bare.js";
import { FORMATS, formatName } from "../formats.js";
import { number, size, t, tn } from "../messages.js";
import { metadataSentence } from "../output-sentences.js";
import { faultSentence } from "../sentences.js";
import { BlobUrl } from "./blob-url.js";
import { check, choice, numeric, select, slider } from "./controls.js";
import { Fold } from "./fold.js";
import { icon } from "./icon.js";

/** @import {Fault, JobResult, OutputSettings, SheetSettings} from "../protocol.js" */

/** @type {Record<OutputSettings["format"], () => string>} */
const HINTS = {
  png: () => t("Every pixel as it is, with soft edges. For everything that may be transparent."),
  jpeg: () => t("Small, for photographs on a backdrop. What is transparent becomes white."),
  webp: () => t("Smaller than PNG and transparent all the same. Most websites take it."),
  mask: () => t("A grey picture: white is the subject. For use in other programs."),
  pdf: () => t("One page, to print. What is transparent becomes white."),
  ora: () => t("OpenRaster, with subject, backdrop and mask as layers. GIMP and Krita open it."),
};

/** @type {readonly (readonly ["none" | SheetSettings["paper"], () => string])[]} */
const PAPERS = [
  ["none", () => t("None")],
  ["10x15", () => t("10 × 15 cm")],
  ["4x6", () => t("4 × 6 in")],
  ["a4", () => t("A4")],
  ["letter", () => t("Letter")],
];

/** @type {SheetSettings} */
const FIRST_SHEET = { paper: "10x15", gap: 2, marks: true, count: null };

/**
 * How the file is written.
 *
 * @fires Output#adjust detail: {output, over}
 * @fires Output#project when the project is to be saved
 */
export class Output extends Fold {
  static properties = {
    ...Fold.properties,
    output: { attribute: false },
    start: { attribute: false },
    result: { attribute: false },
    unsaved: { attribute: false },
  };

  /** What is printed, once. */
  #photo = new BlobUrl();

  constructor() {
    super();
    /** @type {OutputSettings | null} */
    this.output = null;
    /** @type {OutputSettings | null} */
    this.start = null;
    /** @type {JobResult | null} */
    this.result = null;
    /** Why the project could not be saved. @type {Fault | null} */
    this.unsaved = null;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#photo.set(null);
  }

  /** @override */
  willUpdate() {
    this.#photo.set(this.result?.sheet ? this.result.seen : null);
  }

  /** @override */
  get head() {
    const { result, output } = this;
    const note = output && result ? `${formatName(output.format)}, ${size(result.blob.size)}` : "";
    return { name: t("File"), key: "X", note };
  }

  /** @override */
  body() {
    const { output, start, result } = this;
    if (!output || !start) return nothing;
    const { format } = output;
    const lossy = format === "jpeg" || format === "pdf" || (format === "webp" && !output.lossless);
    return html`${choice({
      name: `${this.group}-format`,
      legend: t("Format"),
      choices: FORMATS,
      chosen: format,
      choose: (one) => this.#tell({ format: one }, true),
    })}
      <p class="soft">${HINTS[format]()}</p>
      ${format === "webp" ? check(t("Lossless"), output.lossless, (lossless) => this.#tell({ lossless }, true)) : nothing}
      ${
        lossy
          ? html`${slider({
              id: `${this.group}-quality`,
              label: t("Quality"),
              value: output.quality,
              start: start.quality,
              range: [1, 100, 1],
              told: (value) => number(value),
              tell: (quality, over) => this.#tell({ quality }, over),
            })}
            ${check(t("At most so large"), output.most !== null, (on) => this.#tell({ most: on ? 500_000 : null }, true))}
            ${
              output.most === null
                ? nothing
                : numeric({
                    id: `${this.group}-most`,
                    label: t("At most"),
                    value: Math.round(output.most / 1000),
                    range: [1, 1_000_000, 1],
                    unit: t("kB"),
                    tell: (kilobytes) => this.#tell({ most: kilobytes * 1000 }, true),
                  })
            }`
          : nothing
      }
      ${format === "mask" || format === "ora" ? nothing : this.#sheet(output)}
      ${
        format === "mask" || format === "ora" || format === "pdf"
          ? nothing
          : html`<p class="soft">${metadataSentence(result?.metadata ?? null, output.metadata === "keep")}</p>
            ${check(t("Keep camera, date and place in the file"), output.metadata === "keep", (keep) => this.#tell({ metadata: keep ? "keep" : "strip" }, true))}`
      }
      <div class="text-field">
        <label for="${this.group}-name">${t("Name")}</label>
        <input type="text" class="field" id="${this.group}-name" maxlength="80" spellcheck="false" .value=${output.name}
          aria-description=${t("{name} stands for the name of the picture.")}
          @change=${(/** @type {Event} */ event) => {
            const name = /** @type {HTMLInputElement} */ (event.target).value.trim();
            this.#tell({ name: name || start.name }, true);
          }} />
      </div>
      <button type="button" class="button" @click=${() => this.dispatchEvent(new Event("project"))}>
        ${icon("file")}${t("Save the project")}
      </button>
      ${this.#unsaved()}
      <p class="soft">${t("An .offcut file holds the original and all that was done. Drop it here to go on another day.")}</p>
      <button type="button" class="button is-quiet" ?disabled=${same(output, start)} @click=${() => this.#tell(start, true)}>
        ${icon("retry")}${t("Reset the file")}
      </button>`;
  }

  #unsaved() {
    if (!this.unsaved) return nothing;
    const { title, advice } = faultSentence(this.unsaved);
    return html`<p class="panel-note is-warn" role="alert">${icon("alert")}${t("The project was not saved.")} ${title} ${advice}</p>`;
  }

  /** @param {OutputSettings} output */
  #sheet({ sheet }) {
    const laid = this.result?.sheet;
    const prints = laid?.places.length ?? 0;
    const tell = (/** @type {Partial<SheetSettings>} */ change) =>
      this.#tell({ sheet: { ...FIRST_SHEET, ...sheet, ...change } }, true);
    return html`${select({
      id: `${this.group}-sheet`,
      label: t("Print sheet"),
      choices: PAPERS,
      chosen: sheet?.paper ?? "none",
      choose: (paper) => (paper === "none" ? this.#tell({ sheet: null }, true) : tell({ paper })),
    })}
    ${
      sheet
        ? html`${check(t("Marks to cut along"), sheet.marks, (marks) => tell({ marks }))}
          ${slider({
            id: `${this.group}-gap`,
            label: t("Between them"),
            value: sheet.gap,
            range: [0, 20, 0.5],
            told: (value) => t("{n} mm", { n: number(value) }),
            tell: (gap, over) => over && tell({ gap }),
          })}
          ${
            laid
              ? html`${this.#preview(laid)}<p class="soft">${tn("{n} print on the sheet.", "{n} prints on the sheet.", prints)}</p>`
              : nothing
          }`
        : nothing
    }`;
  }

  /** The sheet in small. @param {NonNullable<JobResult["sheet"]>} laid */
  #preview({ paper: [wide, tall], photo: [width, height], places }) {
    return html`<svg class="sheet-preview" viewBox="0 0 ${wide} ${tall}" role="img" aria-label=${t("The print sheet")}>
      ${places.map(
        ([x, y]) =>
          svg`<image href=${this.#photo.url} x=${x} y=${y} width=${width} height=${height} preserveAspectRatio="none" />`,
      )}
    </svg>`;
  }

  /**
   * @param {Partial<OutputSettings>} change
   * @param {boolean} over
   */
  #tell(change, over) {
    if (!this.output) return;
    this.output = { ...this.output, ...change };
    this.dispatchEvent(new CustomEvent("adjust", { detail: { output: this.output, over } }));
  }
}

customElements.define("offcut-output", Output);
