// SPDX-License-Identifier: AGPL-3.0-or-later
import { html } from "lit";

/** Strokes on a 20-pixel grid; drawn by us. */
const PATHS = {
  add: "M10 4v12M4 10h12",
  alert: "M10 3 2.5 16.5h15L10 3ZM10 8v4M10 14.2v.1",
  brush: "M16.5 3.5 9 11M9 11c-2-1-4.5 0-4.5 2.5C4.5 15.5 3 16 3 16c2.5 1 6.5.5 7-2.5.2-1.200-.3-2-1-2.5Z",
  bucket: "M9 3.5 16 10.5 9.5 17 3 10.5ZM3 10.5h13M6 6.5 3.5 4M17.5 13.5c1 1.5 1 2.5 0 3-1-.5-1-1.5 0-3Z",
  check: "M4 10.5 8.2 15 16 5.5",
  close: "M5 5l10 10M15 5 5 15",
  compare: "M10 3v14M7 6H3v8h4M13 6h4v8h-4",
  copy: "M7 7V3h10v10h-4M3 7h10v10H3z",
  download: "M10 3v9M6 8.5l4 4 4-4M3.5 16.5h13",
  dropper:
    "M12 5.500 14.500 8M13 4.500l1.500-1.500a1.400 1.400 0 0 1 2.500 2.500L15.500 7M11 6.500l2.500 2.500L7 15.500 3.500 16.500 4.500 13Z",
  drop: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM6.5 10h7",
  eraser: "M8 16.5 3 11.5 11.5 3l5 5-8.5 8.5ZM7 7.5l5 5M8 16.5h9",
  file: "M5 2.5h7l4 4v11H5zM12 2.5v4h4",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  hair: "M4 17c0-7 2-11 6-13M8 17c0-6 2-9 6-11M12 17c0-4 1.5-6.5 5-8",
  keep: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM6.5 10h7M10 6.5v7",
  keyboard: "M2.5 5.5h15v9h-15zM5.5 8.5h.1M8.5 8.5h.1M11.5 8.5h.1M14.5 8.5h.1M6.5 11.5h7",
  lasso: "M10 3c4 0 7 2 7 4.5S14 12 10 12 3 10 3 7.5 6 3 10 3ZM6.5 11.5c-1.5 1-1.5 3 .5 3.5s2 2 1 3",
  minus: "M4 10h12",
  pause: "M7 4v12M13 4v12",
  print: "M6 7V3h8v4M6 14H3V7h14v7h-3M6 11.5h8V17H6z",
  rectangle: "M3.5 5h2M8 5h4M14.5 5h2v2M16.5 9.5v2M16.5 13.5v1.5h-2M12 15H8M5.5 15h-2v-1.5M3.5 11.5v-2M3.5 7V5",
  redo: "M12.5 4 16 7.5 12.5 11M16 7.5H8a4 4 0 0 0 0 8h3",
  retry: "M16 10a6 6 0 1 1-2-4.5L16 7M16 3v4h-4",
  scale: "M3.5 9V3.5H9M16.5 11v5.5H11M3.5 3.5l13 13",
  share: "M10 12V3M6.5 6 10 2.5 13.500 6M6 9H4v8h12V9h-2",
  shield: "M10 2.5 16.5 5v5c0 4-3 6.5-6.5 7.5C6.5 16.5 3.5 14 3.5 10V5ZM7 10l2.2 2.2L13 8.5",
  slide: "M7.5 6.5 4 10l3.5 3.5M12.5 6.5 16 10l-3.5 3.5",
  trash: "M3.5 5.5h13M8 5.5V3h4v2.5M5 5.5l.8 12h8.4l.8-12M8.5 9v5M11.5 9v5",
  undo: "M7.5 4 4 7.5 7.5 11M4 7.5h8a4 4 0 0 1 0 8H9",
  wait: "M10 5v5l3 2M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Z",
};

/** @param {keyof typeof PATHS} name */
export const icon = (name) =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
