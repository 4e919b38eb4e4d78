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
 * @typedef {{backend: "webgpu" | "wasm", threads: number}} Rung A backend to try.
 * @typedef {"" | "wish" | "model" | "no-adapter" | "no-half" | "software" | "wrong-answer" | "not-fetched" | "refused" | "lost" | "memory"} Why
 *   Why a backend runs that is not the first choice: the person's wish; the model has no other; no graphics card, none
 *   with 16-bit floats, or only software that plays one; the one before gave a wrong answer, could not be fetched, threw,
 *   was lost or ran out of memory.
 * @typedef {Rung & {why: Why}} Standing What runs now.
 *
 * @typedef {"read" | "pack" | "infer" | "refine" | "compose" | "encode"} Stage
 * @typedef {"download" | "verify" | "session" | "test"} EngineStage
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
 * @property {("webgpu" | "wasm")[]} backends best first
 * @property {"fp32" | "fp16"} [precision]
 * @property {Contract} contract
 * @property {boolean} [imported] brought from a file: no server has it
 *
 * @typedef {object} PlanRow
 * @property {string} id
 * @property {string} name
 * @property {string} advice
 * @property {string} model
 * @property {number[]} sides
 *
 * @typedef {object} CatalogueData
 * @property {string} default
 * @property {ModelRow[]} models
 * @property {PlanRow[]} plans
 *
 * @typedef {{by: "auto" | "net" | "colour" | "hand", enclosed: "open" | "kept"}} MethodSettings See offcut.method.
 *
 * @typedef {{tidy: boolean, subject: "all" | "largest", follow: boolean, smooth: number, shift: number,
 *   contrast: number, feather: number, despill: number}} EdgeSettings See offcut.edges.
 *
 * @typedef {{tool: "brush", mode: "erase" | "restore" | "protect" | "release", size: number, hardness: number,
 *   points: number[]}} BrushTouch See offcut.touches; so are all that follow.
 * @typedef {{tool: "area", mode: "erase" | "restore", points: number[]}} AreaTouch
 * @typedef {{tool: "fill", mode: "erase" | "restore", at: [number, number], tolerance: number, contiguous: boolean,
 *   colour: string | null}} FillTouch
 * @typedef {{tool: "scribble", mode: "keep" | "drop", size: number, points: number[]}} ScribbleTouch
 * @typedef {{tool: "refine", size: number, points: number[]}} RefineTouch
 * @typedef {BrushTouch | AreaTouch | FillTouch | ScribbleTouch | RefineTouch} Touch
 *
 * @typedef {{colour: string}
 *   | {gradient: {shape: "linear" | "radial", start: string, end: string, angle: number}}
 *   | {image: {image: string, fit: "cover" | "contain" | "place", zoom: number, x: number, y: number}}
 *   | {original: {blur: number, grey: number}}} BackdropSettings See offcut.backdrop.
 * @typedef {{backdrop: BackdropSettings | null,
 *   drop: {x: number, y: number, blur: number, opacity: number, colour: string} | null,
 *   contact: {size: number, opacity: number, colour: string} | null,
 *   rim: {width: number, colour: string} | null,
 *   tone: {brightness: number, contrast: number, saturation: number}}} SceneSettings See offcut.scene.
 * @typedef {{width: number, height: number, unit: "px" | "mm" | "in", dpi: number} | {width: number, height: number}} CanvasSettings
 * @typedef {{fit: "picture" | "cover" | "subject" | "head", canvas: CanvasSettings | null, margin: number, turn: number,
 *   flip: boolean, zoom: number, x: number, y: number, head: {height: number, top: number, crown: number | null,
 *   chin: number | null, x: number | null}}} FrameSettings See offcut.frame.
 * @typedef {{paper: "10x15" | "4x6" | "a4" | "letter", gap: number, marks: boolean, count: number | null}} SheetSettings
 *   See offcut.sheet.
 * @typedef {{marketplace: string} | {document: string}} PurposeSettings See offcut.purpose.
 * @typedef {{format: "png" | "jpeg" | "webp" | "mask" | "ora" | "pdf", quality: number, lossless: boolean, most: number | null,
 *   least: number | null, metadata: "strip" | "keep", name: string, sheet: SheetSettings | null}} OutputSettings See offcut.output.
 *
 * @typedef {{version: 1, model: string, method: MethodSettings, edges: EdgeSettings, touches: Touch[],
 *   scene: SceneSettings, frame: FrameSettings, output: OutputSettings, purpose: PurposeSettings | null, answer: string | null}} RecipeData
 *   `answer` names what a net said once, in a project.
 *
 * @typedef {{id: string, state: "pass" | "warn" | "fail", details: Record<string, string | number>}} Check See
 *   offcut.check.
 * @typedef {object} Rules A row of rules.json; what differs between marketplaces and documents is told by their checks.
 * @property {string} id
 * @property {string} name
 * @property {string} source
 * @property {string} read
 * @property {string} conflict
 * @property {string} note
 * @property {boolean} [refuses_altered]
 * @property {{name: string, colour: string}[]} [backgrounds]
 * @property {Pick<RecipeData, "scene" | "frame" | "output" | "purpose">} wish
 *
 * @typedef {{width: number, height: number, matrix: [number, number, number, number, number, number]}} Placement Where
 *   the original lies on the canvas of the file (see offcut.frame.Placement).
 * @typedef {{crown: number, chin: number, x: number, top: number, bottom: number, scale: number, known: boolean}} Head
 *   `crown`, `chin` and `x` as recipes have them; crown and chin lie at `top` and `bottom` on the canvas of the file, y in
 *   pixels, `scale` of which are a pixel of the picture. Where it is not `known` it is guessed.
 * @typedef {{image: string, file: File}} Still A picture for backgrounds, and the SHA-256 that recipes know it by.
 *
 * @typedef {{camera: string, taken: string, gps: [number, number] | null, author: string, software: string,
 *   kinds: string[]}} Metadata What a file says beside its pixels (see offcut.metadata).
 *
 * @typedef {object} JobResult
 * @property {Blob} blob
 * @property {Blob | null} seen a PNG of what is in it, where no browser shows that itself
 * @property {number} width
 * @property {number} height
 * @property {[number, number]} original width and height of the picture
 * @property {Placement["matrix"]} matrix
 * @property {Head | null} head
 * @property {Metadata | null} metadata
 * @property {Check[]} checks
 * @property {{paper: [number, number], photo: [number, number], places: [number, number][]} | null} sheet how its prints
 *   lie on paper, in millimetres: sizes, and their upper left corners
 * @property {string[]} palette the subject's main colours
 * @property {number | undefined} confidence how far the net's answer can be trusted, 0..1; none without one
 * @property {string} mime
 * @property {string} name
 * @property {string[]} notes
 * @property {Record<string, number>} timings Milliseconds by stage.
 * @property {string} plan
 * @property {string} model
 * @property {Rung | null} engine what answered; null when the answer was known already
 * @property {Why} why nothing better answered: what the page alone knows
 *
 * @typedef {object} Packages Python's installed packages.
 * @property {[path: string, bytes: number][]} list
 * @property {Uint8Array<ArrayBuffer>} bytes The files' contents, one behind the other.
 *
 * @typedef {{type: "python:boot", root: string, lock: string, catalogue: CatalogueData}
 *   | {type: "engine:connect", port: MessagePort, model: string}
 *   | {type: "engine:lost", fault: Fault | null}
 *   | {type: "job:run", file: Blob, name: string, recipe: RecipeData, stills: Still[], largestSide: number, port: MessagePort}
 *   | {type: "still:keep", file: File, port: MessagePort}
 *   | {type: "project:pack", file: Blob, name: string, recipe: RecipeData, stills: Still[], largestSide: number, port: MessagePort}
 *   | {type: "project:open", file: Blob, port: MessagePort}
 *   | {type: "preview:make", file: Blob, name: string, side: number, port: MessagePort}
 *   | {type: "easel:open", file: Blob, name: string, most: number, port: MessagePort}} ToPython
 *
 * @typedef {{type: "python:stage", stage: PythonStage, done: number, total: number}
 *   | {type: "python:ready", ms: number, restored: boolean}
 *   | {type: "python:failed", fault: Fault}
 *   | {type: "engine:want", model: string}} FromPython
 *
 * @typedef {{type: "job:cancel"}} ToJob
 * @typedef {{type: "job:progress", stage: Stage, done: number, total: number}
 *   | {type: "job:done", result: Omit<JobResult, "why">}
 *   | {type: "job:failed", fault: Fault}} FromJob
 *
 * @typedef {{type: "preview:done", blob: Blob} | {type: "preview:failed", fault: Fault}} FromPreview
 *
 * @typedef {{type: "project:packed", blob: Blob}
 *   | {type: "project:opened", blob: Blob, name: string, recipe: RecipeData, stills: {image: string, blob: Blob}[]}
 *   | {type: "project:failed", fault: Fault}} FromProject
 *
 * @typedef {{type: "still:kept", image: string} | {type: "still:failed", fault: Fault}} FromStill
 *
 * @typedef {[left: number, top: number, right: number, bottom: number]} Box
 * @typedef {{left: number, top: number, width: number, height: number, pixels: Uint8ClampedArray<ArrayBuffer>}} PatchData
 *
 * @typedef {{type: "easel:draw", recipe: RecipeData, stills: Still[], side: number}
 *   | {type: "easel:touch", recipe: RecipeData, side: number, box: Box, since: number, shown: boolean}
 *   | {type: "easel:close"}} ToEasel See offcut.easel; `most` above is how many pixels of a picture are held. `shown`
 *   says that the person sees in full what the recipe makes.
 * @typedef {{type: "easel:drawn", pixels: Uint8ClampedArray<ArrayBuffer> | null, width: number, height: number,
 *     placement: Placement, head: JobResult["head"]}
 *   | {type: "easel:touched", patches: PatchData[] | null, turn: number, width: number, height: number}
 *   | {type: "easel:drafted", patches: PatchData[], width: number, height: number}
 *   | {type: "easel:failed", fault: Fault}} FromEasel
 *
 * @typedef {{type: "engine:boot", root: string, lock: string, model: ModelRow, rung: Rung, test: boolean}
 *   | {type: "engine:connect", port: MessagePort}} ToInference
 *
 * @typedef {{type: "engine:progress", stage: EngineStage, done: number, total: number, cached: boolean}
 *   | {type: "engine:ready", ms: number, stored: boolean}
 *   | {type: "engine:failed", fault: Fault}} FromInference
 *
 * @typedef {{type: "snapshot:make", root: string, packages: Packages}} ToSnapshotter
 * @typedef {{type: "snapshot:kept"} | {type: "snapshot:failed", reason: string}} FromSnapshotter
 *
 * @typedef {{type: "net:run", model: string, data: Float32Array, dims: number[], port: MessagePort}} ToNet
 * @typedef {{type: "net:done", data: Float32Array, dims: number[], rung: Rung}
 *   | {type: "net:failed", fault: Fault}} FromNet
 *
 * @typedef {{type: "release:activate"}
 *   | {type: "precache:fill", port: MessagePort}
 *   | {type: "ledger:read", port: MessagePort}
 *   | {type: "release:list", port: MessagePort}
 *   | {type: "release:repair", urls: string[], port: MessagePort}} ToServiceWorker
 *
 * @typedef {{type: "precache:done", complete: boolean}
 *   | {type: "ledger:is", bytes: number}
 *   | {type: "release:is", release: string, files: ListedFile[]}
 *   | {type: "release:repaired", failed: string[]}} FromServiceWorker
 */

