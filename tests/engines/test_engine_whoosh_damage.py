"""Whatever happens to an index's files comes out as IndexDamaged, or does not matter."""

from __future__ import annotations

import errno
import os
import random
import shutil
from pathlib import Path

import pytest
from engine_answers import WORDS, answers_of

from tracuu import engines as c
from tracuu import errors
from tracuu.engines.whoosh.engine import WhooshEngine
from tracuu.engines.whoosh.segment import DiskFile

SCHEMA = c.Schema((c.TextField("body", positions=True), c.TextField("head")), ("area",), ("year",))


def filled(folder: Path) -> WhooshEngine:
    folder.mkdir()
    engine = WhooshEngine.create(folder, SCHEMA)
    chance = random.Random(1)
    for part in range(2):
        with engine.writer() as writer:
            for at in range(300):
                words = [*chance.sample(WORDS, 12), "a", "b"]
                body = list(zip(words, range(14), strict=True))
                writer.add(
                    c.Document(
                        f"{part}/{at}",
                        {"body": body, "head": words},
                        {"area": ["x"]},
                        {"year": at},
                        "s",
                    )
                )
    return engine


def answers(folder: Path) -> list[object]:
    return answers_of(WhooshEngine, folder, SCHEMA)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    folder = tmp_path_factory.mktemp("damage") / "store"
    filled(folder).close()
    return folder, answers(folder)


def copied(store: Path, tmp_path: Path, kind: str) -> tuple[Path, Path]:
    """A copy of the store, and its file of a kind."""
    folder = tmp_path / "store"
    shutil.copytree(store, folder)
    path = min(
        path
        for path in folder.iterdir()
        if path.name.endswith(kind) and path.name.count(".") == kind.count(".")
    )
    return folder, path


KINDS = [".tra", ".toc"]
HARM = [
    "removed",
    "emptied",
    "half",
    "one byte less",
    "one byte more",
    "garbage",
    "zeros",
    "middle garbage",
]


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file(
    whole: tuple[Path, list[object]], tmp_path: Path, kind: str, harm: str
) -> None:
    folder, path = copied(whole[0], tmp_path, kind)
    data, noise = path.read_bytes(), random.Random(harm)
    middle = slice(len(data) // 3, len(data) // 3 + max(len(data) // 4, 1))
    changed = {
        "removed": b"",
        "emptied": b"",
        "half": data[: len(data) // 2],
        "one byte less": data[:-1],
        "one byte more": data + b"x",
        "garbage": noise.randbytes(len(data)),
        "zeros": bytes(len(data)),
        "middle garbage": data[: middle.start]
        + noise.randbytes(middle.stop - middle.start)
        + data[middle.stop :],
    }[harm]
    path.write_bytes(changed)
    if harm == "removed":
        path.unlink()
    try:
        found = answers(folder)
    except errors.IndexDamaged:
        pass
    else:
        pytest.fail(f"damage was not noticed: {found == whole[1]}")


@pytest.mark.parametrize("kind", [".tra", ".toc"])
def test_bytes_flipped_here_and_there_never_raise_anything_else(
    whole: tuple[Path, list[object]], tmp_path: Path, kind: str
) -> None:
    folder, path = copied(whole[0], tmp_path, kind)
    data, chance = path.read_bytes(), random.Random(kind)
    for _ in range(25):
        spoilt = bytearray(data)
        for _ in range(chance.choice((1, 8, 200))):
            spoilt[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(spoilt)
        try:
            answers(folder)
        except errors.IndexDamaged:
            continue


def test_without_a_table_of_contents_the_rest_is_damage(tmp_path: Path) -> None:
    filled(tmp_path / "store").close()
    for path in (tmp_path / "store").glob("*.toc"):
        path.unlink()
    with pytest.raises(errors.IndexDamaged, match="table of contents"):
        WhooshEngine.open(tmp_path / "store", SCHEMA)


def test_a_writer_on_a_damaged_index_says_so_and_lets_go(tmp_path: Path) -> None:
    engine = filled(tmp_path / "store")
    toc = next((tmp_path / "store").glob("*.toc"))
    data = toc.read_bytes()
    toc.write_bytes(data[:50])
    with pytest.raises(errors.IndexDamaged):
        engine.writer()
    toc.write_bytes(data)
    engine.writer().rollback()
    engine.close()


def test_the_folder_is_gone(tmp_path: Path) -> None:
    engine = filled(tmp_path / "store")
    snapshot = engine.snapshot()
    shutil.rmtree(tmp_path / "store")
    if os.name != "nt":
        assert snapshot.search(c.Request(c.Term("body", "a"))).total == 600
    snapshot.close()
    with pytest.raises(errors.IndexNotFound):
        engine.snapshot()
    with pytest.raises(errors.WriteFailed):
        engine.writer()
    engine.close()


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied"),
        OSError(errno.EMFILE, "Too many open files"),
        OSError(errno.ESTALE, "Stale file handle"),
        MemoryError(),
    ],
)
def test_what_may_pass_is_no_damage(
    whole: tuple[Path, list[object]], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(self: DiskFile, start: int, size: int) -> bytes:
        raise error

    monkeypatch.setattr(DiskFile, "read", fail)
    with pytest.raises((errors.StorageError, MemoryError)) as caught:
        answers(whole[0])
    assert not isinstance(caught.value, errors.IndexDamaged)
    if isinstance(error, OSError):
        assert "try again" in str(caught.value)
    monkeypatch.undo()
    assert answers(whole[0]) == whole[1]


def test_a_folder_that_cannot_be_listed_for_a_moment_is_no_damage(tmp_path, monkeypatch):
    engine = filled(tmp_path / "e")
    listdir, left = os.listdir, [1]

    def denied(folder="."):
        if left[0] and str(folder) == str(tmp_path / "e"):
            left[0] -= 1
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(folder))
        return listdir(folder)

    monkeypatch.setattr(os, "listdir", denied)
    with pytest.raises(errors.StorageError, match="Too many open files") as caught:
        engine.snapshot()
    assert not isinstance(caught.value, errors.IndexDamaged)
    engine.snapshot().close()
    engine.close()
