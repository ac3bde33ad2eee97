"""Commits: write the table of contents, sync everything, switch."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from ..base import sync_folder
from ..document import Schema
from . import codec, toc
from .storage import NAME, checksum


class DurableStorage(FileStorage):
    """A folder whose TOC is switched only after all its files are synced."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call]
        self.created: set[str] = set()  # names of files that no commit refers to yet
        self.seals: dict[str, toc.Seal] = {}  # seals of the last TOC
        self._named: set[str] = set()  # segments listed in the next TOC
        self._target: Path | None = None

    def commit(self, segments: Iterable[toc.SegmentInfo], schema: Schema, number: int) -> None:
        """Write the TOC ``number``, switch to it, and delete files only older TOCs use."""
        listed = [codec.TracuuSegment.of(segment) for segment in segments]
        self._named = {f"{NAME}_{segment.segid}" for segment in listed}
        table: Any = TOC(codec.whoosh_schema(schema), listed, number)  # type: ignore[no-untyped-call]
        table.write(self, NAME)
        clean_files(self, NAME, number, listed)

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Create a file and record its name."""
        self.created.add(name)
        return super().create_file(name, *args, **kwargs)  # type: ignore[no-untyped-call]

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Seal a finished TOC, sync all files, and switch.

        The TOC is the only file that Whoosh renames.
        """
        folder = Path(self.folder)
        names = [
            name for name in sorted(os.listdir(folder)) if name.partition(".")[0] in self._named
        ]
        old = {name: seal for name, seal in self.seals.items() if name not in self.created}
        toc.seal(folder / oldname, {name: old.get(name) or _seal(folder / name) for name in names})
        for name in (*sorted(self.created.intersection(names)), oldname):
            _force(folder / name)
        self._target = folder / newname
        super().rename_file(oldname, newname, safe)  # type: ignore[no-untyped-call]
        self.created.clear()
        sync_folder(folder)

    @property
    def switched(self) -> bool:
        """Whether the new TOC is in place, as after Ctrl-C just after the rename."""
        return self._target is not None and self._target.exists()

    def discard(self) -> None:
        """Delete the files that were never committed."""
        _delete(Path(self.folder), self.created)
        self.created.clear()


def _delete(folder: Path, names: Collection[str]) -> None:
    for name in names:
        with contextlib.suppress(OSError):
            os.remove(folder / name)


def _seal(path: Path) -> toc.Seal:
    return path.stat().st_size, checksum(path)


def _force(path: Path) -> None:
    with path.open("r+b") as file:  # Windows syncs only files that are open for writing
        os.fsync(file.fileno())
