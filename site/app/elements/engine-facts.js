// SPDX-License-Identifier: AGPL-3.0-or-later
/** What is told of every engine alike, whether it is here or not. */
import { html, nothing } from "lit";
import { language, size, t } from "../messages.js";
import { icon } from "./icon.js";

const list = new Intl.ListFormat(language, { type: "conjunction" });

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
 * @param {string} label which hash it is
 * @param {string} hash
 */
export function facts({ licence, backends, bytes, home }, label, hash) {
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
  </dl>`;
}
