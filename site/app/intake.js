// SPDX-License-Identifier: AGPL-3.0-or-later
/** The ways a picture comes in: dropped anywhere on the page, alone or in a folder, chosen, or pasted. */

/**
 * @param {(files: File[]) => void} take
 * @param {() => void} intent called at the first sign that a picture is coming
 */
export function listenForFiles(take, intent) {
  let depth = 0;
  const over = (/** @type {boolean} */ on) => document.body.classList.toggle("is-dragging", on);
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");

  document.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    over(true);
    intent();
  });
  document.addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) over(false);
  });
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    depth = 0;
    over(false);
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    // Entries are there for as long as the event is.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
    const files = [...event.dataTransfer.files];
    if (entries.some((entry) => entry?.isDirectory)) {
      const folders = entries.filter((entry) => entry !== null);
      import("./gathering.js").then(({ filesIn }) => filesIn(folders)).then(take, () => take(files));
    } else {
      take(files);
    }
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });
}

/**
 * @param {HTMLInputElement} input
 * @param {(files: File[]) => void} take
 */
export function listenToInput(input, take) {
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    // Emptied so that choosing the same file again is a change again.
    input.value = "";
    if (files[0]?.webkitRelativePath) import("./gathering.js").then(({ picturesOf }) => take(picturesOf(files)));
    else if (files.length) take(files);
  });
}
