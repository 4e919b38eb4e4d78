// SPDX-License-Identifier: AGPL-3.0-or-later
/** The Python worker: Pyodide with numpy, Pillow and the offcut wheel. Python decides; this file carries. */
import { OffcutError, toFault } from "../app/fault.js";
import { Keeper } from "./keeper.js";
import { holdLifeline } from "./lifeline.js";
import * as natives from "./natives.js";
import { Net } from "./net.js";
import { replay } from "./replay.js";
import { SnapshotStore } from "./snapshot.js";

/** @import {FromEasel, FromJob, FromPreview, FromProject, FromPython, FromStill, PatchData, Placement, PythonStage, Rung, Stage, Still, ToEasel, ToJob, ToPython} from "../app/protocol.js" */
/** @import {PyodideInterface} from "pyodide" */
/** @import {Index} from "./snapshot.js" */

/** @param {FromPython} message */
const tell = (message) => postMessage(message);

const net = new Net((model) => tell({ type: "engine:want", model }));
const keeper = new Keeper();

/** @type {Promise<OffcutBrowser> | undefined} */
let booting;

/**
 * @typedef {object} OffcutBrowser The Python module offcut.browser.
 * @property {(catalogue: string) => void} configure
 * @property {(data: Uint8Array, name: string, recipe: string, hooks: object) => Promise<any>} run_job
 * @property {(data: Uint8Array, name: string, side: number, hooks: object) => Promise<any>} make_preview
 * @property {(data: Uint8Array, name: string, most: number, hooks: object) => Promise<any>} open_easel
 * @property {(easel: number, recipe: string, side: number) => Promise<any>} sketch
 * @property {(easel: number, recipe: string, side: number, box: number[], since: number, shown: boolean, draft: (laid: any) => void) => Promise<any>} patches
 * @property {(easel: number) => void} close_easel
 * @property {(data: Uint8Array, name: string, recipe: string, stills: any[], hooks: object) => Promise<any>} pack_project
 * @property {(data: Uint8Array) => Promise<any>} open_project
 * @property {(image: string) => boolean} knows_still
 * @property {(data: Uint8Array, name: string, hooks: object) => Promise<any>} keep_still
 */

/**
 * @param {Extract<ToPython, {type: "python:boot"}>} message
 * @returns {Promise<OffcutBrowser>}
 */
async function boot({ root, lock, catalogue }) {
  const started = performance.now();
  const stage = (/** @type {PythonStage} */ name, /** @type {number} */ done) =>
    tell({ type: "python:stage", stage: name, done, total: 3 });
  await holdLifeline(lock);
  stage("core", 0);
  const restored = await restoreKept(root);
  const pyodide = restored ?? (await install(root, stage));
  stage("pipeline", 2);
  const browser = pyodide.pyimport("offcut.browser");
  browser.configure(JSON.stringify(catalogue));
  tell({ type: "python:ready", ms: performance.now() - started, restored: restored !== null });
  if (!restored) keeper.start(pyodide, root);
  return browser;
}

/**
 * @param {string} root
 * @param {(name: PythonStage, done: number) => void} stage
 */
async function install(root, stage) {
  const indexURL = new URL(ASSETS.pyodide, root).href;
  const { loadPyodide } = await import(`${indexURL}pyodide.mjs`);
  /** @type {PyodideInterface} */
  const pyodide = await loadPyodide({ indexURL, packages: ["numpy", "pillow", "micropip"] });
  stage("packages", 1);
  const micropip = pyodide.pyimport("micropip");
  await micropip.install.callKwargs(new URL(ASSETS.wheel, root).href, { deps: false });
  micropip.destroy();
  return pyodide;
}

/**
 * @param {string} root
 * @returns {Promise<PyodideInterface | null>} null where there is no snapshot, or none that works
 */
async function restoreKept(root) {
  const store = await SnapshotStore.open(root);
  try {
    const index = await store?.find();
    return store && index ? await restore(root, store, index) : null;
  } catch {
    await store?.discard().catch(() => {});
    return null;
  }
}

/**
 * @param {string} root
 * @param {SnapshotStore} store
 * @param {Index} index
 */
async function restore(root, store, index) {
  // Pyodide asks for the memory's size before it compiles itself, and for the memory only afterwards.
  const memory = new Uint8Array(index.memory.bytes);
  const ready = Promise.all([store.read(index, "memory").then((bytes) => memory.set(bytes)), store.begin()]);
  // It is awaited below; a failure before that must not count as unhandled.
  ready.catch(() => {});
  const packages = store.read(index, "files").then((bytes) => ({ list: index.list, bytes }));
  const indexURL = new URL(ASSETS.pyodide, root).href;
  const pyodide = await replay(indexURL, packages, { _loadSnapshot: memory }, async (module) => {
    await ready;
    if (module.wasmTable.length !== index.table) throw new Error("the snapshot's functions are not those linked here");
    const { loadedLibsByHandle, loadedLibsByName } = module.LDSO;
    for (const [handle, path] of index.handles) loadedLibsByHandle[handle] = loadedLibsByName[path];
  });
  const python = pyodide.pyimport("offcut.snapshot");
  python.revive();
  python.destroy();
  store.succeed().catch(() => {});
  return pyodide;
}

