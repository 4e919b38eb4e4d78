# SPDX-License-Identifier: AGPL-3.0-or-later
"""The web app manifest, by which the site can be installed."""

from typing import Any

from .icons import PAPER


def manifest() -> dict[str, Any]:
    """What becomes manifest.webmanifest; every address is relative to it."""
    return {
        "id": "./",
        "name": "Offcut",
        "short_name": "Offcut",
        "description": "Removes image backgrounds. The picture stays on this device.",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": "icons/mark.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": "icons/icon-192.png", "sizes": "192x192", "type": "image/png"},
            {"src": "icons/icon-512.png", "sizes": "512x512", "type": "image/png"},
            {
                "src": "icons/icon-maskable-512.png",
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
    }
