# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds, serves, checks and measures the Offcut site. It never ships to the browser."""
