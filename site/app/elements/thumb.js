// SPDX-License-Identifier: AGPL-3.0-or-later
import { fitsScreen } from "./bomb.js";
import { LightElement } from "./light.js";

/** @import {PropertyValues} from "lit" */

const SIDE = 112;

/** A small canvas of a blob, so that a strip of large pictures costs little memory. */
export class Thumb extends LightElement {
  static properties = { blob: { attribute: false } };

  constructor() {
    super();
    /** @type {Blob | null} */
    this.blob = null;
  }

  /**
   * @override
   * @param {PropertyValues<this>} changed
   */
  updated(changed) {
    if (changed.has("blob") && this.blob) this.#draw(this.blob);
  }

  /** @param {Blob} blob */
  async #draw(blob) {
    try {
      if (!(await fitsScreen(blob))) throw new RangeError("too large to be shown");
      // Decoded at size: the whole picture is never held for a thumbnail.
      const bitmap = await createImageBitmap(blob, { resizeHeight: SIDE, resizeQuality: "medium" });
      if (blob !== this.blob) return bitmap.close();
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = SIDE;
      const left = (SIDE - bitmap.width) / 2;
      canvas.getContext("2d")?.drawImage(bitmap, left, 0);
      bitmap.close();
      this.replaceChildren(canvas);
    } catch {
      // A picture the browser cannot or should not show has no thumbnail until its cutout is there.
      this.replaceChildren();
    }
  }
}

customElements.define("offcut-thumb", Thumb);
