"""The readable part of the index that a rebuild replaces."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from ..corpus import Taxonomy, default_taxonomy
from ..engines import ENGINES, Kind, engine_kind, engine_of
from ..engines.document import Schema
from ..engines.engine import Verifiable
from ..engines.query import MatchAll, Request, SortKey
from ..errors import IndexDamaged
from ..schema import POSITION, SCHEMA, SCHEMAS
from .directory import IndexDirectory
from .fingerprint import schema_of
from .salvage import UNREADABLE, Salvage, ScannedSalvage, check_access, readable
from .sources import Relocation

_log = logging.getLogger("tracuu.index")


class OldIndex:
    """The readable part of an index that may be damaged or outdated."""

    def __init__(self, directory: IndexDirectory, options: Mapping[str, Any] | None) -> None:
        """``options`` are the engine's; those in the manifest take precedence."""
        self._directory = directory
        manifest = directory.settings()
        self.options = manifest.options if manifest else {}
        self._given = {
            name: value for name, value in (options or {}).items() if name not in self.options
        }
        self._known = manifest is not None
        self._schema = schema_of(manifest.fingerprint) if manifest else None
        self.generation = manifest.generation if manifest else 0
        self.read = self.generation  # generation that was salvaged
        self.kept = manifest.kept if manifest else {}
        self.engine = (
            manifest.engine if manifest and manifest.engine in ENGINES else self._engine_found()
        )
        self._own_taxonomy = manifest.own_taxonomy if manifest else bool(directory.taxonomies())

    def _candidates(self) -> list[int]:
        """The current generation, or all if the manifest is lost.

        Newest first.
        """
        return [self.generation] if self._known else self._directory.generations()

    def _engine_found(self) -> str:
        """Detect the engine by its files, if the manifest is lost."""
        folders = map(self._directory.data, self._candidates())
        return next((name for one in folders if (name := engine_of(one, SCHEMA))), "whoosh")

    def relocation(self) -> Relocation:
        """New places of the reports' files, if they were moved with the index."""
        return self._directory.relocation(self.read or None)

    def taxonomy(self) -> Taxonomy:
        """The taxonomy of the index. Raises IndexDamaged, TaxonomyError."""
        if not self._own_taxonomy:
            return default_taxonomy()
        generation = self.generation if self._known else self._directory.taxonomies()[0]
        text = self._directory.taxonomy(generation)
        return Taxonomy.parse(text, str(self._directory.taxonomy_file(generation)))

    @contextmanager
    def salvage(self) -> Iterator[Salvage]:
        """Open the readable part of the old reports.

        Without a manifest the newest generation that holds anything is taken: a killed rebuild
        leaves an empty or unreadable one.
        """
        folder = self._directory.folder
        with ExitStack() as stack:
            found: Salvage | None = None
            for generation in self._candidates():
                found, self.read = self._salvage(generation, self.engine, stack), generation
                if found.records or (self._known and found.complete):
                    break
            yield found or Salvage(folder, None)

    @contextmanager
    def salvage_kept(self) -> Iterator[list[tuple[str, Salvage]]]:
        """Open the generations kept by earlier rebuilds, newest first."""
        with ExitStack() as stack:
            found = []
            for number in sorted(self.kept, key=int, reverse=True):
                name = engine_of(self._directory.data(int(number)), SCHEMA)
                if name is not None:
                    found.append((number, self._salvage(int(number), name, stack)))
            yield found

    def _salvage(self, generation: int, name: str, stack: ExitStack) -> Salvage:
        data, folder = self._directory.data(generation), self._directory.folder
        with readable(folder):
            check_access(data)
            same = name == self.engine
            given = self._given if same and self.options else None
            kind = engine_kind(name, given, kept=self.options if same else None)
            current = self._known and generation == self.generation
            known = self._schema if current else None
            if isinstance(kind, Verifiable) and not _is_intact(kind, data):
                return _scanned(kind, data, known, folder, stack)
            engine = stack.enter_context(
                closing(kind.open(data, known or _schema_found(kind, data)))
            )
            return Salvage(folder, stack.enter_context(engine.snapshot()))
        return Salvage(folder, None)


def _is_intact(kind: Verifiable, data: Path) -> bool:
    try:
        kind.verify(data)
    except IndexDamaged as error:
        _log.warning("%s", error)
        return False
    return True


def _scanned(
    kind: Verifiable, data: Path, known: Schema | None, folder: Path, stack: ExitStack
) -> Salvage:
    """Documents of damaged data, read with the schema that reads most of them."""
    found = [
        ScannedSalvage(folder, stack.enter_context(closing(kind.scan(data, schema))))
        for schema in ([known] if known else SCHEMAS.values())
    ]
    return max(found, key=lambda one: len(one.records) + len(one.damaged))


def _schema_found(kind: Kind, data: Path) -> Schema:
    """The schema the data were written with: the one that reads a document."""
    for schema in SCHEMAS.values():
        with suppress(*UNREADABLE), ExitStack() as stack:
            engine = stack.enter_context(closing(kind.open(data, schema)))
            snapshot = stack.enter_context(engine.snapshot())
            snapshot.search(Request(MatchAll(), limit=1, order=(SortKey(POSITION),)))
            return schema
    return SCHEMA
