from __future__ import annotations

import os
import socket
import threading

import pytest
from click.testing import CliRunner

from tracuu import Index, Passage, rebuild
from tracuu.cli import main
from tracuu.errors import IndexBusy, WriteFailed

pytestmark = pytest.mark.usefixtures("each_engine")


_HOLDS = """
import sys
from tracuu import Index
with Index.open(sys.argv[1]) as index:
    changes = index.update([sys.argv[2]])
    next(changes)
    print("holding", flush=True)
    sys.stdin.read()
"""

_FORKS = """
import os, sys
from tracuu import Index
with Index.open(sys.argv[1]) as index:
    changes = index.update([sys.argv[2]])
    next(changes)
    if os.fork() == 0:  # a worker that outlives its parent
        sys.stdin.read()
        os._exit(0)
    print("holding", flush=True)
    sys.stdin.read()
"""

MORE = [Passage("more", 1, "Một đoạn nữa.")]


def test_who_writes_is_told_and_gone_when_killed(own, reports, script, held):
    before = held(own)
    writer = script(_HOLDS, own, reports)
    assert writer.stdout.readline() == "holding\n"
    with Index.open(own) as index:
        with pytest.raises(IndexBusy) as caught:
            index.add(MORE)
        error = caught.value
        assert (error.pid, error.host) == (writer.pid, socket.gethostname())
        assert f"process {writer.pid} on {socket.gethostname()}" in str(error)
        assert error.since
        assert error.since in str(error)
        for writing in (lambda: index.remove("app"), lambda: list(rebuild(own))):
            with pytest.raises(IndexBusy, match=str(writer.pid)):
                writing()
        assert held(index) == before
        writer.kill()
        writer.wait()
        index.add(MORE)
        assert set(held(index)) == {*before, "more"}


def test_a_second_writer_waits_as_long_as_asked(own, reports, script):
    writer = script(_HOLDS, own, reports)
    assert writer.stdout.readline() == "holding\n"
    with Index.open(own) as index:
        with pytest.raises(IndexBusy):
            index.add(MORE, wait=0.1)
        timer = threading.Timer(0.2, writer.kill)
        timer.start()
        assert index.add(MORE, wait=60) == 1
        timer.join()


def test_a_dead_writer_is_not_named(own, reports, script):
    writer = script(_HOLDS, own, reports)
    assert writer.stdout.readline() == "holding\n"
    told = (own / "writer.json").read_text(encoding="utf-8")
    writer.kill()
    writer.wait()
    (own / "writer.json").write_text(told, encoding="utf-8")
    with Index.open(own) as index, index._directory.lock():
        (own / "writer.json").write_text(told, encoding="utf-8")
        with Index.open(own) as other, pytest.raises(IndexBusy, match="another process") as caught:
            other.add(MORE)
    assert caught.value.pid is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_does_not_keep_the_lock_of_a_killed_writer(own, reports, script):
    writer = script(_FORKS, own, reports)
    assert writer.stdout.readline() == "holding\n"
    writer.kill()
    writer.wait()
    with Index.open(own) as index:
        assert index.add(MORE) == 1


def test_an_exception_in_a_reader_leaves_everything_as_it_was(
    own, reports, held, write, monkeypatch
):
    before = held(own)
    files = sorted(path.name for path in own.glob("data-*/*"))
    write(reports / "a-moi.txt", "Một đoạn mới.")
    write(reports / "zz.txt", "Một đoạn sau cùng.")
    from tracuu.indexer import isolated

    reading = isolated.read_blocks

    def fail(path, **options):
        if path.endswith("zz.txt"):
            raise RuntimeError("a fault in a reader")
        return reading(path, **options)

    monkeypatch.setattr(isolated, "read_blocks", fail)
    with Index.open(own) as index:
        with pytest.raises(RuntimeError):
            list(index.update([reports]))
        assert held(index) == before
        with pytest.raises(RuntimeError):
            list(rebuild(own))
        assert held(index) == before
        assert sorted(path.name for path in own.glob("data-*/*")) == files
        monkeypatch.undo()
        assert {change.kind for change in index.update([reports])} == {"added", "unchanged"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions that count")
def test_a_folder_that_may_not_be_written_is_told(own):
    own.chmod(0o500)
    try:
        with Index.open(own) as index, pytest.raises(WriteFailed):
            index.add(MORE)
    finally:
        own.chmod(0o700)


def test_ctrl_c_tells_whether_the_change_was_made(
    own, reports, write, held, monkeypatch, each_engine
):
    if each_engine != "whoosh":
        pytest.skip("it stops one step of a commit by Whoosh, which is in Python")

    def stop(path):
        raise KeyboardInterrupt

    command = ["index", str(reports), "--index", str(own)]
    for place, made in (
        ("_force", False),
        ("sync_folder", True),
    ):  # just before the switch, and just behind it
        write(reports / f"moi{place}.txt", f"Một đoạn mới, {place}.")
        with monkeypatch.context() as patched:
            patched.setattr(f"tracuu.engines.whoosh.commit.{place}", stop)
            result = CliRunner().invoke(main, command)
        assert result.exit_code == 130
        said = result.output
        assert ("is unchanged" in said) is not made
        assert ("committed already" in said) is made
        with Index.open(own) as index:
            assert (f"moi{place}".replace("_", "-") in held(index)) is made
    assert CliRunner().invoke(main, command).exit_code == 0


def test_ctrl_c_behind_a_rebuild_tells_that_it_was_made(own, monkeypatch):
    def stop(storage, generation):
        raise KeyboardInterrupt

    monkeypatch.setattr("tracuu.index.directory.IndexDirectory.sweep", stop)
    with pytest.raises(KeyboardInterrupt, match="made already"):
        list(rebuild(own))
    monkeypatch.undo()
    with Index.open(own) as index:
        assert index.info().reports == 4
        assert index._opened.generation().manifest.generation == 2
