// SPDX-License-Identifier: AGPL-3.0-or-later
// Constants the build writes into sw.js (pysrc/sitebuild/assets.py).
declare const RELEASE: string;
declare const PRECACHE: { url: string; sha256: string; bytes: number; heavy: boolean; rare: boolean }[];
declare const HEADERS: Record<string, string>;
