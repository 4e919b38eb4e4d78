// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A small file can claim a huge picture. A browser decodes when it paints, not when it loads: what a file claims is
 * known before its pixels cost anything.
 */

/** The pipeline's own limit (offcut.header.MAX_PIXELS): what it refuses is not put on the screen either. */
const MAX_PIXELS = 100_000_000;

/** @param {HTMLImageElement} image loaded */
export const isBomb = (image) => image.naturalWidth * image.naturalHeight > MAX_PIXELS;

/**
 * @param {Blob} blob
 * @returns {Promise<boolean>} false for a bomb; rejects where this browser cannot show the format at all
 */
export async function fitsScreen(blob) {
  const url = URL.createObjectURL(blob);
  try {
    const image = new Image();
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = url;
    });
    return !isBomb(image);
  } finally {
    URL.revokeObjectURL(url);
  }
}
