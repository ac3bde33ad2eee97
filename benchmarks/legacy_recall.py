"""Recovery of text from documents in legacy Vietnamese encodings.

    python benchmarks/legacy_recall.py FOLDER [--json FILE] [--worst N]

FOLDER holds documents (.doc, .rtf, .pdf …, in sub-folders too), each with its transcript
NAME.truth.txt. Words are compared in any order and case, in NFC: ``recall`` is the share of the
transcript's words that were read, ``precision`` the share of words read that are in the transcript.
``diacritics`` is the share of the transcript's characters with diacritics that are in words read.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tracuu import TracuuError, read_blocks


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; exit code 1 if a document could not be read."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="write the figures of each document to this file")
    parser.add_argument("--worst", type=int, default=5, help="how many of the worst to list [5]")
    options = parser.parse_args(arguments)
    found, failed = [], []
    for document, truth in pairs(options.folder):
        try:
            text = " ".join(block.text for block in read_blocks(document).blocks)
        except TracuuError as error:
            failed.append(f"{document.name}: {error}")
            continue
        found.append({"name": document.name, **compare(text, truth.read_text(encoding="utf-8"))})
    for measure in ("diacritics", "recall", "precision"):
        mean = sum(float(row[measure]) for row in found) / max(len(found), 1)
        print(f"{measure:10} {mean:.4f}  (mean of {len(found)} documents)")
    for row in sorted(found, key=lambda row: float(row["diacritics"]))[: options.worst]:
        print("  ", *(f"{key}={value}" for key, value in row.items()))
    for line in failed:
        print("not read:", line, file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return 1 if failed else 0


def pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Pairs of documents in a readable format and their transcripts."""
    from tracuu.corpus.readers import is_supported

    for document in sorted(folder.rglob("*")):
        truth = document.with_suffix(".truth.txt")
        if is_supported(document.name) and document != truth and truth.exists():
            yield document, truth


def compare(text: str, truth: str) -> dict[str, float]:
    """The three shares of one document."""
    read, wanted = words(text), words(truth)
    shared = read & wanted
    marks = sum(marked(word) * count for word, count in wanted.items())
    back = sum(marked(word) * count for word, count in shared.items())
    return {
        "diacritics": round(back / marks, 4) if marks else 1.0,
        "recall": round(sum(shared.values()) / max(sum(wanted.values()), 1), 4),
        "precision": round(sum(shared.values()) / max(sum(read.values()), 1), 4),
    }


def words(text: str) -> Counter[str]:
    """The words of a text, lower case, without punctuation."""
    plain = unicodedata.normalize("NFC", text).lower()
    return Counter("".join(c if c.isalnum() else " " for c in plain).split())


def marked(word: str) -> int:
    """The number of letters with diacritics in a word."""
    return sum(not letter.isascii() for letter in word)


if __name__ == "__main__":
    sys.exit(main())
