// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { Gestures } from "../gestures.js";
import { share, t } from "../messages.js";
import { fit, fitScale, overflows, settle, zoomTo } from "../viewport.js";
import { BlobUrl } from "./blob-url.js";
import { isBomb } from "./bomb.js";
import "./dropper.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";
import "./lines.js";
import "./scale.js";
import { Watch } from "./watch.js";

/** @import {PropertyValues} from "lit" */
/** @import {Session} from "../hand/session.js" */
/** @import {FrameSettings, Head, Placement} from "../protocol.js" */
/** @import {Point} from "../gestures.js" */
/** @import {Size, View} from "../viewport.js" */

const KEY_STEP = 48;
const ZOOM_STEP = 1.25;
/** A pointer that moved no further than so many pixels meant a click. */
const STILL = 4;

/**
 * The picture: before and after, zoomed and panned, with a line to slide between them.
 *
 * @fires Viewer#unshowable when this browser cannot show the original itself
 * @fires Viewer#shown when a cutout is on the screen
 * @fires Viewer#view when the zoom changes
 * @fires Viewer#head detail: {crown?, chin?} in pixels of the picture, where a line was put
 * @fires Viewer#moved detail: {x, y, over}; by how much what lies on the canvas was dragged, in shares of the canvas
 * @fires Viewer#scaled detail: {by, over}; how many times as large what lies on the canvas is to be
 * @fires Viewer#picked detail: "#rrggbb", a colour picked from the original, or null where none is wanted any more
 */
export class Viewer extends LightElement {
  static properties = {
    original: { attribute: false },
    cutout: { attribute: false },
    sketch: { attribute: false },
    label: { type: String },
    backdrop: { type: String },
    colour: { type: String },
    comparing: { type: Boolean },
    session: { attribute: false },
    placement: { attribute: false },
    moving: { type: Boolean },
    scaling: { type: Boolean },
    picking: { type: Boolean },
    head: { attribute: false },
    headWish: { attribute: false },
    split: { state: true },
    revealed: { state: true },
  };

