# SPDX-License-Identifier: AGPL-3.0-or-later
"""The security headers come from one source and say what the design promises."""

from sitebuild import headers


def test_the_policy_allows_no_eval_and_no_foreign_host() -> None:
    policy = headers.policy()
    assert "'unsafe-eval'" not in policy and "'unsafe-inline'" not in policy
    assert "connect-src 'self';" in policy and policy.startswith("default-src 'none';")
    assert "http" not in policy and "*" not in policy


def test_the_meta_policy_differs_only_by_what_meta_cannot_say() -> None:
    assert headers.meta_policy() + "; frame-ancestors 'none'" == headers.policy()


def test_every_response_is_isolated() -> None:
    sent = headers.security()
    assert sent["Cross-Origin-Opener-Policy"] == "same-origin"
    assert sent["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert sent["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in sent["Permissions-Policy"] and "geolocation=()" in sent["Permissions-Policy"]


def test_only_what_is_named_by_its_content_is_cached_for_ever() -> None:
    assert "immutable" in headers.caching("vendor/x/y.wasm")
    assert headers.caching("sw.js") == headers.caching("") == headers.caching("licences/") == "no-cache"


def test_the_headers_file_of_hosts_holds_them_all() -> None:
    text = headers.netlify()
    assert all(f"  {name}: {value}\n" in text for name, value in headers.security().items())
    assert "/weights/*\n  Cache-Control: public, max-age=31536000, immutable\n" in text
