// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { number, share, t } from "../messages.js";
import { same } from "../plain.js";
import { check, choice, numeric, select, slider } from "./controls.js";
import { Fold } from "./fold.js";
import { icon } from "./icon.js";

/** @import {CanvasSettings, FrameSettings} from "../protocol.js" */

const FITS = /** @type {const} */ ([
  ["picture", () => t("Picture")],
  ["cover", () => t("Fill")],
  ["subject", () => t("Subject")],
  ["head", () => t("Head")],
]);

/** @type {readonly (readonly [string, () => string])[]} */
const SHAPES = [
  ["own", () => t("As large as it is")],
  ["1:1", () => t("Square, 1:1")],
  ["4:5", () => t("Portrait, 4:5")],
  ["3:4", () => t("Portrait, 3:4")],
  ["2:3", () => t("Portrait, 2:3")],
  ["9:16", () => t("Story, 9:16")],
  ["4:3", () => t("Landscape, 4:3")],
  ["3:2", () => t("Landscape, 3:2")],
  ["16:9", () => t("Wide, 16:9")],
  ["size", () => t("A size of your own")],
];

const UNITS = /** @type {const} */ ([
  ["px", () => t("pixels")],
  ["mm", () => t("millimetres")],
  ["in", () => t("inches")],
]);

/** Pixels of an inch and a millimetre at a resolution, to keep the size where its unit changes. */
const per = { px: () => 1, mm: (/** @type {number} */ dpi) => dpi / 25.4, in: (/** @type {number} */ dpi) => dpi };

/** The largest canvas, as offcut.frame has it. */
const LONGEST = 20_000;

/** @param {number} degrees */
const angle = (degrees) => (degrees === 0 ? t("off") : t("{n}°", { n: number(degrees) }));

/** @param {CanvasSettings | null} canvas */
const shapeOf = (canvas) => (!canvas ? "own" : "unit" in canvas ? "size" : `${canvas.width}:${canvas.height}`);

/**
 * What of the picture is seen, and on a canvas of which size.
 *
 * @fires Frame#adjust detail: {frame, over}
 */
export class Frame extends Fold {
  static properties = {
    ...Fold.properties,
    frame: { attribute: false },
    start: { attribute: false },
    size: { attribute: false },
  };

  constructor() {
    super();
    /** @type {FrameSettings | null} */
    this.frame = null;
    /** @type {FrameSettings | null} */
    this.start = null;
    /** Width and height of the file in pixels, as it is now. @type {[number, number]} */
    this.size = [1, 1];
  }

  /** @override */
  get head() {
    const changed = this.frame && !same(this.frame, this.start);
    return { name: t("Frame"), key: "A", note: changed ? t("changed") : "" };
  }

