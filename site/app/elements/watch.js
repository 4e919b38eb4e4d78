// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {LitElement, ReactiveController} from "lit" */

/**
 * Listens to the "change" of whatever a host's property holds at the moment, and lets go of it with the host.
 *
 * @implements {ReactiveController}
 */
export class Watch {
  #find;
  #changed;
  /** @type {EventTarget | null} */
  #target = null;

  /**
   * @param {LitElement} host
   * @param {() => EventTarget | null} find
   * @param {() => void} changed
   */
  constructor(host, find, changed) {
    this.#find = find;
    this.#changed = changed;
    host.addController(this);
  }

  hostUpdated() {
    this.#listen(this.#find());
  }

  hostConnected() {
    this.#listen(this.#find());
  }

  hostDisconnected() {
    this.#listen(null);
  }

  /** @param {EventTarget | null} target */
  #listen(target) {
    if (target === this.#target) return;
    this.#target?.removeEventListener("change", this.#changed);
    target?.addEventListener("change", this.#changed);
    this.#target = target;
    if (target) this.#changed();
  }
}
