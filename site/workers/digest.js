// SPDX-License-Identifier: AGPL-3.0-or-later

/**
 * SHA-256 as lower-case hex. WebCrypto exists only in secure contexts; a self-hoster's plain http page falls back
 * to a JavaScript implementation so that no weight is ever used unverified.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>}
 */
export async function sha256(bytes) {
  return hex(
    globalThis.crypto?.subtle
      ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))
      : (await import("@noble/hashes/sha2.js")).sha256(bytes),
  );
}

/** @param {Uint8Array} digest */
export const hex = (digest) => Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
