"""Shared by all rooms: where the repository's own reports lie."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What a shell starts in the background ignores Ctrl-C, and so would the processes that tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root, which is the package's folder too."""
    return ROOT


@pytest.fixture(scope="session")
def sample_reports() -> list[Path]:
    """The reports that the package ships, and those written for the tests."""
    folders = (ROOT / "corpus" / "samples", ROOT / "tests" / "data" / "reports")
    return [path for folder in folders for path in sorted(folder.glob("*.txt"))]


@pytest.fixture(scope="session")
def district_report() -> Path:
    """The real report of a district's committee, 2000–2005, which is no part of the repository."""
    for path in sorted((ROOT.parent / "shared" / "reports").glob("bao-cao-kiem-diem-quan-uy*.txt")):
        return path
    pytest.skip("the report in ../shared/reports is not on this machine")
