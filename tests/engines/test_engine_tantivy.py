"""The tantivy engine's files: damage, killed writers, other processes, and lists too long for one count."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracuu import engines as c
from tracuu import errors
from tracuu.engines import engine_class

if TYPE_CHECKING:
    from tracuu.engines.tantivy.engine import TantivyEngine
else:
    try:
        TantivyEngine = engine_class("tantivy")
        from tracuu.engines.tantivy import collector as _tantivy_lists
        from tracuu.engines.tantivy import meta as _tantivy_meta
        from tracuu.engines.tantivy import storage as _tantivy_files
        from tracuu.engines.tantivy.schema import DATA
    except errors.MissingExtra as error:
        pytest.skip(str(error), allow_module_level=True)

SCHEMA = c.Schema(
    (c.TextField("body", positions=True), c.TextField("head")), ("area", "report"), ("year",)
)
WORDS = [f"w{at}" for at in range(400)]


def document(key: str, text: str = "a b a", **more: object) -> c.Document:
    words = text.split()
    body = [(word, at) for at, word in enumerate(words)]
    keywords = {"area": ["x"], "report": [key.partition("/")[0]], **more}
    return c.Document(key, {"body": body, "head": words}, keywords, {"year": len(words)}, key)


def filled(folder: Path, parts: int = 2, each: int = 300) -> TantivyEngine:
    folder.mkdir()
    engine = TantivyEngine.create(folder, SCHEMA)
    chance = random.Random(1)
    for part in range(parts):
        with engine.writer() as writer:
            for at in range(each):
                writer.add(
                    document(f"{part}/{at}", " ".join([*chance.sample(WORDS, 12), "a", "b"]))
                )
    return engine


def answers(folder: Path) -> list[object]:
    engine = TantivyEngine.open(folder, SCHEMA)
    try:
        with engine.snapshot() as snapshot:
            tree = c.Or((c.Term("body", "a"), c.Phrase("body", ("a", "b")), c.Prefix("head", "w3")))
            found = snapshot.search(
                c.Request(tree, 600, tie_breakers=(c.SortKey("year"),), facets=("area",))
            )
            order = snapshot.search(
                c.Request(c.TermIn("area", ("x",)), 600, order=(c.SortKey("year"),))
            )
            words = [snapshot.search(c.Request(c.Term("body", word), 100)) for word in WORDS[::40]]
            return [found, order, words, list(snapshot.vocabulary("body")), snapshot.get("0/7")]
    finally:
        engine.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    folder = tmp_path_factory.mktemp("damage") / "store"
    filled(folder).close()
    return folder, answers(folder)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    engine = filled(tmp_path / "store", 1, 3)
    yield engine
    engine.close()


def what(folder: Path) -> list[str]:
    return [
        fault.what for fault in TantivyEngine.integrity_check(folder, SCHEMA) if not fault.leftover
    ]


def total(engine: TantivyEngine, query: c.Node | None = None) -> int:
    with engine.snapshot() as snapshot:
        return snapshot.search(c.Request(query or c.MatchAll())).total


def test_a_whole_index_has_no_faults(whole: tuple[Path, list[object]]) -> None:
    assert what(whole[0]) == []


@pytest.mark.parametrize(
    "harm", ["removed", "emptied", "half", "one byte less", "garbage", "zeros"]
)
@pytest.mark.parametrize(
    "kind", [".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm", "meta.json"]
)
def test_a_damaged_file_is_noticed(
    whole: tuple[Path, list[object]], tmp_path: Path, kind: str, harm: str
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole[0], folder)
    path = min(path for path in folder.iterdir() if path.name.endswith(kind))
    data = path.read_bytes()
    changed = {
        "removed": b"",
        "emptied": b"",
        "half": data[: len(data) // 2],
        "one byte less": data[:-1],
        "garbage": random.Random(harm).randbytes(len(data)),
        "zeros": bytes(len(data)),
    }[harm]
    path.write_bytes(changed)
    if harm == "removed":
        path.unlink()
    assert any(path.name in fault for fault in what(folder))
    with pytest.raises(errors.IndexDamaged):
        answers(folder)


@pytest.mark.parametrize("kind", [".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm"])
def test_a_flipped_byte_is_found_by_checking(
    whole: tuple[Path, list[object]], tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole[0], folder)
    path = min(path for path in folder.iterdir() if path.name.endswith(kind))
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 64
    path.write_bytes(data)
    assert what(folder) == [f"{path.name} has other bytes than were written"]


def test_what_a_killed_writer_left_is_a_leftover_and_goes(
    whole: tuple[Path, list[object]], tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole[0], folder)
    code = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import test_engine_tantivy as here
writer = here.TantivyEngine.open(Path(sys.argv[1]), here.SCHEMA).writer()
writer.delete("area", "x")
for at in range(500):
    writer.add(here.document(f"new/{at}"))
print("ready", flush=True)
os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
"""
    subprocess.run(
        [sys.executable, "-c", code, str(folder), str(Path(__file__).parent)],
        check=False,
        stdout=subprocess.DEVNULL,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert answers(folder) == whole[1]
    assert what(folder) == []
    (folder / "0123456789abcdef0123456789abcdef.store").write_bytes(b"left")
    left = [fault.what for fault in TantivyEngine.integrity_check(folder, SCHEMA) if fault.leftover]
    assert "0123456789abcdef0123456789abcdef.store belongs to no commit" in left
    engine = TantivyEngine.open(folder, SCHEMA)
    with engine.writer() as writer:
        writer.add(document("more"))
    assert total(engine) == 601
    engine.close()


def test_without_its_list_of_segments_the_rest_is_damage(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    (tmp_path / "store" / "meta.json").unlink()
    with pytest.raises(errors.IndexDamaged, match=r"meta\.json"):
        TantivyEngine.open(tmp_path / "store", SCHEMA)


# --- the seal of the list of segments -------------------------------------------------------------


def test_every_flipped_bit_of_the_list_of_segments_is_noticed(
    whole: tuple[Path, list[object]], tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(whole[0], folder)
    path, chance = folder / "meta.json", random.Random(8)
    data = path.read_bytes()
    for at in chance.sample(range(len(data)), 60):
        spoilt = bytearray(data)
        spoilt[at] ^= 1 << chance.randrange(7)
        path.write_bytes(spoilt)
        with pytest.raises(errors.IndexDamaged, match=r"meta\.json"):
            TantivyEngine.open(folder, SCHEMA)
        assert any("meta.json" in fault for fault in what(folder))
        scan = TantivyEngine.scan(folder, SCHEMA)  # by the copy
        assert sum(one is not None for one in scan.documents()) == 600
        scan.close()
    path.write_bytes(data)
    assert what(folder) == []


@pytest.mark.parametrize("harm", ["flipped", "torn", "emptied"])
def test_a_damaged_seal_harms_no_search_and_is_replaced(
    engine: TantivyEngine, tmp_path: Path, harm: str
) -> None:
    engine.close()
    seal = tmp_path / "store" / "tracuu-seal.json"
    data = bytearray(seal.read_bytes())
    data[len(data) // 2] ^= 1
    seal.write_bytes({"flipped": bytes(data), "torn": data[:90], "emptied": b""}[harm])
    assert len(everything(tmp_path / "store")) == 3
    assert what(tmp_path / "store") == ["tracuu-seal.json is torn"]
    remove(tmp_path / "store", "0")
    assert what(tmp_path / "store") == []


def test_a_kill_between_a_commit_and_its_seal_raises_no_alarm(
    engine: TantivyEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"

    def killed(folder: Path) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(_tantivy_meta, "seal", killed)
        with engine.writer() as writer:
            writer.add(document("new"))
    assert len(everything(store)) == 4
    assert what(store) == []
    left = [fault.what for fault in TantivyEngine.integrity_check(store, SCHEMA) if fault.leftover]
    assert any("meta.json has no checksum yet" in each for each in left)
    with engine.writer() as writer:  # the next change seals it
        writer.add(document("newer"))
    assert list(TantivyEngine.integrity_check(store, SCHEMA)) == []
    flipped = bytearray((store / "meta.json").read_bytes())
    flipped[10] ^= 1
    (store / "meta.json").write_bytes(flipped)
    with pytest.raises(errors.IndexDamaged, match="other bytes"):
        TantivyEngine.open(store, SCHEMA)


def test_an_index_without_a_seal_is_read_and_gets_one(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    seal = tmp_path / "store" / "tracuu-seal.json"
    seal.unlink()
    assert len(everything(tmp_path / "store")) == 3
    assert list(TantivyEngine.integrity_check(tmp_path / "store", SCHEMA)) == []
    remove(tmp_path / "store", "0")
    assert seal.exists()
    assert what(tmp_path / "store") == []


def test_a_change_that_is_given_up_leaves_a_seal(engine: TantivyEngine, tmp_path: Path) -> None:
    writer = engine.writer()
    writer.add(document("new"))
    writer.rollback()
    assert list(TantivyEngine.integrity_check(tmp_path / "store", SCHEMA)) == []


def test_a_commit_in_another_process_is_seen(engine: TantivyEngine, tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import test_engine_tantivy as here
with here.TantivyEngine.open(Path(sys.argv[1]), here.SCHEMA).writer() as writer:
    writer.delete("report", "0")
    writer.add(here.document("other/1"))
"""
    before = engine.snapshot()
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "store"), str(Path(__file__).parent)],
        check=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert total(engine) == 1
    assert before.search(c.Request(c.MatchAll())).total == 3
    before.close()


def test_a_commit_without_changes_writes_nothing(engine: TantivyEngine, tmp_path: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "store").iterdir()}
    with engine.writer() as writer:
        writer.delete("area", "nothing")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "store").iterdir()} == before


def test_another_program_writing_with_tantivy_is_busy(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    import tantivy

    other = tantivy.Index.open(str(tmp_path / "store"))
    native = other.writer(20_000_000, 1)
    writer = engine.writer()
    with pytest.raises(errors.IndexBusy, match="another program"):
        writer.add(document("2"))
    writer.rollback()
    del native
    with engine.writer() as writer:
        writer.add(document("2"))
    assert total(engine) == 4


def test_phrases_that_may_stand_in_many_ways_are_verified(engine: TantivyEngine) -> None:
    with engine.writer() as writer:
        writer.add(document("yes", "e1 z d1 c1 z b1 a1"))
        writer.add(document("no", "e1 z z d1 c1 z b1 z a1"))
    phrase = c.Phrase("body", ("a1", "b1", "c1", "d1", "e1"), slop=2, ordered=False)
    with engine.snapshot() as snapshot:
        found = snapshot.search(c.Request(c.And((phrase, c.Term("head", "z"))), facets=("report",)))
        assert [hit.key for hit in found.hits] == ["yes"]
        assert (found.total, found.facets["report"]["yes"].matches) == (1, 1)


def test_many_values_are_counted_and_sorted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tantivy_lists, "BUCKETS", 50)
    monkeypatch.setattr(_tantivy_lists, "_SORTED", 8)
    monkeypatch.setattr(_tantivy_lists, "_PAGE", 60)
    (tmp_path / "store").mkdir()
    engine = TantivyEngine.create(tmp_path / "store", SCHEMA)
    docs = [
        document(f"r{at % 200:03}/{at:04}", "a", report=[f"r{at % 200:03}", "more"])
        for at in range(1000)
    ]
    docs += [document(f"none/{at}", "a", report=[]) for at in range(10)]
    with engine.writer() as writer:
        for one in docs:
            writer.add(one)
    expected = [
        one.key for one in sorted(docs, key=lambda one: (not one.keywords["report"], one.key))
    ]
    order = (c.SortKey("report"), c.SortKey("year"))
    with engine.snapshot() as snapshot:
        found = snapshot.search(c.Request(c.MatchAll(), 2000, order=order, facets=("report",)))
        assert [hit.key for hit in found.hits] == expected
        assert found.facets["report"]["more"].matches == 1000
        assert {found.facets["report"][f"r{at:03}"].matches for at in range(200)} == {5}
        for offset in (0, 3, 497, 998, 1009):
            page = snapshot.search(c.Request(c.MatchAll(), 7, offset, order=order)).hits
            assert [hit.key for hit in page] == expected[offset : offset + 7]
        keys = snapshot.search(c.Request(c.MatchAll(), 5, 500)).hits
        assert [hit.key for hit in keys] == sorted(expected)[500:505]
    engine.close()


def test_threads_share_a_snapshot(whole: tuple[Path, list[object]]) -> None:
    engine = TantivyEngine.open(whole[0], SCHEMA)
    wrong: list[object] = []

    def ask() -> None:
        with engine.snapshot() as snapshot:
            for word in WORDS[:60]:
                found = snapshot.search(c.Request(c.Term("body", word), 600, facets=("report",)))
                if (
                    found.total != len(found.hits)
                    or found.total != snapshot.doc_freqs("body", [word])[0]
                ):
                    wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    engine.close()


def test_documents_packed_in_another_way_ask_for_a_rebuild(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    engine.close()
    meta = tmp_path / "store" / "meta.json"
    meta.write_text(meta.read_text("utf-8").replace(f'"{DATA}"', '"data"'), "utf-8")
    meta.with_name("tracuu-seal.json").unlink()
    with pytest.raises(errors.IndexOutdated, match="tracuu rebuild"):
        TantivyEngine.open(tmp_path / "store", SCHEMA)
    assert any("tracuu rebuild" in told for told in what(tmp_path / "store"))


def test_many_matches_are_counted_by_another_thread(
    whole: tuple[Path, list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tantivy_lists, "ASIDE", 1)
    assert answers(whole[0]) == whole[1]
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert answers(whole[0]) == whole[1]


def refuse(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_an_error_of_the_other_thread_comes_out() -> None:
    def work() -> dict[str, object]:
        raise errors.IndexDamaged("store", "torn")

    with pytest.raises(errors.IndexDamaged, match="torn"):
        _tantivy_lists.Aside(work).result()


def test_two_of_many_conditions(whole: tuple[Path, list[object]]) -> None:
    engine = TantivyEngine.open(whole[0], SCHEMA)
    with engine.snapshot() as snapshot:
        holding = [
            {hit.key for hit in snapshot.search(c.Request(c.Term("body", word), 600)).hits}
            for word in WORDS[:9]
        ]
        for count in range(2, 10):
            words = c.Or(tuple(c.Term("body", word) for word in WORDS[:count]), 2)
            found = snapshot.search(c.Request(c.ConstantScore(words), 600))
            several = {
                key
                for keys in holding
                for key in keys
                if sum(key in one for one in holding[:count]) > 1
            }
            assert {hit.key for hit in found.hits} == several
    engine.close()


def test_a_phrase_that_tantivy_gives_one_score_is_ranked_like_elsewhere(tmp_path: Path) -> None:
    """It is looked for in each document, and what holds it is asked for by keys."""
    from tracuu.engines.memory import MemoryEngine

    chance, lists = random.Random(4), []
    phrase = c.Phrase("body", ("a", "b", "d", "e"), slop=4, ordered=False)
    documents = []
    for at in range(300):
        words = ["a", "b", "d", "e", *chance.sample(WORDS, 3)]
        chance.shuffle(words)
        documents.append(
            document(f"p/{at}", " ".join(words + chance.sample(WORDS, 1 + at * 7 % 90)))
        )
    for kind in (MemoryEngine, TantivyEngine):
        folder = tmp_path / kind.__name__
        folder.mkdir()
        engine = kind.create(folder, SCHEMA)
        with engine.writer() as writer:
            for each in documents:
                writer.add(each)
        with engine.snapshot() as snapshot:
            found = snapshot.search(c.Request(phrase, 10))
            lists.append((found.total, [(hit.key, round(hit.score, 6)) for hit in found.hits]))
        engine.close()
    assert lists[0] == lists[1]


# --- what a killed writer leaves, permissions, and the order of writes ---------------------------


def test_the_first_write_after_a_kill_succeeds(engine: TantivyEngine, tmp_path: Path) -> None:
    """A writer that dies before its last step leaves files whose names the next one would choose."""
    with engine.writer() as writer:
        writer.add(document("1/1"))
        writer.add(document("2/1"))
    engine.close()
    store, ahead = tmp_path / "store", tmp_path / "ahead"
    shutil.copytree(store, ahead)
    before = {path.name for path in store.iterdir()}
    remove(ahead, "1")
    left = [path for path in ahead.iterdir() if path.name not in before]
    assert any(path.suffix == ".del" for path in left)
    for path in left:
        shutil.copy(path, store)
    (store / "meta.json.new").write_bytes(b"{")
    remove(store, "1")
    assert all(not hit.key.startswith("1/") for hit in everything(store))
    assert what(store) == []


def remove(folder: Path, report: str) -> None:
    engine = TantivyEngine.open(folder, SCHEMA)
    with engine.writer() as writer:
        writer.delete("report", report)
    engine.close()


def everything(folder: Path) -> tuple[c.ScoredDocument, ...]:
    engine = TantivyEngine.open(folder, SCHEMA)
    with engine.snapshot() as snapshot:
        hits = snapshot.search(c.Request(c.MatchAll(), 10_000)).hits
    engine.close()
    return hits


def test_the_switch_to_a_new_state_is_forced_to_the_disk(
    engine: TantivyEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tantivy renames its list of segments; only a sync of the folder makes the new name last."""
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("needs /proc to name the files that are synced")
    folder, fsync = tmp_path / "store", os.fsync
    last: list[os.stat_result] = []

    def record(handle: int) -> None:
        if os.path.samefile(f"/proc/self/fd/{handle}", folder):
            last.append(os.stat(folder / "meta.json"))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", record)
    for at in range(
        12
    ):  # enough commits for tantivy to merge segments, which writes the list again
        last.clear()
        with engine.writer() as writer:
            writer.add(document(f"new{at}/1"))
        assert last, "the folder was not synced"
        now = os.stat(folder / "meta.json")
        assert (last[-1].st_ino, last[-1].st_mtime_ns) == (now.st_ino, now.st_mtime_ns)


def test_a_new_store_lasts_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    for module in (_tantivy_files, _tantivy_meta):
        monkeypatch.setattr(
            module,
            "sync_folder",
            lambda folder: synced.append((folder / "meta.json").read_bytes()),
        )
    TantivyEngine.create(tmp_path, SCHEMA).close()
    assert synced[-1] == (tmp_path / "meta.json").read_bytes()


READ_ONLY = """
import os, sys
import concurrent.futures.thread, tempfile
from pathlib import Path
from tracuu import engines as c
from tracuu.engines.tantivy.engine import TantivyEngine
if os.getuid() == 0:  # only after the imports: root's Python may be closed to others
    os.setuid(65534)
folder = Path(sys.argv[1])
assert not os.access(folder, os.W_OK)
schema = c.Schema(
    (c.TextField("body", positions=True), c.TextField("head")), ("area", "report"), ("year",)
)
engine = TantivyEngine.open(folder, schema)
with engine.snapshot() as snapshot:
    print(snapshot.search(c.Request(c.Term("body", "a"))).total)
engine.close()
"""


def test_a_reader_needs_no_permission_to_write(whole: tuple[Path, list[object]]) -> None:
    if os.name != "posix":
        pytest.skip("permissions of POSIX")
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Path(place, "store")
        shutil.copytree(whole[0], folder)
        (folder / ".tantivy-meta.lock").unlink(missing_ok=True)
        before = sorted(path.name for path in folder.iterdir())
        for path in folder.iterdir():
            path.chmod(0o444)
        folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout.strip(), done.returncode) == ("600", 0), done.stderr
        assert sorted(path.name for path in folder.iterdir()) == before
        folder.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_commit_may_be_read_by_those_who_may_read_the_rest(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        folder = tmp_path / "store"
        engine = filled(folder, 9, 2)  # some of them are merged
        with engine.writer() as writer:
            writer.delete("report", "0")
        engine.close()
    finally:
        os.umask(before)
    private = [path.name for path in folder.iterdir() if not path.stat().st_mode & 0o004]
    assert set(private) <= {".tantivy-meta.lock", ".tantivy-writer.lock"}


def test_what_may_not_be_read_is_no_damage(tmp_path: Path) -> None:
    with (
        pytest.raises(errors.StorageError, match="permissions") as caught,
        _tantivy_files.reading(tmp_path),
    ):
        raise ValueError(
            "Failed to open file for read: 'IoError { io_error: Os { code: 13, kind: PermissionDenied }'"
        )
    assert not isinstance(caught.value, errors.IndexDamaged)
    with pytest.raises(MemoryError), _tantivy_files.reading(tmp_path):
        raise MemoryError


def test_flipped_bits_never_bring_back_another_text(
    whole: tuple[Path, list[object]], tmp_path: Path
) -> None:
    chance = random.Random(5)
    for turn in range(40):
        folder = tmp_path / f"store-{turn}"
        shutil.copytree(whole[0], folder)
        path = chance.choice(sorted(folder.glob("*.store")))
        data = bytearray(path.read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            hits = everything(folder)
        except errors.IndexDamaged:
            continue
        assert all(hit.stored == hit.key for hit in hits)
        assert len(hits) == 600
