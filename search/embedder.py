"""Embedders, which turn texts into vectors.

An embedder is an object of the application, or a server behind HTTP.

tracuu has no model and downloads none; nothing here is used unless the caller names an embedder.
"""

from __future__ import annotations

import json
import math
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit

from ..errors import EmbedderFailed, OptionError

_LARGEST = 256 << 20  # bytes of one answer
_BATCH = 32  # texts of one request


class Embedder(Protocol):
    """Turns texts into vectors of ``dimensions`` numbers.

    Vectors of similar meaning have similar directions.

    ``name`` identifies the model, with all that changes its vectors: those of another name are
    never compared. Any exception of its methods is a failure; searches then go by words alone.
    """

    @property
    def name(self) -> str:
        """The model, such as ``"multilingual-e5-small"``."""

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""

    def passages(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector for each text of a passage."""

    def query(self, text: str) -> Sequence[float]:
        """The vector of a query."""


def named(embedder: Embedder | None) -> Embedder:
    """``embedder``. Raises OptionError where there is none."""
    if embedder is None:
        raise OptionError("no embedder was named; give one to Index.open (docs/meaning.md)")
    return embedder


@contextmanager
def failures_of(embedder: Embedder) -> Iterator[None]:
    """Turn every exception of an application's embedder into EmbedderFailed."""
    try:
        yield
    except EmbedderFailed:
        raise
    except Exception as error:
        raise EmbedderFailed(
            "the embedder {name} failed: {error!r}", name=embedder.name, error=error
        ) from error


class HttpEmbedder:
    """An embedder behind an OpenAI-compatible address.

    Ollama, llama.cpp, vLLM and Text Embeddings Inference have one.

    ``address`` is the base, such as ``http://localhost:11434/v1``: texts go to
    ``ADDRESS/embeddings``. Models called e5 get the prefixes ``query: `` and ``passage: `` that
    their authors ask for (Wang et al., 2022); ``prefixes`` gives others, (query, passage). Raises
    OptionError for an address that is none.
    """

    def __init__(
        self,
        address: str,
        model: str,
        *,
        key: str | None = None,
        prefixes: tuple[str, str] | None = None,
        timeout: float = 30.0,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise OptionError(
                "{address!r} is no address of an embedder; write one like "
                "http://localhost:11434/v1",
                address=address,
            )
        if not model.strip():
            raise OptionError("name the model, as the server calls it")
        self._url = address.rstrip("/") + "/embeddings"
        self._model = model
        self._key = key
        self._timeout = timeout
        usual = ("query: ", "passage: ") if "e5" in model.lower() else ("", "")
        self._prefixes = usual if prefixes is None else prefixes
        self._dimensions = 0

    @property
    def name(self) -> str:
        """The model, and its prefixes where it has any."""
        return " | ".join(filter(None, (self._model, *(one.strip() for one in self._prefixes))))

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has; one request to the server. Raises EmbedderFailed."""
        if not self._dimensions:
            self._dimensions = len(self.query("a"))
        return self._dimensions

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text. Raises EmbedderFailed."""
        vectors: list[list[float]] = []
        for at in range(0, len(texts), _BATCH):
            vectors += self._ask([self._prefixes[1] + text for text in texts[at : at + _BATCH]])
        return vectors

    def query(self, text: str) -> list[float]:
        """The vector of a query. Raises EmbedderFailed."""
        return self._ask([self._prefixes[0] + text])[0]

    def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        body = json.dumps({"model": self._model, "input": list(texts)}).encode("utf-8")
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(self._url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                content = answer.read(_LARGEST)
            return _vectors(json.loads(content), len(texts))
        except urllib.error.HTTPError as error:
            with error:
                text = error.read(300).decode("utf-8", "replace")
            raise EmbedderFailed(
                "the embedder at {url} answered {code}: {text}",
                url=self._url,
                code=error.code,
                text=text,
            ) from error
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise EmbedderFailed(
                "the embedder at {url} failed: {error}", url=self._url, error=error
            ) from error


def _vectors(data: Any, wanted: int) -> list[list[float]]:
    rows = sorted(data["data"], key=lambda row: row["index"])
    vectors = [[float(one) for one in row["embedding"]] for row in rows]
    if len(vectors) != wanted or len({len(vector) for vector in vectors}) != 1 or not vectors[0]:
        raise ValueError("it gave another number of vectors than it was given texts")
    if not all(map(math.isfinite, vectors[0])):
        raise ValueError("it gave numbers that are none")
    return vectors
