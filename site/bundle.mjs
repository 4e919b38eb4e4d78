// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs esbuild for the build: reads {modules, runs: [options, …]} as JSON from standard input.

import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const { modules, runs } = JSON.parse(await text(process.stdin));
const { build } = createRequire(join(modules, "package.json"))("esbuild");

try {
  for (const options of runs) {
    await build({ nodePaths: [modules], logLevel: "warning", ...options });
  }
} catch {
  process.exitCode = 1;
}
