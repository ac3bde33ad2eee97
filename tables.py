"""The package's own tables, read as plainly as they are written.

They are TOML, for people; a search in a new process does not wait for a parser of all of it. Files of users, which
may be written in any way that TOML allows, are read by ``tomllib``; a test reads these both ways.
"""

from __future__ import annotations

import json
from typing import Any


def rows(text: str, table: str) -> list[dict[str, Any]]:
    """Each ``[[table]]`` of ``text``, with those of its values that stand on one line and are not cut by a comment:
    strings, lists of strings, true and false, which TOML writes as JSON does."""
    written: list[list[str]] = []
    header, inside = f"[[{table}]]", False
    for line in text.splitlines():
        if line.startswith("[["):
            inside = line == header
            if inside:
                written.append([])
        elif inside and not line.endswith("["):
            key, equals, value = line.partition(" = ")
            if equals and key.isalpha():
                written[-1].append(f'"{key}":{value}')
    objects = ("{" + ",".join(row) + "}" for row in written)
    found: list[dict[str, Any]] = json.loads("[" + ",".join(objects) + "]")
    return found
