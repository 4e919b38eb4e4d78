// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { recall, remember } from "../memory.js";
import { share, t } from "../messages.js";
import { same } from "../plain.js";
import { faultSentence } from "../sentences.js";
import { check, choice, colour, slider } from "./controls.js";
import { Fold } from "./fold.js";
import { icon } from "./icon.js";
import { painted } from "./painted.js";

/** @import {BackdropSettings, Fault, SceneSettings} from "../protocol.js" */

/** @typedef {"none" | "colour" | "gradient" | "image" | "original"} Kind */

/** @type {readonly (readonly [Kind, () => string])[]} */
const KINDS = [
  ["none", () => t("None")],
  ["colour", () => t("Colour")],
  ["gradient", () => t("Gradient")],
  ["image", () => t("Picture")],
  ["original", () => t("Original")],
];

/**
 * What people ask for most: white and greys, the blues and the red of ID photos, and quiet grounds.
 *
 * @type {Record<string, () => string>}
 */
const USUAL = {
  "#ffffff": () => t("White"),
  "#f2f0ec": () => t("Paper"),
  "#d9d9d9": () => t("Light grey"),
  "#000000": () => t("Black"),
  "#438edb": () => t("Blue"),
  "#628bce": () => t("Steel blue"),
  "#d74532": () => t("Red"),
  "#f4c7c3": () => t("Pink"),
  "#cfe3d4": () => t("Mint"),
};
const PALETTE = Object.keys(USUAL);

/** The key under which colours of the person's own are remembered, and how many. */
const USED = "offcut.colours";
const USED_MOST = 9;

const SHAPES = /** @type {const} */ ([
  ["linear", () => t("Straight")],
  ["radial", () => t("Round")],
]);

const FITS = /** @type {const} */ ([
  ["cover", () => t("Fill")],
  ["contain", () => t("Show all")],
  ["place", () => t("Place")],
]);

/** What each begins with. */
const FIRST = {
  drop: { x: 0.015, y: 0.025, blur: 0.02, opacity: 0.35, colour: "#000000" },
  contact: { size: 0.5, opacity: 0.5, colour: "#000000" },
  rim: { width: 0.015, colour: "#ffffff" },
};

const off = (/** @type {(value: number) => string} */ told) => (/** @type {number} */ value) =>
  value === 0 ? t("off") : told(value);

/** @param {number} degrees */
const angle = (degrees) => t("{n}°", { n: degrees });

