"""Functions of tracuu for the page, inside Pyodide: JSON in, JSON out."""

from __future__ import annotations

import csv
import io
import json
import sys
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

from tracuu import Index, TracuuError
from tracuu.corpus.readers.formats import FORMATS, readable_suffixes
from tracuu.errors import MissingExtra, translate
from tracuu.messages import catalogue

PLACE = Path("/index/tracuu")  # /index is stored by the browser
COLUMNS = ("rank", "report", "title", "area", "assessment", "headings", "text", "id")
EXPORTED = 1000  # maximum passages of an export

_SPLITTING = "underthesea.pipeline.text_normalize"  # the first module imported to split text

_index: Index | None = None


def _bare_underthesea() -> None:
    """Register underthesea's package without running its ``__init__``.

    That would import packages without wheels for this platform. Its splitting of unusual text is
    pure Python and works; if other parts are needed, only the words of that sentence are lost.
    """
    spec = find_spec("underthesea")
    if spec is not None and find_spec("underthesea_core") is None:
        sys.modules["underthesea"] = module_from_spec(spec)


_bare_underthesea()


def call(name: str, arguments: str, content: Any = None, language: str = "en") -> str:
    """Answer one call; ``content`` is the bytes of a file.

    Errors of tracuu are returned as answers, in ``language``.
    """
    given = json.loads(arguments)
    if content is not None:
        given["content"] = bytes(content.to_bytes() if hasattr(content, "to_bytes") else content)
    try:
        try:
            value = CALLS[name](**given)
        except MissingExtra:
            if _SPLITTING in sys.modules:
                raise
            import_module(_SPLITTING)  # takes seconds, and is needed only for unusual text
            value = CALLS[name](**given)
        return json.dumps({"value": value}, ensure_ascii=False)
    except MissingExtra:  # nothing can be installed here: the page has its own text
        return json.dumps({"error": "", "reason": "format"})
    except TracuuError as error:
        message = error.translated(catalogue(language))
        return json.dumps({"error": message}, ensure_ascii=False)


def start() -> dict[str, Any]:
    """Open the stored index, or create an empty one.

    A stored index of another version is rebuilt.
    """
    global _index
    if _index is None:
        try:
            _index = Index.open(PLACE) if PLACE.exists() else Index.create(PLACE)
        except TracuuError:
            _index = _rebuilt()
    return state()


def _rebuilt() -> Index:
    """Rebuild a damaged or outdated index from its stored reports."""
    from tracuu import rebuild

    for _ in rebuild(PLACE, jobs=1):
        pass
    return Index.open(PLACE)


def state() -> dict[str, Any]:
    """The reports, the names of the areas, and the suffixes of files that can be read."""
    index = _opened()
    return {
        "reports": [
            {"id": report.id, "title": report.title or report.id, "passages": report.passages}
            for report in index.reports()
        ],
        "areas": index.labels(),
        "suffixes": readable_suffixes(),
        "formats": [one.suffixes[0] for one in FORMATS if one.suffixes[0] in readable_suffixes()],
    }


def put(name: str, content: bytes) -> dict[str, Any]:
    """Add one file."""
    change = _opened().put(content, name=name)
    return {"reports": list(change.reports), "passages": change.passages}


def samples() -> dict[str, Any]:
    """Add the sample reports that come with tracuu."""
    for path in sorted(files("tracuu.corpus").joinpath("samples").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".txt"):
            _opened().put(path.read_bytes(), name=path.name)
    return state()


def remove(report: str) -> dict[str, Any]:
    """Remove a report."""
    _opened().remove(report)
    return state()


def search(
    query: str, offset: int = 0, limit: int = 10, language: str = "en", **filters: Any
) -> dict[str, Any]:
    """One page of results, counts for the chart, and notes on missing words."""
    chosen = {name: value for name, value in filters.items() if value}
    index = _opened()
    results = index.search(query, limit=limit, offset=offset, partial=True, **chosen)
    counts = index.tally(query, by=("area", "assessment"), **chosen).counts
    return {
        **results.to_dict(),
        "counts": [[*values, count] for values, count in counts.items()],
        "notes": [translate(str(word), catalogue(language)) for word in results.missing],
    }


def export(query: str, **filters: Any) -> str:
    """The results as CSV with a byte order mark, which Excel needs for Vietnamese."""
    chosen = {name: value for name, value in filters.items() if value}
    labels = _opened().labels()
    out = io.StringIO()
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for hit in _opened().search(query, limit=EXPORTED, **chosen):
        passage = hit.passage
        row = (
            hit.rank,
            passage.report,
            hit.report_title,
            labels.get(passage.area, passage.area),
            passage.assessment or "",
            " › ".join(passage.heading_path),
            passage.text,
            passage.id,
        )
        # Spreadsheets interpret cells beginning so as formulas.
        table.writerow(
            f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) else cell
            for cell in row
        )
    return out.getvalue()


def _opened() -> Index:
    if _index is None:
        raise RuntimeError("start() comes first")
    return _index


CALLS = {call.__name__: call for call in (start, state, put, samples, remove, search, export)}
