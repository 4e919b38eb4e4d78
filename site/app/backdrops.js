// SPDX-License-Identifier: AGPL-3.0-or-later
/** What a cutout is looked at on. */
export const BACKDROPS = /** @type {const} */ (["checker", "light", "dark", "colour"]);
