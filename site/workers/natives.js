// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The browser's own codecs, behind a seam that Python owns: offcut.browser tests each once before it trusts it, and
 * decides per picture whether to use it.
 */

/** Neither exists in every worker; Pillow does the work where they are missing. */
export const available = {
  decode: typeof createImageBitmap === "function" && typeof OffscreenCanvas === "function",
  encode: typeof OffscreenCanvas === "function" && "convertToBlob" in OffscreenCanvas.prototype,
};

/**
 * Decodes a file to upright sRGB pixels. Canvas premultiplies, so colours under a low alpha come back changed:
 * Python sends opaque pictures only.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} mime
 * @returns {Promise<{width: number, height: number, data: Uint8ClampedArray}>} RGBA
 */
export async function decode(bytes, mime) {
  const bitmap = await createImageBitmap(new Blob([bytes], { type: mime }));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
  if (!context) throw new Error("no 2d context");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  canvas.width = canvas.height = 0;
  return { width, height, data };
}

/**
 * Encodes straight-alpha pixels as PNG. A 2d canvas would premultiply; an unpremultiplied bitmap handed to a
 * "bitmaprenderer" canvas is encoded as it is (and self-tested by Python, bit for bit, before it is trusted).
 *
 * @param {Uint8ClampedArray<ArrayBuffer>} rgba
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>}
 */
export async function encodePng(rgba, width, height) {
  const bitmap = await createImageBitmap(new ImageData(rgba, width, height), { premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("bitmaprenderer");
  if (!context) throw new Error("no bitmaprenderer context");
  context.transferFromImageBitmap(bitmap);
  // A canvas past the browser's limits becomes another size, or empty, without a word.
  if (canvas.width !== width || canvas.height !== height) throw new Error(`canvas is ${canvas.width}x${canvas.height}`);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  if (blob.type !== "image/png" || blob.size === 0) throw new Error(`encoded ${blob.type}`);
  return blob;
}
