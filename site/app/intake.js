// SPDX-License-Identifier: AGPL-3.0-or-later
/** The ways a picture comes in: dropped anywhere on the page, chosen, or pasted. */

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
    take([...event.dataTransfer.files]);
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
    if (files.length) take(files);
  });
}
