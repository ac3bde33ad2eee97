"""``tracuu outline --html``: one self-contained page, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from .. import corpus
from .hits import assessment_name, place, why
from .language import N_, _, translated

_NO_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em;
       color: #1a1a1a; background: #fff; }
h1 { font-size: 1.4em; } h2 { font-size: 1.1em; margin: 1.4em 0 .3em; }
dl { display: grid; grid-template-columns: max-content auto; gap: .1em 1em; }
dt { color: #555; } dd { margin: 0; }
.passage { border-left: 4px solid #bbb; padding: .2em .8em; margin: .6em 0; }
.passage p, .aside { margin: 0; overflow-wrap: anywhere; }
.achievement { border-color: #2b8a3e; } .shortcoming { border-color: #c92a2a; }
.cause { border-color: #862e9c; }
.why { font-size: .85em; color: #555; } .why b { color: #1a1a1a; }
.aside { color: #767676; font-size: .9em; }
@media (prefers-color-scheme: dark) {
  body { color: #e8e8e8; background: #1a1a1a; } .why b { color: #e8e8e8; }
  dt, .why { color: #aaa; } .aside { color: #999; } }
"""


def page(
    file: str, notes: Iterable[str], readings: Iterable[corpus.Reading], labels: Mapping[str, str]
) -> str:
    """The page for one file and the reports in it.

    ``labels`` maps areas to their labels.
    """
    lines = [
        "<!doctype html>",
        '<html lang="vi"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{_text(file)}</title><style>{_STYLE}</style></head><body>",
        f'<p class="aside">{_text(file)}</p>',
        *(f'<p class="aside">{_text(translated(note))}</p>' for note in notes),
    ]
    for reading in readings:
        lines += ["<article>", *_head(reading)]
        for element in reading.elements:
            lines += _element(element, labels)
        lines.append("</article>")
    return "\n".join([*lines, "</body></html>"]) + "\n"


def _text(text: str) -> str:
    """``text`` escaped for elements and attributes of HTML."""
    return escape(_NO_XML.sub("\ufffd", text))


def _head(reading: corpus.Reading) -> Iterator[str]:
    report = reading.report
    yield f"<h1>{_text(report.title or report.id)}</h1><dl>"
    facts = {
        N_("Id"): report.id,
        N_("Kind"): report.kind,
        N_("Number"): report.number,
        N_("Issued by"): report.issuing_body,
        N_("Place"): report.place,
        N_("Date"): report.date.isoformat() if report.date else None,
        N_("Term"): f"{report.term[0]}–{report.term[1]}" if report.term else None,
        N_("Signed by"): report.signer,
        N_("Passages"): str(report.passages),
    }
    for name, value in facts.items():
        if value:
            yield f"<dt>{_text(_(name))}</dt><dd>{_text(value)}</dd>"
    yield "</dl>"


def _element(element: corpus.Element, labels: Mapping[str, str]) -> Iterator[str]:
    depth = len(element.path)
    indent = f' style="margin-left: {min(depth, 12) * 1.5:g}em"'
    if element.role == "heading":
        level = min(depth + 2, 6)
        yield f"<h{level}{indent}>{_text(element.text)}</h{level}>"
    elif element.passage is None:
        yield f'<p class="aside"{indent}>({_text(_(element.role))}) {_text(element.text)}</p>'
    else:
        yield from _passage(element.passage, labels, indent)


def _passage(passage: corpus.Passage, labels: Mapping[str, str], indent: str) -> Iterator[str]:
    yield f'<div class="passage {passage.assessment or "none"}" id="{_text(passage.id)}"{indent}>'
    yield f"<p>{_text(passage.text)}</p>"
    area = labels.get(passage.area, passage.area)
    yield f'<p class="why">#{passage.position} {_text(place(passage))}</p>'
    yield f'<p class="why"><b>{_text(area)}</b> {_text(why(passage.area_decision))}</p>'
    shown = assessment_name(passage) or _("no assessment")
    reason = why(passage.assessment_decision)
    yield f'<p class="why"><b>{_text(shown)}</b> {_text(reason)}</p></div>'
