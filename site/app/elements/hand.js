// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { KEYS, SIZES, sizeOf } from "../hand/tools.js";
import { number, share, t } from "../messages.js";
import "./history.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";

/** @import {Hand} from "../hand/hand.js" */
/** @import {Mode} from "../hand/paper.js" */
/** @import {Session} from "../hand/session.js" */
/** @import {Settings, Tool} from "../hand/tools.js" */
/** @import {Job} from "../queue.js" */
/** @import {History} from "../history.js" */

/** @type {[Tool, Parameters<typeof icon>[0], () => string, () => string][]} */
const ROWS = [
  ["erase", "eraser", () => t("Erase"), () => t("Paint over what should go.")],
  ["restore", "brush", () => t("Restore"), () => t("Paint over what should come back.")],
  [
    "protect",
    "shield",
    () => t("Protect"),
    () => t("What you paint stays, whatever else is done. With Alt it is given up again."),
  ],
  [
    "keep",
    "keep",
    () => t("Keep"),
    () => t("Draw a line over what should stay. What belongs to it is found by colour and edges."),
  ],
  [
    "drop",
    "drop",
    () => t("Drop"),
    () => t("Draw a line over what should go. What belongs to it is found by colour and edges."),
  ],
  ["fill", "bucket", () => t("Colour"), () => t("Click a colour: all that has it goes, or comes back.")],
  ["lasso", "lasso", () => t("Lasso"), () => t("Draw around what should go, or come back.")],
  ["rectangle", "rectangle", () => t("Rectangle"), () => t("Drag a rectangle over what should go, or come back.")],
  ["refine", "hair", () => t("Edge"), () => t("Paint over hair or a rough edge: it is found anew.")],
];

/** @type {[Mode, () => string][]} */
const MODES = [
  ["cutout", () => t("Cutout")],
  ["overlay", () => t("Red")],
  ["matte", () => t("Matte")],
  ["outline", () => t("Outline")],
];

/** The tools in the order of the panel: key and name, for the sheet of shortcuts. */
export const toolNames = () => ROWS.map(([tool, , name]) => /** @type {[string, string]} */ ([keyOf(tool), name()]));

/** @param {Tool} tool */
const keyOf = (tool) =>
  Object.entries(KEYS)
    .filter(([, other]) => other === tool)
    .map(([key]) => key.toUpperCase())
    .join();

/** What only work by hand needs is fetched with it. */
const styles = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("hand.css", import.meta.url).href,
});
document.head.append(styles);

let groups = 0;

/**
 * The tools for work by hand, and what was done.
 *
 * @fires HandPanel#open detail: whether it is
 * @fires HandPanel#go detail: so many steps through what was done, back below 0
 */
export class HandPanel extends LightElement {
  static properties = {
    session: { attribute: false },
    job: { attribute: false },
    history: { attribute: false },
    open: { type: Boolean },
    turn: { type: Number },
  };

  #group = `hand-${++groups}`;

  constructor() {
    super();
    /** @type {Session | null} */
    this.session = null;
    /** @type {Job | null} */
    this.job = null;
    /** @type {History | null} */
    this.history = null;
    this.open = false;
    this.turn = 0;
  }

  /** @override */
  render() {
    const { job, history } = this;
    if (!job || !history) return nothing;
    const count = job.recipe.touches.length;
    return html`<details class="fold hand" .open=${this.open} @toggle=${this.#toggled}>
      <summary title=${t("By hand (H)")}>
        <span>${t("By hand")}</span>${count ? html`<span class="fold-note">${number(count)}</span>` : nothing}
      </summary>
      ${this.open && this.session ? this.#body(this.session, history) : nothing}
    </details>`;
  }

