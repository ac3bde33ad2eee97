"""The repository's own source, parsed once for all tests of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sources import Source, sources


@pytest.fixture(scope="session")
def repository(root: Path) -> list[Source]:
    """Every file of Python in the repository, tests included."""
    return sources(root)


@pytest.fixture(scope="session")
def package(repository: list[Source]) -> list[Source]:
    """The files that are installed."""
    return [source for source in repository if source.installed]
