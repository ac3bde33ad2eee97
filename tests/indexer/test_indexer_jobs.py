"""Reading in several processes: the same index, the same changes, and nothing left running."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracuu import Index
from tracuu.engines import processes
from tracuu.errors import OptionError
from tracuu.index.rebuild import rebuild
from tracuu.indexer import isolated
from tracuu.indexer import prefetch as ahead
from tracuu.indexer.pool import Task, WorkerConfig, WorkerDied, WorkerPool

TEXT = """ĐẢNG BỘ QUẬN {number}
BÁO CÁO
tình hình kinh tế năm {number}

I. KẾT QUẢ
1. Kinh tế
Giải ngân vốn đầu tư công đạt {number}% kế hoạch, thu ngân sách vượt chỉ tiêu được giao trong năm.
2. Tồn tại
Công tác cải cách hành chánh ở một số phường còn chậm, hồ sơ trễ hạn còn {number} trường hợp.
"""


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(24):
        (folder / f"bao-cao-{number:02}.txt").write_text(
            TEXT.format(number=number), encoding="utf-8"
        )
    (folder / "bao-cao-05.txt").write_bytes(b"")
    (folder / "bao-cao-07.docx").write_bytes(b"no archive")
    two = Path(__file__).parents[1] / "data" / "reports" / "bao-cao-hai-van-ban.txt"
    (folder / "bao-cao-08.txt").write_bytes(
        two.read_bytes()
    )  # its second report is bao-cao-08-2, too
    (folder / "bao-cao-08-2.txt").write_text(TEXT.format(number=92), encoding="utf-8")
    return folder


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Helpers are called for the second file."""
    monkeypatch.setattr(ahead, "PATIENCE", 0.0)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    assert not [thread for thread in threading.enumerate() if thread.name == "tracuu-helper"]


def contents(index: Index) -> list[object]:
    reports = [report.to_dict() for report in index.reports()]
    hits = index.search("", limit=1000, collapse=False)
    words = index.search("cải cách hành chính", limit=1000, collapse=False)
    scores = [(hit.passage.id, hit.score) for hit in words]
    with index._opened.take(lambda engine: engine.snapshot()) as snapshot:
        vocabulary = list(snapshot.vocabulary("word"))
    return [reports, [hit.passage.to_dict() for hit in hits], scores, vocabulary]


def built(folder: Path, reports: Path, jobs: int) -> tuple[list[object], list[object]]:
    with Index.create(folder) as index:
        changes = [change.to_dict() for change in index.update([reports], jobs=jobs)]
        return list(changes), contents(index)


@pytest.mark.usefixtures("impatient")
def test_many_processes_make_the_index_that_one_makes(tmp_path: Path, reports: Path) -> None:
    one = built(tmp_path / "one", reports, 1)
    assert [change["kind"] for change in one[0]].count("failed") == 2  # type: ignore[index]
    assert built(tmp_path / "two", reports, 2) == one
    assert "bao-cao-08-2-2" in str(one[0])


@pytest.mark.usefixtures("impatient")
def test_changed_files_and_rebuild(tmp_path: Path, reports: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        list(index.update([reports], jobs=2))
        for number in (1, 2, 3, 12):
            path = reports / f"bao-cao-{number:02}.txt"
            path.write_text(
                path.read_text(encoding="utf-8").replace("ngân sách", "thuế"), encoding="utf-8"
            )
        kinds = [change.kind for change in index.update([reports], jobs=2)]
        assert kinds.count("changed") == 4
        assert kinds.count("unchanged") == 20
        before = contents(index)
        assert len(list(rebuild(tmp_path / "index", jobs=2))) == len(kinds)
        assert contents(index)[:3] == before[:3]  # deleted documents count in vocabularies


def test_a_small_update_starts_no_process(
    tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "PATIENCE", 3600.0)
    monkeypatch.setattr(ahead, "WorkerPool", None)  # to call it would fail
    with Index.create(tmp_path / "index") as index:
        assert sum(change.passages for change in index.update([reports], jobs=4)) > 20


@pytest.mark.usefixtures("impatient")
def test_leaving_early_ends_the_helpers_and_changes_nothing(tmp_path: Path, reports: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        running = index.update([reports], jobs=2)
        for _ in range(3):
            next(running)
        running.close()  # type: ignore[attr-defined]
        assert index.reports() == ()


@pytest.mark.usefixtures("impatient")
def test_a_file_that_ends_its_process_fails_alone(
    tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = (
        "import os, sys; sys.path[:] = sys.argv[1:]; import {module}; from tracuu.indexer import worker; real = worker.Worker.answer; "
        "worker.Worker.answer = lambda self, task: os._exit(1) if '-11.' in task.path else real(self, task); worker.main()"
    )
    monkeypatch.setattr(processes, "_START", dying)
    with Index.create(tmp_path / "index") as index:
        failed = {
            os.path.basename(change.path)
            for change in index.update([reports], jobs=2)
            if change.error
        }
        assert failed == {"bao-cao-05.txt", "bao-cao-07.docx", "bao-cao-11.txt"}
        assert len(index.reports()) == 24  # of 23 files


@pytest.mark.usefixtures("impatient")
def test_where_no_process_starts_the_files_are_read_here(
    tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_START", "raise SystemExit(1)")
    assert built(tmp_path / "two", reports, 2) == built(tmp_path / "one", reports, 1)


def test_an_application_that_holds_a_python_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processes.can_start()
    monkeypatch.setattr(processes.sys, "executable", "/usr/bin/uwsgi")
    assert not processes.can_start()
    monkeypatch.setattr(processes.sys, "executable", None)
    assert not processes.can_start()


def test_a_crew_closed_in_the_middle_answers_nothing_more(tmp_path: Path) -> None:
    helpers = WorkerPool(1, WorkerConfig("", None))
    future = helpers.submit(Task(str(tmp_path), "x", "x"))
    helpers.close()
    assert (
        not future.done()
        or future.exception() is None
        or isinstance(future.exception(), WorkerDied)
    )


def test_jobs_are_one_or_more(tmp_path: Path, reports: Path) -> None:
    with Index.create(tmp_path / "index") as index, pytest.raises(OptionError, match="1 or more"):
        list(index.update([reports], jobs=0))


def test_a_file_without_passages_is_read_once(
    tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = reports / "trang.txt"
    empty.write_text("BÁO CÁO\nvề tình hình\n", encoding="utf-8")
    with Index.create(tmp_path / "index") as index:
        first = {
            change.path: str(change.error)
            for change in index.update([reports], jobs=1)
            if change.error
        }
        read: list[str] = []
        real = isolated.read_blocks
        monkeypatch.setattr(
            isolated, "read_blocks", lambda path, **how: read.append(path) or real(path, **how)
        )
        again = {
            change.path: str(change.error)
            for change in index.update([reports], jobs=1)
            if change.error
        }
        assert first == again
        assert str(empty) in first
        assert str(empty) not in read
        empty.write_text(
            "BÁO CÁO\nvề tình hình\n\nThu ngân sách tăng đều qua các năm.\n", encoding="utf-8"
        )
        kinds = {change.path: change.kind for change in index.update([reports], jobs=1)}
        assert kinds[str(empty)] == "added"
