// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {Hand} from "./hand.js" */
/** @import {Size} from "../viewport.js" */

/** How far an arrow key moves the hand, and with Shift, in CSS pixels. */
const FINE = 4;
const COARSE = 32;
/** The ring of a tool without a size, and of the smallest brush. */
const LEAST = 9;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Where the hand is on the stage: a ring as large as what the tool covers, moved by the pointer or by arrow keys. */
export class Cursor {
  ring = document.createElement("div");

  #hand;

  /** @param {Hand} hand */
  constructor(hand) {
    this.#hand = hand;
    this.ring.className = "ring";
    this.ring.hidden = true;
  }

  /** @param {{x: number, y: number} | null} at in CSS pixels of the stage; null when it is away */
  moveTo(at) {
    const { ring } = this;
    const { size } = this.#hand;
    this.#hand.at = at;
    ring.hidden = at === null;
    if (!at) return;
    ring.classList.toggle("is-point", size === 0);
    ring.style.width = ring.style.height = `${Math.max(size, LEAST)}px`;
    ring.style.transform = `translate(${at.x}px, ${at.y}px) translate(-50%, -50%)`;
  }

  /** The tool has changed, and so may the ring. */
  refresh() {
    this.moveTo(this.#hand.at);
  }

  /**
   * Arrows move the hand, Enter puts it down and lifts it, Escape gives up what it has begun.
   *
   * @param {KeyboardEvent} event
   * @param {Size} stage
   * @param {(dx: number, dy: number) => void} pan moves the picture where the hand would leave the stage
   * @returns {boolean} whether the key was for the hand
   */
  key(event, stage, pan) {
    const hand = this.#hand;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? COARSE : FINE;
      const at = this.#reach(stage, pan, arrow[0] * step, arrow[1] * step);
      if (hand.busy) hand.move([{ at, pressure: 1 }]);
    } else if (event.key === "Enter") {
      if (hand.busy) hand.up();
      else hand.down(this.#reach(stage, pan, 0, 0), 1, false);
    } else if (event.key === "Escape" && hand.busy) {
      hand.cancel();
    } else {
      return false;
    }
    return true;
  }

  /**
   * @param {Size} stage
   * @param {(dx: number, dy: number) => void} pan
   * @param {number} dx
   * @param {number} dy
   */
  #reach({ width, height }, pan, dx, dy) {
    const from = this.#hand.at ?? { x: width / 2, y: height / 2 };
    const [x, y] = [from.x + dx, from.y + dy];
    const at = { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) };
    if (at.x !== x || at.y !== y) pan(at.x - x, at.y - y);
    this.moveTo(at);
    return at;
  }
}
