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

_LABEL = re.compile(r"(?:(?:van ban|cong van|bao cao|nghi quyet|ke hoach)\s+)?so(?:\s+hieu)?", re.I)
_LIKE_NUMBER = re.compile(r"\d.*[-/–]", re.S)
_LONGEST = 100  # characters
_AROUND = " \t\r\n:.,;()[]\"'“”"


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A document number of reports in the index.

    ``labelled`` means that the query starts with a label (``Số: …``), so only its report is wanted.
    ``reports`` are report ids, by descending number of passages.
    """

    code: str
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


def own_number(query: str, snapshot: Snapshot) -> OwnNumber | None:
    """The document number that is the whole query, if a report has it."""
    if not _LIKE_NUMBER.search(query) or len(query) > _LONGEST:
        return None
    text = normalise(query).text
    codes = [token for token in tokenise(text) if token.kind == "code"]
    if len(codes) != 1 or not any(mark in codes[0].text for mark in "-/"):
        return None
    code = codes[0]
    around = (text[: code.start] + " " + text[code.end :]).strip(_AROUND)
    labelled = _LABEL.fullmatch(fold(around)) is not None
    if around and not labelled:
        return None
    folded = fold(code.text)
    found = snapshot.search(Request(TermIn(NUMBER, (folded,)), limit=0, facets=(REPORT,)))
    reports = tuple(found.facets.get(REPORT, {}))
    return OwnNumber(folded, labelled, reports) if reports else None
