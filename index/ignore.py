"""Files excluded from updates, and removal of sources."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from ..engines.base import passing_error
from ..errors import IndexDamaged, OptionError
from ..indexer.files import absolute, is_within
from ..indexer.ignore import IgnoreRules
from ..records import Record
from .directory import IndexDirectory
from .sources import Sources

FILE = "ignore"  # in the index's folder: one pattern a line, as in .gitignore


def ignored_patterns(directory: IndexDirectory) -> tuple[str, ...]:
    """The patterns of the index, in order.

    Raises IndexDamaged, or StorageError if there is no permission to read the file.
    """
    try:
        text = (directory.folder / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise passing_error(directory.folder / FILE, error) or IndexDamaged(
            directory.folder,
            "the file {file!r} cannot be read: {error}; fix or remove it",
            file=FILE,
            error=error,
        ) from error
    return tuple(line for line in text.splitlines() if line.strip())


def ignore_rules(directory: IndexDirectory) -> IgnoreRules:
    """The rules of the index. Raises IndexDamaged, OptionError."""
    return IgnoreRules(ignored_patterns(directory))


def ignore(directory: IndexDirectory, sources: Sources, patterns: Iterable[str]) -> tuple[str, ...]:
    """Add patterns, or paths of files below the index's sources.

    Returns all patterns of the index.
    """
    known = list(ignored_patterns(directory))
    for pattern in patterns:
        line = _pattern(pattern, sources)
        if not line.strip() or "\n" in line:
            raise OptionError(
                "{pattern!r} is not a pattern; write one as in .gitignore, such as *.bak",
                pattern=pattern,
            )
        if line not in known:
            known.append(line)
    IgnoreRules(known)
    directory.put(FILE, "".join(f"{line}\n" for line in known).encode("utf-8", "replace"))
    return tuple(known)


def _pattern(given: str, sources: Sources) -> str:
    """The pattern for ``given`` if it is a path below a source, else ``given``."""
    path = absolute(given)
    if any(mark in given for mark in "*?[!") or not os.path.lexists(path):
        return given
    roots = [root for root in sources.paths if root != path and is_within(path, [root])]
    if not roots:
        return given
    name = os.path.relpath(path, max(roots, key=len)).replace(os.sep, "/")
    escaped = "".join(f"\\{mark}" if mark in "*?[]!#\\ " else mark for mark in name)
    return f"/{escaped}/" if os.path.isdir(path) else f"/{escaped}"


def forget(
    directory: IndexDirectory,
    sources: Sources,
    folder: str,
    records: Sequence[Record],
    number: int,
    *,
    again: bool,
) -> list[Record]:
    """Remove a folder or file from the sources.

    Returns the ids of the reports read only from there; they stay in the index. ``again`` allows a
    source that was removed before, if reports from there are left: a killed call may have stopped
    between the two. Raises OptionError (not a source).
    """
    path = absolute(folder)
    mine = [one for one in records if is_within(one.report.source or "", [path])]
    files = [one for one in mine if one.digest is not None and not _has_copy_outside(one, path)]
    if path not in sources.paths:
        if again and files and not is_within(path, sources.paths):
            return files
        listed = ", ".join(sources.paths) or "none"
        raise OptionError(
            "{path} is not a source of this index; its sources are: {listed}",
            path=path,
            listed=listed,
        )
    sources.paths.remove(path)
    others = [one for one in sources.paths if is_within(one, [path]) or is_within(path, [one])]
    sources.ids = {
        name: id
        for name, id in sources.ids.items()
        if not is_within(name, [path]) or is_within(name, others)
    }
    directory.save_sources(sources, number)
    return files


def _has_copy_outside(record: Record, folder: str) -> bool:
    return any(not is_within(copy.source, [folder]) for copy in record.report.copies)
