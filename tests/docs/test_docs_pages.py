"""The pages that are sessions show what a reader gets who types them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "page_blocks", Path(__file__).with_name("page_blocks.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
blocks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(blocks)


def test_there_are_pages_with_commands_in_both_languages() -> None:
    pages = {
        name: len(blocks.BLOCK.findall((blocks.ROOT / name).read_text(encoding="utf-8")))
        for name in blocks.PAGES
    }
    assert pages["docs/tutorial.md"] >= 6
    assert sum(count for name, count in pages.items() if name.startswith("docs/vi/")) >= 10


@pytest.mark.parametrize("name", blocks.PAGES)
def test_what_a_page_shows_is_what_the_commands_print(name: str, tmp_path: Path) -> None:
    """`python tests/docs/page_blocks.py` puts the real output into the pages."""
    for needed in (
        ("flask", "fastapi", "django", "langchain_core", "mcp") if "embedding" in name else ()
    ):
        pytest.importorskip(needed, reason="the extra examples is not installed")
    text = (blocks.ROOT / name).read_text(encoding="utf-8")
    blocks.make_folder(tmp_path)
    for shown, real in blocks.run_page(text, tmp_path.resolve(), blocks.language_of(name)):
        assert shown == real
