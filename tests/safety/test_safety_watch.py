from __future__ import annotations

import errno
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise

import pytest

from tracuu import Index, Passage, check, watch
from tracuu.errors import MissingExtra, OptionError
from tracuu.index.watch import _Watch
from tracuu.indexer.scanner import FolderScanner


def names(ready):
    return [os.path.basename(path) for path in ready.files], [
        os.path.basename(path) for path in ready.gone
    ]


# --- looking, with a clock of the test's own ---------------------------------------------------------


def test_a_file_is_ready_when_it_has_stayed_the_same_for_long_enough(reports, write):
    arrivals = FolderScanner([str(reports)], 2.0)
    arrivals.done(arrivals.scan(0.0, time.time() + 60))
    write(reports / "moi.txt", "Nửa đầu.")
    assert not arrivals.scan(1.0)
    assert arrivals.next() == 3.0
    write(reports / "moi.txt", "Nửa đầu.", "Nửa sau.")
    assert not arrivals.scan(3.5)  # it has grown
    assert not arrivals.scan(5.0)
    ready = arrivals.scan(5.6)
    assert names(ready) == (["moi.txt"], [])
    arrivals.done(ready)
    assert arrivals.next() is None
    assert not arrivals.scan(60.0)


def test_what_is_there_at_the_start_is_ready_at_once_unless_it_is_new(reports):
    old = time.time() - 60
    for name in ("mot.txt", "hai.txt"):
        os.utime(reports / name, (old, old))
    arrivals = FolderScanner([str(reports)], 2.0)
    assert names(arrivals.scan(0.0, time.time())) == (["hai.txt", "mot.txt"], [])
    assert names(arrivals.scan(2.5)) == (["ba.txt", "hai.txt", "mot.txt"], [])


def test_a_file_is_gone_when_it_has_stayed_away(reports):
    arrivals = FolderScanner([str(reports)], 2.0, known=[str(reports / "xua.txt")])
    arrivals.done(arrivals.scan(0.0, time.time() + 60))
    (reports / "mot.txt").rename(reports / "mot.bak")  # an editor that saves by renaming
    assert not arrivals.scan(1.0)
    (reports / "mot.bak").rename(reports / "mot.txt")
    assert names(arrivals.scan(2.0)) == ([], ["xua.txt"])
    (reports / "mot.txt").unlink()
    assert str(reports / "mot.txt") not in arrivals.scan(10.0).gone
    ready = arrivals.scan(12.0)
    assert str(reports / "mot.txt") in ready.gone
    arrivals.done(ready)
    assert not arrivals.scan(99.0)


def test_nothing_is_gone_with_a_folder_that_is_away(reports, monkeypatch):
    arrivals = FolderScanner([str(reports)], 1.0)
    arrivals.done(arrivals.scan(0.0, time.time() + 60))
    reports.rename(reports.with_name("away"))
    assert not arrivals.scan(10.0)
    assert not arrivals.scan(20.0)
    assert arrivals.missing == (str(reports),)
    reports.mkdir()  # where the disk is mounted, without the disk
    monkeypatch.setattr("tracuu.indexer.scanner._device", lambda folder: -1)
    assert not arrivals.scan(30.0)
    assert not arrivals.scan(40.0)
    monkeypatch.undo()
    reports.rmdir()
    reports.with_name("away").rename(reports)
    assert not arrivals.scan(50.0)
    assert arrivals.missing == ()


def test_files_come_and_go_unread(reports, write):
    arrivals = FolderScanner([str(reports)], 1.0)
    arrivals.done(arrivals.scan(0.0, time.time() + 60))
    write(reports / "tam.txt", "Tạm.")
    assert not arrivals.scan(1.0)
    (reports / "tam.txt").unlink()
    assert not arrivals.scan(2.0)
    assert not arrivals.scan(9.0)
    assert arrivals.next() is None


# --- reading, an alarm at a time ---------------------------------------------------------------------


