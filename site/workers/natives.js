// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The browser's own codecs, behind a seam that Python owns: offcut.canvas tests each once before it trusts it, and
 * decides per picture whether to use it.
 */

/** Neither exists in every worker; Pillow does the work where they are missing. */
export const available = {
  decode: typeof createImageBitmap === "function" && typeof OffscreenCanvas === "function",
  encode: typeof OffscreenCanvas === "function" && "convertToBlob" in OffscreenCanvas.prototype,
};

/** Rows read back at a time: a canvas of the whole picture would hold it twice more, and take twice the time. */
const BAND = 64;

/**
 * Decodes a file to upright sRGB pixels. Canvas premultiplies, so colours under a low alpha come back changed:
 * Python sends opaque pictures only.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} mime
 */
export async function decode(bytes, mime) {
  return new Decoded(await createImageBitmap(new Blob([bytes], { type: mime })));
}

/** A decoded picture, handed out in bands from top to bottom. */
class Decoded {
  /** @param {ImageBitmap} bitmap */
  constructor(bitmap) {
    this.width = bitmap.width;
    this.height = bitmap.height;
    this.band = Math.min(BAND, bitmap.height);
    this.#bitmap = bitmap;
    this.#canvas = new OffscreenCanvas(this.width, this.band);
    const context = this.#canvas.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
    if (!context) throw new Error("no 2d context");
    context.globalCompositeOperation = "copy";
    this.#context = context;
  }

  #bitmap;
  #canvas;
  #context;

  /**
   * The RGBA of at most `band` rows from row `top` on.
   *
   * @param {number} top
   */
  rows(top) {
    this.#context.drawImage(this.#bitmap, 0, -top);
    return this.#context.getImageData(0, 0, this.width, Math.min(this.band, this.height - top)).data;
  }

  close() {
    this.#bitmap.close();
    this.#canvas.width = this.#canvas.height = 0;
  }
}

/**
 * Encodes straight-alpha pixels. A 2d canvas would premultiply; an unpremultiplied bitmap handed to a
 * "bitmaprenderer" canvas is encoded as it is (and self-tested by Python, bit for bit, before it is trusted).
 *
 * @param {import("pyodide/ffi").PyBuffer} pixels uint8 RGBA, still in Python's memory: it must be copied before
 * anything is awaited, for that memory may move when it grows
 * @param {number} width
 * @param {number} height
 * @param {string} mime
 * @param {number} quality 0..1; -1 for formats that lose nothing
 * @returns {Promise<Blob>}
 */
export async function encode(pixels, width, height, mime, quality) {
  const rgba = new Uint8ClampedArray(pixels.data.buffer, pixels.data.byteOffset, pixels.data.byteLength);
  const bitmap = await createImageBitmap(new ImageData(rgba, width, height), { premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("bitmaprenderer");
  if (!context) throw new Error("no bitmaprenderer context");
  context.transferFromImageBitmap(bitmap);
  // A canvas past the browser's limits becomes another size, or empty, without a word.
  if (canvas.width !== width || canvas.height !== height) throw new Error(`canvas is ${canvas.width}x${canvas.height}`);
  const blob = await canvas.convertToBlob(quality < 0 ? { type: mime } : { type: mime, quality });
  if (blob.type !== mime || blob.size === 0) throw new Error(`encoded ${blob.type}`);
  return blob;
}
