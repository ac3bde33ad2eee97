"""Find files below given folders."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..corpus import is_supported
from ..errors import ReadError, UnreadableFile
from .ignore import IgnoreRules

_INDEX = "tracuu.json"  # marks the folder of an index, which is never read
_HIDDEN = (".", "~$")  # editors' and Word's own files


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, by absolute path, or the ``error`` of an unreadable one."""

    path: str
    error: ReadError | None = None


def absolute(path: str | os.PathLike[str]) -> str:
    """``path`` as stored in the index: absolute, with symbolic links unresolved."""
    return os.path.abspath(os.fspath(path))


def find_files(
    paths: Iterable[str | os.PathLike[str]],
    *,
    outside: str | None = None,
    skipped: Counter[str] | None = None,
    rules: IgnoreRules | None = None,
) -> Iterator[FoundFile]:
    """The given files, and files of known formats below the given folders.

    Each file once, sorted by path.

    Hidden files and folders, links to folders (which could loop), the folder ``outside`` (the index
    itself) and other indexes are skipped, as are files matching ``rules``. Files of other formats
    are counted in ``skipped``, by suffix.
    """
    seen: set[str] = set()
    own = os.path.realpath(outside) if outside is not None else None
    for path in paths:
        for found in _below(absolute(path), own, rules or IgnoreRules(), skipped):
            if found.path not in seen:
                seen.add(found.path)
                yield found


def _below(
    path: str, outside: str | None, rules: IgnoreRules, skipped: Counter[str] | None
) -> Iterator[FoundFile]:
    if not os.path.isdir(path):
        yield (
            FoundFile(path)
            if os.path.lexists(path)
            else FoundFile(path, UnreadableFile(path, "no such file or folder"))
        )
        return
    refused: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=refused.append):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(_HIDDEN)
            and os.path.realpath(os.path.join(folder, name)) != outside
            and not os.path.isfile(os.path.join(folder, name, _INDEX))
            and not rules.ignores(path, os.path.join(folder, name), folder=True)
        )
        for error in refused:
            yield _refused(error)
        refused.clear()
        for name in sorted(names):
            file = os.path.join(folder, name)
            if name.startswith(_HIDDEN) or rules.ignores(path, file):
                continue
            if is_supported(name):
                yield FoundFile(file)
            elif skipped is not None:
                skipped[os.path.splitext(name)[1].lower()] += 1
    for error in refused:
        yield _refused(error)


def _refused(error: OSError) -> FoundFile:
    """The error for a folder that cannot be listed."""
    name, why = str(error.filename), error.strerror
    return FoundFile(
        name, UnreadableFile(name, "the folder cannot be read: {strerror}", strerror=why)
    )


def folder_of(path: str, roots: Iterable[str]) -> str | None:
    """The folders that contain ``path``, starting with the outermost of ``roots``.

    Joined by ``/``, in NFC: ``"reports/xa-a/2024"``. Just the parent folder for a file that is not
    below any of them, or was given itself.
    """
    parent = Path(path).parent
    parents = set(map(str, Path(path).parents))  # once: there may be thousands of roots
    above = [Path(root) for root in roots if root in parents and root != path]
    top = min(above, key=lambda root: len(root.parts), default=parent)
    parts = [top.name, *parent.relative_to(top).parts]
    return unicodedata.normalize("NFC", "/".join(filter(None, parts))) or None


def is_within(path: str, roots: Iterable[str]) -> bool:
    """Whether ``path`` is one of ``roots`` or below one."""
    parents = {path, *(str(parent) for parent in Path(path).parents)}
    return any(root in parents for root in roots)
