"""Bringing an index up to date with files: by their content, keeping ids, losing nothing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, Limits, Passage, Report
from tracuu.errors import (
    EmptyFile,
    NotAnIndex,
    NotText,
    TooLarge,
    UnreadableFile,
    UnsupportedFormat,
)
from tracuu.indexer import IsolatedReader
from tracuu.records import Record, read_records

Fates = Callable[..., list[tuple[str, str, tuple[str, ...]]]]
Make = Callable[..., Path]


def state(index: Index) -> list[tuple[str, str | None, list[str]]]:
    """All an index holds: each report, its file, its passages."""
    return [
        (
            report.id,
            report.source,
            [
                hit.passage.text
                for hit in index.search("", report=report.id, limit=100, collapse=False)
            ],
        )
        for report in index.reports()
    ]


def test_added_then_unchanged_then_changed_by_content(
    index: Index, folder: Path, make: Make, fates: Fates
) -> None:
    assert fates(index, [folder]) == [
        ("added", "hai.txt", ("hai",)),
        ("added", "mot.txt", ("mot",)),
    ]
    os.utime(folder / "mot.txt", (1, 1))  # another date is no other content
    assert fates(index, [folder]) == [
        ("unchanged", "hai.txt", ("hai",)),
        ("unchanged", "mot.txt", ("mot",)),
    ]
    date = os.stat(folder / "mot.txt").st_mtime_ns
    make(folder / "mot.txt", 2009)
    os.utime(folder / "mot.txt", ns=(date, date))  # nor is the same date the same content
    assert fates(index, [folder]) == [
        ("unchanged", "hai.txt", ("hai",)),
        ("changed", "mot.txt", ("mot",)),
    ]
    assert index.search("2009", report="mot").total == 3
    assert index.search("", report="mot").total == 3
    assert index.search("", limit=0).total == 6


def test_what_a_change_tells(index: Index, folder: Path) -> None:
    first, _ = index.update([folder])
    assert first.to_dict() == {
        "kind": "added", "path": str(folder / "hai.txt"), "reports": ["hai"], "passages": 3, "notes": [], "error": None, "error_class": None, "known": False,
    }  # fmt: skip


def test_what_an_update_remembers_of_reports_is_what_it_wrote(
    tmp_path: Path, index: Index, folder: Path, make: Make, fates: Fates
) -> None:
    def remembered(index: Index) -> tuple[Record, ...]:
        with index._opened.take(lambda engine: engine.snapshot()) as snapshot:
            return read_records(snapshot)

    def same() -> bool:
        with Index.open(index.path) as other:  # which has read nothing yet
            return remembered(other) == remembered(index)

    index.add(
        [Passage("own", 1, "Thu ngân sách đạt dự toán.")], report=Report("own", title="Riêng")
    )
    fates(index, [folder])
    assert same()
    (folder / "mot.txt").rename(folder / "doi-ten.txt")
    make(folder / "hai.txt", 2011)
    make(folder / "ba.txt", 2012)
    assert [change[0] for change in fates(index, [folder])] == ["added", "moved", "changed"]
    assert same()
    (folder / "ba.txt").unlink()
    assert "removed" in [change[0] for change in fates(index, [folder], prune=True)]
    assert same()
    with Index.open(index.path) as other:  # another writer, of whom this index is not told
        fates(other, [make(folder / "bon.txt", 2013)])
    assert same()
    assert len(index.reports()) == 4


def test_one_path_files_and_folders_may_be_given(index: Index, folder: Path, fates: Fates) -> None:
    assert [kind for kind, *_ in fates(index, folder)] == ["added", "added"]
    assert fates(index, str(folder / "mot.txt")) == [("unchanged", "mot.txt", ("mot",))]
    twice = fates(index, [folder, folder / "mot.txt", folder])
    assert [name for _, name, _ in twice] == ["hai.txt", "mot.txt"]


def test_a_renamed_file_keeps_its_report_s_id(
    index: Index, folder: Path, make: Make, fates: Fates
) -> None:
    fates(index, [folder])
    (folder / "mot.txt").rename(folder / "tên mới.txt")
    assert ("moved", "tên mới.txt", ("mot",)) in fates(index, [folder])
    assert index.report("mot").source == str(folder / "tên mới.txt")
    assert index.search("", report="mot").total == 3
    make(folder / "tên mới.txt", 2005)
    assert ("changed", "tên mới.txt", ("mot",)) in fates(index, [folder])


def test_a_new_file_at_the_place_of_one_that_moved_away_gets_an_id_of_its_own(
    index: Index, folder: Path, make: Make, fates: Fates
) -> None:
    fates(index, [folder])
    (folder / "mot.txt").rename(folder / "ba.txt")
    fates(index, [folder])
    make(folder / "mot.txt", 2007)
    assert ("added", "mot.txt", ("mot-2",)) in fates(index, [folder])
    assert [report.id for report in index.reports()] == ["hai", "mot", "mot-2"]


def test_a_copy_is_the_same_report(index: Index, folder: Path, fates: Fates) -> None:
    fates(index, [folder])
    shutil.copy(folder / "mot.txt", folder / "zz.txt")
    assert ("identical", "zz.txt", ("mot",)) in fates(index, [folder])
    assert index.search("", limit=0).total == 6


def test_two_files_of_the_same_name_in_different_folders(
    index: Index, folder: Path, make: Make, fates: Fates
) -> None:
    make(folder / "a" / "bao cao.txt", 2003)
    make(folder / "b" / "Báo cáo.txt", 2004)
    assert fates(index, [folder])[2:] == [
        ("added", "bao cao.txt", ("bao-cao",)),
        ("added", "Báo cáo.txt", ("bao-cao-2",)),
    ]
    make(folder / "a" / "bao cao.txt", 2005)
    assert ("changed", "bao cao.txt", ("bao-cao",)) in fates(index, [folder])
    assert index.search("2004", report="bao-cao-2").total == 3


def test_a_removed_report_comes_back_with_its_id(index: Index, folder: Path, fates: Fates) -> None:
    fates(index, [folder])
    assert index.remove("mot") == 3
    assert [report.id for report in index.reports()] == ["hai"]
    assert index.search("", limit=0).total == 3
    assert ("added", "mot.txt", ("mot",)) in fates(index, [folder])


def test_two_documents_in_one_file(index: Index, root: Path, tmp_path: Path, fates: Fates) -> None:
    path = tmp_path / "hai-van-ban.txt"
    shutil.copy(root / "tests" / "data" / "reports" / "bao-cao-hai-van-ban.txt", path)
    both = ("hai-van-ban", "hai-van-ban-2")
    assert fates(index, [path]) == [("added", path.name, both)]
    path.rename(tmp_path / "moi.txt")
    assert fates(index, [tmp_path / "moi.txt"]) == [("moved", "moi.txt", both)]
    with (tmp_path / "moi.txt").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert fates(index, [tmp_path / "moi.txt"]) == [("changed", "moi.txt", both)]
    assert [report.number for report in index.reports()] == ["58-BC/BDV", "903/BC-BCH"]


# --- pruning --------------------------------------------------------------------------------------


def test_what_vanished_is_removed_only_when_asked(index: Index, folder: Path, fates: Fates) -> None:
    fates(index, [folder])
    (folder / "mot.txt").unlink()
    assert fates(index, [folder]) == [("unchanged", "hai.txt", ("hai",))]
    assert index.search("", report="mot").total == 3
    assert fates(index, [folder], prune=True)[1:] == [("removed", "mot.txt", ("mot",))]
    assert [report.id for report in index.reports()] == ["hai"]


def test_pruning_looks_only_inside_the_folders_given(
    index: Index, tmp_path: Path, make: Make, fates: Fates
) -> None:
    inside, beside = make(tmp_path / "a" / "x.txt", 2001), make(tmp_path / "ab" / "y.txt", 2002)
    fates(index, [tmp_path / "a", tmp_path / "ab"])
    inside.unlink()
    beside.unlink()
    assert fates(index, [tmp_path / "a"], prune="all") == [("removed", "x.txt", ("x",))]
    assert [report.id for report in index.reports()] == ["y"]


def test_a_file_given_is_no_folder_to_prune(index: Index, folder: Path, fates: Fates) -> None:
    fates(index, [folder])
    (folder / "mot.txt").unlink()
    assert fates(index, [folder / "hai.txt"], prune=True) == [("unchanged", "hai.txt", ("hai",))]


def test_a_folder_that_is_itself_away_takes_nothing_with_it(
    index: Index, folder: Path, fates: Fates
) -> None:
    fates(index, [folder])
    before = [report.id for report in index.reports()]
    folder.rename(folder.with_name("away"))
    assert [kind for kind, _, _ in fates(index, [folder], prune=True)] == ["failed"]
    assert [report.id for report in index.reports()] == before


def test_passages_of_an_application_are_never_pruned(
    index: Index, folder: Path, fates: Fates
) -> None:
    from tracuu import Passage, Report

    source = str(folder / "gone.txt")
    index.add([Passage("app", 1, "Một đoạn của ứng dụng")], report=Report("app", source=source))
    fates(index, [folder], prune=True)
    assert "app" in [report.id for report in index.reports()]


def test_a_folder_that_cannot_be_read_is_no_sign_that_its_files_are_gone(
    index: Index, folder: Path, make: Make, fates: Fates, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = make(folder / "locked" / "x.txt", 2003).parent
    fates(index, [folder])
    scandir, lstat = os.scandir, os.lstat

    def refuse(path: Any, *args: Any, **options: Any) -> None:
        if f"{os.fspath(path)}{os.sep}".startswith(f"{locked}{os.sep}"):
            raise PermissionError(13, "Permission denied", path)

    def closed_scandir(path: Any = ".") -> Any:
        refuse(path)
        return scandir(path)

    def closed_lstat(path: Any, **options: Any) -> Any:
        if os.fspath(path) != str(locked):
            refuse(path)
        return lstat(path, **options)

    with monkeypatch.context() as patch:  # tests may run as root, whom nothing is closed to
        patch.setattr(os, "scandir", closed_scandir)
        patch.setattr(os, "lstat", closed_lstat)
        changes = list(index.update([folder], prune=True))
    assert [(change.kind, change.path) for change in changes if change.kind != "unchanged"] == [
        ("failed", str(locked))
    ]
    assert index.search("", report="x").total == 3


# --- failing files --------------------------------------------------------------------------------


def test_files_that_fail_do_not_stop_the_others_and_keep_what_the_index_had(
    index: Index, folder: Path, fates: Fates
) -> None:
    fates(index, [folder])
    (folder / "hai.txt").write_bytes(b"")
    (folder / "nhi-phan.txt").write_bytes(bytes(range(256)) * 20)
    changes = {Path(change.path).name: change for change in index.update([folder])}
    assert [change.kind for change in changes.values()] == ["failed", "unchanged", "failed"]
    assert isinstance(changes["hai.txt"].error, EmptyFile)
    assert (changes["hai.txt"].reports, changes["hai.txt"].passages) == (("hai",), 3)
    assert isinstance(changes["nhi-phan.txt"].error, NotText)
    assert "hai.txt" in changes["hai.txt"].to_dict()["error"]
    assert index.search("", report="hai").total == 3


def test_strict_ends_with_the_first_failure_and_leaves_the_index_as_it_was(
    index: Index, folder: Path
) -> None:
    (folder / "mot.txt").write_bytes(b"")
    with pytest.raises(EmptyFile):
        list(index.update([folder], strict=True))
    assert state(index) == []


def test_a_file_without_passages_is_read_again_only_when_it_changes(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = IsolatedReader.read

    def counted(self: IsolatedReader, path: str, **options: Any) -> Any:
        read.append(path)
        return real(self, path, **options)

    monkeypatch.setattr(IsolatedReader, "read", counted)
    path = tmp_path / "bia.txt"
    path.write_text("BÁO CÁO\n\nNguyễn Văn An\n", encoding="utf-8")
    for known in (False, True, True):
        (change,) = index.update([path])
        assert isinstance(change.error, EmptyFile)
        assert change.known is known
    assert len(read) == 1
    path.write_text("BÁO CÁO\n\nQuận đã giải ngân 9 phần mười vốn đầu tư công.\n", encoding="utf-8")
    assert [change.kind for change in index.update([path])] == ["added"]
    assert len(read) == 2


def test_the_cache_of_words_that_older_versions_kept_is_removed(index: Index, folder: Path) -> None:
    cache = Path(index.path) / "words.sqlite"
    cache.write_bytes(b"SQLite format 3\0")
    list(index.update([folder]))
    assert not cache.exists()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("missing.txt", None, UnreadableFile),
        ("empty.txt", b"", EmptyFile),
        ("blank.txt", b" \r\n\t\n", EmptyFile),
        ("rules.txt", b"***\n-----\n", EmptyFile),
        ("headings.txt", "BÁO CÁO\n\nNguyễn Văn An\n".encode(), EmptyFile),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(50), UnsupportedFormat),
        ("sheet.xyz", b"x", UnsupportedFormat),
        ("large.txt", b"a b c d. " * 300, TooLarge),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    index: Index, tmp_path: Path, name: str, content: bytes | None, error: type[Exception]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (change,) = index.update([tmp_path / name], limits=Limits(file_bytes=2000))
    assert change.kind == "failed"
    assert type(change.error) is error
    assert str(tmp_path / name) in str(change.error)


def test_a_pipe_is_not_waited_for(index: Index, folder: Path, fates: Fates) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(folder / "pipe.txt")
    assert [(kind, name) for kind, name, _ in fates(index, [folder])] == [
        ("added", "hai.txt"), ("added", "mot.txt"), ("failed", "pipe.txt"),
    ]  # fmt: skip


# --- all or nothing -------------------------------------------------------------------------------


def test_nothing_happens_before_the_update_is_iterated(index: Index, folder: Path) -> None:
    index.update([folder])
    assert state(index) == []


def test_leaving_early_leaves_the_index_as_it_was(
    index: Index, folder: Path, make: Make, fates: Fates
) -> None:
    fates(index, [folder])
    before = state(index)
    for name in ("hai.txt", "mot.txt"):
        make(folder / name, 2008)
    for _ in index.update([folder]):
        break
    assert state(index) == before
    assert [kind for kind, *_ in fates(index, [folder])] == ["changed", "changed"]


def test_an_exception_of_the_caller_leaves_the_index_as_it_was(index: Index, folder: Path) -> None:
    def stumble() -> None:
        for _ in index.update([folder]):
            raise RuntimeError("the caller's own")

    with pytest.raises(RuntimeError, match="the caller's own"):
        stumble()
    assert state(index) == []


def test_an_exception_inside_leaves_the_index_as_it_was(
    index: Index, folder: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(index.update([folder]))
    before = state(index)
    make(folder / "hai.txt", 2008)

    def interrupted(*args: object, **options: object) -> Iterator[object]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tracuu.indexer.isolated.read_blocks", interrupted)
        with pytest.raises(KeyboardInterrupt):
            list(index.update([folder]))
    assert state(index) == before
    assert [change.kind for change in index.update([folder])] == ["changed", "unchanged"]


def test_everything_shows_at_once_at_the_end(index: Index, folder: Path) -> None:
    update = index.update([folder])
    next(update)
    next(update)
    assert index.search("", limit=0).total == 0
    assert list(update) == []
    assert index.search("", limit=0).total == 6


# --- which files ----------------------------------------------------------------------------------


def test_hidden_files_and_the_index_itself_are_not_read(
    tmp_path: Path, folder: Path, make: Make, fates: Fates
) -> None:
    for name in (".an.txt", "~$mot.txt", ".git/x.txt"):
        make(folder / name, 2003)
    with Index.create(folder / "index") as index:
        make(folder / "index" / "stray.txt", 2004)
        assert [name for _, name, _ in fates(index, [folder])] == ["hai.txt", "mot.txt"]
        (tmp_path / "link").symlink_to(folder)
        assert "stray.txt" not in [name for _, name, _ in fates(index, [tmp_path / "link"])]
        assert [name for _, name, _ in fates(index, [folder / ".an.txt"])] == [
            ".an.txt"
        ]  # named, so meant


def test_links_in_a_circle_end(index: Index, folder: Path, fates: Fates) -> None:
    (folder / "again").symlink_to(folder)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "nowhere.txt").symlink_to(folder / "missing")
    (folder / "link.txt").symlink_to(folder / "mot.txt")
    assert [(kind, name) for kind, name, _ in fates(index, [folder])] == [
        ("added", "hai.txt"), ("added", "link.txt"), ("failed", "loop.txt"), ("identical", "mot.txt"),
        ("failed", "nowhere.txt"),
    ]  # fmt: skip


def test_other_kinds_of_files_in_a_folder_are_passed_over(
    index: Index, folder: Path, fates: Fates
) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "table.accdb").write_bytes(b"PK")
    assert len(fates(index, [folder])) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_file_name_that_is_no_text(tmp_path: Path, make: Make, fates: Fates, engine: str) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/b\xe1o c\xe1o")
    make(Path(odd) / os.fsdecode(b"n\xe3m.txt"))
    place = os.path.join(odd, "ix")
    if engine == "tantivy":
        with pytest.raises(NotAnIndex, match="UTF-8"):
            Index.create(place)
        place = str(tmp_path / "ix")
    with Index.create(place) as index:
        assert [(kind, reports) for kind, _, reports in fates(index, [odd])] == [
            ("added", ("n-m",))
        ]
        assert [kind for kind, *_ in fates(index, [odd])] == ["unchanged"]
        assert index.report("n-m").source == os.path.join(odd, os.fsdecode(b"n\xe3m.txt"))
        assert index.info().sources == (odd,)
        (change,) = index.update([os.path.join(odd, os.fsdecode(b"kh\xf4ng.txt"))])
    str(change.error).encode("utf-8")  # a message that any terminal takes


def test_nothing_is_written_outside_the_index(
    index: Index, folder: Path, tmp_path: Path, fates: Fates
) -> None:
    def beside() -> dict[str, tuple[int, int]]:
        own = tmp_path / "index"
        files = [path for path in tmp_path.rglob("*") if own != path and own not in path.parents]
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}

    before = beside()
    fates(index, [folder])
    index.search("ngân sách")
    fates(index, [folder], prune=True)
    assert beside() == before