  /** @override */
  body() {
    const { frame, start } = this;
    if (!frame || !start) return nothing;
    const { canvas } = frame;
    const shape = shapeOf(canvas);
    const known = SHAPES.some(([one]) => one === shape);
    return html`${choice({
      name: `${this.group}-fit`,
      legend: t("What is seen"),
      choices: FITS,
      chosen: frame.fit,
      choose: (fit) => this.#tell({ fit }, true),
    })}
      ${select({
        id: `${this.group}-shape`,
        label: t("Canvas"),
        choices: known ? SHAPES : [...SHAPES, [shape, () => shape]],
        chosen: shape,
        choose: (shape) => this.#shape(shape),
      })}
      ${canvas && "unit" in canvas ? this.#canvas(canvas) : nothing}
      ${
        frame.fit === "head"
          ? html`${this.#slider("head-height", t("Height of the head"), frame.head.height, [0.2, 0.9, 0.01], share, (height, over) => this.#tell({ head: { ...frame.head, height } }, over), start.head.height)}
            ${this.#slider("head-top", t("Above the head"), frame.head.top, [0, 0.4, 0.01], share, (top, over) => this.#tell({ head: { ...frame.head, top } }, over), start.head.top)}`
          : this.#slider(
              "margin",
              t("Margin"),
              frame.margin,
              [0, 0.45, 0.005],
              (value) => (value ? share(value) : t("off")),
              (margin, over) => this.#tell({ margin }, over),
              start.margin,
            )
      }
      ${this.#slider("turn", t("Turn"), frame.turn, [-180, 180, 0.5], angle, (turn, over) => this.#tell({ turn }, over), start.turn)}
      <div class="row">
        <button type="button" class="button is-small" @click=${() => this.#turn(-90)}>${icon("undo")}${t("Left")}</button>
        <button type="button" class="button is-small" @click=${() => this.#turn(90)}>${icon("redo")}${t("Right")}</button>
        ${check(t("Mirrored"), frame.flip, (flip) => this.#tell({ flip }, true))}
      </div>
      ${this.#slider("zoom", t("Size"), frame.zoom, [0.1, 4, 0.01], share, (zoom, over) => this.#tell({ zoom }, over), start.zoom)}
      ${this.#slider("x", t("Across"), frame.x, [-2, 2, 0.005], share, (x, over) => this.#tell({ x }, over), start.x)}
      ${this.#slider("y", t("Down"), frame.y, [-2, 2, 0.005], share, (y, over) => this.#tell({ y }, over), start.y)}
      <p class="soft">${t("While this is open, the subject can be dragged in the picture, and scaled by the corner.")}</p>
      <button type="button" class="button is-quiet" ?disabled=${same(frame, start)} @click=${() => this.#tell(start, true)}>
        ${icon("retry")}${t("Reset the frame")}
      </button>`;
  }

  /** @param {Extract<CanvasSettings, {unit: string}>} canvas */
  #canvas(canvas) {
    const { unit, dpi } = canvas;
    const most = Math.floor(LONGEST / per[unit](dpi));
    const step = unit === "px" ? 1 : 0.01;
    const tell = (/** @type {Partial<typeof canvas>} */ change) =>
      this.#tell({ canvas: { ...canvas, ...change } }, true);
    const side = (/** @type {"width" | "height"} */ name, /** @type {string} */ label) =>
      numeric({
        id: `${this.group}-${name}`,
        label,
        value: Number(canvas[name].toFixed(unit === "px" ? 0 : 2)),
        range: [step, most, step],
        tell: (value) => tell({ [name]: value }),
      });
    return html`<div class="under">
      ${side("width", t("Width"))} ${side("height", t("Height"))}
      ${select({
        id: `${this.group}-unit`,
        label: t("Unit"),
        choices: UNITS,
        chosen: unit,
        choose: (next) => {
          const factor = per[unit](dpi) / per[next](dpi);
          const whole = next === "px" ? 1 : 100;
          const as = (/** @type {number} */ value) => Math.max(1 / whole, Math.round(value * factor * whole) / whole);
          tell({ unit: next, width: as(canvas.width), height: as(canvas.height) });
        },
      })}
      ${numeric({ id: `${this.group}-dpi`, label: t("Resolution"), value: Math.round(dpi), range: [10, 2400, 1], unit: t("dpi"), tell: (value) => tell({ dpi: value }) })}
    </div>`;
  }

  /**
   * @param {string} id
   * @param {string} label
   * @param {number} value
   * @param {[number, number, number]} range
   * @param {(value: number) => string} told
   * @param {(value: number, over: boolean) => void} tell
   * @param {number} start what a double click brings back
   */
  #slider(id, label, value, range, told, tell, start) {
    return slider({ id: `${this.group}-${id}`, label, value, start, range, told, tell });
  }

  /** @param {string} shape */
  #shape(shape) {
    if (shape === "own") return this.#tell({ canvas: null }, true);
    if (shape === "size") {
      const [width, height] = this.size;
      return this.#tell({ canvas: { width, height, unit: "px", dpi: 300 } }, true);
    }
    const [width = 1, height = 1] = shape.split(":").map(Number);
    this.#tell({ canvas: { width, height } }, true);
  }

  /** @param {number} by */
  #turn(by) {
    const turn = ((((this.frame?.turn ?? 0) + by + 180) % 360) + 360) % 360;
    this.#tell({ turn: turn - 180 }, true);
  }

  /**
   * @param {Partial<FrameSettings>} change
   * @param {boolean} over
   */
  #tell(change, over) {
    if (!this.frame) return;
    this.frame = { ...this.frame, ...change };
    this.dispatchEvent(new CustomEvent("adjust", { detail: { frame: this.frame, over } }));
  }
}

customElements.define("offcut-frame", Frame);
