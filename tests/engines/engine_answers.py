"""What a small store of any engine answers."""

from __future__ import annotations

from pathlib import Path

from tracuu import engines as c

WORDS = [f"w{at}" for at in range(400)]


def answers_of(kind: type[c.Engine], folder: Path, schema: c.Schema) -> list[object]:
    engine = kind.open(folder, schema)
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
