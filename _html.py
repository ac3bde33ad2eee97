"""HTML of results for notebooks, with all texts escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Span = tuple[int, int]

_CELL = "text-align:left;vertical-align:top"
_SIGNS = {"achievement": "✓", "shortcoming": "✗", "cause": "→"}
PATH = " › "


def text(plain: str) -> str:
    """Escape ``plain`` for HTML."""
    from html import escape  # its list of entities would cost every search a millisecond

    return escape(plain, quote=True)


def highlight(plain: str, spans: Iterable[Span]) -> str:
    """Escape ``plain`` for HTML, with ``spans`` in ``<mark>``."""
    pieces, place = [], 0
    for start, end in sorted(spans):
        start, end = max(start, place), min(end, len(plain))
        if start < end:
            pieces += [text(plain[place:start]), "<mark>", text(plain[start:end]), "</mark>"]
            place = end
    return "".join([*pieces, text(plain[place:])])


def headings(path: Sequence[str], spans: Sequence[Iterable[Span]] = ()) -> str:
    """A heading path on one line, with its highlights."""
    return PATH.join(
        highlight(heading, spans[number] if number < len(spans) else ())
        for number, heading in enumerate(path)
    )


def assessment_badge(assessment: str | None, cause_of: str | None = None) -> str:
    """The assessment of a passage as symbol and words; empty if it has none."""
    if assessment is None:
        return ""
    words = f"cause of {cause_of}" if cause_of else assessment
    return text(f"{_SIGNS.get(assessment, '')} {words}".strip())


def small(html: str) -> str:
    """Wrap ``html`` in small print."""
    return f"<small>{html}</small>" if html else ""


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """An HTML table of cells that are HTML.

    ``caption`` and ``header`` are plain text.
    """
    head = "".join(f'<th scope="col" style="{_CELL}">{text(name)}</th>' for name in header)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return (
        f'<table><caption style="{_CELL}">{text(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
