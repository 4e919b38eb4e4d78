// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { t } from "../messages.js";
import { LightElement } from "./light.js";

/** The sheet of keyboard shortcuts. */
export class Shortcuts extends LightElement {
  open() {
    this.querySelector("dialog")?.showModal();
  }

  /** @override */
  render() {
    /** @type {[string[], string][]} */
    const rows = [
      [["F"], t("Fit to the window")],
      [["1"], t("Full size")],
      [["+", "−"], t("Zoom in, zoom out")],
      [["←", "→", "↑", "↓"], t("Move the picture when zoomed in")],
      [["C"], t("Before and after")],
      [["E"], t("Edges")],
      [["B"], t("Next backdrop behind the cutout")],
      [["[", "]"], t("Previous, next picture")],
      [["Ctrl S"], t("Download")],
      [["Ctrl C"], t("Copy the cutout")],
      [["Ctrl V"], t("Paste a picture")],
      [["Esc"], t("Cancel")],
      [["R"], t("Try again")],
      [["?"], t("This sheet")],
    ];
    return html`<dialog class="sheet" aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">${t("Keyboard shortcuts")}</h2>
      <p>${t("They work while the workbench has the focus. On a Mac, use ⌘ for Ctrl.")}</p>
      <dl class="keys">
        ${rows.map(([keys, what]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd></div>`)}
      </dl>
      <form method="dialog"><button class="button">${t("Close")}</button></form>
    </dialog>`;
  }
}

customElements.define("offcut-shortcuts", Shortcuts);