  #originalUrl = new BlobUrl();
  #cutoutUrl = new BlobUrl();
  /** @type {Size} */
  #stage = { width: 1, height: 1 };
  /** The canvas of what is shown. @type {Size | null} */
  #picture = null;
  /** @type {View} */
  #view = { scale: 1, x: 0, y: 0 };
  #fitted = true;
  #toldScale = 0;
  /** How far a pointer has gone that is to move something on the canvas. @type {Point} */
  #gone = { x: 0, y: 0 };
  #dragged = false;
  #gestures = new Gestures({
    place: (clientX, clientY) => this.#onStage(clientX, clientY),
    zoom: (factor, at) => this.zoomBy(factor, at),
    pan: (dx, dy) => this.#drawn(dx, dy),
    takesSplit: (event) => this.#takesSplit(event),
    split: (clientX) => this.#moveSplit(clientX),
    hand: () => this.#hand,
  });
  #observer = new ResizeObserver(() => this.#measure());

  constructor() {
    super();
    /** @type {Blob | null} */
    this.original = null;
    /** @type {Blob | null} */
    this.cutout = null;
    /** What the cutout is going to be, in the size of a screen, until it is there. @type {ImageData | null} */
    this.sketch = null;
    this.label = "";
    this.backdrop = "checker";
    this.colour = "#3d7a5a";
    this.comparing = false;
    /** Work by hand, while that is done. @type {Session | null} */
    this.session = null;
    /** Where the original lies on what is shown; null where that is the original's own size.
     * @type {Placement & {original: [number, number]} | null} */
    this.placement = null;
    /** Whether dragging moves something on the canvas, and not the picture. */
    this.moving = false;
    /** Whether the subject is made larger and smaller by a handle. */
    this.scaling = false;
    /** Whether the original alone is shown, to pick a colour from. */
    this.picking = false;
    /** Where lines at crown and chin are to be shown, null for nowhere, and where they are wished.
     * @type {Head | null} */
    this.head = null;
    /** @type {FrameSettings["head"] | null} */
    this.headWish = null;
    this.split = 0.5;
    this.revealed = false;
    new Watch(
      this,
      () => this.session,
      () => this.requestUpdate(),
    );
  }

  /** The hand that works on the picture, if one does. */
  get #hand() {
    return this.session && !this.comparing ? this.session.hand : null;
  }

  /** CSS pixels per picture pixel. */
  get scale() {
    return this.#view.scale;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#observer.observe(this);
    this.addEventListener("wheel", this.#wheel, { passive: false });
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.#originalUrl.set(null);
    this.#cutoutUrl.set(null);
  }

  /**
   * @override
   * @param {PropertyValues<this>} changed
   */
  willUpdate(changed) {
    if (changed.has("original")) {
      this.#originalUrl.set(this.original);
      this.#picture = null;
      this.#fitted = true;
    }
    if (changed.has("cutout")) {
      this.#cutoutUrl.set(this.cutout);
      // A cutout that takes the place of another is not unveiled again.
      if (changed.has("original") || !this.cutout || !changed.get("cutout")) this.revealed = false;
    }
  }

  /**
   * @override
   * @param {PropertyValues<this>} changed
   */
  updated(changed) {
    if (changed.has("sketch")) this.#draw();
    if (changed.has("placement") && this.placement && this.cutout) this.#setPicture(this.placement);
    this.style.setProperty("--colour", this.colour);
    this.#place();
  }

  fit() {
    this.#fitted = true;
    this.#measure();
  }

  actual() {
    this.zoomBy(1 / (this.#view.scale * devicePixelRatio));
  }

  /**
   * @param {number} factor
   * @param {{x: number, y: number}} [at] in the stage; its middle unless told
   */
  zoomBy(factor, at = { x: this.#stage.width / 2, y: this.#stage.height / 2 }) {
    if (!this.#picture) return;
    this.#view = zoomTo(this.#view, this.#stage, this.#picture, this.#view.scale * factor, at);
    this.#fitted = this.#view.scale === fitScale(this.#stage, this.#picture);
    this.#place();
  }

  /** @override */
  render() {
    const compares = this.comparing && this.cutout;
    const hand = this.#hand;
    const covered = this.sketch || (hand && this.session?.ready);
    const picking = this.picking && !hand;
    return html`
      <div
        class="stage ${hand ? "is-worked-on" : ""} ${this.moving && !compares ? "is-framed" : ""}"
        data-backdrop=${this.backdrop}
        tabindex="0"
        role="group"
        aria-roledescription=${t("picture viewer")}
        aria-label=${this.label}
        @keydown=${this.#key}
        @keyup=${this.#keyUp}
        @blur=${() => this.#drag(false)}
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.#gestures.down(event)}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @pointerleave=${() => this.session?.cursor.moveTo(null)}
        @dblclick=${this.#toggleZoom}
      >
        <div class="frame">
          ${
            this.#originalUrl.url && (!this.revealed || compares || picking)
              ? html`<img class="before" alt=${this.label} draggable="false" src=${this.#originalUrl.url}
                  @load=${this.#loaded} @error=${this.#unshowable} />`
              : nothing
          }
          ${
            this.#cutoutUrl.url
              ? html`<div class="after ${picking ? "is-covered" : ""}" ?hidden=${!this.revealed}>
                  <img alt=${t("Cutout of {name}", { name: this.label })} draggable="false" src=${this.#cutoutUrl.url}
                    class=${covered ? "is-covered" : ""} @load=${this.#reveal} />
                  ${this.sketch ? html`<canvas class="sketch ${hand && this.session?.ready ? "is-covered" : ""}" aria-hidden="true"></canvas>` : nothing}
                </div>`
              : nothing
          }
          ${
            this.scaling && !hand && !compares && !picking
              ? html`<offcut-scale @scaled=${(/** @type {CustomEvent} */ { detail }) => this.dispatchEvent(new CustomEvent("scaled", { detail }))}></offcut-scale>`
              : nothing
          }
          ${
            picking
              ? html`<offcut-dropper .placement=${this.cutout ? this.placement : null}
                  @picked=${(/** @type {CustomEvent} */ { detail }) => this.dispatchEvent(new CustomEvent("picked", { detail }))}
                ></offcut-dropper>`
              : nothing
          }
          ${
            this.head && this.placement && !hand && !compares && !picking
              ? html`<offcut-lines .height=${this.placement.height} .head=${this.head} .wish=${this.headWish}
                  @head=${(/** @type {CustomEvent} */ { detail }) => this.dispatchEvent(new CustomEvent("head", { detail }))}
                ></offcut-lines>`
              : nothing
          }
        </div>
        ${hand ? html`${this.session?.canvas}${this.session?.cursor.ring}` : nothing}
        ${compares && !picking ? this.#handle() : nothing}
      </div>
    `;
  }

  #handle() {
    return html`<div
      class="split"
      role="slider"
      tabindex="0"
      aria-label=${t("Before and after")}
      aria-orientation="horizontal"
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(this.split * 100)}
      aria-valuetext=${t("{share} before", { share: share(this.split) })}
      @keydown=${this.#splitKey}
    ><span class="knob">${icon("slide")}</span></div>`;
  }

  /** @param {Event} event */
  #loaded(event) {
    const image = /** @type {HTMLImageElement} */ (event.target);
    if (isBomb(image)) return this.#unshowable();
    if (this.picking) /** @type {LightElement | null} */ (this.querySelector("offcut-dropper"))?.requestUpdate();
    if (this.placement && this.cutout) return this.#place();
    this.#setPicture({ width: image.naturalWidth || 1, height: image.naturalHeight || 1 });
  }

  #unshowable() {
    this.dispatchEvent(new Event("unshowable"));
  }

  #draw() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.sketch"));
    if (!canvas || !this.sketch) return;
    canvas.width = this.sketch.width;
    canvas.height = this.sketch.height;
    canvas.getContext("2d")?.putImageData(this.sketch, 0, 0);
  }

  /** @param {Event} event */
  #reveal(event) {
    const image = /** @type {HTMLImageElement} */ (event.target);
    this.#setPicture(this.placement ?? { width: image.naturalWidth, height: image.naturalHeight });
    this.dispatchEvent(new Event("shown"));
    if (this.revealed) return;
    const layer = /** @type {HTMLElement} */ (image.parentElement);
    layer.hidden = false;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || this.comparing;
    const wipe = layer.animate(still ? [] : [{ clipPath: "inset(0 0 0 100%)" }, { clipPath: "inset(0)" }], {
      duration: still ? 0 : 400,
      easing: "ease-out",
    });
    wipe.finished.then(
      () => {
        this.revealed = true;
      },
      () => {},
    );
  }

  /** @param {Size} picture */
  #setPicture({ width, height }) {
    const same = this.#picture?.width === width && this.#picture.height === height;
    this.#picture = { width, height };
    if (same) this.#place();
    else this.#measure();
  }

  #measure() {
    this.#stage = { width: Math.max(1, this.clientWidth), height: Math.max(1, this.clientHeight) };
    if (this.#picture) {
      this.#view = this.#fitted ? fit(this.#stage, this.#picture) : settle(this.#view, this.#stage, this.#picture);
    }
    this.#place();
  }

  #place() {
    const frame = /** @type {HTMLElement | null} */ (this.querySelector(".frame"));
    const stage = /** @type {HTMLElement | null} */ (this.querySelector(".stage"));
    if (!frame || !stage) return;
    frame.hidden = !this.#picture;
    if (!this.#picture) return;
    const { scale, x, y } = this.#view;
    frame.style.width = `${this.#picture.width * scale}px`;
    frame.style.height = `${this.#picture.height * scale}px`;
    frame.style.transform = `translate(${x}px, ${y}px)`;
    this.#placeOriginal(scale);
    frame.classList.toggle("is-magnified", scale * devicePixelRatio >= 3);
    stage.classList.toggle("can-pan", overflows(this.#view, this.#stage, this.#picture));
    const line = this.split * this.#stage.width;
    stage.style.setProperty("--split", `${line}px`);
    frame.style.setProperty("--cut", this.comparing && this.cutout ? `${Math.max(0, line - x)}px` : "0px");
    if (this.#hand) this.session?.see({ ...this.#view }, this.#stage);
    if (scale !== this.#toldScale) {
      this.#toldScale = scale;
      this.dispatchEvent(new Event("view"));
    }
  }

  /** Lays the original where the frame has it. @param {number} scale */
  #placeOriginal(scale) {
    const before = /** @type {HTMLElement | null} */ (this.querySelector("img.before"));
    if (!before) return;
    const { placement } = this;
    const { style } = before;
    if (!placement || !this.cutout) {
      style.width = style.height = style.transform = "";
      return;
    }
    const [a, b, c, d, e, f] = placement.matrix;
    style.width = `${placement.original[0] * scale}px`;
    style.height = `${placement.original[1] * scale}px`;
    style.transform = `matrix(${a}, ${d}, ${b}, ${e}, ${c * scale}, ${f * scale})`;
  }

  /**
   * A pointer dragged the picture, or what is on it.
   *
   * @param {number} dx
   * @param {number} dy
   */
  #drawn(dx, dy) {
    const moves = this.moving && !this.comparing && !this.#gestures.drags && !this.#gestures.pinches;
    if (!moves || !this.#picture) return this.#pan(dx, dy);
    this.#gone = { x: this.#gone.x + dx, y: this.#gone.y + dy };
    if (!this.#dragged && Math.hypot(this.#gone.x, this.#gone.y) <= STILL) return;
    const { scale } = this.#view;
    const x = this.#gone.x / (this.#picture.width * scale);
    const y = this.#gone.y / (this.#picture.height * scale);
    this.#gone = { x: 0, y: 0 };
    this.#dragged = true;
    this.dispatchEvent(new CustomEvent("moved", { detail: { x, y, over: false } }));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#gestures.up(event);
    this.#gone = { x: 0, y: 0 };
    if (!this.#dragged) return;
    this.#dragged = false;
    this.dispatchEvent(new CustomEvent("moved", { detail: { x: 0, y: 0, over: true } }));
  }

  /** @param {WheelEvent} event */
  #wheel = (event) => {
    if (!this.#picture) return;
    const box = this.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      this.zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.01)), at);
    } else if (overflows(this.#view, this.#stage, this.#picture)) {
      // A picture that fits leaves the wheel to the page.
      event.preventDefault();
      this.#pan(-event.deltaX, -event.deltaY);
    }
  };

  /**
   * @param {number} dx
   * @param {number} dy
   */
  #pan(dx, dy) {
    if (!this.#picture) return;
    this.#view = settle(
      { scale: this.#view.scale, x: this.#view.x + dx, y: this.#view.y + dy },
      this.#stage,
      this.#picture,
    );
    this.#place();
  }

  /**
   * @param {number} clientX
   * @param {number} clientY
   */
  #onStage(clientX, clientY) {
    const box = this.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  }

  /** @param {PointerEvent} event */
  #takesSplit(event) {
    if (!this.comparing || !this.cutout) return false;
    const onHandle = event.target instanceof Element && event.target.closest(".split");
    return Boolean(onHandle) || !this.querySelector(".can-pan");
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#gestures.move(event);
    const away = event.pointerType === "touch";
    if (this.#hand) this.session?.cursor.moveTo(away ? null : this.#onStage(event.clientX, event.clientY));
  }

  /** @param {MouseEvent} event */
  #toggleZoom(event) {
    if (this.#hand) return;
    if (!this.#fitted) return this.fit();
    const box = this.getBoundingClientRect();
    this.zoomBy(1 / (this.#view.scale * devicePixelRatio), {
      x: event.clientX - box.left,
      y: event.clientY - box.top,
    });
  }

  /** @param {number} clientX */
  #moveSplit(clientX) {
    const box = this.getBoundingClientRect();
    this.split = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const moves = /** @type {Record<string, [number, number]>} */ ({
      ArrowLeft: [KEY_STEP, 0],
      ArrowRight: [-KEY_STEP, 0],
      ArrowUp: [0, KEY_STEP],
      ArrowDown: [0, -KEY_STEP],
    });
    const move = moves[event.key];
    const canPan = this.querySelector(".can-pan");
    if (this.#hand && this.#handKey(event)) return event.preventDefault();
    if (event.key === " " && this.moving) {
      this.#drag(true);
      return event.preventDefault();
    }
    if (move && canPan) this.#pan(...move);
    else if (event.key === "+" || event.key === "=") this.zoomBy(ZOOM_STEP);
    else if (event.key === "-") this.zoomBy(1 / ZOOM_STEP);
    else return;
    event.preventDefault();
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was for the hand
   */
  #handKey(event) {
    if (event.key === " ") this.#drag(true);
    else if (!this.session?.cursor.key(event, this.#stage, (dx, dy) => this.#pan(dx, dy))) return false;
    event.stopPropagation();
    return true;
  }

  /** Whether the pointer drags the picture whatever the tool. @param {boolean} on */
  #drag(on) {
    this.#gestures.drags = on;
    this.querySelector(".stage")?.classList.toggle("is-dragged", on);
  }

  /** @param {KeyboardEvent} event */
  #keyUp(event) {
    if (event.key === " ") this.#drag(false);
  }

  /** @param {KeyboardEvent} event */
  #splitKey(event) {
    const steps = /** @type {Record<string, number>} */ ({
      ArrowLeft: -0.02,
      ArrowDown: -0.02,
      ArrowRight: 0.02,
      ArrowUp: 0.02,
      PageDown: -0.1,
      PageUp: 0.1,
      Home: -1,
      End: 1,
    });
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.split = Math.min(1, Math.max(0, this.split + step));
  }
}

customElements.define("offcut-viewer", Viewer);
