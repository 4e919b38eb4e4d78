// SPDX-License-Identifier: AGPL-3.0-or-later
/** The start of the engines page. Only that page loads it. */
import "./elements/engines.js";
import { listenForFiles } from "./intake.js";
import { served } from "./offline.js";
import { Store } from "./store.js";
import { Storekeeper } from "./storekeeper.js";

/** @import {Engines} from "./elements/engines.js" */

const RELEASE = new URL(".", import.meta.url).href;
const ROOT = new URL("../../", RELEASE).href;

// On hosts that send no headers the service worker gives the workers their policy.
const keeper = new Storekeeper(RELEASE, ROOT, globalThis.crossOriginIsolated ? Promise.resolve() : served());
const engines = /** @type {Engines} */ (document.querySelector("offcut-engines"));
engines.begin(RELEASE, ROOT, keeper, new Store(keeper, ROOT));
listenForFiles(
  ([file]) => file && engines.take(file),
  () => {},
);
