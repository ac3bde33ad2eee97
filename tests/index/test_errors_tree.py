"""The errors: the tree as it is drawn, and a real situation for each, through the public names alone."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracuu import Index, Limits, Passage, Reader, Taxonomy, TracuuError, errors, read_blocks
from tracuu.index.rebuild import rebuild


def drawn() -> dict[str, str]:
    """Class → its parent, as the drawing in errors.py has them."""
    parents: dict[str, str] = {}
    stack: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"(?P<lead>[\s│├└─]*)(?P<name>[A-Z]\w+)(?:\s{2,}\S|$)", line)
        if not found or "::" in line:
            continue
        depth = len(found["lead"])
        while stack and stack[-1][0] >= depth:
            stack.pop()
        if stack:
            parents[found["name"]] = stack[-1][1]
        stack.append((depth, found["name"]))
    return parents


def test_the_tree_drawn_is_the_tree_of_classes() -> None:
    classes = {
        name: value
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, TracuuError)
    }
    ours = {name: next(b.__name__ for b in value.__bases__ if issubclass(b, TracuuError)) for name, value in classes.items() if value is not TracuuError}  # fmt: skip
    assert drawn() == ours
    assert all(value.__doc__ for value in classes.values())


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("OptionError", ValueError),
        ("PassageError", ValueError),
        ("UnknownReport", LookupError),
        ("UnknownPassage", LookupError),
    ],
)
def test_errors_python_has_a_word_for_are_that_too(name: str, base: type[Exception]) -> None:
    assert issubclass(getattr(errors, name), base)


# --- a situation for each -------------------------------------------------------------------------

Situation = Callable[[Path], object]


def emptied(place: Path) -> object:
    """Prune a folder that lost its only report."""
    (place / "reports").mkdir()
    report = place / "reports" / "a.txt"
    report.write_text("BÁO CÁO\n\nThu ngân sách tăng đều qua các năm.\n", encoding="utf-8")
    with Index.create(place / "index") as index:
        list(index.update([place / "reports"]))
        report.unlink()
        return list(index.update([place / "reports"], prune=True))


OPENED: list[Index] = []


@pytest.fixture(autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def index_at(place: Path) -> Index:
    OPENED.append(Index.create(place / "index"))
    return OPENED[-1]


def passage(place: Path) -> Index:
    index = index_at(place)
    index.add([Passage("r", 1, "Một đoạn văn")])
    return index


def manifest(place: Path, **changes: object) -> Path:
    index_at(place).close()
    path = place / "index" / "tracuu.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "checksum": None, **changes}))
    return place / "index"


def broken(place: Path, spoil: Callable[[Path], object]) -> Path:
    passage(place).close()
    spoil(place / "index")
    return place / "index"


def file(place: Path, content: bytes, name: str = "f.txt") -> Path:
    path = place / name
    path.write_bytes(content)
    return path


def busy(place: Path) -> object:
    index = index_at(place)
    file(place, b"I. KINH T\n\nThu nhieu tien trong nam nay, hon nam truoc.")
    update = index.update([place / "f.txt"])
    next(update)
    try:
        return index.add([Passage("r", 1, "x y")])
    finally:
        update.close()


def closed(place: Path) -> object:
    index = index_at(place)
    index.close()
    return index.reports()


def truncate(folder: Path) -> None:
    for path in (folder / "data-0001").iterdir():
        path.write_bytes(path.read_bytes()[:-7])


SITUATIONS: dict[str, list[Situation]] = {
    "QueryError": [
        lambda place: passage(place).search("nam:abc"),
        lambda place: passage(place).search("a OR"),
    ],
    "OptionError": [
        lambda place: Index.create(place / "index", engine="lucene"),
        lambda place: passage(place).search("a", sort="size"),  # type: ignore[arg-type]
        lambda place: passage(place).search("a", limit=-1),
        lambda place: passage(place).search("a", offset=-1),
        lambda place: passage(place).search("a", year="MMV"),
        lambda place: passage(place).search("a", term="five years"),
        lambda place: passage(place).search("a", assessment="good"),
        lambda place: passage(place).surroundings("r#1", before=-1),
        lambda place: passage(place).similar("r#1", limit=-1),
    ],
    "PruneRefused": [lambda place: emptied(place)],
    "UnknownArea": [
        lambda place: passage(place).search("a", area="biển"),
        lambda place: passage(place).search("a", area="xây dựng"),
        lambda place: passage(place).search("a", area=""),
        lambda place: passage(place).add([Passage("r", 2, "x y", area="biển")]),
        lambda place: Reader().taxonomy.resolve("biển"),
    ],
    "UnknownReport": [
        lambda place: passage(place).report("x"),
        lambda place: passage(place).remove("x"),
        lambda place: passage(place).search("a", report="x"),
    ],
    "UnknownPassage": [
        lambda place: passage(place).passage("r#2"),
        lambda place: passage(place).surroundings("x"),
        lambda place: passage(place).explain("a", "r#2"),
        lambda place: passage(place).similar("r#2"),
    ],
    "ReportExists": [
        lambda place: passage(place).put(b"Thu ng\xc3\xa2n s\xc3\xa1ch.", name="x.txt", report="r")
    ],
    "PassageError": [lambda place: index_at(place).add([Passage("r", 0, "x")])],
    "TaxonomyError": [
        lambda place: Taxonomy.load(place / "missing.toml"),
        lambda place: Index.create(place / "index", taxonomy=file(place, b"[[area]", "t.toml")),
        lambda place: list(
            rebuild(manifest(place), taxonomy=file(place, b"version = 2", "t.toml"))
        ),
    ],
    "UnreadableFile": [
        lambda place: read_blocks(place / "missing.txt"),
        lambda place: read_blocks(place),
        lambda place: read_blocks("a\0b"),
        lambda place: list(index_at(place).update([place / "missing.txt"], strict=True)),
    ],
    "UnsupportedFormat": [lambda place: read_blocks(file(place, b"\x89PNG\r\n\x1a\n"))],
    "NotText": [lambda place: read_blocks(file(place, bytes(range(256)) * 20))],
    "EmptyFile": [
        lambda place: read_blocks(file(place, b"")),
        lambda place: list(index_at(place).update([file(place, b"***\n")], strict=True)),
    ],
    "TooLarge": [lambda place: read_blocks(file(place, b"abc " * 99), limits=Limits(file_bytes=9))],
    "IndexNotFound": [
        lambda place: Index.open(place / "x"),
        lambda place: list(rebuild(place / "x")),
    ],
    "IndexExists": [
        lambda place: (index_at(place), index_at(place)),
        lambda place: Index.create(file(place, b"x").parent),
    ],
    "NotAnIndex": [
        lambda place: Index.open(place),
        lambda place: Index.open(file(place, b"x")),
        lambda place: list(rebuild(place)),
    ],
    "IndexDamaged": [
        lambda place: Index.open(
            broken(place, lambda folder: (folder / "tracuu.json").write_text("{"))
        ),
        lambda place: Index.open(
            broken(place, lambda folder: (folder / "tracuu.json").write_text("[" * 99999))
        ),
        lambda place: Index.open(manifest(place, format="1")),
        lambda place: Index.open(manifest(place, generation=0)),
        lambda place: Index.open(manifest(place, own_taxonomy=True)),
        lambda place: Index.open(manifest(place, engine="lucene")),
        lambda place: Index.open(manifest(place, generation="x")),
        lambda place: Index.open(broken(place, truncate)).search("văn"),
        lambda place: Index.open(broken(place, lambda folder: shutil.rmtree(folder / "data-0001"))),
    ],
    "IndexOutdated": [
        lambda place: Index.open(manifest(place, format=99)),
        lambda place: Index.open(manifest(place, fingerprint="fields=0")),
        lambda place: Index.open(manifest(place, fingerprint="")),
    ],
    "IndexBusy": [busy],
    "IndexClosed": [closed],
    "WriteFailed": [
        lambda place: Index.create(file(place, b"x") / "index"),
        lambda place: Index.create(file(place, b"x")),
        lambda place: Index.create("a\0b"),
        lambda place: Index.create(place / ("x" * 300)),
    ],
}
CASES = [
    (name, number) for name, situations in SITUATIONS.items() for number in range(len(situations))
]
OF_FORMATS = {"DamagedFile", "EncryptedFile", "NoTextLayer", "MissingExtra"}
"""Raised only where the readers of other formats read: their tests have them."""
OF_SERVERS = {"EngineUnreachable", "SnapshotGone", "EmbedderFailed"}
"""Raised only by engines that run elsewhere: their tests have them."""


@pytest.mark.parametrize(("name", "number"), CASES)
def test_each_situation_has_its_error_and_a_message_to_go_on_with(
    tmp_path: Path, name: str, number: int
) -> None:
    with pytest.raises(TracuuError) as caught:
        SITUATIONS[name][number](tmp_path)
    assert type(caught.value).__name__ == name, caught.value
    message = str(caught.value)
    assert len(message.split()) >= 4, "says what happened"
    message.encode("utf-8")
    if isinstance(caught.value, (errors.StorageError, errors.ReadError)):
        assert message.startswith(os.fspath(caught.value.path))  # where
        assert message.endswith(caught.value.reason)


def test_every_error_at_the_end_of_a_branch_has_a_situation() -> None:
    tree = drawn()
    leaves = set(tree) - set(tree.values()) | {"OptionError"}
    assert set(SITUATIONS) == leaves - OF_FORMATS - OF_SERVERS


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IndexNotFound", "tracuu index PATH"),
        ("NotAnIndex", "name another folder"),
        ("IndexOutdated", "tracuu rebuild"),
        ("IndexDamaged", "tracuu rebuild"),
        ("IndexBusy", "--wait"),
        ("IndexClosed", "open it again"),
        ("UnknownReport", "tracuu reports"),
        ("UnknownPassage", "REPORT#|has 1 passage"),
        ("UnknownArea", "kinh-te"),
    ],
)
def test_the_message_names_what_to_do_next(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(TracuuError, match=words):
        SITUATIONS[name][0](tmp_path)
