"""The real documents of shared/, where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracuu.corpus.readers import read_blocks

for _package in ("lxml", "defusedxml", "olefile", "pypdfium2", "markdown_it"):
    pytest.importorskip(_package, reason="not all extras are installed")
REAL = Path(__file__).resolve().parents[3] / "shared" / "reports" / "real"
FILES = sorted(REAL.iterdir()) if REAL.is_dir() else []
pytestmark = pytest.mark.skipif(
    not FILES, reason="the real documents in shared/reports are not here"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_real_document_is_read(path: Path) -> None:
    found = read_blocks(path)
    assert len(found.blocks) > 20
    assert all("pages without text" in note for note in found.notes)
    assert "\ufffd" not in "".join(block.text for block in found.blocks)


def test_one_document_in_two_formats_reads_the_same() -> None:
    old, new = (read_blocks(REAL / f"huongdan36_vptw.{suffix}") for suffix in ("doc", "docx"))
    assert old.blocks == new.blocks
