// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page's start: wires the drop zone, the workbench, the workers and the service worker to each other. */
import "./elements/engine-status.js";
import "./elements/notice.js";
import "./elements/plans.js";
import "./elements/privacy.js";
import "./elements/workbench.js";
import { listenForFiles, listenToInput } from "./intake.js";
import { fillPrecache, goOffline } from "./offline.js";
import { Queue } from "./queue.js";
import { Staff } from "./staff.js";

/** @import {EngineStatus} from "./elements/engine-status.js" */
/** @import {Plans} from "./elements/plans.js" */
/** @import {Notice} from "./elements/notice.js" */
/** @import {Privacy} from "./elements/privacy.js" */
/** @import {RecipeData} from "./protocol.js" */
/** @import {Job} from "./queue.js" */
/** @import {Part} from "./elements/inspector.js" */
/** @import {Workbench} from "./elements/workbench.js" */

const RELEASE = new URL(".", import.meta.url).href;
const ROOT = new URL("../../", RELEASE).href;

/**
 * @template {Element} T
 * @param {string} selector
 * @returns {T}
 */
const one = (selector) => /** @type {T} */ (document.querySelector(selector));

/** @type {PromiseWithResolvers<void>} */
const settled = Promise.withResolvers();
const staff = new Staff(RELEASE, ROOT, settled.promise);
const queue = new Queue(staff);
// Where the host gives the policy itself, a picture that is there already waits for nothing.
if (globalThis.crossOriginIsolated) queue.addEventListener("change", () => settled.resolve(), { once: true });

/** The workbench of this page, if it has one. */
const bench = /** @type {HTMLElement | null} */ (document.querySelector("#workbench"));
/** A page whose panel is that of work by hand needs no net. */
const byHand = bench?.dataset.panel === "hand";

/**
 * @param {Workbench} workbench
 * @param {HTMLElement} bench
 */
function setUpWorkbench(workbench, bench) {
  // A tool is a preset: the page carries the recipe it starts with (pysrc/offcut/presets).
  /** @type {RecipeData} */
  const preset = JSON.parse(bench.dataset.recipe ?? "");
  const input = /** @type {HTMLInputElement} */ (one("#choose"));
  workbench.queue = queue;
  workbench.staff = staff;
  Object.assign(/** @type {EngineStatus} */ (one(".drop offcut-engine-status")), { staff, byHand });
  const plans = /** @type {Plans | null} */ (bench.querySelector(".drop offcut-plans"));
  if (plans) plans.staff = staff;
  if (byHand) workbench.handle(true);
  else if (bench.dataset.panel) workbench.parts = new Set([/** @type {Part} */ (bench.dataset.panel)]);

  const take = async (/** @type {File[]} */ files) => {
    const first = queue.jobs.length === 0;
    // The first visit is lighter without it, and where it cannot be had files are written as at first.
    const written = await import("./settings.js")
      .then(({ asLastWritten }) => asLastWritten(preset))
      .catch(() => preset);
    const ends = (/** @type {string} */ ending) => files.filter(({ name }) => name.toLowerCase().endsWith(ending));
    const [projects, archives] = [ends(".offcut"), ends(".zip")];
    const pictures = files.filter((file) => !projects.includes(file) && !archives.includes(file));
    const [job] = queue.add(pictures, written, preset);
    const [opened] = [
      ...projects.map((project) => queue.expect(project, preset, () => staff.openProject(project))),
      ...archives.map((archive) =>
        queue.expect(archive, preset, async () => {
          const { unpacked } = await import("./archive.js");
          const [file = archive, ...rest] = await unpacked(archive);
          return { file, recipe: written, start: preset, rest };
        }),
      ),
    ];
    if (opened || job) workbench.select(/** @type {Job} */ (opened ?? job));
    if (first) workbench.focusStage();
  };
  const showState = () => {
    bench.setAttribute("data-state", queue.jobs.length ? "busy" : "empty");
  };
  queue.addEventListener("change", showState);
  workbench.addEventListener("add", (event) => {
    // The same field, for folders: browsers ask for one or the other.
    input.webkitdirectory = /** @type {CustomEvent<string>} */ (event).detail === "folder";
    input.click();
  });
  for (const end of ["change", "cancel"]) {
    input.addEventListener(end, () => {
      input.webkitdirectory = false;
    });
  }
  listenForFiles(take, () => staff.start(!byHand));
  listenToInput(input, take);
  for (const button of bench.querySelectorAll("button[data-sample]")) {
    button.addEventListener("click", async () => {
      const name = button.getAttribute("data-sample") ?? "";
      const response = await fetch(new URL(`samples/${name}`, RELEASE));
      take([new File([await response.blob()], name, { type: "image/jpeg" })]);
    });
  }
}

/** When the page is quiet, so that the first paint and the first click never wait for it. */
function whenIdle() {
  const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ task) => setTimeout(task, 300));
  return new Promise((resolve) => idle(() => resolve(undefined)));
}

const workbench = /** @type {Workbench | null} */ (document.querySelector("offcut-workbench"));
if (workbench && bench) setUpWorkbench(workbench, bench);

const notice = /** @type {Notice} */ (one("offcut-notice"));
const privacy = /** @type {Privacy} */ (one("offcut-privacy"));
queue.addEventListener("change", () => privacy.refresh());
const stays = await goOffline(
  ROOT,
  () => queue.jobs.length === 0,
  (activate) => {
    notice.reload = activate;
  },
  // Whatever a browser makes of service workers, the app works without.
).catch(() => true);
if (stays) {
  settled.resolve();
  privacy.refresh();
  if (workbench) {
    await whenIdle();
    await staff.start(!byHand);
  }
  const fill = async () => {
    if (staff.python.state !== "ready" || (staff.engine.state !== "ready" && !byHand)) return;
    staff.removeEventListener("change", fill);
    const filled = await fillPrecache();
    const offline = Boolean(filled?.complete) && (staff.engine.stored || byHand);
    privacy.offline = offline && !byHand;
    const line = /** @type {EngineStatus | null} */ (document.querySelector(".drop offcut-engine-status"));
    if (line) line.offline = offline;
  };
  staff.addEventListener("change", fill);
  fill();
}
