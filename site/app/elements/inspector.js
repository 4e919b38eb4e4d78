// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { toFault } from "../fault.js";
import { remember } from "../memory.js";
import { OUTPUT } from "../settings.js";
import "./edges.js";
import "./frame.js";
import "./hand.js";
import { LightElement } from "./light.js";
import "./output.js";
import "./purpose.js";
import "./scene.js";

/** @import {Drafts} from "../drafts.js" */
/** @import {Session} from "../hand/session.js" */
/** @import {Fault, RecipeData} from "../protocol.js" */
/** @import {Job} from "../queue.js" */
/** @import {Staff} from "../staff.js" */
/** @import {Edges} from "./edges.js" */
/** @import {Fold} from "./fold.js" */

/** @typedef {"edges" | "hand" | "scene" | "frame" | "purpose" | "output"} Part */

/** The elements of the parts that are folds and no more than that. @type {Partial<Record<Part, string>>} */
const FOLDS = {
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
    parts: { attribute: false },
    turn: { type: Number },
    unsaved: { state: true },
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
    /** @type {ReadonlySet<Part>} */
    this.parts = new Set();
    this.turn = 0;
    /** Why the project could not be saved, last. @type {Fault | null} */
    this.unsaved = null;
  }

  /** Opens a part and puts the keyboard into it, or folds it. @param {Part} part */
  toggle(part) {
    const name = FOLDS[part];
    if (name) /** @type {Fold | Edges | null} */ (this.querySelector(name))?.toggle();
  }

  /** @override */
  render() {
    const { job, drafts, parts } = this;
    if (!job?.result) return nothing;
    const { recipe, start, result } = job;
    return html`<offcut-edges
        .wish=${recipe}
        .start=${start}
        .graphic=${isGraphic(job)}
        .open=${parts.has("edges")}
        @adjust=${(/** @type {CustomEvent} */ { detail }) => this.#change(detail.wish, detail.over)}
        @open=${this.#opened("edges")}
      ></offcut-edges>
      <offcut-hand
        .session=${this.session}
        .job=${job}
        .history=${drafts?.history(job) ?? null}
        .open=${parts.has("hand")}
        .turn=${this.turn}
        @open=${this.#opened("hand")}
        @go=${(/** @type {CustomEvent<number>} */ event) => drafts?.go(job, event.detail)}
      ></offcut-hand>
      <offcut-scene
        .scene=${recipe.scene}
        .start=${start.scene}
        .palette=${result.palette}
        .framing=${parts.has("frame")}
        .open=${parts.has("scene")}
        @adjust=${(/** @type {CustomEvent} */ { detail }) => this.#change({ scene: detail.scene }, detail.over)}
        @still=${this.#still}
        @pick=${(/** @type {CustomEvent} */ { detail }) => this.dispatchEvent(new CustomEvent("pick", { detail }))}
        @open=${this.#opened("scene")}
      ></offcut-scene>
      <offcut-frame
        .frame=${recipe.frame}
        .start=${start.frame}
        .size=${/** @type {[number, number]} */ ([result.width, result.height])}
        .open=${parts.has("frame")}
        @adjust=${(/** @type {CustomEvent} */ { detail }) => this.#change({ frame: detail.frame }, detail.over)}
        @open=${this.#opened("frame")}
      ></offcut-frame>
      <offcut-purpose
        .recipe=${recipe}
        .start=${start}
        .result=${result}
        .open=${parts.has("purpose")}
        @adjust=${(/** @type {CustomEvent} */ { detail }) => this.#change(detail.wish, true)}
        @open=${this.#opened("purpose")}
      ></offcut-purpose>
      <offcut-output
        .output=${recipe.output}
        .start=${start.output}
        .result=${result}
        .unsaved=${this.unsaved}
        .open=${parts.has("output")}
        @adjust=${(/** @type {CustomEvent} */ { detail }) => {
          this.#change({ output: detail.output }, detail.over);
          if (detail.over) remember(OUTPUT, JSON.stringify(detail.output));
        }}
        @project=${() => this.#saveProject(job)}
        @open=${this.#opened("output")}
      ></offcut-output>`;
  }

  /**
   * @param {Partial<RecipeData>} change
   * @param {boolean} over
   */
  #change({ method, edges, scene, frame, output, purpose }, over) {
    const { job } = this;
    if (!job) return;
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
    this.unsaved = null;
    const blob = await this.staff?.packProject(job.file, job.recipe).catch((error) => {
      this.unsaved = toFault(error, "internal");
    });
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
