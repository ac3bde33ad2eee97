"""What holds for every answer of the service."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/readyz", "/nowhere", "/api/v1/search?q=ngân", "/api/v1/search?limit=many"],
)
def test_every_answer_is_safe_for_browsers(client, samples, path):
    headers = client(samples).get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"]
    assert "server" not in headers
