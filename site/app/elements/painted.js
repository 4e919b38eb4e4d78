// SPDX-License-Identifier: AGPL-3.0-or-later
import { Directive, directive } from "lit/directive.js";

/** @import {ElementPart} from "lit" */

/** Gives an element its background colour, which no attribute may under the site's policy. */
class Painted extends Directive {
  /**
   * @override
   * @param {string} _colour
   */
  render(_colour) {}

  /**
   * @override
   * @param {ElementPart} part
   * @param {[string]} values
   */
  update(part, [colour]) {
    /** @type {HTMLElement} */ (part.element).style.backgroundColor = colour;
  }
}

export const painted = directive(Painted);
