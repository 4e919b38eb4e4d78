// SPDX-License-Identifier: AGPL-3.0-or-later
/** Which plan, or which model by itself, pictures get on this device; "default" where nobody chose. */
import { recall, remember } from "./memory.js";

/** @import {CatalogueData} from "./protocol.js" */

const KEY = "offcut.plan";
const DEFAULT = "default";

/** @returns {string} the id that was chosen, of whatever catalogue it was */
export const recallPlan = () => recall(KEY) ?? DEFAULT;

/**
 * @param {string} id
 * @returns {boolean} false where this browser keeps no choice
 */
export const rememberPlan = (id) => remember(KEY, id === DEFAULT ? null : id);

/**
 * The model that an id means, of a plan or its own.
 *
 * @template {CatalogueData} T
 * @param {T} catalogue
 * @param {string} id
 * @returns {T["models"][number] | undefined}
 */
export function modelOf(catalogue, id) {
  const wanted = id === DEFAULT ? catalogue.default : id;
  const model = catalogue.plans.find((plan) => plan.id === wanted)?.model ?? wanted;
  return catalogue.models.find((row) => row.id === model);
}

/**
 * What an id comes to: itself where the catalogue has it, else the default's.
 *
 * @param {CatalogueData} catalogue
 * @param {string} id
 */
export const settledPlan = (catalogue, id) => (id !== DEFAULT && modelOf(catalogue, id) ? id : catalogue.default);

/**
 * How to choose a model: by a plan that uses it, which knows how closely it should look, or by its own id.
 *
 * @param {CatalogueData} catalogue
 * @param {string} model
 */
export const planWith = (catalogue, model) =>
  modelOf(catalogue, DEFAULT)?.id === model
    ? DEFAULT
    : (catalogue.plans.find((row) => row.model === model)?.id ?? model);
