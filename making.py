"""Making a new index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .engines import engine_kind, kept_options
from .fields import SCHEMA
from .settings import fingerprint, tracuu_version
from .storage import Manifest, Sources, Storage

if TYPE_CHECKING:
    import os

    from .corpus import Taxonomy


def make(
    storage: Storage,
    engine: str,
    options: Mapping[str, Any] | None,
    taxonomy: Taxonomy | str | os.PathLike[str] | None,
) -> None:
    """Make a new, empty index in ``storage``. Raises what Index.create does."""
    from .corpus import Taxonomy, default_taxonomy

    chosen = Taxonomy.choose(taxonomy)
    made_by = fingerprint(chosen.text)
    kind = engine_kind(engine, options, fingerprint=made_by)
    own = chosen is not default_taxonomy()
    with storage.making():
        kind.create(storage.new_data(1), SCHEMA).close()
        if own:
            storage.save_taxonomy(chosen.text, 1)
        storage.save_sources(Sources())
        storage.save_manifest(Manifest(engine, made_by, 1, tracuu_version(), own, options=kept_options(kind)))