/**
 * @param {AbortController} abort
 * @param {(stage: Stage, done: number, total: number) => void} progress
 * @param {number} largestSide
 * @param {(rung: Rung) => void} answered told which backend gave each answer
 */
const hooks = (abort, progress, largestSide = 0, answered = () => {}) => ({
  progress,
  cancelled: () => abort.signal.aborted,
  infer: async (
    /** @type {string} */ model,
    /** @type {Float32Array<ArrayBuffer>} */ data,
    /** @type {number[]} */ dims,
  ) => {
    const answer = await net.run(model, data, dims, abort.signal);
    answered(answer.rung);
    return answer;
  },
  largestSide,
  decode: natives.decode,
  encode: natives.encode,
  usesNative: natives.available,
});

/** @param {Blob} file */
async function fileBytes(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    // The file was moved, renamed or changed after it was picked, or the disk refused it.
    throw new OffcutError("picture.gone", { reason: String(error) });
  }
}

/**
 * Hands over the pictures that a recipe names for its background, unless Python has them.
 *
 * @param {OffcutBrowser} browser
 * @param {Still[]} stills
 */
async function handOver(browser, stills) {
  for (const { image, file } of stills) {
    if (browser.knows_still(image)) continue;
    const answer = await browser.keep_still(await fileBytes(file), file.name, none());
    if (!answer.ok) throw OffcutError.from(answer.error);
  }
}

/** Hooks for work that asks no net and cannot be cancelled. */
const none = () => hooks(new AbortController(), () => {});

/** @param {Extract<ToPython, {type: "job:run"}>} message */
async function runJob({ file, name, recipe, stills, largestSide, port }) {
  keeper.hold();
  const abort = new AbortController();
  port.onmessage = ({ data }) => {
    if (/** @type {ToJob} */ (data).type === "job:cancel") abort.abort();
  };
  /** @param {FromJob} message */
  const reply = (message) => port.postMessage(message);
  try {
    if (!booting) throw new OffcutError("python.lost");
    const browser = await booting;
    await handOver(browser, stills);
    const bytes = await fileBytes(file);
    /** @type {Rung | null} */
    let engine = null;
    const progress = (/** @type {Stage} */ stage, /** @type {number} */ done, /** @type {number} */ total) =>
      reply({ type: "job:progress", stage, done, total });
    const answered = (/** @type {Rung} */ rung) => {
      engine = rung;
    };
    const given = hooks(abort, progress, largestSide, answered);
    const answer = await browser.run_job(bytes, name, JSON.stringify(recipe), given);
    if (answer.ok) reply({ type: "job:done", result: { ...answer, engine } });
    else reply({ type: "job:failed", fault: answer.error });
  } catch (error) {
    reply({ type: "job:failed", fault: toFault(error, "internal") });
  } finally {
    keeper.release();
    port.close();
  }
}

/** @param {Extract<ToPython, {type: "preview:make"}>} message */
async function makePreview({ file, name, side, port }) {
  /** @type {FromPreview} */
  let reply;
  keeper.hold();
  try {
    if (!booting) throw new OffcutError("python.lost");
    const browser = await booting;
    const answer = await browser.make_preview(await fileBytes(file), name, side, none());
    reply = answer.ok ? { type: "preview:done", blob: answer.blob } : { type: "preview:failed", fault: answer.error };
  } catch (error) {
    reply = { type: "preview:failed", fault: toFault(error, "internal") };
  }
  keeper.release();
  port.postMessage(reply);
  port.close();
}

/** @param {Extract<ToPython, {type: "still:keep"}>} message */
async function keepStill({ file, port }) {
  /** @type {FromStill} */
  let reply;
  keeper.hold();
  try {
    if (!booting) throw new OffcutError("python.lost");
    const browser = await booting;
    const answer = await browser.keep_still(await fileBytes(file), file.name, none());
    reply = answer.ok ? { type: "still:kept", image: answer.image } : { type: "still:failed", fault: answer.error };
  } catch (error) {
    reply = { type: "still:failed", fault: toFault(error, "internal") };
  }
  keeper.release();
  port.postMessage(reply);
  port.close();
}

/** @param {Extract<ToPython, {type: "project:pack"}>} message */
async function packProject({ file, name, recipe, stills, largestSide, port }) {
  const pack = async (/** @type {OffcutBrowser} */ browser) => {
    const files = await Promise.all(stills.map(async (one) => [one.image, await fileBytes(one.file)]));
    // What the net said may be forgotten: then it is asked once more.
    const given = hooks(new AbortController(), () => {}, largestSide);
    return await browser.pack_project(await fileBytes(file), name, JSON.stringify(recipe), files, given);
  };
  await answerOnce(port, pack, ({ blob }) => ({ type: "project:packed", blob }));
}

