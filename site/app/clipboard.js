// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A picture as PNG.
 *
 * @param {Blob} blob
 * @returns {Promise<Blob>}
 */
export async function asPng(blob) {
  if (blob.type === "image/png") return blob;
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return await canvas.convertToBlob({ type: "image/png" });
}
