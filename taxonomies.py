"""The taxonomy of an index that is open, as much of it as somebody asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .corpus.naming import resolve, shipped_labels
from .opened import Generation, Opened
from .storage import Storage

if TYPE_CHECKING:  # a search needs the areas' names alone
    from .corpus import Reader, Taxonomy


class Taxonomies:
    """Knows the areas of the current generation. Safe to share by threads."""

    def __init__(self, storage: Storage, opened: Opened) -> None:
        self._storage = storage
        self._opened = opened
        self._taxonomy: tuple[Generation, Taxonomy] | None = None
        self._reader: Reader | None = None

    def labels(self) -> dict[str, str]:
        """Id → label of the areas, in their order. Raises TaxonomyError, IndexDamaged, IndexClosed."""
        if self._opened.generation().taxonomy is None:
            return shipped_labels()
        return {area.id: area.label for area in self.taxonomy().areas}

    def resolve(self, name: str) -> str:
        """The id of the area a person means by ``name``. Raises UnknownArea, and what :meth:`labels` raises."""
        return resolve(name, self.labels())

    def taxonomy(self) -> Taxonomy:
        """The whole taxonomy. Raises TaxonomyError, IndexDamaged, IndexClosed."""
        from .corpus import Taxonomy, default_taxonomy

        generation = self._opened.generation()
        known = self._taxonomy
        if known is None or known[0] is not generation:
            text, number = generation.taxonomy, generation.manifest.generation
            own = None if text is None else Taxonomy.parse(text, str(self._storage.taxonomy_file(number)))
            known = self._taxonomy = generation, own or default_taxonomy()
        return known[1]

    def reader(self) -> Reader:
        """Reads reports by this taxonomy."""
        from .corpus import Reader

        taxonomy, known = self.taxonomy(), self._reader
        if known is None or known.taxonomy is not taxonomy:
            known = self._reader = Reader(taxonomy)
        return known
