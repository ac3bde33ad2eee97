"""The fields of a tantivy index, and the encoding of tokens and values.

===========  =====================================================================================
field        holds
===========  =====================================================================================
``t_NAME``   a text field's tokens, as they are: with positions one by one (pre-tokenised), without
             joined by NUL, where the tokeniser ``tracuu`` cuts
``l_NAME``   its length in tokens; absent where there are none
``k_NAME``   a keyword field's values; ``f_NAME`` the first of them, to sort by
``n_NAME``   a number
``key``      the document's key
``change``   which writer added it
``packedN``  the document packed (:mod:`.forward_index`) in the way of the number N, not indexed
===========  =====================================================================================
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import tantivy

from ..document import Prepared, Schema
from ..scoring.forward_index import PACKING, Packer

if not hasattr(tantivy.Searcher, "terms_with_prefix"):
    raise ModuleNotFoundError("an older tantivy than 0.27 is installed", name="tantivy>=0.27")

KEY = "key"
CHANGE = "change"
DATA = f"packed{PACKING}"
READABLE = {f"packed{number}": number for number in (PACKING, 2)}  # fields of stored documents
LONGEST = 8_000  # characters; longer tokens are hashed: tantivy drops those over 65,530 bytes

_MARK = "\2"
_ODD = re.compile("[\0\2\ud800-\udfff]")
_WRITTEN = re.compile("\2(?:u([0-9a-f]{4})|(.))")
_TOKENISER = "tracuu"
_LONG = f"{_MARK}l"


def tantivy_schema(schema: Schema) -> tantivy.Schema:
    """The tantivy schema for ``schema``."""
    builder = tantivy.SchemaBuilder()
    for field in schema.text:
        if field.positions:
            builder.add_text_field(f"t_{field.name}", tokenizer_name="raw", index_option="position")
        else:
            builder.add_text_field(
                f"t_{field.name}", tokenizer_name=_TOKENISER, index_option="freq"
            )
        builder.add_integer_field(f"l_{field.name}", fast=True)
    for name in schema.keywords:
        for kind in "kf":
            builder.add_text_field(
                f"{kind}_{name}", fast=True, tokenizer_name="raw", index_option="basic"
            )
    for name in schema.numbers:
        builder.add_integer_field(f"n_{name}", indexed=True, fast=True)
    builder.add_text_field(KEY, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(CHANGE, indexed=True)
    builder.add_bytes_field(DATA, stored=True)
    return builder.build()


def open_index(path: str) -> tantivy.Index:
    """Open the index at ``path`` and register its tokeniser, which is not stored.

    It is reloaded only by ``reload()``: a thread watching its files would create a lock file in a
    folder that may just be deleted.
    """
    index = tantivy.Index.open(path)
    index.config_reader("manual")
    analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex("[^\0]+")).build()
    index.register_tokenizer(_TOKENISER, analyser)
    return index


def tantivy_document(document: Prepared, packer: Packer, change: int) -> tantivy.Document:
    """Convert a document to tantivy's."""
    found = tantivy.Document()
    for name, (tokens, positions) in document.tokens.items():
        if not tokens:
            continue
        written = written_all(tokens)
        if positions is None:
            found.add_text(f"t_{name}", "\0".join(written))
        else:
            token = tantivy.Token
            placed = [
                token(text, place, 0, 0) for text, place in zip(written, positions, strict=True)
            ]
            found.add_pre_tokenized_text(f"t_{name}", tantivy.PreTokenizedString("", placed))
        found.add_integer(f"l_{name}", len(tokens))
    for name, values in document.keywords.items():
        for value in values:
            found.add_text(f"k_{name}", written_as(value))
        if values:
            found.add_text(f"f_{name}", written_as(values[0]))
    for name, number in document.numbers.items():
        found.add_integer(f"n_{name}", number)
    found.add_text(KEY, written_as(document.key))
    found.add_unsigned(CHANGE, change)
    found.add_bytes(DATA, packer.pack(document))
    return found


def written_all(tokens: Sequence[str]) -> list[str]:
    """:func:`written_as` of each token."""
    listed = list(tokens)
    joined = "".join(listed)
    if (
        "" in listed
        or (len(joined) > LONGEST and max(map(len, listed)) > LONGEST)
        or _ODD.search(joined)
    ):
        return [written_as(token) for token in listed]
    return listed


def written_as(token: str) -> str:
    """Encode a token or value for the index; most are unchanged.

    >>> written_as("giải ngân"), written_as(""), written_as("\\ud800")
    ('giải ngân', '\\x02e', '\\x02ud800')
    """
    if not token:
        return f"{_MARK}e"
    if len(token) > LONGEST:
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{_plain(token[:LONGEST])}{_LONG}{digest}"
    return _plain(token)


def beginning_as(prefix: str) -> str:
    """Encode a prefix of tokens (truncated if it is very long)."""
    return _plain(prefix[:LONGEST])


def is_plain(written: str) -> bool:
    """Whether an encoded token or value (or all of several) is unchanged."""
    return _MARK not in written


def read_as(written: str) -> str | None:
    """Decode a token; None for a long one, which was hashed."""
    if _MARK not in written:
        return written
    if _LONG in written:
        return None
    return _WRITTEN.sub(_spelt, written)


def _spelt(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return {"e": "", "0": "\0", "2": _MARK}[match[2]]


def _plain(text: str) -> str:
    if not _ODD.search(text):
        return text
    return _ODD.sub(lambda match: _odd(match[0]), text)


@lru_cache(maxsize=4096)
def _odd(character: str) -> str:
    if character == "\0":
        return f"{_MARK}0"
    return f"{_MARK}2" if character == _MARK else f"{_MARK}u{ord(character):04x}"
