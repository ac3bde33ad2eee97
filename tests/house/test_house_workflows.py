"""The workflows run the commits of actions that were looked at, and nothing that can move."""

from __future__ import annotations

import re
from pathlib import Path


def test_every_action_is_named_by_its_commit_and_version(root: Path) -> None:
    used = [
        line
        for path in sorted((root / ".github" / "workflows").glob("*.yml"))
        for line in re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
    ]
    assert used
    pinned = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in used if not pinned.fullmatch(line)] == []
