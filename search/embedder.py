"""Embedders, which turn texts into vectors.

An embedder is an object of the application or a server reached by HTTP.

tracuu contains no model and downloads none; nothing here is used unless the caller configures an
embedder.
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

_LARGEST = 256 << 20  # maximum bytes of one response
_BATCH = 32  # texts per request


class Embedder(Protocol):
    """Turns texts into vectors of ``dimensions`` numbers.

    Texts of similar meaning have vectors of similar direction.

    ``name`` identifies the model and everything that affects its vectors: vectors of different
    names are never compared. If a method raises an exception, searches rank by words only.
    """

    @property
    def name(self) -> str:
        """The model, such as ``"multilingual-e5-small"``."""

    @property
    def dimensions(self) -> int:
        """Number of dimensions of a vector."""

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
    """Convert every exception of an application's embedder to EmbedderFailed."""
    try:
        yield
    except EmbedderFailed:
        raise
    except Exception as error:  # code of the application
        raise EmbedderFailed(
            "the embedder {name} failed: {error!r}", name=embedder.name, error=error
        ) from error


class HttpEmbedder:
    """An embedder with an OpenAI-compatible HTTP API.

    Ollama, llama.cpp, vLLM and Text Embeddings Inference provide one.

    ``address`` is the base URL, such as ``http://localhost:11434/v1``: texts are sent to
    ``ADDRESS/embeddings``. Models with e5 in their name get the prefixes ``query: `` and ``passage:
    `` that they require (Wang et al., 2022); ``prefixes`` overrides them, as (query, passage).
    Raises OptionError (invalid address).
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
                "{address!r} is not the address of an embedder; write one like "
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
        """The name of the model, with its prefixes if any."""
        return " | ".join(filter(None, (self._model, *(one.strip() for one in self._prefixes))))

    @property
    def dimensions(self) -> int:
        """Number of dimensions; takes one request. Raises EmbedderFailed."""
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
        raise ValueError("the response must hold one vector per text, all of one length")
    if not all(map(math.isfinite, vectors[0])):
        raise ValueError("a vector has values that are not finite numbers")
    return vectors
