"""The manifest of an index: its settings and current generation."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

FORMAT = 2  # raised when older versions cannot read the folder's layout or the engine's fields


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of ``tracuu.json``.

    ``own_taxonomy`` is true if the index has a taxonomy file; ``options`` are the engine's, without
    secrets; ``kept`` maps each older generation that a rebuild could not read completely to the ids
    of the reports that lost passages (``"*"``: reports that could not be listed); ``folder`` is the
    path of the index when the manifest was written.
    """

    engine: str
    fingerprint: str
    generation: int = 1
    version: str = ""
    own_taxonomy: bool = False
    format: int = FORMAT
    options: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)
    folder: str = ""

    @property
    def generations(self) -> tuple[int, ...]:
        """The current generation and the older ones in ``kept``."""
        return (self.generation, *map(int, self.kept))


def as_manifest(data: dict[str, Any]) -> Manifest | None:
    """The manifest in ``data``, or None.

    None if a value is missing or invalid; unknown keys are ignored.
    """
    known = {field.name: data[field.name] for field in fields(Manifest) if field.name in data}
    try:
        manifest = Manifest(**known)
    except TypeError:
        return None
    texts = (manifest.engine, manifest.fingerprint, manifest.version, manifest.folder)
    number = manifest.generation
    valid = type(number) is int and number > 0 and all(isinstance(text, str) for text in texts)
    kept = manifest.kept
    valid = valid and isinstance(kept, dict) and all(map(str.isdecimal, kept))
    return manifest if valid and isinstance(manifest.options, dict) else None
