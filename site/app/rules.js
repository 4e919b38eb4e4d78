// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {PurposeSettings, Rules} from "./protocol.js" */

/** @typedef {{marketplaces: Rules[], documents: Rules[]}} AllRules */

/** @type {Promise<AllRules> | null} */
let fetched = null;

/** The rules of marketplaces and authorities: fetched once, when they are first asked for. */
export function allRules() {
  fetched ??= fetch(new URL("rules.json", import.meta.url)).then((response) => {
    if (!response.ok) throw new Error(`rules.json: ${response.status}`);
    return response.json();
  });
  fetched.catch(() => {
    fetched = null;
  });
  return fetched;
}

/**
 * @param {AllRules} all
 * @param {PurposeSettings | null} purpose
 * @returns {Rules | undefined}
 */
export function rulesOf({ marketplaces, documents }, purpose) {
  if (!purpose) return undefined;
  return "marketplace" in purpose
    ? marketplaces.find(({ id }) => id === purpose.marketplace)
    : documents.find(({ id }) => id === purpose.document);
}
