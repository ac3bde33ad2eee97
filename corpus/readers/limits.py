"""The limits of the readers on one file, documented and adjustable."""

from __future__ import annotations

from dataclasses import dataclass, fields

_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The maximum sizes of one file; a file over a limit is refused with ``TooLarge``.

    The only exception is ``block_characters``: a longer paragraph is split at the ends of sentences
    (else at spaces), with a note, since some programs write long lines.

    ============================  ==================================================================
    ``file_bytes``                size of the file itself
    ``unpacked_bytes``            bytes of any one part of a zip container (.docx, .odt) once
                                  unpacked, and of all parts together that are read
    ``unpack_ratio``              unpacked size to packed size of a part over 1 MB; documents reach
                                  30–60, zip bombs 1,000
    ``pages``                     pages of a PDF
    ``blocks``                    paragraphs, list items and table rows of one file
    ``characters``                characters of all blocks together
    ``block_characters``          characters of one block before it is cut
    ``memory_bytes``              memory of the process that reads a PDF (in indexing)
    ``seconds``                   processor time of that process for one file, without tesseract's
    ``nesting``                   elements within elements (HTML, Word, OpenDocument), groups within
                                  groups (RTF)
    ``members``                   files in one container (.zip, .eml, .msg), those within them too
    ``depth``                     containers within containers
    ============================  ==================================================================

    Raises ``ValueError`` for a limit below 1.
    """

    file_bytes: int = 100 * _MB
    unpacked_bytes: int = 200 * _MB
    unpack_ratio: int = 200
    pages: int = 5_000
    blocks: int = 200_000
    characters: int = 50_000_000
    block_characters: int = 20_000
    nesting: int = 200
    members: int = 2_000
    depth: int = 3
    memory_bytes: int = 1024 * _MB
    seconds: int = 600

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise ValueError(
                    f"limit {field.name} must be at least 1, not {getattr(self, field.name)}"
                )
