"""Passages that an application adds to reports, files or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .corpus.model import Passage, Report
from .engines.contract import Snapshot
from .indexer import Intake, Record
from .lookup import find_record, passages_of


def add_passages(
    intake: Intake, snapshot: Snapshot, groups: Mapping[str, Iterable[Passage]], report: Report | None
) -> None:
    """Put ``groups``, report → passages, into the writer: each in place of the one at its position, if any."""
    for name, mine in groups.items():
        record = find_record(snapshot, name)
        merged = {old.position: old for old in passages_of(snapshot, name)} if record else {}
        merged.update((passage.position, passage) for passage in mine)
        base = report or (record.report if record else Report(name))
        kept = record or Record(base)
        if record:
            base = replace(base, source=record.report.source or base.source)  # it stays its file's
            intake.take_out([name])
        ordered = [merged[position] for position in sorted(merged)]
        intake.put(replace(kept, report=replace(base, passages=len(ordered))), ordered)
