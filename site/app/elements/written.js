// SPDX-License-Identifier: AGPL-3.0-or-later
import { noChange } from "lit";
import { Directive, directive } from "lit/directive.js";

/** @import {ElementPart} from "lit" */

/** What stands in a field: another value takes the place of what a person has written, and of what was wrong with it. */
class Written extends Directive {
  /** @type {string | null} */
  #value = null;

  /**
   * @override
   * @param {string} _value
   */
  render(_value) {}

  /**
   * @override
   * @param {ElementPart} part
   * @param {[string]} values
   */
  update(part, [value]) {
    if (value === this.#value) return noChange;
    this.#value = value;
    const field = /** @type {HTMLInputElement} */ (part.element);
    field.value = value;
    field.setCustomValidity("");
    return noChange;
  }
}

export const written = directive(Written);
