"""Reports whose files are gone: which they are, and when they are not removed."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence

from ..errors import Message, PruneRefused, ReadError, UnreadableFile
from ..records import Record
from .files import is_within


def is_gone(path: str, roots: Sequence[str], seen: Collection[str], closed: Sequence[str]) -> bool:
    """Whether the file ``path`` is gone from the folders ``roots``.

    ``seen`` are files that were found, ``closed`` folders that cannot be read.
    """
    return (
        path not in seen
        and is_within(path, roots)
        and not is_within(path, closed)
        and not os.path.lexists(path)
    )


def missing_root(root: str, known: Collection[str]) -> ReadError | None:
    """Message about a folder that is gone while the index holds its reports.

    ``known`` are the files of the index; None if none of them lies there.
    """
    reports = sum(is_within(one, [root]) for one in known)
    if not reports:
        return None
    return UnreadableFile(
        root,
        "the folder or file is gone; its reports ({reports:,}) stay in the index; "
        "if it will not come back: tracuu forget {root}",
        reports=reports,
        root=root,
    )


def check_doomed(
    doomed: Sequence[str], folders: Sequence[str], by_source: Mapping[str, Sequence[Record]]
) -> None:
    """Raise PruneRefused where most reports of a folder would go.

    So it looks when a share is away. ``by_source`` holds the records of each file.
    """
    for folder in folders:
        mine = [source for source in doomed if is_within(source, [folder])]
        known = sum(is_within(source, [folder]) for source in by_source)
        if not mine or 2 * len(mine) <= known:
            continue
        ids = [record.report.id for source in mine for record in by_source[source]]
        names = ", ".join(ids[:10]) + (" …" if len(ids) > 10 else "")
        raise PruneRefused(
            Message(
                "the files of {count:,} of {known:,} reports in {folder} are gone, as when "
                "a drive is not mounted; nothing was changed. If they are really gone: "
                "tracuu index {folder} --prune=all. The reports: {names}",
                count=len(mine),
                known=known,
                folder=folder,
                names=names,
            ),
            reports=ids,
        )
