// SPDX-License-Identifier: AGPL-3.0-or-later
// Constants the build writes into the bundles (pysrc/sitebuild/assets.py). Paths are relative to the site root.
declare const ASSETS: { pyodide: string; ort: string; wheel: string; version: string };
