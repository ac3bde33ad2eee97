"""Fingerprint of the analysis an index was made with."""

from __future__ import annotations

from ..corpus.model import READING_VERSION
from ..corpus.naming import taxonomy_digest
from ..engines.document import Schema
from ..schema import FIELDS_VERSION, SCHEMAS
from ..vietnamese import fingerprint as analysis_fingerprint


def tracuu_version() -> str:
    """The version of this package; ``"unknown"`` if it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("tracuu")
    except PackageNotFoundError:
        return "unknown"


def fingerprint(taxonomy: str) -> str:
    """Versions of everything that affects reading and indexing.

    In the form ``name=value;name=value``; ``taxonomy`` is the text of the taxonomy's file.
    """
    parts = (f"fields={FIELDS_VERSION}", analysis_fingerprint(), f"reading={READING_VERSION}")
    return ";".join((*parts, f"taxonomy={taxonomy_digest(taxonomy)}"))


def schema_of(made: str) -> Schema | None:
    """The schema of an index with the fingerprint ``made``.

    None if it cannot be searched.
    """
    fields = dict(part.partition("=")[::2] for part in made.split(";")).get("fields")
    return next((schema for version, schema in SCHEMAS.items() if str(version) == fields), None)


def difference(made: str, wanted: str) -> str:
    """The differing parts of two fingerprints: ``underthesea 9.4.0, now 9.5.0``."""
    now = dict(part.partition("=")[::2] for part in wanted.split(";"))
    then = dict(part.partition("=")[::2] for part in made.split(";"))
    parts = [
        f"{name} {then.get(name, 'none')}, now {now.get(name, 'none')}"
        for name in {**then, **now}
        if then.get(name) != now.get(name)
    ]
    return "; ".join(parts)
