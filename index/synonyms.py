"""The user's synonyms and abbreviations, kept as ``synonyms.toml``.

They affect queries only, so changing them needs no rebuild. The format is that of
:func:`tracuu.search.load_abbreviations`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from .. import search
from ..engines.base import passing_error
from ..errors import IndexDamaged, Message, OptionError
from ..search import AbbreviationFile, Abbreviations
from .directory import IndexDirectory

FILE = "synonyms.toml"


def read_synonyms(directory: IndexDirectory) -> str:
    """The text of the file; empty if there is none.

    Raises IndexDamaged, or StorageError if there is no permission to read it.
    """
    try:
        return (directory.folder / FILE).read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise passing_error(directory.folder / FILE, error) or IndexDamaged(
            directory.folder,
            "{file} cannot be read ({error}); fix or remove it",
            file=FILE,
            error=error,
        ) from error


def replace_synonyms(
    directory: IndexDirectory, source: str | os.PathLike[str] | None, wait: float
) -> None:
    """Replace the synonyms of the index by the TOML file ``source``.

    None removes it.

    The manifest is rewritten, so that every process with the index open loads the new file. Raises
    OptionError (invalid file), IndexBusy, WriteFailed.
    """
    content = b""
    if source is not None:
        search.load_abbreviations(source)
        content = Path(source).read_bytes()
    with directory.lock(wait):
        manifest = directory.manifest()
        if content:
            directory.put(FILE, content)
        else:
            with directory.writing(), suppress(FileNotFoundError):
                (directory.folder / FILE).unlink()
        kept = Message(
            "the synonyms were replaced, but programs that have the index open use the old ones"
        )
        IndexDirectory(directory.folder, outcome=kept).save_manifest(manifest)


def abbreviations_of(
    directory: IndexDirectory, own: AbbreviationFile | None
) -> Abbreviations | None:
    """The abbreviations of package, index and ``own``, merged.

    None if there are only the package's.

    Raises OptionError if a file is invalid.
    """
    file = directory.folder / FILE
    kept = search.AbbreviationFile.read(file) if file.is_file() else None
    files = [one for one in (kept, own) if one is not None]
    return search.abbreviations_in(*files) if files else None


def fault_of(directory: IndexDirectory) -> str | None:
    """The error in the index's synonyms, or None."""
    try:
        abbreviations_of(directory, None)
    except OptionError as error:
        return Message("{error}; fix or remove it", error=error)
    return None