class Watched:
    """A watch whose alarms the test gives; with nothing to settle, two alarms read what is there."""

    def __init__(self, index, *folders):
        self.watch = _Watch(index, [str(folder) for folder in folders], 0.0, 0.0, None, "")

    def changes(self):
        return {
            os.path.basename(change.path): change.kind for change in self.watch.run([True, True])
        }


@pytest.fixture
def index(own):
    with Index.open(own) as index:
        yield index


def test_added_changed_renamed_and_deleted_files(index, reports, write, held):
    watched = Watched(index, reports)
    assert watched.changes() == {}
    write(reports / "bon.txt", "Một đoạn mới.")
    write(reports / "hai.txt", "Một đoạn đã đổi.")
    (reports / "mot.txt").rename(reports / "doi-ten.txt")
    (reports / "ba.txt").unlink()
    assert watched.changes() == {
        "bon.txt": "added",
        "hai.txt": "changed",
        "doi-ten.txt": "moved",
        "ba.txt": "removed",
    }
    assert {name: len(texts) for name, texts in held(index).items()} == {
        "bon": 1,
        "hai": 1,
        "mot": 3,
        "app": 1,
    }
    assert watched.changes() == {}
    assert index.info().sources == (str(reports),)


def test_a_burst_is_one_commit(index, reports, write):
    watched = Watched(index, reports)
    watched.changes()
    before = {path.name for path in (reports.parent / "own" / "data-0001").glob("*.toc")}
    for number in range(30):
        write(reports / f"n{number}.txt", f"Đoạn số {number}.")
    assert len(watched.changes()) == 30
    (after,) = {path.name for path in (reports.parent / "own" / "data-0001").glob("*.toc")}
    (before,) = before
    assert int(after.split("_")[-1][:-4]) == int(before.split("_")[-1][:-4]) + 1


def test_what_vanished_while_nobody_watched(index, reports):
    (reports / "mot.txt").unlink()
    (reports / "hai.txt").rename(reports / "doi-ten.txt")
    assert Watched(index, reports).changes() == {"mot.txt": "removed", "doi-ten.txt": "moved"}
    assert {report.id for report in index.reports()} == {"hai", "ba", "app"}


def test_a_damaged_file_is_told_once_and_read_when_it_is_whole(index, reports, write):
    watched = Watched(index, reports)
    watched.changes()
    (reports / "moi.txt").write_bytes(b"\x00\x01\x02\xff" * 100)
    assert watched.changes() == {"moi.txt": "failed"}
    assert watched.changes() == {}
    write(reports / "moi.txt", "Một đoạn mới.")
    assert watched.changes() == {"moi.txt": "added"}


def test_while_the_index_is_busy_files_wait(index, own, reports, write, caplog):
    watched = Watched(index, reports)
    watched.changes()
    write(reports / "moi.txt", "Một đoạn mới.")
    with index._directory.lock():
        assert watched.changes() == {}
        assert watched.changes() == {}
    assert sum("is writing to it" in record.message for record in caplog.records) == 1
    assert watched.changes() == {"moi.txt": "added"}


