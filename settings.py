"""What an index was made with, and whether that is what this version would make it with."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

from .corpus import READING_VERSION, Taxonomy, default_taxonomy
from .fields import FIELDS_VERSION
from .vietnamese import fingerprint as analysis_fingerprint


def tracuu_version() -> str:
    """The version of this package, ``"unknown"`` when it is not installed."""
    try:
        return version("tracuu")
    except PackageNotFoundError:
        return "unknown"


def load_taxonomy(taxonomy: Taxonomy | str | os.PathLike[str] | None) -> Taxonomy:
    """A taxonomy as given, from its file, or the package's own. Raises TaxonomyError."""
    if taxonomy is None:
        return default_taxonomy()
    return taxonomy if isinstance(taxonomy, Taxonomy) else Taxonomy.load(taxonomy)


def fingerprint(taxonomy: Taxonomy) -> str:
    """What decides how a report is read and its words are indexed, as ``name=value;name=value``."""
    return f"fields={FIELDS_VERSION};{analysis_fingerprint()};reading={READING_VERSION};taxonomy={taxonomy.fingerprint}"


def difference(made: str, wanted: str) -> str:
    """The parts of two fingerprints that differ, in words: ``underthesea 9.4.0, now 9.5.0``."""
    now = dict(part.partition("=")[::2] for part in wanted.split(";"))
    then = dict(part.partition("=")[::2] for part in made.split(";"))
    parts = [
        f"{name} {then.get(name, 'none')}, now {now.get(name, 'none')}"
        for name in {**then, **now}
        if then.get(name) != now.get(name)
    ]
    return "; ".join(parts)
