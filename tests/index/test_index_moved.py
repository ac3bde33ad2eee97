"""A tree of reports that is moved or copied together with its index is the same tree."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu import Index, check, copy, rebuild
from tracuu.errors import WriteFailed
from tracuu.index.directory import IndexDirectory

Make = Callable[..., Path]


@pytest.fixture(params=["beside", "inside"])
def tree(request: pytest.FixtureRequest, tmp_path: Path, make: Make) -> Path:
    """Reports, with an index beside them or in their midst."""
    root = tmp_path / "tree"
    for name, year in (("a/bao-cao.txt", 2001), ("b/bao-cao.txt", 2002), ("b/hai.txt", 2003)):
        make(root / "reports" / name, year)
    (root / "reports" / "a" / "hong.docx").write_bytes(b"PK\x03\x04")
    with Index.create(where(root, request.param)) as index:
        folder = root / "reports" if request.param == "beside" else root
        list(index.update([folder]))
        index.put((root / "reports" / "b" / "hai.txt").read_bytes(), name="gui.txt")
    return root


def where(root: Path, place: str = "") -> Path:
    if place:
        return root / (".tracuu" if place == "beside" else "reports/b/tim.idx")
    return next(path for path in (where(root, "beside"), where(root, "inside")) if path.exists())


def ids(root: Path) -> dict[str, str]:
    with Index.open(where(root)) as index:
        return {report.id: str(report.source) for report in index.reports()}


@pytest.mark.parametrize("how", ["move", "copy"])
def test_nothing_is_read_again_or_under_another_id(tree: Path, tmp_path: Path, how: str) -> None:
    before = {id: Path(path).name for id, path in ids(tree).items()}
    new = tmp_path / "elsewhere" / "tree"
    if how == "move":
        new.parent.mkdir()
        shutil.move(tree, new)
    else:
        shutil.copytree(tree, new)
    found = ids(new)
    assert {id: Path(path).name for id, path in found.items()} == before
    for id in ("bao-cao", "bao-cao-2", "hai"):
        assert found[id].startswith(str(new))
    with Index.open(where(new)) as index:
        assert all(source.startswith(str(new)) for source in index.info().sources)
        assert index.original("hai").name == "hai.txt"
        assert index.original("gui").name == "gui.txt"
        changes = list(index.update(index.info().sources, prune=True))
        assert {change.kind for change in changes} == {"unchanged", "failed"}
        assert [change.known for change in changes if change.kind == "failed"] == [True]
    assert ids(new) == found
    (new / "reports" / "b" / "hai.txt").unlink()
    with Index.open(where(new)) as index:
        changes = list(index.update(index.info().sources, prune=True))
        assert [change.reports for change in changes if change.kind == "removed"] == [("hai",)]
    assert set(ids(new)) == {"bao-cao", "bao-cao-2", "gui"}
    if how == "copy":
        assert ids(tree)["hai"].startswith(str(tree))
    assert check(where(new)) == []


def test_a_rebuild_after_a_move_keeps_the_ids(tree: Path, tmp_path: Path) -> None:
    before = set(ids(tree))
    new = tmp_path / "khac"
    tree.rename(new)
    assert {one.kind for one in rebuild(where(new))} == {"added", "failed"}
    assert set(ids(new)) == before
    with Index.open(where(new)) as index:
        kinds = {one.kind for one in index.update(index.info().sources)}
    assert kinds == {"unchanged", "failed"}


def test_an_index_that_moves_alone_knows_its_reports(tree: Path, tmp_path: Path) -> None:
    alone = tmp_path / "sao" / "luu" / "tim.idx"
    alone.parent.mkdir(parents=True)
    shutil.move(where(tree), alone)
    with Index.open(alone) as index:
        assert index.report("hai").source == str(tree / "reports" / "b" / "hai.txt")
        changes = {one.kind for one in index.update(index.info().sources)}
    assert changes == {"unchanged", "failed"}


def test_a_copy_of_a_moved_index_names_the_new_places(tree: Path, tmp_path: Path) -> None:
    new = tmp_path / "khac"
    tree.rename(new)
    list(copy(where(new), tmp_path / "sao-luu" / "x"))
    with Index.open(tmp_path / "sao-luu" / "x") as index:
        assert index.report("hai").source == str(new / "reports" / "b" / "hai.txt")
        assert {one.kind for one in index.update(index.info().sources)} == {"unchanged", "failed"}


def test_an_update_that_cannot_note_the_new_place_is_done(
    tree: Path, tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: IndexDirectory, manifest: object) -> None:
        raise WriteFailed(self.folder, "no room")

    new = tmp_path / "new"
    shutil.move(tree, new)
    make(new / "reports" / "a" / "moi.txt", 2004)
    with Index.open(where(new)) as index:
        with monkeypatch.context() as patched:
            patched.setattr(IndexDirectory, "save_manifest", full)
            changes = list(index.update(index.info().sources))
        assert [change.reports for change in changes if change.kind == "added"] == [("moi",)]
    found = ids(new)
    for id in ("bao-cao", "bao-cao-2", "hai", "moi"):
        assert found[id].startswith(str(new))
    with Index.open(where(new)) as index:
        kinds = {change.kind for change in index.update(index.info().sources)}
        assert kinds == {"unchanged", "failed"}
    assert ids(new) == found
