// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";
import { t } from "../messages.js";
import { toolNames } from "./hand.js";
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
      [["H"], t("By hand")],
      [["S"], t("Backdrop")],
      [["A"], t("Frame")],
      [["U"], t("For")],
      [["X"], t("File")],
      [["B"], t("Next backdrop behind the cutout")],
      [[",", "."], t("Previous, next picture")],
      [["Ctrl Z"], t("Undo")],
      [["Ctrl Shift Z"], t("Redo")],
      [["Ctrl S"], t("Download")],
      [["Ctrl C"], t("Copy the cutout")],
      [["Ctrl V"], t("Paste a picture")],
      [["Esc"], t("Cancel")],
      [["R"], t("Try again")],
      [["?"], t("This sheet")],
    ];
    /** @type {[string[], string][]} */
    const byHand = [
      ...toolNames().map(([key, name]) => /** @type {[string[], string]} */ ([[key], name])),
      [["[", "]"], t("Smaller, larger brush")],
      [["{", "}"], t("Softer, harder brush")],
      [["Alt"], t("Held while drawing: the opposite")],
      [["V"], t("Next way to show the cutout")],
      [["Space"], t("Held: drag the picture")],
      [["←", "→", "↑", "↓"], t("Move the tool; with Shift further")],
      [["Enter"], t("Put the tool down, lift it")],
      [["Esc"], t("Give the line up")],
    ];
    const list = (/** @type {[string[], string][]} */ lines) => html`<dl class="keys">
      ${lines.map(([keys, what]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd></div>`)}
    </dl>`;
    return html`<dialog class="sheet is-wide" aria-labelledby="shortcuts-title">
      <div class="sheet-head">
        <h2 id="shortcuts-title">${t("Keyboard shortcuts")}</h2>
        <form method="dialog"><button class="button is-small">${t("Close")}</button></form>
      </div>
      <p>${t("They work while the workbench has the focus. On a Mac, use ⌘ for Ctrl.")}</p>
      <div class="sheet-columns">
        <div><h3>${t("Always")}</h3>${list(rows)}</div>
        <div><h3>${t("While work is done by hand")}</h3>${list(byHand)}</div>
      </div>
    </dialog>`;
  }
}

customElements.define("offcut-shortcuts", Shortcuts);
