// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {Hand} from "./hand/hand.js" */

/**
 * @typedef {{x: number, y: number}} Point
 *
 * @typedef {object} Stage What gestures act on; all in CSS pixels.
 * @property {(clientX: number, clientY: number) => Point} place where a point of the page is on the stage
 * @property {(factor: number, at: Point) => void} zoom
 * @property {(dx: number, dy: number) => void} pan
 * @property {(event: PointerEvent) => boolean} takesSplit whether the line between before and after is dragged
 * @property {(clientX: number) => void} split
 * @property {() => Hand | null} hand the one that works on the picture, if any
 */

/** What pointers do on a stage: one finger works, or drags; two zoom and move. */
export class Gestures {
  #stage;
  /** @type {Map<number, Point>} */
  #pointers = new Map();
  /** @type {"pan" | "split" | "hand" | "pinch"} */
  #does = "pan";
  #pen = false;
  /** Whether the picture is dragged whatever the tool: the space bar is held. */
  drags = false;

  /** @param {Stage} stage */
  constructor(stage) {
    this.#stage = stage;
  }

  /** Whether two fingers are at work. */
  get pinches() {
    return this.#does === "pinch";
  }

  /** @param {PointerEvent} event */
  down(event) {
    const hand = this.#stage.hand();
    const first = event.button === 0 || event.button === 5;
    if (!first && !(event.button === 1 && hand)) return;
    // The ball of the thumb lies on the screen while a pen draws.
    if (event.pointerType === "touch" && this.#pen) return;
    if (event.button === 1) event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#pointers.size > 1) {
      if (this.#does === "hand") hand?.cancel();
      this.#does = "pinch";
    } else if (this.#stage.takesSplit(event)) {
      this.#does = "split";
      this.#stage.split(event.clientX);
    } else if (hand && first && !this.drags) {
      this.#does = "hand";
      this.#pen = event.pointerType === "pen";
      const at = this.#stage.place(event.clientX, event.clientY);
      const eraser = event.button === 5;
      hand.down(at, pressure(event, hand), eraser ? !hand.takesAway : event.altKey);
    } else {
      this.#does = "pan";
    }
  }

  /** @param {PointerEvent} event */
  move(event) {
    const last = this.#pointers.get(event.pointerId);
    if (!last) return;
    const now = { x: event.clientX, y: event.clientY };
    this.#pointers.set(event.pointerId, now);
    if (this.#does === "split") this.#stage.split(event.clientX);
    else if (this.#does === "pan") this.#stage.pan(now.x - last.x, now.y - last.y);
    else if (this.#does === "pinch") this.#pinch(event.pointerId, last, now);
    else this.#draw(event);
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#does === "hand") {
      this.#pen = false;
      const hand = this.#stage.hand();
      if (event.type === "pointerup") hand?.up();
      else hand?.cancel();
      this.#does = "pan";
    }
    if (this.#pointers.size === 0) this.#does = "pan";
  }

  /** @param {PointerEvent} event */
  #draw(event) {
    const hand = this.#stage.hand();
    if (!hand) return;
    const events = event.getCoalescedEvents?.() ?? [];
    hand.move(
      (events.length ? events : [event]).map((one) => ({
        at: this.#stage.place(one.clientX, one.clientY),
        pressure: pressure(one, hand),
      })),
    );
  }

  /**
   * @param {number} id
   * @param {Point} last
   * @param {Point} now
   */
  #pinch(id, last, now) {
    const other = [...this.#pointers].find(([one]) => one !== id)?.[1];
    // When one of two fingers is lifted, the other goes on dragging.
    if (!other) return this.#stage.pan(now.x - last.x, now.y - last.y);
    const before = Math.hypot(last.x - other.x, last.y - other.y);
    const after = Math.hypot(now.x - other.x, now.y - other.y);
    const middle = this.#stage.place((now.x + other.x) / 2, (now.y + other.y) / 2);
    if (before > 0) this.#stage.zoom(after / before, middle);
    this.#stage.pan((now.x - last.x) / 2, (now.y - last.y) / 2);
  }
}

/**
 * @param {PointerEvent} event
 * @param {Hand} hand
 */
const pressure = (event, hand) => (event.pointerType === "pen" && hand.settings.pressure ? event.pressure : 1);
