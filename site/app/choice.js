// SPDX-License-Identifier: AGPL-3.0-or-later
/** Which plan or model the workbench starts with on this device; the catalogue's default where nobody chose. */

/** @import {CatalogueData} from "./protocol.js" */

const KEY = "offcut.plan";

/**
 * @param {CatalogueData} catalogue
 * @returns {string} the id of the model that is in use
 */
export function modelInUse(catalogue) {
  const model = (/** @type {string} */ id) =>
    catalogue.plans.find((plan) => plan.id === id)?.model ?? catalogue.models.find((row) => row.id === id)?.id;
  let chosen = null;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing keeps no choice either.
  }
  return (chosen && model(chosen)) || model(catalogue.default) || "";
}

/**
 * @param {CatalogueData} catalogue
 * @param {string | null} model its id; null for whatever is the default
 * @returns {boolean} false where this browser keeps no choice
 */
export function useModel(catalogue, model) {
  try {
    localStorage.removeItem(KEY);
    // The default is a plan, which looks more closely than its model alone.
    if (model !== null && modelInUse(catalogue) !== model) localStorage.setItem(KEY, model);
    return true;
  } catch {
    return false;
  }
}
