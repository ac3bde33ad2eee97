"""Every test here runs against each engine."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from tracuu.engines import ENGINES, Kind, engine_kind
from tracuu.engines.document import Document, Schema, TextField
from tracuu.engines.engine import Engine
from tracuu.errors import MissingExtra

SCHEMA = Schema(
    (TextField("body", positions=True), TextField("head", k1=0.9, b=0.3)),
    ("area", "report"),
    ("year", "place"),
)

Make = Callable[..., Document]


def make(
    key: str,
    body: str | Sequence[tuple[str, int]] = "",
    head: str | Sequence[str] = "",
    *,
    area: Iterable[str] = (),
    report: Iterable[str] = (),
    **numbers: int,
) -> Document:
    """A document; a string is split at spaces."""
    pairs = (
        [(token, at) for at, token in enumerate(body.split())] if isinstance(body, str) else body
    )
    tokens = head.split() if isinstance(head, str) else head
    return Document(
        key,
        {"body": pairs, "head": tokens},
        {"area": list(area), "report": list(report)},
        numbers,
        f"<{key}>",
    )


def example_engine() -> Kind:
    """The engine of examples/, which is no part of the package."""
    path = Path(__file__).resolve().parents[2] / "examples" / "sqlite_engine.py"
    spec = importlib.util.spec_from_file_location("sqlite_engine", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Kind = module.SqliteEngine
    return made


@pytest.fixture(params=[*ENGINES, "example"])
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param == "example":
        return example_engine()
    try:
        if request.param == "opensearch":
            return request.getfixturevalue("opensearch")()
        return engine_kind(request.param)
    except MissingExtra as error:
        pytest.skip(str(error))


@pytest.fixture
def engine(kind: Kind, tmp_path: Path) -> Iterable[Engine]:
    folder = tmp_path / "store"
    folder.mkdir()
    engine = kind.create(folder, SCHEMA)
    yield engine
    engine.close()


@pytest.fixture
def doc() -> Make:
    return make