/** The colours of the person's own that were used last. @returns {string[]} */
function usedColours() {
  try {
    const told = JSON.parse(recall(USED) ?? "[]");
    return Array.isArray(told) ? told.filter((one) => /^#[0-9a-f]{6}$/.test(one)).slice(0, USED_MOST) : [];
  } catch {
    return [];
  }
}

/** @param {BackdropSettings | null} backdrop @returns {Kind} */
const kindOf = (backdrop) => (backdrop ? /** @type {Kind} */ (Object.keys(backdrop)[0]) : "none");

/**
 * What is around the subject.
 *
 * @fires Scene#adjust detail: {scene, over}
 * @fires Scene#still detail: {file, done(image), failed(fault)}; a picture of the person's for the background
 * @fires Scene#pick detail: what is called with a colour of the picture, or with null where none was picked; null where
 *   none is wanted any more
 */
export class Scene extends Fold {
  static properties = {
    ...Fold.properties,
    scene: { attribute: false },
    start: { attribute: false },
    palette: { attribute: false },
    framing: { type: Boolean },
    picking: { state: true },
    choosing: { state: true },
    fault: { state: true },
    fetching: { state: true },
  };

  /** The last of each kind: whoever comes back to it finds it as it was. @type {Map<Kind, BackdropSettings>} */
  #last = new Map(
    /** @type {[Kind, BackdropSettings][]} */ ([
      ["colour", { colour: "#ffffff" }],
      ["gradient", { gradient: { shape: "linear", start: "#f4efe8", end: "#b9c6d3", angle: 180 } }],
      ["original", { original: { blur: 0.4, grey: 0 } }],
    ]),
  );

  constructor() {
    super();
    /** @type {SceneSettings | null} */
    this.scene = null;
    /** @type {SceneSettings | null} */
    this.start = null;
    /** The subject's main colours. @type {string[]} */
    this.palette = [];
    /** Whether dragging in the picture moves the subject. */
    this.framing = false;
    this.picking = false;
    /** Whether a picture is still to be chosen. */
    this.choosing = false;
    /** @type {Fault | null} */
    this.fault = null;
    this.fetching = false;
  }

  /** The newest wish: what took longer to come than the next one is not wanted any more. */
  #wished = 0;
  /** Whether the pointer has just chosen something, and not a key that goes from one to the next. */
  #pointed = false;

  /** @override */
  willUpdate() {
    const backdrop = this.scene?.backdrop;
    if (backdrop) this.#last.set(kindOf(backdrop), backdrop);
  }

  /** @override */
  get head() {
    const changed = this.scene && !same(this.scene, this.start);
    return { name: t("Backdrop"), key: "S", note: changed ? t("changed") : "" };
  }

  /** @override */
  body() {
    const { scene, start } = this;
    if (!scene || !start) return nothing;
    const { backdrop, drop, contact, rim, tone } = scene;
    return html`<div @pointerdown=${this.#points} @keydown=${this.#points}>
        ${choice({
          name: `${this.group}-kind`,
          legend: t("Behind the subject"),
          choices: KINDS,
          chosen: this.choosing ? "image" : kindOf(backdrop),
          choose: (kind) => this.#choose(kind),
        })}
      </div>
      ${this.choosing ? this.#chooser() : this.#backdrop(backdrop)} ${this.#trouble()}
      <fieldset class="group">
        <legend>${t("Shadow and outline")}</legend>
        ${check(t("Shadow behind"), drop !== null, (on) => this.#tell({ drop: on ? FIRST.drop : null }, true))}
        ${drop ? this.#drop(drop) : nothing}
        ${check(t("Shadow on the ground"), contact !== null, (on) => this.#tell({ contact: on ? FIRST.contact : null }, true))}
        ${contact ? this.#contact(contact) : nothing}
        ${check(t("Outline"), rim !== null, (on) => this.#tell({ rim: on ? FIRST.rim : null }, true))}
        ${rim ? this.#rim(rim) : nothing}
      </fieldset>
      <fieldset class="group">
        <legend>${t("The subject itself")}</legend>
        ${this.#slider("brightness", t("Brightness"), tone.brightness, [-1, 1, 0.05], (value, over) => this.#tell({ tone: { ...tone, brightness: value } }, over), off(share), start.tone.brightness)}
        ${this.#slider("contrast", t("Contrast"), tone.contrast, [-1, 1, 0.05], (value, over) => this.#tell({ tone: { ...tone, contrast: value } }, over), off(share), start.tone.contrast)}
        ${this.#slider("saturation", t("Colour"), tone.saturation, [-1, 1, 0.05], (value, over) => this.#tell({ tone: { ...tone, saturation: value } }, over), off(share), start.tone.saturation)}
      </fieldset>
      <button type="button" class="button is-quiet" ?disabled=${same(scene, start)} @click=${() => this.#tell(start, true)}>
        ${icon("retry")}${t("Reset the backdrop")}
      </button>`;
  }

  #trouble() {
    if (this.fetching) return html`<p class="panel-note" role="status">${t("Reading the picture")}</p>`;
    if (!this.fault) return nothing;
    const { title, advice } = faultSentence(this.fault);
    return html`<p class="panel-note is-warn" role="alert">${icon("alert")}${title} ${advice}</p>`;
  }

  /** @param {BackdropSettings | null} backdrop */
  #backdrop(backdrop) {
    if (!backdrop) return nothing;
    if ("colour" in backdrop) return this.#colour(backdrop.colour);
    if ("gradient" in backdrop) {
      const { gradient } = backdrop;
      const tell = (/** @type {Partial<typeof gradient>} */ change, /** @type {boolean} */ over) =>
        this.#back({ gradient: { ...gradient, ...change } }, over);
      return html`${colour({ id: `${this.group}-start`, label: t("From"), value: gradient.start, tell: (start, over) => tell({ start }, over) })}
        ${colour({ id: `${this.group}-end`, label: t("To"), value: gradient.end, tell: (end, over) => tell({ end }, over) })}
        ${choice({ name: `${this.group}-shape`, legend: t("Shape"), plain: true, choices: SHAPES, chosen: gradient.shape, choose: (shape) => tell({ shape }, true) })}
        ${gradient.shape === "linear" ? this.#slider("angle", t("Direction"), gradient.angle, [0, 360, 5], (value, over) => tell({ angle: value }, over), angle) : nothing}`;
    }
    if ("image" in backdrop) {
      const { image } = backdrop;
      const tell = (/** @type {Partial<typeof image>} */ change, /** @type {boolean} */ over) =>
        this.#back({ image: { ...image, ...change } }, over);
      return html`${this.#chooser()}
        ${choice({ name: `${this.group}-fit`, legend: t("How it lies"), plain: true, choices: FITS, chosen: image.fit, choose: (fit) => tell({ fit }, true) })}
        ${
          image.fit === "place"
            ? html`${this.#slider("image-zoom", t("Its size"), image.zoom, [0.1, 4, 0.05], (zoom, over) => tell({ zoom }, over), share)}
              ${this.#slider("image-x", t("Across"), image.x, [-1, 1, 0.01], (x, over) => tell({ x }, over), share)}
              ${this.#slider("image-y", t("Down"), image.y, [-1, 1, 0.01], (y, over) => tell({ y }, over), share)}
              <p class="soft">${this.framing ? t("Fold Frame, and it can be dragged in the picture.") : t("It can be dragged in the picture.")}</p>`
            : nothing
        }`;
    }
    const { original } = backdrop;
    const tell = (/** @type {Partial<typeof original>} */ change, /** @type {boolean} */ over) =>
      this.#back({ original: { ...original, ...change } }, over);
    return html`${this.#slider("blur", t("Blur"), original.blur, [0, 1, 0.02], (blur, over) => tell({ blur }, over), off(share))}
      ${this.#slider("grey", t("Without colour"), original.grey, [0, 1, 0.05], (grey, over) => tell({ grey }, over), off(share))}`;
  }

  /** @param {string} value */
  #colour(value) {
    const own = this.palette.filter((one) => !PALETTE.includes(one));
    const used = usedColours().filter((one) => !own.includes(one));
    return html`${this.#swatches(t("Often used"), PALETTE, value)}
      ${own.length ? this.#swatches(t("Of the subject"), own, value) : nothing}
      ${used.length ? this.#swatches(t("Used last"), used, value) : nothing}
      ${colour({
        id: `${this.group}-colour`,
        label: t("Colour"),
        value,
        tell: (one, over) => {
          if (over) this.#use(one);
          this.#back({ colour: one }, over);
        },
      })}
      <button type="button" class="button is-small" data-pick aria-pressed=${this.picking} @click=${this.#pick}>
        ${icon("dropper")}${t("Pick from the picture")}
      </button>
      ${this.picking ? html`<p class="soft" role="status">${t("Point at the colour in the original, and click or let go.")}</p>` : nothing}`;
  }

  /**
   * @param {string} name
   * @param {readonly string[]} colours
   * @param {string} value
   */
  #swatches(name, colours, value) {
    return html`<div class="palette" role="group" aria-label=${name}>
      <span class="palette-name" aria-hidden="true">${name}</span>
      ${colours.map(
        (
          one,
        ) => html`<button type="button" class="palette-colour" title=${USUAL[one]?.() ?? one} aria-label=${USUAL[one]?.() ?? one}
          aria-pressed=${one === value} ${painted(one)} @click=${() => this.#back({ colour: one }, true)}></button>`,
      )}
    </div>`;
  }

  #chooser() {
    return html`<div class="file-field">
      <label class="button is-small" for="${this.group}-file">${icon("file")}${t("Choose a picture")}</label>
      <input type="file" class="visually-hidden" id="${this.group}-file" accept="image/*,.avif,.tif,.tiff,.bmp" @change=${this.#chosen} />
    </div>`;
  }

  /** @param {NonNullable<SceneSettings["drop"]>} drop */
  #drop(drop) {
    const tell = (/** @type {Partial<typeof drop>} */ change, /** @type {boolean} */ over) =>
      this.#tell({ drop: { ...drop, ...change } }, over);
    return html`<div class="under">
      ${this.#slider("drop-opacity", t("Darkness"), drop.opacity, [0, 1, 0.05], (opacity, over) => tell({ opacity }, over), share)}
      ${this.#slider("drop-blur", t("Softness"), drop.blur, [0, 0.1, 0.002], (blur, over) => tell({ blur }, over), share)}
      ${this.#slider("drop-x", t("Across"), drop.x, [-0.2, 0.2, 0.005], (x, over) => tell({ x }, over), share)}
      ${this.#slider("drop-y", t("Down"), drop.y, [-0.2, 0.2, 0.005], (y, over) => tell({ y }, over), share)}
    </div>`;
  }

  /** @param {NonNullable<SceneSettings["contact"]>} contact */
  #contact(contact) {
    const tell = (/** @type {Partial<typeof contact>} */ change, /** @type {boolean} */ over) =>
      this.#tell({ contact: { ...contact, ...change } }, over);
    return html`<div class="under">
      ${this.#slider("contact-opacity", t("Darkness"), contact.opacity, [0, 1, 0.05], (opacity, over) => tell({ opacity }, over), share)}
      ${this.#slider("contact-size", t("Reach"), contact.size, [0, 1, 0.05], (size, over) => tell({ size }, over), share)}
    </div>`;
  }

  /** @param {NonNullable<SceneSettings["rim"]>} rim */
  #rim(rim) {
    const tell = (/** @type {Partial<typeof rim>} */ change, /** @type {boolean} */ over) =>
      this.#tell({ rim: { ...rim, ...change } }, over);
    return html`<div class="under">
      ${this.#slider("rim-width", t("Width"), rim.width, [0, 0.1, 0.0025], (width, over) => tell({ width }, over), share)}
      ${colour({ id: `${this.group}-rim`, label: t("Colour"), value: rim.colour, tell: (one, over) => tell({ colour: one }, over) })}
    </div>`;
  }

  /**
   * @param {string} id
   * @param {string} label
   * @param {number} value
   * @param {[number, number, number]} range
   * @param {(value: number, over: boolean) => void} tell
   * @param {(value: number) => string} told
   * @param {number} [start] what a double click brings back
   */
  #slider(id, label, value, range, tell, told, start) {
    return slider({ id: `${this.group}-${id}`, label, value, start, range, told, tell });
  }

  /** @param {Event} event */
  #points(event) {
    this.#pointed = event.type === "pointerdown";
  }

  /** @param {Kind} kind */
  #choose(kind) {
    this.fault = null;
    this.choosing = false;
    if (kind === "none") return this.#tell({ backdrop: null }, true);
    const known = this.#last.get(kind);
    if (known) return this.#back(known, true);
    // Whoever goes on with the arrow keys is not stopped by a window that opens.
    if (this.#pointed) this.#ask();
    else this.choosing = true;
  }

  /** A picture has to be chosen before it can lie there. */
  #ask() {
    this.requestUpdate();
    const input = Object.assign(document.createElement("input"), {
      type: "file",
      accept: "image/*,.avif,.tif,.tiff,.bmp",
    });
    input.addEventListener("change", (event) => this.#chosen(event));
    input.click();
  }

  /** @param {Event} event */
  #chosen(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (!file) return;
    input.value = "";
    Object.assign(this, { fault: null, fetching: true });
    const wished = ++this.#wished;
    const newest = () => wished === this.#wished && this.isConnected;
    const done = (/** @type {string} */ image) => {
      if (!newest()) return;
      Object.assign(this, { choosing: false, fetching: false });
      this.#back({ image: { image, fit: "cover", zoom: 1, x: 0, y: 0 } }, true);
    };
    const failed = (/** @type {Fault} */ fault) => {
      if (newest()) Object.assign(this, { fault, fetching: false });
    };
    this.dispatchEvent(new CustomEvent("still", { detail: { file, done, failed } }));
  }

  #pick() {
    if (this.picking) return this.dispatchEvent(new CustomEvent("pick", { detail: null }));
    this.picking = true;
    const picked = async (/** @type {string | null} */ one) => {
      this.picking = false;
      if (one) {
        this.#use(one);
        this.#back({ colour: one }, true);
      }
      await this.updateComplete;
      /** @type {HTMLElement | null} */ (this.querySelector("[data-pick]"))?.focus();
    };
    return this.dispatchEvent(new CustomEvent("pick", { detail: picked }));
  }

  /** Remembers a colour of the person's own. @param {string} one */
  #use(one) {
    if ([...PALETTE, ...this.palette].includes(one)) return;
    remember(USED, JSON.stringify([one, ...usedColours().filter((other) => other !== one)].slice(0, USED_MOST)));
  }

  /**
   * @param {BackdropSettings} backdrop
   * @param {boolean} over
   */
  #back(backdrop, over) {
    this.#tell({ backdrop }, over);
  }

  /**
   * @param {Partial<SceneSettings>} change
   * @param {boolean} over
   */
  #tell(change, over) {
    if (!this.scene) return;
    if ("backdrop" in change) {
      this.#wished += 1;
      this.fetching = false;
    }
    this.scene = { ...this.scene, ...change };
    this.dispatchEvent(new CustomEvent("adjust", { detail: { scene: this.scene, over } }));
  }
}

customElements.define("offcut-scene", Scene);
