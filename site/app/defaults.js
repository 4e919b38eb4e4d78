// SPDX-License-Identifier: AGPL-3.0-or-later
/** What recipes have where nobody wished anything: the defaults of offcut.scene, offcut.frame and offcut.output. */

/** @import {FrameSettings, OutputSettings, SceneSettings} from "./protocol.js" */

/** @type {SceneSettings} */
export const SCENE = {
  backdrop: null,
  drop: null,
  contact: null,
  rim: null,
  tone: { brightness: 0, contrast: 0, saturation: 0 },
};

/** @type {FrameSettings} */
export const FRAME = {
  fit: "picture",
  canvas: null,
  margin: 0,
  turn: 0,
  flip: false,
  zoom: 1,
  x: 0,
  y: 0,
  head: { height: 0.7, top: 0.1, crown: null, chin: null, x: null },
};

/** @type {OutputSettings} */
export const OUTPUT = {
  format: "png",
  quality: 90,
  lossless: false,
  most: null,
  least: null,
  metadata: "strip",
  name: "{name}-cutout",
  sheet: null,
};
