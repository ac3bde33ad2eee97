"""Mark matches of a search in text escaped for HTML."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

Span = tuple[int, int]
_ENDS = '()"“”«»'


FOUND = "found"  # id of the first mark, the fragment in the address of a hit


def highlight(text: str, spans: Sequence[Span] = (), *, anchor: bool = False) -> Markup:
    """``text`` with ``<mark>`` around its spans, sorted and without overlaps.

    With ``anchor`` the first mark has the id :data:`FOUND`.
    """
    parts: list[Markup] = []
    done = 0
    for start, end in spans:
        first = anchor and not parts
        parts += [
            escape(text[done:start]),
            Markup(f'<mark id="{FOUND}">') if first else Markup("<mark>"),
            escape(text[start:end]),
            Markup("</mark>"),
        ]
        done = end
    parts.append(escape(text[done:]))
    return Markup("").join(parts)


def highlight_error(text: str, position: int, *, around: int = 60) -> Markup:
    """A query with the position of an error marked, cut to ``around`` characters."""
    position = min(max(position, 0), len(text))
    end = min(position + 1, len(text))
    while (
        end < len(text)
        and end - position < around
        and not (text[end].isspace() or text[end] in _ENDS)
    ):
        end += 1
    first, last = max(0, position - around), min(len(text), end + around)
    before = escape(("…" if first else "") + text[first:position])
    after = escape(text[end:last] + ("…" if last < len(text) else ""))
    return (
        before
        + Markup('<mark class="error-at">')
        + escape(text[position:end] or "␣")
        + Markup("</mark>")
        + after
    )
