"""How the Whoosh engine commits: durable, all or nothing, and clean afterwards."""

from __future__ import annotations

import errno
import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tracuu import engines as c
from tracuu import errors
from tracuu.engines.whoosh import buffer as _whoosh_batch
from tracuu.engines.whoosh import merge as _whoosh_merge
from tracuu.engines.whoosh import storage as _whoosh_files
from tracuu.engines.whoosh import terms as _whoosh_terms
from tracuu.engines.whoosh.commit import DurableStorage
from tracuu.engines.whoosh.engine import WhooshEngine
from tracuu.engines.whoosh.toc import SegmentInfo

SCHEMA = c.Schema((c.TextField("body", positions=True), c.TextField("head")), ("area",), ("year",))


def document(key: str, text: str = "a b a", area: str = "x") -> c.Document:
    words = text.split()
    body = [(word, at) for at, word in enumerate(words)]
    return c.Document(
        key, {"body": body, "head": words}, {"area": [area]}, {"year": len(words)}, key
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    return tmp_path / "store"


@pytest.fixture
def engine(folder: Path) -> Iterator[WhooshEngine]:
    engine = WhooshEngine.create(folder, SCHEMA)
    with engine.writer() as writer:
        writer.add(document("1"))
    yield engine
    engine.close()


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != _whoosh_files.LOCK
    }


def total(engine: WhooshEngine, query: c.Node | None = None) -> int:
    with engine.snapshot() as snapshot:
        return snapshot.search(c.Request(query or c.MatchAll())).total


def test_a_rolled_back_writer_leaves_no_trace(engine: WhooshEngine, folder: Path) -> None:
    before = state(folder)
    writer = engine.writer()
    writer.add(document("2"))
    writer.delete("area", "x")
    writer.rollback()
    assert state(folder) == before


def test_a_commit_without_changes_writes_nothing(engine: WhooshEngine, folder: Path) -> None:
    before = state(folder)
    with engine.writer() as writer:
        writer.delete("area", "nothing")
    assert state(folder) == before