/** @param {Extract<ToPython, {type: "project:open"}>} message */
async function openProject({ file, port }) {
  const open = async (/** @type {OffcutBrowser} */ browser) => await browser.open_project(await fileBytes(file));
  await answerOnce(port, open, ({ blob, name, recipe, stills }) => ({
    type: "project:opened",
    blob,
    name,
    recipe: JSON.parse(recipe),
    stills,
  }));
}

/**
 * Does one thing for the page, and tells what came of it.
 *
 * @param {MessagePort} port
 * @param {(browser: OffcutBrowser) => Promise<any>} work
 * @param {(answer: any) => FromProject} told
 */
async function answerOnce(port, work, told) {
  /** @type {FromProject} */
  let reply;
  keeper.hold();
  try {
    if (!booting) throw new OffcutError("python.lost");
    const answer = await work(await booting);
    reply = answer.ok ? told(answer) : { type: "project:failed", fault: answer.error };
  } catch (error) {
    reply = { type: "project:failed", fault: toFault(error, "internal") };
  }
  keeper.release();
  port.postMessage(reply);
  port.close();
}

/**
 * Answers one wish after the other until the page is done with the picture. The page sends the next when it has the
 * answer to the last, so nothing piles up here.
 *
 * @param {Extract<ToPython, {type: "easel:open"}>} message
 */
function openEasel({ file, name, most, port }) {
  const open = async () => {
    if (!booting) throw new OffcutError("python.lost");
    const browser = await booting;
    const answer = await browser.open_easel(await fileBytes(file), name, most, none());
    if (!answer.ok) throw OffcutError.from(answer.error);
    return { browser, easel: /** @type {number} */ (answer.easel) };
  };
  keeper.hold();
  const opened = open().finally(() => keeper.release());
  // The first wish tells the page.
  opened.catch(() => {});
  /** What is posted before the answer is there goes out at once. @param {{patches: PatchData[], width: number, height: number}} draft */
  const drafted = ({ patches, width, height }) => {
    /** @type {FromEasel} */
    const message = { type: "easel:drafted", patches, width, height };
    port.postMessage(message, buffersOf(patches));
  };
  port.onmessage = async ({ data }) => {
    const wish = /** @type {ToEasel} */ (data);
    if (wish.type === "easel:close") {
      port.close();
      opened.then(({ browser, easel }) => browser.close_easel(easel)).catch(() => {});
      return;
    }
    keeper.hold();
    /** @type {FromEasel} */
    let reply;
    /** @type {Transferable[]} */
    let carried = [];
    try {
      const { browser, easel } = await opened;
      const recipe = JSON.stringify(wish.recipe);
      const { side } = wish;
      if (wish.type === "easel:draw") await handOver(browser, wish.stills);
      const answer =
        wish.type === "easel:draw"
          ? await browser.sketch(easel, recipe, side)
          : await browser.patches(easel, recipe, side, wish.box, wish.since, wish.shown, drafted);
      if (!answer.ok) throw OffcutError.from(answer.error);
      const { width, height, pixels, canvas, matrix, head, patches, turn } = answer;
      if (wish.type === "easel:draw") {
        reply = { type: "easel:drawn", pixels, width, height, placement: placementOf({ canvas, matrix }), head };
        carried = pixels ? [pixels.buffer] : [];
      } else {
        reply = { type: "easel:touched", patches, turn, width, height };
        carried = buffersOf(patches ?? []);
      }
    } catch (error) {
      reply = { type: "easel:failed", fault: toFault(error, "internal") };
    } finally {
      keeper.release();
    }
    port.postMessage(reply, carried);
  };
}

/**
 * @param {{canvas?: [number, number], matrix?: Placement["matrix"]}} answer
 * @returns {Placement}
 */
const placementOf = ({ canvas = [0, 0], matrix = [1, 0, 0, 0, 1, 0] }) => ({
  width: canvas[0],
  height: canvas[1],
  matrix,
});

/** @param {PatchData[]} patches */
const buffersOf = (patches) => patches.map(({ pixels }) => pixels.buffer);

addEventListener("message", (/** @type {MessageEvent<ToPython>} */ { data: message }) => {
  switch (message.type) {
    case "python:boot":
      booting = boot(message);
      booting.catch((error) => tell({ type: "python:failed", fault: toFault(error, "python.failed") }));
      break;
    case "engine:connect":
      net.connect(message.port, message.model);
      break;
    case "engine:lost":
      net.lost(message.fault);
      break;
    case "job:run":
      runJob(message);
      break;
    case "preview:make":
      makePreview(message);
      break;
    case "still:keep":
      keepStill(message);
      break;
    case "project:pack":
      packProject(message);
      break;
    case "project:open":
      openProject(message);
      break;
    case "easel:open":
      openEasel(message);
      break;
  }
});
