// SPDX-License-Identifier: AGPL-3.0-or-later
/** Ways of a result out of the page, other than the download. */

/** @import {JobResult} from "./protocol.js" */

/**
 * Puts a result on the clipboard.
 *
 * @param {JobResult} result
 * @returns {Promise<boolean>} whether the browser let it
 */
export async function copy(result) {
  try {
    // Clipboards take pictures as PNG alone. The promise is handed over as it is: Safari asks for it within the click.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": asPng(result.seen ?? result.blob) })]);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the system has a share sheet, and it takes such a file.
 *
 * @param {JobResult} result
 */
export const shareable = (result) => Boolean(navigator.canShare?.({ files: [fileOf(result)] }));

/**
 * Hands a result to the system's share sheet.
 *
 * @param {JobResult} result
 * @returns {Promise<boolean>} false where the system did not take it; whoever closes the sheet has decided so
 */
export async function share(result) {
  try {
    await navigator.share({ files: [fileOf(result)] });
    return true;
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError";
  }
}

/** @param {JobResult} result */
const fileOf = ({ blob, name, mime }) => new File([blob], name, { type: mime });

/** @param {Blob} blob */
async function asPng(blob) {
  if (blob.type === "image/png") return blob;
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return await canvas.convertToBlob({ type: "image/png" });
}
