"""Determine reports whose files are gone, and whether to remove them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence

from ..errors import Message, PruneRefused, ReadError, UnreadableFile
from ..records import Record
from .files import is_within


def is_gone(path: str, roots: Sequence[str], seen: Collection[str], closed: Sequence[str]) -> bool:
    """Whether the file ``path`` is gone from the folders ``roots``.

    ``seen`` are the files found, ``closed`` the folders that cannot be read.
    """
    return (
        path not in seen
        and is_within(path, roots)
        and not is_within(path, closed)
        and not os.path.lexists(path)
    )


def missing_root(root: str, known: Collection[str]) -> ReadError | None:
    """The error for a folder that is gone while the index has its reports.

    ``known`` are the files of the index. None if none of them is below ``root``.
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
    """Raise PruneRefused if most reports of a folder would be removed.

    This happens when a network share is disconnected. ``by_source`` maps files to records.
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
                "`tracuu index {folder} --prune=all`. The reports: {names}",
                count=len(mine),
                known=known,
                folder=folder,
                names=names,
            ),
            reports=ids,
        )
