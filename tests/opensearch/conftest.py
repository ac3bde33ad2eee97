"""Indexes on a real cluster, made from a few invented reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def reports(tmp_path: Path) -> Callable[..., Path]:
    """Writes a folder of reports: name → a word that all its passages hold."""

    def write(folder: str, passages: int = 4, **words: str) -> Path:
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        for name, word in words.items():
            body = "\n\n".join(
                f"Đoạn thứ {number} nói về {word}: giải ngân vốn đầu tư công đạt {number} phần trăm kế hoạch năm."
                for number in range(1, passages + 1)
            )
            (place / f"{name}.txt").write_text(
                f"BÁO CÁO {name.upper()}\n\nI. KINH TẾ\n\n{body}\n", encoding="utf-8"
            )
        return place

    return write


@pytest.fixture
def index_options(opensearch_options: dict[str, Any]) -> dict[str, Any]:
    """Options for ``Index.create`` that let several folders join."""
    return {**opensearch_options, "join": True}
