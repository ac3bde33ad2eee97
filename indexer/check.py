"""Whether passages that an application hands over can be indexed."""

from __future__ import annotations

from ..corpus import ASSESSMENTS, Passage, Report
from ..errors import PassageError


def check_passage(passage: Passage, report: Report | None) -> None:
    """Raises PassageError for a passage that cannot be indexed."""
    if not passage.report or "#" in passage.report or not passage.report.isprintable():
        raise PassageError(
            f"{passage.report!r} is no report id: it needs letters, and may not hold '#' or control characters"
        )
    if report is not None and report.id != passage.report:
        raise PassageError(f"passage {passage.id!r} belongs to another report than {report.id!r}")
    if isinstance(passage.position, bool) or not isinstance(passage.position, int) or passage.position < 1:
        raise PassageError(f"passage {passage.id!r}: position counts from 1")
    if not isinstance(passage.text, str) or not passage.text.strip():
        raise PassageError(f"passage {passage.id!r} has no text")
    if passage.assessment not in (None, *ASSESSMENTS):
        raise PassageError(f"passage {passage.id!r}: assessment is one of {', '.join(ASSESSMENTS)} or None")
