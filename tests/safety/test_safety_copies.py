"""Copies that are killed, race each other or read what may not be written."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu import Index, check, copy
from tracuu.engines import engine_class, file_lock
from tracuu.errors import IndexBusy, IndexExists, MissingExtra, WriteFailed
from tracuu.index import directory, disk
from tracuu.index.corrections import FILE as CORRECTIONS
from tracuu.index.ignore import FILE as IGNORE
from tracuu.index.saved import FILE as SAVED
from tracuu.index.synonyms import FILE as SYNONYMS
from tracuu.index.uploads import FOLDER as UPLOADS
from tracuu.index.vectors import FILE as VECTORS

Held = Callable[[Path | Index], dict[str, list[str]]]

_KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import random
from torture_faults import Fault, arm
from tracuu import copy
source, target, harm, engine = sys.argv[2:6]
for at in map(int, sys.argv[6:]):
    pid = os.fork()
    if pid == 0:
        arm(Fault(Path(target), harm, at, random.Random(at)))
        list(copy(source, target, engine=engine))
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    print(at, "killed" if os.WIFSIGNALED(status) else "done", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def full(own: Path) -> Path:
    """An index with an upload and all that people add to one."""
    with Index.open(own) as index:
        index.put("BÁO CÁO\n\nĐường liên thôn đã trải nhựa.\n".encode(), name="tu.txt")
    (own / SYNONYMS).write_text('synonyms = [["chợ", "trung tâm thương mại"]]\n', encoding="utf-8")
    return own


@pytest.fixture(params=["whoosh", "tantivy"])
def kind(request: pytest.FixtureRequest) -> str:
    try:
        engine_class(request.param)
    except MissingExtra as error:
        pytest.skip(str(error))
    return str(request.param)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks, and reads /proc")
@pytest.mark.parametrize("harm", ["operation", "power"])
def test_after_a_killed_copy_the_next_one_works(
    full: Path, kind: str, harm: str, tmp_path: Path, root: Path, held: Held
) -> None:
    target, wanted, killed = tmp_path / "copy", held(full), 0
    moments = [1, 2, 3, 5, 7, 9, 11, 14, 18, 22, 27, 33]
    given = (root / "benchmarks", full, target, harm, kind, *moments)
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, *map(str, given)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for at in moments:
        line = process.stdout.readline().split()
        assert line in ([str(at), "killed"], [str(at), "done"])
        killed += line[1] == "killed"
        if line[1] == "done":
            assert held(target) == wanted
        else:
            try:
                list(copy(full, target, engine=kind))
            except IndexExists:  # killed after its last step
                assert (target / "tracuu.json").exists()
            assert held(target) == wanted
            assert check(target) == []
            assert sorted(path.name for path in (target / UPLOADS).iterdir()) == sorted(
                path.name for path in (full / UPLOADS).iterdir()
            )
        target.rename(tmp_path / f"copy-{at}")
        process.stdin.write("\n")
        process.stdin.flush()
    process.communicate()
    assert killed >= 8
    assert held(full) == wanted


def test_nothing_of_a_killed_copy_gets_into_another_index(full: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    running = copy(full, target)
    next(running)
    aside = tmp_path / "aside"
    shutil.copytree(target, aside)
    running.close()
    assert {UPLOADS, SYNONYMS} <= {path.name for path in aside.iterdir()}
    (aside / "notes.txt").write_text("of a person", encoding="utf-8")
    with Index.create(aside) as index:
        assert index.reports() == ()
    assert not (aside / UPLOADS).exists()
    assert not (aside / SYNONYMS).exists()
    assert (aside / "notes.txt").read_text(encoding="utf-8") == "of a person"


def test_all_files_beside_the_engine_are_known() -> None:
    assert {CORRECTIONS, SYNONYMS, SAVED, IGNORE} == set(directory.PEOPLE)
    assert (UPLOADS, VECTORS) == (directory.UPLOADS, directory.VECTORS)


def test_a_copy_onto_a_full_disk_says_that_no_copy_was_made(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: Held
) -> None:
    (tmp_path / "copy").mkdir()
    wanted = held(full)

    def no_room(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(disk, "copy_file", no_room)
        with pytest.raises(WriteFailed, match="No space left on device; no copy was made"):
            list(copy(full, tmp_path / "copy"))
    assert list((tmp_path / "copy").iterdir()) == []
    assert held(full) == wanted
    list(copy(full, tmp_path / "copy"))
    assert check(tmp_path / "copy") == []


_RACE = """
import sys
from tracuu import copy
from tracuu.errors import TracuuError
source, target, wait, cut = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
try:
    running = copy(source, target, wait=float(wait))
    if cut == "cut":
        next(running)
        running.close()
        print("cut")
    else:
        list(running)
        print("copied")
