"""Stores that the tests of tantivy's engine share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tracuu.engines.tantivy.engine import TantivyEngine

sys.path.insert(0, str(Path(__file__).parent))  # engine_answers, tantivy_stores


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    """A store of two commits, and what it answers; to be read or copied only."""
    from tantivy_stores import answers, filled

    folder = tmp_path_factory.mktemp("tantivy") / "store"
    filled(folder).close()
    return folder, answers(folder)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    """A small store of the test's own."""
    from tantivy_stores import filled

    engine = filled(tmp_path / "store", 1, 3)
    yield engine
    engine.close()
