// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Wire types: everything that crosses a worker boundary, and nothing that runs.
 *
 * The main thread owns both workers. It gives the Python worker one MessagePort per job, and joins the Python
 * worker to the inference worker by a MessageChannel of their own, so that tensors never pass through the page.
 *
 * @typedef {{code: string, details: Record<string, string | number>}} Fault
 *   An error rebuilt as plain data: codes are those of offcut.errors, plus `weights.*`, `python.*` and `engine.*`.
 *
 * @typedef {"read" | "pack" | "infer" | "refine" | "compose" | "encode"} Stage
 * @typedef {"download" | "verify" | "session"} EngineStage
 * @typedef {"core" | "packages" | "pipeline"} PythonStage
 *
 * @typedef {object} Part
 * @property {string} sha256
 * @property {number} bytes
 *
 * @typedef {object} ModelRow A row of catalogue.json.
 * @property {string} id
 * @property {string} name
 * @property {string} licence
 * @property {string} sha256
 * @property {number} bytes
 * @property {Part[]} parts
 * @property {{input_name: string, output_name: string}} contract
 *
 * @typedef {object} PlanRow
 * @property {string} id
 * @property {string} name
 * @property {string} model
 * @property {number[]} sides
 *
 * @typedef {object} CatalogueData
 * @property {string} default
 * @property {ModelRow[]} models
 * @property {PlanRow[]} plans
 *
 * @typedef {{version: 1, model: string, [key: string]: unknown}} RecipeData
 *
 * @typedef {object} JobResult
 * @property {Blob} blob
 * @property {number} width
 * @property {number} height
 * @property {string} mime
 * @property {string} name
 * @property {string[]} notes
 * @property {Record<string, number>} timings Milliseconds by stage.
 *
 * @typedef {object} Packages Python's installed packages.
 * @property {[path: string, bytes: number][]} list
 * @property {Uint8Array<ArrayBuffer>} bytes The files' contents, one behind the other.
 *
 * @typedef {{type: "python:boot", root: string, lock: string, catalogue: CatalogueData}
 *   | {type: "engine:connect", port: MessagePort}
 *   | {type: "engine:lost"}
 *   | {type: "job:run", file: Blob, name: string, recipe: RecipeData, port: MessagePort}
 *   | {type: "preview:make", file: Blob, name: string, side: number, port: MessagePort}} ToPython
 *
 * @typedef {{type: "python:stage", stage: PythonStage, done: number, total: number}
 *   | {type: "python:ready", ms: number, restored: boolean}
 *   | {type: "python:failed", fault: Fault}} FromPython
 *
 * @typedef {{type: "job:cancel"}} ToJob
 * @typedef {{type: "job:progress", stage: Stage, done: number, total: number}
 *   | {type: "job:done", result: JobResult}
 *   | {type: "job:failed", fault: Fault}} FromJob
 *
 * @typedef {{type: "preview:done", blob: Blob} | {type: "preview:failed", fault: Fault}} FromPreview
 *
 * @typedef {{type: "engine:boot", root: string, lock: string, model: ModelRow, threads: number}
 *   | {type: "engine:connect", port: MessagePort}} ToInference
 *
 * @typedef {{type: "engine:progress", stage: EngineStage, done: number, total: number, cached: boolean}
 *   | {type: "engine:ready", model: string, threads: number, ms: number, stored: boolean}
 *   | {type: "engine:failed", fault: Fault}} FromInference
 *
 * @typedef {{type: "snapshot:make", root: string, packages: Packages}} ToSnapshotter
 * @typedef {{type: "snapshot:kept"} | {type: "snapshot:failed", reason: string}} FromSnapshotter
 *
 * @typedef {{type: "net:run", model: string, data: Float32Array, dims: number[], port: MessagePort}} ToNet
 * @typedef {{type: "net:done", data: Float32Array, dims: number[]}
 *   | {type: "net:failed", fault: Fault}} FromNet
 *
 * @typedef {{type: "release:activate"}
 *   | {type: "precache:fill", port: MessagePort}
 *   | {type: "ledger:read", port: MessagePort}} ToServiceWorker
 *
 * @typedef {{type: "precache:done", complete: boolean}
 *   | {type: "ledger:is", bytes: number}} FromServiceWorker
 */
export {};