/**
 * Models on the device: what the engines page, its workers and the other tabs say to each other.
 *
 * @typedef {ModelRow & {advice: string, family: string, commercial: boolean, home?: string,
 *   published?: Published, measured?: Measured[]}} EngineRow A row as the engines page shows it.
 *
 * @typedef {{side: number, iou: number, boundary: number, mae: number, wasm_ms: number}} Measured What the benchmark
 *   found of a net at one input size.
 *
 * @typedef {{input_name: string, output_name: string, side: number, sides: number[], multiple: number,
 *   resize: string, scale: string, mean: number[], std: number[], layout: string,
 *   activation: "none" | "minmax" | "sigmoid"}} Contract
 *
 * @typedef {{sha256?: string, md5?: string}} Published The hash of the file as its makers give it out.
 *
 * @typedef {object} OtherRow A model that is known, but not on this server.
 * @property {string} id
 * @property {string} name
 * @property {string} advice
 * @property {string} family
 * @property {string} licence
 * @property {boolean} commercial
 * @property {string} home
 * @property {Contract} contract
 * @property {("webgpu" | "wasm")[]} backends
 * @property {"fp32" | "fp16"} [precision]
 * @property {Published} published
 * @property {number} [bytes]
 *
 * @typedef {Omit<Contract, "input_name" | "output_name" | "sides"> & {name: string}} Family
 *
 * @typedef {Omit<CatalogueData, "models"> & {models: EngineRow[], others?: OtherRow[], families: Record<string, Family>}} EngineCatalogue
 *
 * @typedef {{type: "part:arriving", sha256: string, bytes: number}
 *   | {type: "shelf:changed"}
 *   | {type: "keep:stop", model: string}} ShelfNews What tabs and workers tell each other; `model` is a sha256.
 *
 * @typedef {object} ListedFile A file of the release, and where it is kept.
 * @property {string} url
 * @property {string} sha256
 * @property {number} bytes
 * @property {string} cache
 * @property {string} key
 *
 * @typedef {object} ReadFile A model file that was read through.
 * @property {Blob} file the model itself, out of its zip
 * @property {string} name
 * @property {string} sha256
 * @property {string} md5
 * @property {number} bytes
 * @property {Part[]} parts
 * @property {Record<string, unknown> | null} row what a model.json beside it says
 *
 * @typedef {{type: "shelf:keep", model: ModelRow, port: MessagePort}
 *   | {type: "shelf:check", model: ModelRow, port: MessagePort}
 *   | {type: "file:read", file: File, port: MessagePort}
 *   | {type: "file:keep", file: Blob, parts: Part[], port: MessagePort}
 *   | {type: "release:check", files: ListedFile[], port: MessagePort}} StoreTask
 * @typedef {{type: "store:boot", root: string, lock: string} | StoreTask} ToStorekeeper
 *
 * @typedef {{"shelf:keep": null, "shelf:check": {good: number, lost: number}, "file:read": ReadFile, "file:keep": null,
 *   "release:check": {missing: string[], wrong: string[]}}} StoreResults
 *
 * @typedef {{type: "task:stop"}} ToTask
 * @typedef {{type: "task:progress", done: number, total: number}
 *   | {type: "task:done", result: StoreResults[keyof StoreResults]}
 *   | {type: "task:stopped"}
 *   | {type: "task:failed", fault: Fault}} FromTask
 *
 * @typedef {{name: string, type: string, dims: (number | string)[]}} Port An input or output of a graph; a dimension
 *   that is not fixed is a string.
 * @typedef {{type: "probe:model", root: string, file: Blob}} ToProbe
 * @typedef {{type: "probe:done", inputs: Port[], outputs: Port[]} | {type: "probe:failed", fault: Fault}} FromProbe
 */
export {};
