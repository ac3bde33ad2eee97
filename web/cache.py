"""A cache of slow answers, valid for one committed state of the index."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from ..index.directory import VECTORS
from ..index.fingerprint import tracuu_version
from ..index.synonyms import FILE as SYNONYMS

T = TypeVar("T")
_BESIDE = (SYNONYMS, VECTORS)
_OTHER = 2_000  # estimated size of a value that is not bytes


class AnswerCache:
    """An LRU cache of up to ``limit`` bytes.

    A value requested by several threads at once is computed by one; the others wait.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the cached value of ``key``, computing it by ``make`` if needed.

        Raises the errors of ``make``.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return cast(T, self._values[key])
            making = self._making.setdefault(key, threading.Lock())
        try:
            with making:
                with self._lock:
                    if key in self._values:
                        return cast(T, self._values[key])
                value = make()
                self._keep(key, value)
                return value
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _keep(self, key: Hashable, value: Any) -> None:
        size = _size(value)
        if size > self._limit:
            return
        with self._lock:
            self._bytes += size
            self._values[key] = value
            while self._bytes > self._limit:
                self._bytes -= _size(self._values.popitem(last=False)[1])


def _size(value: Any) -> int:
    if isinstance(value, tuple):
        return sum(map(_size, value))
    return len(value) if isinstance(value, (bytes, str)) else _OTHER


def beside(folder: str) -> tuple[tuple[str, int, int, int], ...]:
    """Size, time and inode of files beside the engine's that affect searches."""
    found = []
    for name in _BESIDE:
        with suppress(OSError):
            status = os.stat(Path(folder) / name)
            found.append((name, status.st_size, status.st_mtime_ns, status.st_ino))
    return tuple(found)


def mark_of(folder: str, given: str) -> str | None:
    """Identifier of the index's committed state, with synonyms and vectors.

    ``given`` represents everything else that affects answers: the settings of the process. All
    processes with the same settings get the same identifier. None if the folder alone does not show
    the state (OpenSearch), or cannot be read.
    """
    try:
        manifest = json.loads((Path(folder) / "tracuu.json").read_bytes())
        if manifest.get("engine") in (None, "opensearch"):
            return None
        data = max(Path(folder).glob("data-*"), key=lambda path: path.name)
        digest = hashlib.sha256(
            f"{tracuu_version()} {data.name} {beside(folder)} {given}".encode("utf-8", "replace")
        )
        for entry in sorted(os.scandir(data), key=lambda entry: entry.name):
            if not entry.name.endswith(("LOCK", ".lock")):
                found = entry.stat()
                digest.update(f"{entry.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    except (OSError, ValueError):
        return None
    return digest.hexdigest()[:16]
