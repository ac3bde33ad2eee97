"""Blocks from runs of text: bold text, leading words, and lengths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...errors import TooLarge
from ..blocks import Block, BlockKind
from ..repair import decode_runs, tidy
from .source import SourceFile

# A bold number alone is not a run-in heading.
_BARE_NUMBER = re.compile(r"[\W\d_]*(?:\(?(?:[IVXLC]+|[A-Za-zĐđ])\s?[.):/-]+)?[\W\d_]*")
MARK = re.compile(r"[(\[]?(?:\d{1,3}|[*†‡]{1,4}|[ivx]{1,4}|[a-e])[)\]]?(?:,\s?\d{1,3})*[.,;:)]*$")
LABEL = re.compile(r"\d+|[*†‡]+|[a-z]+")
UNIT = re.compile(r"(?:^|[\s\d(/])(?:[kcdmh]?m|dam)$")  # m², km³: the figure is part of the word
POWER = re.compile(r"([23])[.,;:)]*$")
_BASE = re.compile(r"(?:^|[^\w,.])(?:10|[A-Za-z])$")  # 10⁶, x²
_SENTENCE_END = re.compile(r"[.!?…;][\"”’»)\]]*\s")


@dataclass(slots=True)
class Run:
    """A piece of a paragraph with uniform formatting.

    ``font`` is the name of the font, if the format records it.
    """

    text: str
    bold: bool = False
    underlined: bool = False
    font: str | None = None
    raised: bool = False


def _without_marks(runs: Sequence[Run]) -> tuple[list[Run], list[str], bool]:
    """``runs`` without superscript note marks, their labels, and whether one is first.

    If a mark comes first, the paragraph is the note. The figures of m² and km³ stay.
    """
    kept: list[Run] = []
    labels: list[str] = []
    first = False
    joined: list[Run] = []
    for run in runs:
        if run.raised and joined and joined[-1].raised:
            joined[-1] = replace(joined[-1], text=joined[-1].text + run.text)
        else:
            joined.append(run)
    for run in joined:
        text = run.text.strip()
        before = "".join(part.text for part in kept)
        power = (POWER.match(text) and UNIT.search(before)) or _BASE.search(before)
        if not run.raised or not MARK.match(text) or power:
            kept.append(run)
            continue
        first = first or not before.strip()
        labels += LABEL.findall(text)
        stop = text[-1] if text[-1] in ".,;:" else ""
        kept.append(
            replace(run, text=stop + (" " if run.text[-1:].isspace() else ""), raised=False)
        )
    return kept, labels, first


def paragraph(
    runs: Sequence[Run],
    *,
    label: str = "",
    page: int | None = None,
    line: int = 0,
    kind: BlockKind = "paragraph",
    level: int | None = None,
    centred: bool = False,
    gap: bool = False,
) -> Block | None:
    """The block of one paragraph's runs, or None if it is empty.

    The generated number or bullet ``label`` comes first.

    Text in legacy fonts is converted to Unicode. The block is bold if all its letters and digits
    are bold; otherwise ``lead`` counts the characters at its start that are bold or underlined,
    including the label.
    """
    marks: list[str] = []
    note = False
    if any(run.raised for run in runs):
        runs, marks, note = _without_marks(runs)
        if note:
            runs = _as_note(runs, marks.pop(0))
    texts = decode_runs([(run.text, run.font) for run in runs])
    whole = "".join(texts)
    if not any(map(str.isalnum, whole)) and not tidy(whole):
        return None
    prefix = label + " " if label else ""
    spoken = [
        (text, run) for text, run in zip(texts, runs, strict=True) if any(map(str.isalnum, text))
    ]
    bold = bool(spoken) and all(run.bold for _, run in spoken)
    lead = 0
    if not bold and spoken:
        start = ""
        for text, run in zip(texts, runs, strict=True):
            if not (run.bold or run.underlined) and text.strip():
                break
            start += text
        # Wholly underlined: a heading, but not a run-in one.
        if start and tidy(start) == tidy(whole):
            bold = True
        elif start and not _BARE_NUMBER.fullmatch(start):
            lead = len(prefix + start)
    return Block(
        prefix + whole,
        line=line,
        page=page,
        kind=kind,
        level=level,
        bold=bold,
        centred=centred,
        gap=gap,
        lead=0 if note else lead,
        note=note,
        marks=tuple(marks),
    )


def _as_note(runs: Sequence[Run], label: str) -> list[Run]:
    """The runs of a note, with its label in brackets."""
    start = next((i for i, run in enumerate(runs) if run.text.strip(" .:)\t")), len(runs))
    rest = list(runs[start:])
    if rest:
        rest[0] = replace(rest[0], text=rest[0].text.lstrip(" .:)\t"))
    return [Run(f"[{label}] "), *rest] if rest else []


def bounded(blocks: Iterable[Block], source: SourceFile) -> Iterator[Block]:
    """Yield ``blocks``; raise ``TooLarge`` beyond the limits on blocks and characters."""
    limits = source.limits
    characters = 0
    for count, block in enumerate(blocks, start=1):
        characters += len(block.text)
        if count > limits.blocks:
            raise TooLarge(
                source.path,
                "more than {blocks:,} paragraphs (Limits.blocks)",
                blocks=limits.blocks,
            )
        if characters > limits.characters:
            raise TooLarge(
                source.path,
                "more than {characters:,} characters (Limits.characters)",
                characters=limits.characters,
            )
        yield block


def split_long(block: Block, most: int) -> Iterator[Block]:
    """Split ``block`` into pieces of up to ``most`` characters.

    Splits at ends of sentences, else at spaces.
    """
    text = block.text
    if len(text) <= most:
        yield block
        return
    at = 0
    while at < len(text):
        end = _cut(text, at, most)
        piece = text[at:end].strip()
        if piece and at == 0:
            yield replace(block, text=piece, lead=min(block.lead, len(piece)))
        elif piece:
            yield replace(block, text=piece, lead=0, gap=False, level=None)
        at = end


def _cut(text: str, start: int, most: int) -> int:
    """The end of the piece that begins at ``start``, in its second half if possible."""
    end = start + most
    if end >= len(text):
        return len(text)
    half = start + most // 2
    ends = [match.end() for match in _SENTENCE_END.finditer(text, half, end)]
    if ends:
        return ends[-1]
    blank = text.rfind(" ", half, end)
    return blank + 1 if blank > 0 else end
