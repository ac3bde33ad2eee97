from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracuu.indexer.files import absolute, find_files, is_within


def names(*paths: str | Path, outside: str | None = None) -> list[str]:
    return [Path(found.path).name for found in find_files(paths, outside=outside)]


def test_files_come_once_each_in_order_of_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c/z.docx", "c/a.HTML", "A.txt", "d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert names(tmp_path, tmp_path / "c", tmp_path / "b.txt") == [
        "A.txt",
        "a.md",
        "b.txt",
        "a.HTML",
        "z.docx",
    ]


def test_a_file_named_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / ".x").touch()
    assert names(tmp_path / ".x", tmp_path) == [".x"]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    (found,) = find_files([tmp_path / "x"])
    assert found.path == str(tmp_path / "x")
    assert "no such file or folder" in str(found.error)


def test_a_folder_that_vanishes_while_it_is_read_is_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").touch()
    found = []
    for file in find_files([tmp_path]):
        found.append(file)
        if len(found) == 1:
            (tmp_path / "b" / "x.txt").unlink()
            (tmp_path / "b").rmdir()
    assert [(Path(file.path).name, file.error is None) for file in found] == [
        ("x.txt", True),
        ("b", False),
    ]
    assert "cannot be read" in str(found[1].error)


def test_the_folder_left_out_is_known_under_any_name(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "x.txt").touch()
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    assert names(tmp_path / "link", outside=str(tmp_path / "index")) == []
    assert names(tmp_path, outside=None) == ["x.txt"]


def test_a_relative_path_is_remembered_as_an_absolute_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.txt").touch()
    monkeypatch.chdir(tmp_path)
    assert [found.path for found in find_files(["x.txt", os.path.join(".", "x.txt")])] == [
        str(tmp_path / "x.txt")
    ]
    assert absolute("../x") == str(tmp_path.parent / "x")


@pytest.mark.parametrize(
    ("path", "roots", "wanted"),
    [
        ("/a/b/c.txt", ["/a"], True),
        ("/a/b/c.txt", ["/a/b/c.txt"], True),
        ("/ab/c.txt", ["/a"], False),
        ("/a/b.txt", ["/a/b"], False),
        ("/a/b.txt", ["/"], True),
        ("/a/b.txt", [], False),
    ],
)
def test_what_lies_within(path: str, roots: list[str], wanted: bool) -> None:
    root = Path(Path.cwd().anchor)
    place = [str(root / text.lstrip("/")) for text in (path, *roots)]
    assert is_within(place[0], place[1:]) is wanted
