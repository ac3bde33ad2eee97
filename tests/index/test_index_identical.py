"""Files with the same bytes: one report with several places."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, check, rebuild

Fates = Callable[..., list[tuple[str, str, tuple[str, ...]]]]
Make = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path, make: Make) -> Path:
    """``a/mot.txt`` with copies in ``a`` and ``b``, and other reports in both."""
    root = tmp_path / "tree"
    first = make(root / "a" / "mot.txt", 2001)
    (root / "b").mkdir()
    shutil.copy(first, root / "a" / "sao.txt")
    shutil.copy(first, root / "b" / "sao.txt")
    for name in ("a/hai.txt", "b/ba.txt", "b/bon.txt"):
        make(root / name, 2000 + len(list(root.rglob("*.txt"))))
    return root


def places(index: Index, report: str) -> list[str]:
    found = index.report(report)
    paths = [found.source, *(copy.source for copy in found.copies)]
    return ["/".join(Path(path or "").parts[-2:]) for path in paths]


def kinds(changes: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for change in changes:
        found[change.kind] = found.get(change.kind, 0) + 1
    return found


def test_copies_are_one_report(index: Index, tree: Path, fates: Fates) -> None:
    assert fates(index, [tree]) == [
        ("added", "hai.txt", ("hai",)),
        ("added", "mot.txt", ("mot",)),
        ("identical", "sao.txt", ("mot",)),
        ("added", "ba.txt", ("ba",)),
        ("added", "bon.txt", ("bon",)),
        ("identical", "sao.txt", ("mot",)),
    ]
    assert places(index, "mot") == ["a/mot.txt", "a/sao.txt", "b/sao.txt"]
    assert [copy.folder for copy in index.report("mot").copies] == ["tree/a", "tree/b"]
    assert index.search("giải ngân", report="mot").total == 1
    assert index.tally(by="report").counts[("mot",)] == 3
    assert index.info().reports == 4
    assert kinds(index.update([tree])) == {"unchanged": 6}
    assert check(index.path) == []


def test_a_report_is_found_by_the_folders_of_all_its_copies(index: Index, tree: Path) -> None:
    list(index.update([tree]))
    for folder in ("a", "b"):
        found = index.search("", folder=folder, limit=0).facets["report"]
        assert found["mot"] == 3
    assert "hai" not in index.search("", folder="b", limit=0).facets["report"]


def test_a_copy_that_goes_leaves_the_report(index: Index, tree: Path, fates: Fates) -> None:
    list(index.update([tree]))
    (tree / "b" / "sao.txt").unlink()
    assert ("moved", "mot.txt", ("mot",)) in fates(index, [tree], prune=True)
    assert places(index, "mot") == ["a/mot.txt", "a/sao.txt"]
    (tree / "a" / "mot.txt").unlink()
    (change,) = [one for one in index.update([tree], prune=True) if one.kind != "unchanged"]
    assert (change.kind, Path(change.path).name) == ("moved", "sao.txt")
    assert "is gone" in change.notes[0]
    assert places(index, "mot") == ["a/sao.txt"]
    (tree / "a" / "sao.txt").unlink()
    assert ("removed", "sao.txt", ("mot",)) in fates(index, [tree], prune=True)
    assert [report.id for report in index.reports()] == ["ba", "bon", "hai"]


def test_the_report_follows_to_the_folder_of_the_copy_that_stays(index: Index, tree: Path) -> None:
    list(index.update([tree]))
    (tree / "a" / "mot.txt").unlink()
    (tree / "a" / "sao.txt").unlink()
    list(index.update([tree], prune=True))
    assert places(index, "mot") == ["b/sao.txt"]
    assert index.report("mot").folder == "tree/b"
    assert index.search("", folder="b", report="mot").total == 3
    assert "mot" not in index.search("", folder="a", limit=0).facets["report"]


def test_a_copy_that_is_changed_becomes_a_report(index: Index, tree: Path, make: Make) -> None:
    list(index.update([tree]))
    make(tree / "a" / "sao.txt", 2030)
    assert kinds(index.update([tree])) == {"unchanged": 5, "added": 1}
    assert places(index, "sao") == ["a/sao.txt"]
    assert places(index, "mot") == ["a/mot.txt", "b/sao.txt"]


def test_the_copies_of_a_changed_file_keep_its_report(index: Index, tree: Path, make: Make) -> None:
    list(index.update([tree]))
    before = [index.passage(f"mot#{number}").text for number in (1, 2, 3)]
    make(tree / "a" / "mot.txt", 2031)
    assert kinds(index.update([tree])) == {"unchanged": 5, "added": 1}
    assert places(index, "mot") == ["a/sao.txt", "b/sao.txt"]
    assert [index.passage(f"mot#{number}").text for number in (1, 2, 3)] == before
    assert places(index, "mot-2") == ["a/mot.txt"]
    assert index.search("2031", literal=True).hits[0].passage.report == "mot-2"


def test_a_rebuild_keeps_id_and_copies(index: Index, tree: Path) -> None:
    list(index.update([tree]))
    list(rebuild(index.path))
    assert places(index, "mot") == ["a/mot.txt", "a/sao.txt", "b/sao.txt"]
    (tree / "a" / "mot.txt").unlink()
    assert "removed" not in kinds(rebuild(index.path))
    assert places(index, "mot") == ["a/sao.txt", "b/sao.txt"]


def test_a_late_copy_is_noted_without_reading(index: Index, tree: Path) -> None:
    list(index.update([tree]))
    shutil.copy(tree / "b" / "ba.txt", tree / "a" / "sau.txt")
    assert kinds(index.update([tree])) == {"unchanged": 6, "identical": 1}
    assert places(index, "ba") == ["b/ba.txt", "a/sau.txt"]
    assert index.search("", folder="a", report="ba").total == 3


def test_an_upload_is_a_report_of_its_own(index: Index, tree: Path) -> None:
    list(index.update([tree]))
    content = (tree / "a" / "mot.txt").read_bytes()
    assert index.put(content, name="khac.txt").reports == ("khac",)
    assert kinds(index.update([tree])) == {"unchanged": 6}
    list(rebuild(index.path))
    assert index.report("khac").copies == ()
    assert places(index, "mot") == ["a/mot.txt", "a/sao.txt", "b/sao.txt"]


def test_a_moved_copy_is_one_again(index: Index, tree: Path) -> None:
    list(index.update([tree]))
    (tree / "b" / "sao.txt").rename(tree / "b" / "doi-ten.txt")
    list(index.update([tree], prune=True))
    assert places(index, "mot") == ["a/mot.txt", "a/sao.txt", "b/doi-ten.txt"]
