// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { BACKDROPS } from "../backdrops.js";
import { share, t } from "../messages.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/** @type {Record<string, () => string>} */
const NAMES = {
  checker: () => t("Checkerboard"),
  light: () => t("White"),
  dark: () => t("Black"),
  colour: () => t("Colour"),
};

/**
 * How the picture is looked at: zoom, before and after, what lies behind the cutout. None of it changes the file.
 *
 * @fires Toolbar#act detail: "fit" | "actual" | "in" | "out" | "compare" | "keys"
 * @fires Toolbar#backdrop detail: {backdrop, colour}
 */
export class Toolbar extends LightElement {
  static properties = {
    scale: { type: Number },
    comparing: { type: Boolean },
    comparable: { type: Boolean },
    backdrop: { type: String },
    colour: { type: String },
    opaque: { type: Boolean },
  };

  constructor() {
    super();
    this.scale = 1;
    this.comparing = false;
    this.comparable = false;
    this.backdrop = "checker";
    this.colour = "#3d7a5a";
    /** Whether nothing is to be seen of what lies behind. */
    this.opaque = false;
  }

  /** @override */
  render() {
    return html`<div class="toolbar" role="toolbar" aria-label=${t("View")}>
      <div class="tools">
        ${this.#button("out", "minus", t("Zoom out"))}
        <button type="button" class="tool is-text" title=${t("Full size (1)")} @click=${this.#act("actual")}>
          <span class="visually-hidden">${t("Full size. Now")}</span> ${share(this.scale * devicePixelRatio)}
        </button>
        ${this.#button("in", "add", t("Zoom in"))}
        ${this.#button("fit", "fit", t("Fit to the window (F)"))}
      </div>
      <button type="button" class="tool is-text" aria-pressed=${this.comparing} ?disabled=${!this.comparable}
        aria-label=${t("Compare")} title=${t("Before and after (C)")} @click=${this.#act("compare")}>
        ${icon("compare")}<span class="wide-only">${t("Compare")}</span>
      </button>
      <fieldset class="swatches ${this.opaque ? "is-idle" : ""}" ?disabled=${this.opaque}>
        <legend class="visually-hidden">${t("Behind the cutout (B)")}</legend>
        ${BACKDROPS.map((name) => this.#swatch(name))}
        <input type="color" class="swatch-picker" .value=${this.colour} ?hidden=${this.backdrop !== "colour"}
          aria-label=${t("Choose the colour")} @input=${this.#pick} />
      </fieldset>
      ${this.#button("keys", "keyboard", t("Keyboard shortcuts (?)"), "wide-only")}
    </div>`;
  }

  /**
   * @param {string} act
   * @param {Parameters<typeof icon>[0]} picture
   * @param {string} label
   * @param {string} [extra]
   */
  #button(act, picture, label, extra = "") {
    return html`<button type="button" class="tool ${extra}" title=${label} aria-label=${label} @click=${this.#act(act)}>
      ${icon(picture)}
    </button>`;
  }

  /** @param {typeof BACKDROPS[number]} name */
  #swatch(name) {
    const label = NAMES[name]?.() ?? name;
    return html`<label class="swatch" data-backdrop=${name} title=${label}>
      <input type="radio" name="backdrop" value=${name} .checked=${this.backdrop === name}
        @change=${() => this.#tell(name, this.colour)} />
      <span class="visually-hidden">${label}</span>
    </label>`;
  }

  /** @param {string} act */
  #act(act) {
    return () => this.dispatchEvent(new CustomEvent("act", { detail: act }));
  }

  /** @param {Event} event */
  #pick(event) {
    this.#tell("colour", /** @type {HTMLInputElement} */ (event.target).value);
  }

  /**
   * @param {string} backdrop
   * @param {string} colour
   */
  #tell(backdrop, colour) {
    this.dispatchEvent(new CustomEvent("backdrop", { detail: { backdrop, colour } }));
  }
}

customElements.define("offcut-toolbar", Toolbar);
