// SPDX-License-Identifier: AGPL-3.0-or-later
/** The graphics card: which there is, and what is known of its answers from earlier tests on this device. */
import { recall, remember } from "./memory.js";

/** @import {Adapter} from "./device.js" */
/** @import {ModelRow} from "./protocol.js" */

const PATIENCE_MS = 5000;
const TESTS = "offcut.gpu-tests";
const KEPT_TESTS = 24;

/** @returns {Promise<Adapter | null>} null where there is none, or none that answers */
export async function findAdapter() {
  if (!navigator.gpu) return null;
  const late = new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  const found = await Promise.race([navigator.gpu.requestAdapter().catch(() => null), late]);
  const adapter = /** @type {GPUAdapter | null} */ (found);
  if (!adapter) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture, device, description].filter(Boolean).join(" ");
  return {
    name,
    software: isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(name),
    half: adapter.features.has("shader-f16"),
  };
}

/** A test's outcome holds for these bytes on this card in this browser. @param {ModelRow} model @param {Adapter} adapter */
const keyOf = (model, adapter) => `${model.sha256.slice(0, 16)} webgpu ${adapter.name} ${navigator.userAgent}`;

/**
 * @param {ModelRow} model
 * @param {Adapter} adapter
 * @returns {boolean | null} whether the test was passed; null when it was never made
 */
export function testOutcome(model, adapter) {
  return tests().find(([key]) => key === keyOf(model, adapter))?.[1] ?? null;
}

/**
 * @param {ModelRow} model
 * @param {Adapter} adapter
 * @param {boolean} passed
 */
export function keepOutcome(model, adapter, passed) {
  const key = keyOf(model, adapter);
  const others = tests().filter(([other]) => other !== key);
  remember(TESTS, JSON.stringify([...others, [key, passed]].slice(-KEPT_TESTS)));
}

/** @returns {[string, boolean][]} */
function tests() {
  try {
    const found = JSON.parse(recall(TESTS) ?? "[]");
    return Array.isArray(found) ? found.filter((row) => Array.isArray(row) && typeof row[1] === "boolean") : [];
  } catch {
    return [];
  }
}