def test_a_write_that_failed_is_tried_again_in_growing_pauses(
    index, reports, write, monkeypatch, caplog
):
    clock = [1000.0]
    monkeypatch.setattr("tracuu.index.watch.time.monotonic", lambda: clock[0])
    watched = Watched(index, reports)
    watched.changes()
    write(reports / "moi.txt", "Một đoạn mới.")

    def full(path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    tried = []
    with monkeypatch.context() as disk:
        disk.setattr("tracuu.engines.whoosh.commit._force", full)
        for _ in range(300):
            before = len(caplog.records)
            assert watched.changes() == {}
            tried += [clock[0]] if len(caplog.records) > before else []
            clock[0] += 1
    gaps = [after - before for before, after in pairwise(tried)]
    assert len(gaps) >= 2
    assert gaps == sorted(set(gaps)), "each pause is longer than the one before"
    assert all(
        "No space left" in record.message and "trying again in" in record.message
        for record in caplog.records
    )
    assert {report.id for report in index.reports()} == {"mot", "hai", "ba", "app"}
    clock[0] += 3600
    assert watched.changes() == {"moi.txt": "added"}


def test_other_reports_are_left_alone(index, reports, tmp_path, write):
    (tmp_path / "other").mkdir()
    write(tmp_path / "other" / "khac.txt", "Một đoạn khác.")
    list(index.update([tmp_path / "other"]))
    index.add([Passage("app2", 1, "Một đoạn.")])
    watched = Watched(index, reports)
    shutil.rmtree(tmp_path / "other")
    assert watched.changes() == {}
    assert {report.id for report in index.reports()} == {"mot", "hai", "ba", "app", "app2", "khac"}


def test_only_folders_are_watched_and_a_missing_package_is_told_at_once(
    index, reports, tmp_path, monkeypatch
):
    for folders in ([tmp_path / "nowhere"], [reports / "mot.txt"], []):
        with pytest.raises(OptionError):
            watch(index, folders, poll=1)
    for wrong in ({"poll": 0}, {"settle": -1}):
        with pytest.raises(OptionError):
            watch(index, reports, **{"poll": 1, **wrong})
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(MissingExtra, match=r"'watch'.*--poll"):
        watch(index, reports)


# --- the command --------------------------------------------------------------------------------------

HOW = [
    pytest.param(["--poll", "0.1"], id="poll"),
    pytest.param(
        [],
        id="events",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("watchfiles") is None, reason="needs watchfiles"
        ),
    ),
]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_command_tells_what_it_did_and_ends_cleanly(
    reports, tmp_path, write, held, how, ending
):
    command = [
        sys.executable,
        "-m",
        "tracuu.cli",
        "watch",
        str(reports),
        "--settle",
        "0.1",
        "--jsonl",
        *how,
    ]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        [*command, "--index", str(tmp_path / "idx")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    ) as process:
        try:
            told = [json.loads(process.stdout.readline()) for _ in range(3)]
            assert {change["kind"] for change in told} == {"added"}
            # whole at once: it may be read as soon as it has not changed for a moment
            write(tmp_path / "moi.txt", "Một đoạn mới.").rename(reports / "moi.txt")
            assert json.loads(process.stdout.readline())["reports"] == ["moi"]
            (reports / "moi.txt").unlink()
            assert json.loads(process.stdout.readline())["kind"] == "removed"
            process.send_signal(ending)
            rest, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert rest == ""
    assert "Ended. 5 files: 4 added, 1 removed" in said
    assert "Traceback" not in said
    assert set(held(tmp_path / "idx")) == {"mot", "hai", "ba"}


_KILLED = """
import os, random, shutil, sys, threading
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from torture_faults import Fault, arm
from tracuu import Index, watch
path, folder = sys.argv[2:4]
for at in map(int, sys.argv[4:]):
    place = Path(f"{path}-{at}")
    shutil.copytree(path, place)
    pid = os.fork()
    if pid == 0:
        stop = threading.Event()
        with Index.open(place) as index:
            changes = watch(index, [folder], settle=0.0, poll=0.01, stop=stop)
            arm(Fault(place, "operation", at, random.Random(at)))
            for change in changes:
                stop.set()
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    print("killed" if os.WIFSIGNALED(status) else "done")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks, and reads /proc")
def test_a_watch_that_is_killed_while_it_adds_a_file_is_made_up_by_the_next(
    each_engine, own, reports, write, held, root, tmp_path
):
    before, moments = held(own), [1, 4, 8, 12, 16, 22]
    path = write(reports / "moi.txt", "Đường liên thôn đã trải nhựa.")
    os.utime(path, (1, 1))
    after = {**before, "moi": ["Đường liên thôn đã trải nhựa."]}
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, root / "benchmarks", own, reports, *map(str, moments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split().count("killed") >= 4
    for at in moments:
        place = own.with_name(f"{own.name}-{at}")
        assert held(place) in (before, after)
        assert [finding for finding in check(place) if finding.kind == "damage"] == []
        stop = threading.Event()
        stop.set()  # it looks once
        with Index.open(place) as index:
            seen = list(watch(index, [reports], settle=0.0, poll=1.0, stop=stop))
        assert {change.kind for change in seen} <= {"added"}
        assert held(place) == after
