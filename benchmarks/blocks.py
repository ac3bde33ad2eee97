"""Insert a benchmark's output into a page of docs/, between its two markers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path


def put_block(page: Path, name: str, lines: Sequence[str]) -> None:
    """Replace the text between ``<!-- NAME -->`` and ``<!-- /NAME -->``.

    Raises ValueError if a marker is missing.
    """
    text = page.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not marks.search(text):
        raise ValueError(f"{page} has no marks <!-- {name} --> … <!-- /{name} -->")
    body = "\n".join(["", *lines, "", ""])
    page.write_text(marks.sub(lambda found: found[1] + body + found[2], text), encoding="utf-8")
