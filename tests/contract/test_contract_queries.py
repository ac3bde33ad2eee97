"""Random queries find on every engine what reading all passages finds; benchmarks/oracle.py does thousands."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from tracuu import Index

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parent))
from oracle import Clause, add, differences, fill, make_reports, run
from test_contract_random import ENGINES


def test_random_queries_find_what_reading_every_passage_finds(tmp_path: Path) -> None:
    engines = {name: {} for name in ENGINES}
    counts, wrong = run(tmp_path, examples=300, seed=14, engines=engines)  # type: ignore[arg-type]
    assert wrong == []
    assert counts["queries"] == 300
    assert counts["passages that match"] > 600


def test_the_oracle_notices_a_passage_too_few_and_one_too_many(tmp_path: Path) -> None:
    chance = random.Random(3)
    reports = make_reports(chance)
    name = min(reports)
    rows = [row for mine in reports.values() for row in mine]
    everything = Clause("NOT mướp", lambda row, folded: True, ("mướp",), True)
    with Index.create(tmp_path / "index") as index:
        fill(index, chance, reports)
        found = lambda: list(differences({"it": index}, rows, everything, {}, lambda row: True))  # noqa: E731
        assert found() == []
        index.remove(name)
        assert all(f"{name}#1" in line for line in found())
        assert len(found()) == 1
        add(index, reports[name])
        gone = Clause("mướp", lambda row, folded: False, ("mướp",), True)
        assert not list(differences({"it": index}, rows, gone, {}, lambda row: True))
        del rows[-1]
        assert len(found()) == 1
