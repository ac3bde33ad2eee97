"""One writes at a time; any number search meanwhile, in threads and processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu import Index, Passage
from tracuu.errors import IndexBusy, StorageError, WriteFailed
from tracuu.index.rebuild import rebuild

Make = Callable[..., Path]

WRITER = """
import sys
from tracuu import Index
with Index.open(sys.argv[1]) as index:
    update = index.update([sys.argv[2]])
    next(update)
    print("writing", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_of_another_thread_is_told_who_writes(index: Index, folder: Path) -> None:
    update = index.update([folder])
    next(update)
    caught: list[Exception] = []

    def second() -> None:
        with Index.open(index.path) as other:
            for write in (
                lambda: other.add([Passage("a", 1, "x y z")]),
                lambda: list(other.update([folder])),
            ):
                try:
                    write()
                except Exception as error:
                    caught.append(error)

    thread = threading.Thread(target=second)
    thread.start()
    thread.join(30)
    assert [type(error) for error in caught] == [IndexBusy, IndexBusy]
    assert f"process {os.getpid()}" in str(caught[0])
    assert "--wait" in str(caught[0])
    for refused in (lambda: index.remove("x"), lambda: list(rebuild(index.path))):
        with pytest.raises(IndexBusy):
            refused()
    assert len(list(update)) == 1
    assert index.search("", limit=0).total == 6


def test_a_second_writer_of_another_process_is_told_who_writes(index: Index, folder: Path) -> None:
    command = [sys.executable, "-c", WRITER, index.path, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        with pytest.raises(IndexBusy, match=f"process {writer.pid} "):
            index.add([Passage("a", 1, "x y z")])
        with pytest.raises(IndexBusy):
            index.add([Passage("a", 1, "x y z")], wait=0.1)
        assert index.search("", limit=0).total == 0  # searching is free
        writer.kill()  # as the machine stopped
        writer.wait()
    assert index.add([Passage("a", 1, "x y z")]) == 1
    assert not (Path(index.path) / "writer.json").exists()


def test_a_writer_waits_as_long_as_it_is_told(index: Index, folder: Path) -> None:
    update = index.update([folder])
    next(update)
    timer = threading.Timer(0.3, lambda: list(update))
    timer.start()
    assert index.add([Passage("a", 1, "x y z")], wait=30) == 1
    timer.join()
    assert [report.id for report in index.reports()] == ["a", "hai", "mot"]


def test_a_writer_that_waited_for_a_rebuild_writes_to_the_new_data(
    index: Index, folder: Path
) -> None:
    list(index.update([folder]))
    work = rebuild(index.path)
    next(work)
    timer = threading.Timer(0.3, lambda: list(work))
    timer.start()
    index.add([Passage("a", 1, "x y z")], wait=30)
    timer.join()
    with Index.open(index.path) as again:
        assert [report.id for report in again.reports()] == ["a", "hai", "mot"]


def test_searching_while_writing(index: Index, folder: Path, make: Make) -> None:
    list(index.update([folder]))
    errors: list[BaseException] = []
    totals: set[int] = set()
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                results = index.search("ngân sách", limit=3)
                totals.add(index.search("", limit=0).total)
                assert len(results) <= 3
                assert index.passage("hai#1").report == "hai"
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(4):
        make(folder / f"tep-{number}.txt", 2010 + number)
        list(index.update([folder]))
    done.set()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert totals <= {6, 9, 12, 15, 18}  # whole commits only
    assert index.search("", limit=0).total == 18


def test_searching_while_it_is_rebuilt(index: Index, folder: Path) -> None:
    list(index.update([folder]))
    errors: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                assert index.search("ngân sách", limit=1, collapse=False).total == 4
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    for _ in range(3):
        list(rebuild(index.path))
    done.set()
    thread.join(30)
    assert errors == []


def test_an_index_that_is_gone_says_so_and_does_not_come_back(index: Index, folder: Path) -> None:
    shutil.rmtree(index.path)
    for use in (
        lambda: index.search("a"),
        lambda: list(index.update([folder])),
        lambda: index.info(),
    ):
        with pytest.raises(StorageError, match=r"tracuu index PATH|gone"):
            use()
    assert not Path(index.path).exists()


FULL = """
import resource, signal, sys
from tracuu import Index, Passage
from tracuu.errors import WriteFailed
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Index.open(sys.argv[1]) as index:
    index.search("ngân sách")
    sys.dont_write_bytecode = True  # a module's would be cut short, and read by the next process
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))  # as a full disk
    try:
        index.add(Passage("app", number, f"Đoạn số {number} " * 20) for number in range(1, 300))
    except WriteFailed as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only Unix can limit the size of files")
def test_a_full_disk_leaves_the_index_as_it_was(index: Index, folder: Path) -> None:
    list(index.update([folder]))
    done = subprocess.run(
        [sys.executable, "-c", FULL, index.path], capture_output=True, text=True, check=True
    )
    assert index.path in done.stdout
    assert "disk" in done.stdout or "nothing was changed" in done.stdout
    assert [report.id for report in index.reports()] == ["hai", "mot"]
    assert index.add([Passage("app", 1, "Lần này được")]) == 1


def test_create_where_nothing_can_be_written(folder: Path) -> None:
    with pytest.raises(WriteFailed):
        Index.create(folder / "mot.txt" / "index")
    with pytest.raises(WriteFailed):
        Index.create("a\0b")
