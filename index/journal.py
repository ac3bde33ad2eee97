"""Journal of the small files that a transaction changes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ..engines.engine import Engine
from ..errors import StorageError
from ..indexer.corrections import Correction
from ..vietnamese import Analyser
from .corrections import FILE as CORRECTIONS
from .corrections import StoredCorrections, apply_pending, has_pending, settle
from .directory import IndexDirectory
from .uploads import LIST as UPLOAD_LIST


class FileJournal:
    """Keeps corrections, sources and the list of uploads in agreement with the engine.

    They are written before the engine commits. Where the transaction fails, they are restored;
    where the process is killed, the next transaction completes its corrections, and the index
    decides which uploads and reports count.
    """

    def __init__(self, directory: IndexDirectory, analyser: Analyser) -> None:
        self._directory = directory
        self._analyser = analyser
        self._before: dict[str, bytes] = {}  # name → content
        self.undone: dict[str, Correction] = {}  # passage → undone correction of a killed writer

    def recover(self, engine: Engine) -> None:
        """Complete the changes of a killed writer, and note the content of the files.

        A file that cannot be read is left as it is.
        """
        with suppress(StorageError):
            if has_pending(self._directory):
                known = StoredCorrections(self._directory)
                self.undone = {each.passage: each for each in known.undone}
                apply_pending(known, engine, self._analyser)
                known.settle()
        for name in (CORRECTIONS, self._directory.sources_file().name, UPLOAD_LIST):
            with suppress(OSError):
                content = _content(self._directory.folder / name)
                if content or name == CORRECTIONS:  # an empty list would be a torn one
                    self._before[name] = content

    def commit(self) -> None:
        """Mark the saved corrections as committed to the index."""
        settle(self._directory)

    def rollback(self) -> None:
        """Restore the files, since the engine has not changed."""
        for name, before in self._before.items():
            with suppress(OSError, StorageError):  # else as after a kill
                if _content(self._directory.folder / name) != before:
                    self._directory.put(name, before)


def _content(path: Path) -> bytes:
    """The bytes of a file; empty if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
