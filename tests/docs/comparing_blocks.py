"""The console blocks of docs/comparing.md, which compare a sample with a report of ``tests/data/terms``.

``python tests/docs/comparing_blocks.py`` puts the real output into the page.
"""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location(
    "readme_blocks", Path(__file__).with_name("readme_blocks.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
readme = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(readme)

PAGE = readme.ROOT / "docs" / "comparing.md"


def make_index(folder: str) -> str:
    """An index of the samples and the reports of the same committees' other terms, below ``folder``."""
    index = str(readme.make_index(folder))
    readme.run(
        f"tracuu index --quiet '{(readme.ROOT / 'tests' / 'data' / 'terms').as_posix()}'", index
    )
    return index


def refreshed(text: str, index: str) -> str:
    """The page's text with what its commands print."""
    return str(
        readme.BLOCK.sub(
            lambda found: (
                f"```console\n$ {found['command']}\n{readme.run(found['command'], index)}```\n"
            ),
            text,
        )
    )


def main() -> None:
    """Write the real output into the page."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(
            refreshed(PAGE.read_text(encoding="utf-8"), make_index(folder)), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