  /**
   * @param {Session} session
   * @param {History} history
   */
  #body(session, history) {
    const { hand } = session;
    const { settings } = hand;
    const row = ROWS.find(([tool]) => tool === settings.tool);
    return html`<div class="fold-body">
      <fieldset class="tools-grid">
        <legend class="visually-hidden">${t("Tool")}</legend>
        ${ROWS.map(
          ([tool, picture, name]) => html`<label class="hand-tool" title=${`${name()} (${keyOf(tool)})`}>
            <input type="radio" name="${this.#group}-tool" value=${tool} .checked=${tool === settings.tool}
              @change=${() => hand.set({ tool })} />
            <span>${icon(picture)}<span>${name()}</span></span>
          </label>`,
        )}
      </fieldset>
      <p class="hand-hint">${row?.[3]()}</p>
      ${this.#options(hand, settings)}
      <fieldset class="plans">
        <legend>${t("Show")}</legend>
        <div class="segments">
          ${MODES.map(
            ([mode, name]) => html`<label class="segment">
              <input type="radio" name="${this.#group}-mode" value=${mode} .checked=${mode === session.mode}
                @change=${() => {
                  session.mode = mode;
                }} />
              <span>${name()}</span>
            </label>`,
          )}
        </div>
      </fieldset>
      <offcut-history .now=${this.job?.recipe ?? null} .history=${history} .turn=${this.turn}
        @go=${(/** @type {CustomEvent<number>} */ { detail }) => this.dispatchEvent(new CustomEvent("go", { detail }))}
      ></offcut-history>
    </div>`;
  }

  /**
   * @param {Hand} hand
   * @param {Settings} settings
   */
  #options(hand, settings) {
    const { tool } = settings;
    const size = sizeOf(tool);
    const isArea = tool === "fill" || tool === "lasso" || tool === "rectangle";
    return html`
      ${
        size
          ? this.#slider("size", t("Size"), settings[size], SIZES.least, SIZES.most, 1, pixels, (value) =>
              hand.set({ [size]: value }),
            )
          : nothing
      }
      ${
        size === "brush"
          ? [
              this.#slider("hardness", t("Hardness"), settings.hardness, 0, 1, 0.05, share, (hardness) =>
                hand.set({ hardness }),
              ),
              this.#check(t("A pen's pressure changes the size"), settings.pressure, (pressure) =>
                hand.set({ pressure }),
              ),
            ]
          : nothing
      }
      ${
        isArea
          ? html`<fieldset class="plans">
              <legend class="visually-hidden">${t("What it does")}</legend>
              <div class="segments">
                ${[false, true].map(
                  (restores) => html`<label class="segment">
                    <input type="radio" name="${this.#group}-restores" .checked=${restores === settings.restores}
                      @change=${() => hand.set({ restores })} />
                    <span>${restores ? t("Restore") : t("Erase")}</span>
                  </label>`,
                )}
              </div>
            </fieldset>`
          : nothing
      }
      ${tool === "fill" ? this.#fill(hand, settings) : nothing}
    `;
  }

  /**
   * @param {Hand} hand
   * @param {Settings} settings
   */
  #fill(hand, settings) {
    return html`${this.#slider("tolerance", t("Tolerance"), settings.tolerance, 0, 1, 0.01, share, (tolerance) =>
      hand.set({ tolerance }),
    )}
      ${this.#check(t("Only what hangs together"), settings.contiguous, (contiguous) => hand.set({ contiguous }))}
      <div class="hand-colour">
        <input type="color" class="swatch-picker" aria-label=${t("Colour")} .value=${hand.colour}
          @input=${(/** @type {Event} */ event) => {
            hand.colour = /** @type {HTMLInputElement} */ (event.target).value;
          }} />
        <button type="button" class="button is-small" @click=${() => hand.fillEverywhere(hand.colour)}>
          ${settings.restores ? t("Restore this colour everywhere") : t("Erase this colour everywhere")}
        </button>
      </div>`;
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {number} value
   * @param {number} least
   * @param {number} most
   * @param {number} step
   * @param {(value: number) => string} told
   * @param {(value: number) => void} set
   */
  #slider(name, label, value, least, most, step, told, set) {
    const id = `${this.#group}-${name}`;
    return html`<div class="slider">
      <label for=${id}>${label}</label>
      <output for=${id}>${told(value)}</output>
      <input type="range" id=${id} min=${least} max=${most} step=${step} .value=${String(value)}
        aria-valuetext=${told(value)}
        @input=${(/** @type {Event} */ event) => set(/** @type {HTMLInputElement} */ (event.target).valueAsNumber)} />
    </div>`;
  }

  /**
   * @param {string} label
   * @param {boolean} checked
   * @param {(checked: boolean) => void} choose
   */
  #check(label, checked, choose) {
    return html`<label class="check">
      <input type="checkbox" .checked=${checked}
        @change=${(/** @type {Event} */ event) => choose(/** @type {HTMLInputElement} */ (event.target).checked)} />
      <span>${label}</span>
    </label>`;
  }

  /** @param {Event} event */
  #toggled(event) {
    const { open } = /** @type {HTMLDetailsElement} */ (event.target);
    if (open === this.open) return;
    this.open = open;
    this.dispatchEvent(new CustomEvent("open", { detail: open }));
  }
}

const pixels = (/** @type {number} */ value) => t("{n} px", { n: number(value) });

customElements.define("offcut-hand", HandPanel);
