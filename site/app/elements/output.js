// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing, svg } from "lit";
import { FORMATS, formatName } from "../formats.js";
import { number, size, t, tn } from "../messages.js";
import { metadataSentence } from "../output-sentences.js";
import { same } from "../plain.js";
import { faultSentence } from "../sentences.js";
import { BlobUrl } from "./blob-url.js";
import { check, choice, numeric, select, slider } from "./controls.js";
import { Fold } from "./fold.js";
import { icon } from "./icon.js";

/** @import {Fault, JobResult, OutputSettings, SheetSettings} from "../protocol.js" */
/** @import {Job} from "../queue.js" */

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

/** Bytes that a limit begins with. */
const USUAL_MOST = 500_000;

/** @type {SheetSettings} */
const FIRST_SHEET = { paper: "10x15", gap: 2, marks: true, count: null };

/**
 * How the file is written.
 *
 * @fires Output#adjust detail: {output, change, over}; `change` is what was changed, null where all is as at first again
 * @fires Output#project when the project is to be saved
 */
export class Output extends Fold {
  static properties = {
    ...Fold.properties,
    output: { attribute: false },
    start: { attribute: false },
    job: { attribute: false },
    turn: { type: Number },
    saving: { attribute: false },
  };

  /** What is printed, once. */
  #photo = new BlobUrl();

  constructor() {
    super();
    /** @type {OutputSettings | null} */
    this.output = null;
    /** @type {OutputSettings | null} */
    this.start = null;
    /** @type {Job | null} */
    this.job = null;
    this.turn = 0;
    /** What becomes of the project that is saved. @type {"" | "saving" | Fault} */
    this.saving = "";
    /** The last limit of bytes: whoever asks for one again finds it. */
    this.most = USUAL_MOST;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#photo.set(null);
  }

  /** @override */
  willUpdate() {
    const result = this.job?.result;
    this.#photo.set(result?.sheet ? result.seen : null);
    this.most = this.output?.most ?? this.most;
  }

  /** @override */
  get head() {
    const { result, shown } = this.job ?? {};
    const note = shown && result ? `${formatName(shown.output.format)}, ${size(result.blob.size)}` : "";
    return { name: t("File"), key: "X", note };
  }

  /** @override */
  body() {
    const { output, start } = this;
    if (!output || !start) return nothing;
    const result = this.job?.result;
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
            ${check(t("At most so large"), output.most !== null, (on) => this.#limit(on ? this.most : null))}
            ${
              output.most === null
                ? nothing
                : numeric({
                    id: `${this.group}-most`,
                    label: t("At most"),
                    value: Math.round(output.most / 1000),
                    range: [1, 1_000_000, 1],
                    unit: t("kB"),
                    tell: (kilobytes) => this.#limit(kilobytes * 1000),
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
          aria-describedby="${this.group}-name-hint"
          @change=${(/** @type {Event} */ event) => {
            const field = /** @type {HTMLInputElement} */ (event.target);
            field.value = field.value.trim() || start.name;
            this.#tell({ name: field.value }, true);
          }} />
      </div>
      <p class="soft" id="${this.group}-name-hint">${t("{name} stands for the name of the picture.", { name: "{name}" })}</p>
      <button type="button" class="button" ?disabled=${this.saving === "saving"} @click=${() => this.dispatchEvent(new Event("project"))}>
        ${icon("file")}${this.saving === "saving" ? t("Saving the project") : t("Save the project")}
      </button>
      ${this.#unsaved()}
      <p class="soft">${t("An .offcut file holds the original and all that was done. Drop it here to go on another day.")}</p>
      <button type="button" class="button is-quiet" ?disabled=${same(output, start)} @click=${() => this.#reset(start)}>
        ${icon("retry")}${t("Reset the file")}
      </button>`;
  }

  #unsaved() {
    if (typeof this.saving === "string") return nothing;
    const { title, advice } = faultSentence(this.saving);
    return html`<p class="panel-note is-warn" role="alert">${icon("alert")}${t("The project was not saved.")} ${title} ${advice}</p>`;
  }

  /** @param {OutputSettings} output */
  #sheet({ sheet }) {
    const laid = this.job?.result?.sheet;
    const prints = laid?.places.length ?? 0;
    const tell = (/** @type {Partial<SheetSettings>} */ change, over = true) =>
      this.#tell({ sheet: { ...FIRST_SHEET, ...sheet, ...change } }, over);
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
            start: FIRST_SHEET.gap,
            tell: (gap, over) => tell({ gap }, over),
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

  /** A file that is to be smaller than an authority's floor has no floor any more. @param {number | null} most */
  #limit(most) {
    const least = this.output?.least ?? null;
    this.#tell({ most, least: most !== null && least !== null && least > most ? null : least }, true);
  }

  /** @param {OutputSettings} start */
  #reset(start) {
    this.output = start;
    this.dispatchEvent(new CustomEvent("adjust", { detail: { output: start, change: null, over: true } }));
  }

  /**
   * @param {Partial<OutputSettings>} change
   * @param {boolean} over
   */
  #tell(change, over) {
    if (!this.output) return;
    this.output = { ...this.output, ...change };
    this.dispatchEvent(new CustomEvent("adjust", { detail: { output: this.output, change, over } }));
  }
}

customElements.define("offcut-output", Output);
