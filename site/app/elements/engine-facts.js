// SPDX-License-Identifier: AGPL-3.0-or-later
/** What is told of every engine alike, whether it is here or not. */
import { html, nothing } from "lit";
import { duration, language, size, t } from "../messages.js";
import { icon } from "./icon.js";

/** @import {Measured} from "../protocol.js" */

const list = new Intl.ListFormat(language, { type: "conjunction" });
const hundredths = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** What an imported model's licence is called while nobody has told it. */
export const UNKNOWN = "unknown";

/** @param {string[]} backends */
function where(backends) {
  /** @type {Record<string, () => string>} */
  const places = { wasm: () => t("any device"), webgpu: () => t("graphics processors (WebGPU)") };
  return list.format(backends.map((backend) => places[backend]?.() ?? backend));
}

/**
 * What must be known before it is chosen or fetched.
 *
 * @param {{licence: string, commercial: boolean}} row
 * @param {string} id for those that name it as their description
 */
export function caution({ licence, commercial }, id) {
  if (commercial) return nothing;
  return html`<p class="engine-caution" id=${id}>${icon("alert")}<span>${
    licence === UNKNOWN
      ? html`<strong>${t("Its licence is not known here.")}</strong> ${t("Whether commercial work is allowed is for its makers to say.")}`
      : html`<strong>${t("Not for commercial work.")}</strong> ${t("Its licence, {licence}, allows other use only.", { licence })}`
  }</span></p>`;
}

/**
 * @param {object} row
 * @param {string} row.licence
 * @param {string[]} row.backends
 * @param {number} [row.bytes]
 * @param {string} [row.home]
 * @param {Measured[]} [row.measured]
 * @param {string} label which hash it is
 * @param {string} hash
 */
export function facts({ licence, backends, bytes, home, measured = [] }, label, hash) {
  return html`<dl class="engine-facts">
    ${bytes ? html`<div><dt>${t("Size")}</dt><dd>${size(bytes)}</dd></div>` : nothing}
    <div><dt>${t("Licence")}</dt><dd>${licence === UNKNOWN ? t("not known") : html`<span lang="en">${licence}</span>`}</dd></div>
    <div><dt>${t("Runs on")}</dt><dd>${where(backends)}</dd></div>
    ${
      home
        ? html`<div><dt>${t("Home")}</dt><dd><a lang="en" href=${home} rel="external noopener noreferrer">${new URL(home).hostname}</a></dd></div>`
        : nothing
    }
    ${
      hash
        ? html`<div class="engine-hash"><dt>${label}</dt><dd><details>
            <summary><code>${hash.slice(0, 12)}…</code></summary>
            <code class="engine-hash-whole" tabindex="0">${hash}</code>
          </details></dd></div>`
        : nothing
    }
    ${measured.length ? measures(measured) : nothing}
  </dl>`;
}

/** @param {Measured[]} looks at least one */
function measures(looks) {
  const ious = looks.map(({ iou }) => iou);
  const [low, high] = [Math.min(...ious), Math.max(...ious)].map((iou) => hundredths.format(iou));
  return html`<div class="engine-measures"><dt>${t("Measured")}</dt><dd><details>
    <summary>${low === high ? t("IoU {iou}", { iou: low ?? "" }) : t("IoU {low} to {high}", { low: low ?? "", high: high ?? "" })}</summary>
    <table>
      <thead><tr><th scope="col">${t("Input")}</th><th scope="col">${t("IoU")}</th><th scope="col">${t("Time")}</th></tr></thead>
      <tbody>${looks.map(
        ({ side, iou, wasm_ms }) =>
          html`<tr><td>${t("{side} pixels", { side })}</td><td>${hundredths.format(iou)}</td><td>${duration(wasm_ms)}</td></tr>`,
      )}</tbody>
    </table>
    <p>${t("IoU says how far the cutouts of a set of photographs agree with hand-made ones; 1 is wholly. The time of one look was taken on one machine: compare it with the others here, not with yours.")}</p>
  </details></dd></div>`;
}
