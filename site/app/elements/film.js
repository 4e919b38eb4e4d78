// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../messages.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";
import "./thumb.js";

/** @import {Job} from "../queue.js" */

/** @type {Record<Job["state"], () => string>} */
const STATES = {
  waiting: () => t("waiting"),
  working: () => t("working"),
  done: () => t("done"),
  failed: () => t("failed"),
  cancelled: () => t("cancelled"),
};

/** @type {Record<Job["state"], Parameters<typeof icon>[0]>} */
const MARKS = { waiting: "wait", working: "wait", done: "check", failed: "alert", cancelled: "close" };

/**
 * The strip of pictures, once there is more than one.
 *
 * @fires Film#select detail: the job
 */
export class Film extends LightElement {
  static properties = { jobs: { attribute: false }, selected: { attribute: false }, turn: { type: Number } };

  constructor() {
    super();
    /** @type {Job[]} */
    this.jobs = [];
    /** @type {Job | null} */
    this.selected = null;
    /** Counts the queue's changes: jobs are the same objects throughout. */
    this.turn = 0;
  }

  /** @override */
  render() {
    return html`<ol class="film" aria-label=${t("Pictures")}>
      ${repeat(
        this.jobs,
        (job) => job.id,
        (job) => html`<li>
          <button
            type="button"
            class="film-item"
            data-state=${job.state}
            title=${job.file.name}
            aria-current=${job === this.selected ? "true" : "false"}
            aria-label=${t("{name}, {state}", { name: job.file.name, state: STATES[job.state]() })}
            @click=${() => this.dispatchEvent(new CustomEvent("select", { detail: job }))}
          >
            <offcut-thumb .blob=${job.result?.seen ?? job.result?.blob ?? job.file}></offcut-thumb>
            <span class="film-mark">${icon(MARKS[job.state])}</span>
          </button>
        </li>`,
      )}
    </ol>`;
  }
}

customElements.define("offcut-film", Film);
