// SPDX-License-Identifier: AGPL-3.0-or-later

/** One blob's URL at a time; whoever makes it releases it. */
export class BlobUrl {
  /** @type {Blob | null} */
  #blob = null;
  url = "";

  /** @param {Blob | null} blob */
  set(blob) {
    if (blob === this.#blob) return;
    if (this.url) URL.revokeObjectURL(this.url);
    this.#blob = blob;
    this.url = blob ? URL.createObjectURL(blob) : "";
  }
}
