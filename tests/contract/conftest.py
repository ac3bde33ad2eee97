"""Every test here runs against each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from tracuu.engines import Kind, engine_kind
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


@pytest.fixture(params=["whoosh", "memory", "tantivy", "opensearch"])
def kind(request: pytest.FixtureRequest) -> Kind:
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
