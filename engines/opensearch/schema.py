"""The layout of documents in OpenSearch.

::

    key, batch      the document's key, and the number of the change that wrote it (see .commits)
    t_FIELD         a text field's tokens, joined by spaces, for their frequencies and number
    n_FIELD         the number of those tokens
    p0_FIELD, p1_…  the same tokens at their positions, for phrases; a further layer holds
                    further tokens at one position
    k_FIELD         a keyword field's values;  o_FIELD the first of them, to sort by
    i_FIELD         a number
    packed          the whole document as :mod:`.forward_index` packs it, compressed, to rerank
                    and to return
    registry        in a document of its own, which holds nothing else: what has been committed

``_source`` holds only ``packed`` and ``registry``. Gaps between positions are filled with
placeholder tokens, or, from 128 on, by the position gap between two values of a field.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from ..document import Prepared, Schema, TextField
from ..scoring.forward_index import Packed, Packer
from .names import FILLER, written

# Raised when the layout changes in a way older versions cannot read.
FORMAT = 2

KEY, BATCH, PACKED, REGISTRY = "key", "batch", "packed", "registry"
# Positions from the last token of a value to the first of the next one.
STEP = 128
FIRST_LAYERS = 2

Body = dict[str, Any]


def text(name: str) -> str:
    """Name of the field with the tokens of a text field."""
    return f"t_{name}"


def layer(name: str, number: int) -> str:
    """Name of the field with the ``number``-th layer of positions of a text field."""
    return f"p{number}_{name}"


def length(name: str) -> str:
    """Name of the field with the length of a text field."""
    return f"n_{name}"


def keyword(name: str) -> str:
    """Name of the field with the values of a keyword field."""
    return f"k_{name}"


def first(name: str) -> str:
    """Name of the field with the first value of a keyword field."""
    return f"o_{name}"


def number(name: str) -> str:
    """Name of the field of a number field."""
    return f"i_{name}"


def schema_digest(schema: Schema) -> str:
    """Fingerprint of a schema, stored with an index."""
    fields = [[field.name, field.positions, field.k1, field.b] for field in schema.text]
    return sha256(json.dumps([fields, schema.keywords, schema.numbers]).encode()).hexdigest()[:16]


def index_body(schema: Schema, shards: int, replicas: int, meta: Body) -> Body:
    """Settings and mapping of a new index, without plugins."""
    similarity = {
        f"s_{field.name}": {"type": "BM25", "k1": field.k1, "b": field.b} for field in schema.text
    }
    fields: Body = {
        KEY: {"type": "keyword"},
        BATCH: {"type": "long"},
        PACKED: {"type": "binary"},
        REGISTRY: {"type": "object", "enabled": False},
    }
    for field in schema.text:
        fields[text(field.name)] = {
            "type": "text",
            "analyzer": "whitespace",
            "index_options": "freqs",
            "similarity": f"s_{field.name}",
        }
        fields[length(field.name)] = {"type": "integer", "index": False}
        if field.positions:
            fields.update(layers_body([field.name], FIRST_LAYERS))
    for name in schema.keywords:
        fields[keyword(name)] = {"type": "keyword"}
        fields[first(name)] = {"type": "keyword", "index": False}
    for name in schema.numbers:
        fields[number(name)] = {"type": "long"}
    return {
        "settings": {
            "index": {
                "number_of_shards": shards,
                "number_of_replicas": replicas,
                "refresh_interval": "-1",  # a commit refreshes
                "similarity": similarity,
            }
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"tracuu": meta},
            "_source": {"includes": [PACKED, f"{REGISTRY}.*"]},
            "properties": fields,
        },
    }


def layers_body(names: Iterable[str], count: int) -> Body:
    """The mapping of the first ``count`` layers of text fields."""
    mapping = {
        "type": "text",
        "analyzer": "whitespace",
        "norms": False,
        "index_options": "positions",
        "position_increment_gap": STEP - 1,
    }
    return {layer(name, at): mapping for name in names for at in range(count)}


class Layout:
    """Converts documents of one schema to and from OpenSearch's."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.fields: dict[str, TextField] = {field.name: field for field in schema.text}
        self._packer = Packer(schema, packing=2)  # without checksum: Lucene has its own

    def body(self, document: Prepared, batch: int) -> tuple[Body, dict[str, int]]:
        """The body of a document, and the number of layers per text field."""
        body: Body = {
            KEY: written(document.key),
            BATCH: batch,
            PACKED: base64.b64encode(zlib.compress(self._packer.pack(document), 6)).decode("ascii"),
        }
        layers: dict[str, int] = {}
        for name, (tokens, positions) in document.tokens.items():
            if not tokens:
                continue
            words = list(map(written, tokens))
            body[text(name)] = " ".join(words)
            body[length(name)] = len(words)
            if positions is not None:
                placed = layered(words, positions)
                layers[name] = len(placed)
                for at, values in enumerate(placed):
                    body[layer(name, at)] = values
        for name, given in document.keywords.items():
            if given:
                body[keyword(name)] = list(map(written, given))
                body[first(name)] = written(given[0])
        for name, value in document.numbers.items():
            body[number(name)] = value
        return body, layers

    def read(self, source: Body) -> Packed:
        """Unpack the document of a response. Raises ValueError (damaged data)."""
        try:
            return self._packer.read(zlib.decompress(base64.b64decode(source[PACKED])))
        except (KeyError, TypeError, zlib.error) as error:
            raise ValueError(f"a document cannot be unpacked ({error})") from error


def layered(words: Sequence[str], positions: Sequence[int]) -> list[list[str]]:
    """The words by layer, each a list of values that preserves their positions.

    A word repeated at one position is kept once: phrases count positions.
    """
    layers: list[list[tuple[str, int]]] = []
    last = -1
    here: set[str] = set()
    for word, position in zip(words, positions, strict=True):
        if position != last:
            here.clear()
        last = position
        if word in here:
            continue
        if len(here) == len(layers):
            layers.append([])
        layers[len(here)].append((word, position))
        here.add(word)
    return [_values(placed) for placed in layers]


def _values(placed: Sequence[tuple[str, int]]) -> list[str]:
    values: list[list[str]] = [[]]
    at = -1
    for word, position in placed:
        if position - at >= STEP and at < 0:
            values[-1].append(FILLER)
            at = 0
        while position - at > STEP:
            values.append([FILLER])
            at += STEP
        if position - at == STEP:
            values.append([])
        else:
            values[-1] += [FILLER] * (position - at - 1)
        values[-1].append(word)
        at = position
    return [" ".join(value) for value in values]
