"""Pairs found with bounds are those that a comparison of everything with everything finds."""

from __future__ import annotations

import math
import random

import pytest

from tracuu.compare.alike import alike


def unit(weights: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {key: weight / length for key, weight in weights.items()}


def some_vectors(rng: random.Random, number: int, keys: int) -> list[dict[str, float]]:
    """Vectors whose keys are as uneven as words are: few common ones of small weight, many rare ones of great."""
    found = []
    for _ in range(number):
        places = {min(keys - 1, int(rng.paretovariate(0.5)) - 1) for _ in range(rng.randint(1, 40))}
        found.append(
            unit({f"k{place}": math.log(2 + place) * rng.uniform(0.8, 1.6) for place in places})
        )
    return found


def by_brute_force(older, newer, threshold):
    found = {}
    for place, one in enumerate(older):
        for other, two in enumerate(newer):
            cosine = min(1.0, math.fsum(one[key] * two[key] for key in one.keys() & two.keys()))
            if cosine >= threshold:
                found[place, other] = cosine
    return found


@pytest.mark.parametrize("threshold", [0.01, 0.14, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("seed", range(6))
def test_no_pair_is_lost_and_none_is_invented(seed: int, threshold: float) -> None:
    rng = random.Random(seed)
    older, newer = (some_vectors(rng, number, keys=4 ** rng.randint(2, 6)) for number in (60, 90))
    newer += rng.sample(older, 10)  # some are the same
    found = {(place, other): cosine for place, other, cosine in alike(older, newer, threshold)}
    assert found == by_brute_force(older, newer, threshold)
    assert threshold > 0.2 or len(found) > 10


def test_what_shares_nothing_or_is_nothing_pairs_with_nothing() -> None:
    assert list(alike([{"a": 1.0}, {}], [{"b": 1.0}, {}], 0.1)) == []
    assert list(alike([], [{"a": 1.0}], 0.1)) == list(alike([{"a": 1.0}], [], 0.1)) == []
