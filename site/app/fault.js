// SPDX-License-Identifier: AGPL-3.0-or-later
/** @import {Fault} from "./protocol.js" */

/** An error that carries a stable code and plain details, so that it can cross a port and be told as a sentence. */
export class OffcutError extends Error {
  /**
   * @param {string} code
   * @param {Record<string, string | number>} [details]
   */
  constructor(code, details = {}) {
    super(`${code} ${JSON.stringify(details)}`);
    this.name = "OffcutError";
    this.code = code;
    this.details = details;
  }

  /** @param {Fault} fault */
  static from(fault) {
    return new OffcutError(fault.code, fault.details);
  }
}

/**
 * Rebuilds any thrown value as plain data (a Pyodide or ORT error can hold functions, which cannot be cloned).
 *
 * @param {unknown} error
 * @param {string} fallback the code to use when the error has none of its own
 * @returns {Fault}
 */
export function toFault(error, fallback) {
  if (error instanceof OffcutError) return { code: error.code, details: error.details };
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: fallback, details: { reason: reason.slice(0, 300) } };
}
