"""Matches by year and by term of office: from the counts by report, and what each report is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from ..corpus.model import Report


def count_years(counts: Mapping[str, int], report: Callable[[str], Report | None]) -> dict[int, int]:
    """Year → matches in reports that are about it, the latest year first.

    ``counts`` are matches by report, as ``Results.facets["report"]`` has them; ``report`` gives a report by
    its id. One on 2000–2005 counts for each of the six years, as the filter ``year`` finds it by each.
    """
    found: Counter[int] = Counter()
    for name, count in counts.items():
        known = report(name)
        if known is not None and known.years is not None:
            first, last = known.years
            found.update(dict.fromkeys(range(first, last + 1), count))
    return dict(sorted(found.items(), reverse=True))


def count_terms(counts: Mapping[str, int], report: Callable[[str], Report | None]) -> dict[tuple[int, int], int]:
    """Term of office → matches in reports on exactly this term, the latest first; arguments as above."""
    found: Counter[tuple[int, int]] = Counter()
    for name, count in counts.items():
        known = report(name)
        if known is not None and known.term is not None:
            found[known.term] += count
    return dict(sorted(found.items(), reverse=True))
