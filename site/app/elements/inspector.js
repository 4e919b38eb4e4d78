// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { isUntouched } from "../bare.js";
import { toFault } from "../fault.js";
import { forgetOutput, keepOutput } from "../settings.js";
import "./edges.js";
import "./frame.js";
import "./hand.js";
import { LightElement } from "./light.js";
import "./output.js";
import "./purpose.js";
import "./scene.js";

/** @import {PropertyValues} from "lit" */
/** @import {Drafts} from "../drafts.js" */
/** @import {Session} from "../hand/session.js" */
/** @import {Fault, RecipeData} from "../protocol.js" */
/** @import {Job} from "../queue.js" */
/** @import {Staff} from "../staff.js" */
/** @import {Fold} from "./fold.js" */
/** @import {Bare} from "../bare.js" */

/** @typedef {"edges" | "hand" | "scene" | "frame" | "purpose" | "output"} Part */

/** @type {Record<Part, string>} */
const FOLDS = {
  hand: "offcut-hand",
  edges: "offcut-edges",
  scene: "offcut-scene",
  frame: "offcut-frame",
  purpose: "offcut-purpose",
  output: "offcut-output",
};

/**
 * All that can be wished of a finished picture, in parts that are opened one by one. They stay as they were left, for
 * every picture.
 *
 * @fires Inspector#parts detail: Set of the parts that are open
 * @fires Inspector#pick see Scene
 */
export class Inspector extends LightElement {
  static properties = {
    job: { attribute: false },
    staff: { attribute: false },
    drafts: { attribute: false },
    session: { attribute: false },
    bare: { attribute: false },
    parts: { attribute: false },
    turn: { type: Number },
    saving: { state: true },
  };

  constructor() {
    super();
    /** @type {Job | null} */
    this.job = null;
    /** @type {Staff | null} */
    this.staff = null;
    /** @type {Drafts | null} */
    this.drafts = null;
    /** @type {Session | null} */
    this.session = null;
    /** @type {Bare | null} */
    this.bare = null;
    /** @type {ReadonlySet<Part>} */
    this.parts = new Set();
    this.turn = 0;
    /** What becomes of the project that is saved. @type {"" | "saving" | Fault} */
    this.saving = "";
  }

  /**
   * @override
   * @param {PropertyValues<this>} changed
   */
  willUpdate(changed) {
    if (changed.has("job")) this.saving = "";
  }

  /** Opens a part and puts the keyboard into it, or folds it. @param {Part} part */
  toggle(part) {
    /** @type {Fold | null} */ (this.querySelector(FOLDS[part]))?.toggle();
  }

  /** @override */
  render() {
    const { job } = this;
    if (!job || !(job.result || mendable(job))) return nothing;
    // Another picture begins with fields and faults of its own.
    return keyed(
      job.id,
      job.result
        ? [this.#cut(job), this.#around(job), this.#for(job), this.#file(job)]
        : [this.#around(job), this.#file(job)],
    );
  }

  /** How the subject is cut out. @param {Job} job */
  #cut(job) {
    const { drafts, parts } = this;
    const { recipe, start } = job;
    return html`<offcut-edges
        .wish=${recipe}
        .start=${start}
        .graphic=${isGraphic(job)}
        .idle=${isUntouched(recipe)}
        .open=${parts.has("edges")}
        @adjust=${(/** @type {CustomEvent} */ { detail }) => this.#change(job, detail.wish, detail.over)}
        @open=${this.#opened("edges")}
      ></offcut-edges>
      <offcut-hand
        .session=${this.session}
        .job=${job}
        .history=${drafts?.history(job) ?? null}
        .idle=${isUntouched(recipe)}
        .lost=${Boolean(this.bare?.failed(job))}
        .open=${parts.has("hand")}
        .turn=${this.turn}
        @open=${this.#opened("hand")}
        @go=${(/** @type {CustomEvent<number>} */ event) => drafts?.go(job, event.detail)}
      ></offcut-hand>`;
  }

  /** What is around the cutout. @param {Job} job */
  #around(job) {
    const { parts } = this;
    const { recipe, start, result } = job;
    return html`<offcut-scene
        .scene=${recipe.scene}
        .start=${start.scene}
        .palette=${result?.palette ?? []}
        .framing=${parts.has("frame")}
        .open=${parts.has("scene")}
        @adjust=${(/** @type {CustomEvent} */ { detail }) => this.#change(job, { scene: detail.scene }, detail.over)}
        @still=${this.#still}
        @pick=${(/** @type {CustomEvent} */ { detail }) => this.dispatchEvent(new CustomEvent("pick", { detail }))}
        @open=${this.#opened("scene")}
      ></offcut-scene>
      <offcut-frame
        .frame=${recipe.frame}
        .start=${start.frame}
        .size=${/** @type {[number, number]} */ (result ? [result.width, result.height] : [1000, 1000])}
        .open=${parts.has("frame")}
        @adjust=${(/** @type {CustomEvent} */ { detail }) => this.#change(job, { frame: detail.frame }, detail.over)}
        @open=${this.#opened("frame")}
      ></offcut-frame>`;
  }

