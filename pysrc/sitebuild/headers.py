# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one source of the security and caching headers, for every way in which a host can be told."""

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' blob:",
    "style-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
NOT_IN_META = {"frame-ancestors"}
DENIED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
FOREVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
NEVER_CHANGE = ("r/", "vendor/", "weights/")


def policy() -> str:
    """The Content-Security-Policy that a host or the service worker sends."""
    return "; ".join(f"{name} {value}" for name, value in POLICY.items())


def meta_policy() -> str:
    """The same for `<meta http-equiv>`, without what is not allowed there."""
    return "; ".join(f"{name} {value}" for name, value in POLICY.items() if name not in NOT_IN_META)


def security() -> dict[str, str]:
    """The headers of every response, pages and worker scripts alike."""
    return {
        "Content-Security-Policy": policy(),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in DENIED),
    }


def caching(path: str) -> str:
    """Cache-Control of a path relative to the site root: what is named by its content may stay for ever."""
    return FOREVER if path.startswith(NEVER_CHANGE) else ASK_FIRST


def netlify() -> str:
    """The `_headers` file that Netlify and Cloudflare Pages read."""
    lines = ["/*", *(f"  {name}: {value}" for name, value in security().items())]
    for folder in NEVER_CHANGE:
        lines += [f"/{folder}*", f"  Cache-Control: {FOREVER}"]
    return "\n".join(lines) + "\n"
