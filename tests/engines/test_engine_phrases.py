"""Phrase windows."""

from __future__ import annotations

from array import array

import pytest

from tracuu.engines.scoring.phrases import phrase_frequencies
from tracuu.engines.scoring.source import POSITION_BITS


def places(*positions: int, doc: int = 3) -> array:
    return array("Q", [doc << POSITION_BITS | position for position in positions])


@pytest.mark.parametrize(
    ("tokens", "slop", "ordered", "times"),
    [
        ([[0, 4], [1, 7]], 0, True, 1),
        ([[0, 4], [1, 7]], 2, True, 2),
        ([[5], [3]], 0, True, 0),
        ([[5], [4]], 0, False, 1),
        ([[5], [3]], 1, False, 1),
        ([[5], [5]], 5, False, 0),  # each token needs a place of its own
        ([[0, 1], [0, 1]], 0, False, 1),
        ([[0], [2], [1]], 0, False, 1),
        ([[0], [2], [1]], 0, True, 0),
        ([[2, 2]], 0, True, 1),
        ([[0], []], 9, True, 0),
    ],
)
def test_windows(tokens: list[list[int]], slop: int, ordered: bool, times: int) -> None:
    found = phrase_frequencies([places(*one) for one in tokens], slop, ordered, None)
    assert found.get(3, 0) == times
    assert not phrase_frequencies([places(*one) for one in tokens], slop, ordered, {4})


def test_a_phrase_does_not_reach_over_into_the_next_document() -> None:
    last = array("Q", [1 << POSITION_BITS])
    assert phrase_frequencies([places(5, doc=0), last], 100, True, None) == {}
    assert phrase_frequencies([last, places(2**31 - 1, doc=0)], 0, False, None) == {}
