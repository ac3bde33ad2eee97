"""How often a search goes from module to module (``benchmarks/crossings.py``)."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Before the rooms were moved 465, 1078 and 423 in the same index.
MOST = {"one word": 200, "a question": 420, "filters and facets": 210}


def test_a_search_crosses_few_borders_between_modules() -> None:
    spec = importlib.util.spec_from_file_location("crossings", ROOT / "benchmarks/crossings.py")
    assert spec is not None
    assert spec.loader is not None
    crossings = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(crossings)
    found = crossings.measure([ROOT / "corpus" / "samples"])
    for name, most in MOST.items():
        assert found[name].total() <= most, (name, found[name].most_common(10))
        assert found[name].total() > 20  # else nothing is counted
