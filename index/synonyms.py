"""The user's synonyms and abbreviations, kept as ``synonyms.toml``.

They change what queries find and nothing in the index, so they need no rebuild. The form is that of
:func:`tracuu.search.load_abbreviations`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from .. import search
from ..errors import IndexDamaged, Message, OptionError
from ..search import AbbreviationFile, Abbreviations
from .directory import IndexDirectory

FILE = "synonyms.toml"


def read_synonyms(directory: IndexDirectory) -> str:
    """The text of the index's file, empty where it has none. Raises IndexDamaged."""
    try:
        return (directory.folder / FILE).read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(
            directory.folder,
            "{file} cannot be read ({error}); mend or remove it",
            file=FILE,
            error=error,
        ) from error


def replace_synonyms(
    directory: IndexDirectory, source: str | os.PathLike[str] | None, wait: float
) -> None:
    """Keep the TOML file ``source`` with the index, in place of the one before.

    None removes it.

    The manifest is written again, so that every process that has the index open takes the new ones.
    Raises OptionError for a file that is not of that form, IndexBusy, WriteFailed.
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
        directory.save_manifest(manifest)


def abbreviations_of(
    directory: IndexDirectory, own: AbbreviationFile | None
) -> Abbreviations | None:
    """The package's abbreviations with the index's and those of ``own``.

    None stands for the package's alone.

    Raises OptionError for a file that cannot be read.
    """
    file = directory.folder / FILE
    kept = search.AbbreviationFile.read(file) if file.is_file() else None
    files = [one for one in (kept, own) if one is not None]
    return search.abbreviations_in(*files) if files else None


def fault_of(directory: IndexDirectory) -> str | None:
    """The problem of the index's file, or None."""
    try:
        abbreviations_of(directory, None)
    except OptionError as error:
        return Message("{error}; mend or remove it", error=error)
    return None
