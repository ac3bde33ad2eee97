"""What stands for a taxonomy in an index's fingerprint."""

from __future__ import annotations

import hashlib


def taxonomy_digest(text: str) -> str:
    """Eight hexadecimal digits that change when a taxonomy file says something else; ``text`` is the
    file's. Comments, blank lines and line endings do not count. Light: nothing is parsed."""
    lines = (line.strip() for line in text.splitlines())
    content = "\n".join(line for line in lines if line and not line.startswith("#"))
    return hashlib.sha256(content.encode()).hexdigest()[:8]