  /** @param {Job} job */
  #file(job) {
    const { recipe, start } = job;
    return html`<offcut-output
        .output=${recipe.output}
        .start=${start.output}
        .job=${job}
        .turn=${this.turn}
        .saving=${this.saving}
        .open=${this.parts.has("output")}
        @adjust=${(/** @type {CustomEvent} */ { detail: { output, change, over } }) => {
          this.#change(job, { output }, over);
          if (!change) forgetOutput();
          // What a marketplace or an authority asks for is no habit of the person's.
          else if (over && !recipe.purpose) keepOutput(change);
        }}
        @project=${() => this.#saveProject(job)}
        @open=${this.#opened("output")}
      ></offcut-output>`;
  }

  /** @param {Job} job */
  #for(job) {
    return html`<offcut-purpose
      .job=${job}
      .turn=${this.turn}
      .open=${this.parts.has("purpose")}
      @adjust=${(/** @type {CustomEvent} */ { detail }) => this.#change(job, detail.wish, true)}
      @open=${this.#opened("purpose")}
    ></offcut-purpose>`;
  }

  /**
   * @param {Job} job
   * @param {Partial<RecipeData>} change
   * @param {boolean} over
   */
  #change(job, { method, edges, scene, frame, output, purpose }, over) {
    const { recipe } = job;
    const wish = {
      method: method ?? recipe.method,
      edges: edges ?? recipe.edges,
      scene: scene ?? recipe.scene,
      frame: frame ?? recipe.frame,
      output: output ?? recipe.output,
      purpose: purpose === undefined ? recipe.purpose : purpose,
    };
    this.drafts?.change(job, { ...recipe, ...wish }, over);
  }

  /** @param {CustomEvent<{file: File, done: (image: string) => void, failed: (fault: Fault) => void}>} event */
  async #still({ detail: { file, done, failed } }) {
    try {
      if (this.staff) done(await this.staff.keepStill(file));
    } catch (error) {
      failed(toFault(error, "internal"));
    }
  }

  /** @param {Job} job */
  async #saveProject(job) {
    if (this.saving === "saving") return;
    this.saving = "saving";
    const made = await this.staff?.packProject(job.file, job.recipe).catch((error) => toFault(error, "internal"));
    const blob = made instanceof Blob ? made : null;
    // The person may have turned to another picture: this one's project is saved all the same.
    if (job === this.job) this.saving = made && !(made instanceof Blob) ? made : "";
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    const name = job.file.name.replace(/(?<=.)\.[^.]*$/, "");
    Object.assign(document.createElement("a"), { href: url, download: `${name}.offcut` }).click();
    // The browser has begun to read it by then.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  /** @param {Part} part */
  #opened(part) {
    return (/** @type {CustomEvent<boolean>} */ { detail, target }) => {
      if (this.parts.has(part) === detail) return;
      const parts = new Set(this.parts);
      if (detail) parts.add(part);
      else parts.delete(part);
      if (detail) this.#raise(/** @type {Element} */ (target));
      this.dispatchEvent(new CustomEvent("parts", { detail: parts }));
    };
  }

  /** Where the panel is a sheet there is little room: what was opened comes to its top. @param {Element} fold */
  #raise(fold) {
    const panel = this.closest(".bench-panel");
    const head = fold.querySelector("summary");
    const grip = this.closest(".bench")?.querySelector("offcut-grip");
    if (!head || !panel || !grip?.getClientRects().length) return;
    requestAnimationFrame(() => {
      panel.scrollTop += head.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    });
  }
}

/** Whether a picture that could not be made at first may be made otherwise, by what is wished around it. @param {Job} job */
const mendable = ({ state, fault, again }) =>
  state === "failed" && !again && /^(frame|output|backdrop)\./.test(fault?.code ?? "");

/** @param {Job} job */
function isGraphic({ recipe, shown, result }) {
  const found = shown?.method.by !== "net" && result?.notes.includes("by-colour");
  return recipe.method.by === "colour" || (recipe.method.by === "auto" && Boolean(found));
}

/** What only finished pictures need is fetched with it. */
document.head.append(
  Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("inspector.css", import.meta.url).href,
  }),
);

customElements.define("offcut-inspector", Inspector);
