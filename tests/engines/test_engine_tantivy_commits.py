"""Commits to a tantivy index: other processes, kills, syncing, permissions."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tantivy_stores import (
    SCHEMA,
    TantivyEngine,
    document,
    everything,
    filled,
    remove,
    total,
    what,
)

from tracuu import engines as c
from tracuu import errors
from tracuu.engines.tantivy import meta as _tantivy_meta
from tracuu.engines.tantivy import storage as _tantivy_files
from tracuu.engines.tantivy.schema import DATA


def test_a_commit_in_another_process_is_seen(engine: TantivyEngine, tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import tantivy_stores as here
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


def test_a_commit_that_could_not_be_synced_is_not_called_undone(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(_tantivy_files, "force_commit", full)
    writer = engine.writer()
    writer.add(document("new/1"))
    with pytest.raises(errors.WriteFailed, match="a power cut may undo") as caught:
        writer.commit()
    assert "as it was" not in str(caught.value)
    with engine.snapshot() as after:
        assert after.search(c.Request(c.MatchAll())).total == 4


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
