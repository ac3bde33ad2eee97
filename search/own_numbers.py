"""A report's own number as the query: ``128-BC/HU``, ``Số: 128-BC/HU``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..engines.engine import Snapshot
from ..engines.query import And, ConstantScore, Node, Or, Request, TermIn
from ..schema import NUMBER, REPORT
from ..vietnamese import fold, normalise, tokenise
from .query.clauses import PASSAGES
from .query.planner import Plan

_KINDS = (
    r"van ban|cong van|bao cao|nghi quyet|ke hoach|chi thi|quyet dinh|thong bao|huong dan|ket luan"
    r"|to trinh|quy dinh|cv|bc|nq|kh|ct|qd|tb|hd|kl|ttr"
)
_LABEL_END = re.compile(rf"(?:^|\b(?:{_KINDS}|so)):?\s*$")
_BEFORE = re.compile(rf"(?P<kind>(?:{_KINDS})\s*)?(?P<label>so(?:\s+hieu)?)?")
_DATE = r"\d{1,2}(?:[/.-]\d{1,2}[/.-]\d{4}|\s+thang\s+\d{1,2}(?:\s+nam\s+|/)\d{4})"
_AFTER = re.compile(rf"(?:ngay\s+{_DATE})?\W*(?P<body>cua\s+\w.*)?", re.S)
_SLASHED_DATE = re.compile(r"\d{1,2}/(?:\d{1,2}/)?\d{4}")
_LIKE_NUMBER = re.compile(r"\d.*[-/–]", re.S)
_LONGEST = 160  # characters
_AROUND = " \t\r\n:.,;()[]\"'“”"


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A document number of reports in the index.

    ``typed`` is the number as written. ``labelled`` means that only a label is before it (``Số:
    …``), so only its report is wanted; a kind (``Nghị quyết số …``) is also how others cite it.
    ``reports`` are report ids, by descending number of passages.
    """

    code: str
    typed: str
    labelled: bool
    reports: tuple[str, ...]

    @property
    def node(self) -> Node:
        """The passages of those reports."""
        return And((PASSAGES, TermIn(NUMBER, (self.code,))))

    def added_to(self, plan: Plan) -> Plan:
        """``plan`` extended to the passages of those reports.

        They rank after passages that contain the number.
        """
        own = ConstantScore(self.node)
        match = own if plan.match is None else Or((plan.match, own))
        return replace(plan, match=match, ranked=None)


def ends_in_label(text: str) -> bool:
    """Whether a document number may follow: ``theo NQ``, or nothing."""
    return _LABEL_END.search(fold(text.lower())) is not None


def is_label(text: str) -> bool:
    """Whether a text is the label of a document number: ``Số:``, ``báo cáo số``."""
    return _BEFORE.fullmatch(fold(normalise(text).text.lower()).strip(_AROUND)) is not None


def own_number(query: str, snapshot: Snapshot) -> OwnNumber | None:
    """The document number that is the whole query, if a report has it.

    As it is cited: with a label, a kind, its date and, if only one report has it, its body.
    """
    if not _LIKE_NUMBER.search(query) or len(query) > _LONGEST:
        return None
    text = normalise(query).text
    codes = [
        token
        for token in tokenise(text)
        if token.kind == "code" and not _SLASHED_DATE.fullmatch(token.text)
    ]
    if len(codes) != 1 or not any(mark in codes[0].text for mark in "-/"):
        return None
    code = codes[0]
    before = _BEFORE.fullmatch(fold(text[: code.start].lower()).strip(_AROUND))
    after = _AFTER.fullmatch(fold(text[code.end :].lower()).strip(_AROUND))
    if before is None or after is None:
        return None
    folded = fold(code.text)
    found = snapshot.search(Request(TermIn(NUMBER, (folded,)), limit=0, facets=(REPORT,)))
    reports = tuple(found.facets.get(REPORT, {}))
    if not reports or (after["body"] and len(reports) > 1):
        return None
    labelled = before["label"] is not None and before["kind"] is None
    return OwnNumber(folded, text[code.start : code.end], labelled, reports)