except TracuuError as error:
    print(type(error).__name__, str(error).replace("\\n", " "))
"""


def race(script: Callable[..., subprocess.Popen[str]], *given: tuple[object, ...]) -> list[str]:
    """What each of several processes that start to copy at once says."""
    running = [script(_RACE, *arguments) for arguments in given]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate()[0].strip() for process in running]


def test_of_copies_that_race_one_is_made_and_the_others_say_why_not(
    full: Path, tmp_path: Path, script: Callable[..., subprocess.Popen[str]], held: Held
) -> None:
    other = tmp_path / "other"
    shutil.copytree(full, other)
    for turn in range(3):
        target = tmp_path / f"copy{turn}"
        told = race(script, *((source, target, wait, "") for source, wait in (
            (full, 0), (full, 30), (other, 0), (other, 30)
        )))  # fmt: skip
        assert told.count("copied") == 1, told
        for line in told:
            assert line.startswith(("copied", "IndexBusy", "IndexExists")), told
        assert held(target) == held(full)
        assert check(target) == []


def test_a_copy_that_waits_for_one_that_is_given_up_is_made(
    full: Path, tmp_path: Path, script: Callable[..., subprocess.Popen[str]], held: Held
) -> None:
    other = tmp_path / "other"
    shutil.copytree(full, other)
    for turn in range(4):
        target = tmp_path / f"copy{turn}"
        told = race(script, (full, target, 0, "cut"), (other, target, 0, ""))
        if told[1] == "copied":
            assert told[0].startswith(("cut", "IndexExists")), told
        else:
            pytest.fail(f"{told}")
        assert held(target) == held(full)


@pytest.mark.parametrize("locked", [True, False])
def test_an_index_on_read_only_media_is_copied(
    full: Path, tmp_path: Path, kind: str, locked: bool, monkeypatch: pytest.MonkeyPatch, held: Held
) -> None:
    source, target, wanted = tmp_path / "source", tmp_path / "copy", held(full)
    list(copy(full, source, engine=kind))
    if not locked:
        (source / directory.LOCK).unlink()
    before = sorted(path.name for path in source.iterdir())
    opened = os.open

    def read_only(path: object, flags: int, *rest: object, **named: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(path).startswith(str(source)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return opened(path, flags, *rest, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(file_lock.os, "open", read_only)
        list(copy(source, target))
    assert sorted(path.name for path in source.iterdir()) == before
    assert held(target) == wanted
    assert check(target) == []


def test_read_only_media_that_another_writes_to_are_busy(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = file_lock.WriteLock(full / directory.LOCK)
    assert lock.acquire(0)
    opened = os.open

    def read_only(path: object, flags: int, *rest: object, **named: object) -> int:
        if flags & os.O_RDWR and str(path).startswith(str(full)):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, flags, *rest, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(file_lock.os, "open", read_only)
        with pytest.raises(IndexBusy):
            list(copy(full, tmp_path / "copy"))
    lock.release()
    assert not (tmp_path / "copy").exists()
