from __future__ import annotations

import importlib.util
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location(
    "comparing_blocks", Path(__file__).with_name("comparing_blocks.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
blocks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(blocks)


def test_what_the_page_shows_is_what_the_command_prints(tmp_path: Path) -> None:
    """`python tests/docs/comparing_blocks.py` puts the real output into the page."""
    text = blocks.PAGE.read_text(encoding="utf-8")
    assert text.count("```console") == 1
    assert blocks.refreshed(text, blocks.make_index(str(tmp_path))) == text