@pytest.mark.parametrize("step", ["create_file", "rename_file", "fsync"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_changes_nothing(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    before = state(folder)

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with pytest.raises(errors.WriteFailed, match="stays as it was") as caught:  # noqa: PT012
        writer = engine.writer()
        writer.add(document("2"))
        if step == "fsync":
            monkeypatch.setattr(os, "fsync", fail)
        else:
            monkeypatch.setattr(DurableStorage, step, fail)
        writer.commit()
    assert os.strerror(number) in str(caught.value)
    monkeypatch.undo()
    assert state(folder) == before
    with engine.writer() as writer:  # the lock is free
        writer.add(document("2"))
    assert total(engine) == 2


def test_failing_to_clean_up_does_not_fail_a_commit(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete = DurableStorage.delete_file

    def fail(self: DurableStorage, name: str) -> None:
        if name.endswith((".tra", ".toc")):
            raise PermissionError(errno.EACCES, "in use")
        delete(self, name)

    monkeypatch.setattr(DurableStorage, "delete_file", fail)  # as Windows does with open files
    for key in ("2", "3"):
        with engine.writer() as writer:
            writer.add(document(key))
    assert total(engine) == 3
    monkeypatch.undo()
    with engine.writer() as writer:
        writer.add(document("4"))
    assert total(engine) == 4
    assert len(list(Path(engine._folder).glob("*.toc"))) == 1


def test_interrupted_by_the_keyboard(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(folder)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    writer = engine.writer()
    writer.add(document("2"))
    monkeypatch.setattr(DurableStorage, "rename_file", interrupt)
    with pytest.raises(KeyboardInterrupt):
        writer.commit()
    assert state(folder) == before
    engine.writer().rollback()


KILLED = """
import os, sys
from pathlib import Path
from tracuu import engines as c
from tracuu.engines.whoosh.engine import WhooshEngine
schema = c.Schema((c.TextField("body", positions=True), c.TextField("head")), ("area",), ("year",))
writer = WhooshEngine.open(Path(sys.argv[1]), schema).writer()
writer.add(c.Document("2", {}, {}, {}, ""))
(Path(sys.argv[1]) / "_MAIN_9.toc.123.4").write_bytes(b"half")
os._exit(9)
"""


def test_a_killed_writer_is_cleaned_up_after(engine: WhooshEngine, folder: Path) -> None:
    before = set(state(folder))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False, env=env)
    assert set(os.listdir(folder)) > before
    with engine.writer() as writer:
        writer.add(document("3"))
    assert total(engine) == 2
    assert not any(".tmp" in name or ".toc." in name for name in os.listdir(folder))
    assert len(list(folder.glob("*.tra"))) == 2


def built(folder: Path) -> bytes:
    """The segment of sixty documents, whatever it is called."""
    folder.mkdir()
    engine = WhooshEngine.create(folder, SCHEMA)
    with engine.writer() as writer:
        for at in range(60):
            text = f"a b a t{at} u{at % 5} Ế\udc80{at % 7}"
            writer.add(document(f"s{at}", text, area=f"z{at % 3}"))
    engine.close()
    assert not [path for path in folder.iterdir() if path.is_dir()]
    (segment,) = folder.glob("*.tra")
    return segment.read_bytes()


def test_a_spilt_batch_is_the_same(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_whoosh_batch, "SPILL_AT", 50)
    monkeypatch.setattr(_whoosh_terms, "_CHUNK", 3)
    with engine.writer() as writer:
        for at in range(60):
            writer.add(document(f"s{at}", f"a b a t{at} u{at % 5}"))
    assert total(engine, c.Phrase("body", ("b", "a"))) == 61
    assert total(engine, c.Term("head", "u3")) == 12
    with engine.snapshot() as snapshot:
        assert snapshot.doc_freqs("body", ["a", "t7"]) == [61, 1]
        assert snapshot.explain(c.Term("body", "a"), "s9")[0].tf == 2.0


def test_a_spilt_segment_is_the_same_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = built(tmp_path / "one")
    monkeypatch.setattr(_whoosh_batch, "SPILL_AT", 50)
    assert built(tmp_path / "two") == one


def test_an_old_snapshot_keeps_its_state_through_merges(engine: WhooshEngine, folder: Path) -> None:
    with engine.snapshot() as old:
        for at in range(_whoosh_merge.FANOUT * 2):
            with engine.writer() as writer:
                writer.add(document(f"m{at}"))
        assert len(list(folder.glob("*.tra"))) < _whoosh_merge.FANOUT
        assert old.search(c.Request(c.Phrase("body", ("a", "b")))).total == 1
        assert old.get("1") == "1"
        assert old.get("m3") is None
    assert total(engine, c.Phrase("body", ("a", "b"))) == 1 + 2 * _whoosh_merge.FANOUT


def test_deleted_documents_are_written_out_in_time(engine: WhooshEngine, folder: Path) -> None:
    with engine.writer() as writer:
        for at in range(9):
            writer.add(document(f"d{at}", f"c{at} d", area=f"y{at}"))
    for at in range(9):
        with engine.writer() as writer:
            writer.delete("area", f"y{at}")
    assert total(engine) == 1
    assert len(list(folder.glob("*.tra"))) == 1
    with engine.snapshot() as snapshot:
        assert list(snapshot.vocabulary("body")) == [("a", 1), ("b", 1)]


def test_the_same_state_is_shared(engine: WhooshEngine) -> None:
    with engine.snapshot() as one, engine.snapshot() as two:
        assert one.state is two.state


def test_readers_in_another_engine_survive_commits(engine: WhooshEngine, folder: Path) -> None:
    for at in range(30):
        other = WhooshEngine.open(folder, SCHEMA)
        with engine.writer() as writer:
            writer.add(document(f"n{at}"))
        assert total(other) == at + 2
        other.close()


def test_sizes_merge_by_steps() -> None:
    def segment(count: int, deleted: int = 0) -> SegmentInfo:
        return SegmentInfo(str(next(names)), count, frozenset(range(deleted)))

    names = itertools.count()
    small, large = [segment(10) for _ in range(_whoosh_merge.FANOUT - 1)], segment(100_000)
    assert _whoosh_merge.select_merges([large, *small], 5) == small
    assert _whoosh_merge.select_merges([large, *small[:-1]], 5) == []
    worn = segment(90, 31)
    assert _whoosh_merge.select_merges([large, worn], 5) == [worn]


def test_what_is_counted_beforehand_leaves_deleted_documents_out(folder: Path) -> None:
    engine = WhooshEngine.create(folder, SCHEMA)
    for part in range(2):
        with engine.writer() as writer:
            for at in range(40):
                area = f"y{at % 3}"
                writer.add(
                    document(f"{part}/{at}", "a " * (at + 1) + ("rare" if at % 3 else "b"), area)
                )
    with engine.writer() as writer:
        writer.delete("area", "y1")
    with engine.snapshot() as snapshot:
        counted = snapshot.search(c.Request(c.MatchAll(), limit=0, facets=("area",))).facets["area"]
        assert {value: count.matches for value, count in counted.items()} == {"y0": 28, "y2": 26}
        assert snapshot.field_stats("body") == c.FieldStats(
            54, 2 * sum(at + 2 for at in range(40) if at % 3 != 1)
        )
        assert snapshot.doc_freqs("body", ["a", "b", "rare"]) == [54, 28, 26]
        years = snapshot.search(
            c.Request(c.Range("year", low=40), limit=9, order=(c.SortKey("year", True),))
        )
        assert [found.key for found in years.hits] == ["0/39", "1/39", "0/38", "1/38"]
    engine.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_processes_read_the_files_they_inherit_side_by_side(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An inherited file shares its reading position with the parent: reads must not depend on it."""
    monkeypatch.setattr("tracuu.engines.whoosh.reader._KEPT_RECORDS", 0)
    engine = WhooshEngine.create(folder, SCHEMA)
    chance = random.Random(1)
    with engine.writer() as writer:
        for at in range(800):
            writer.add(replace(document(f"{at:04}"), stored=chance.randbytes(1000).hex()))
    snapshot = engine.snapshot()
    assert snapshot.get("0000")

    def read(part: int) -> bool:
        keys = [f"{at:04}" for at in range(part, 800, 4)] * 3
        return all(snapshot.get(key) is not None for key in keys)

    children = []
    for part in range(4):
        child = os.fork()
        if not child:
            whole = False
            try:
                whole = read(part)
            finally:
                os._exit(not whole)
        children.append(child)
    assert read(0)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    snapshot.close()
    engine.close()
