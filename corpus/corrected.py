"""Adapt the area model to the corrections of one index.

The shipped weights are the prior mean of a multinomial logistic regression trained on the corrected
passages (Chelba and Acero, *Adaptation of maximum entropy capitalizer*, 2004). The added weights
are linear combinations of the passages' features, so the dual form is solved, with one number per
passage and area. Deterministic: the same corrections in the same order give the same weights.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import exp, log, sqrt

from .linear_model import LinearModel, features

Example = tuple[str, str]  # text of a passage, and id of its correct area

FEWEST = 20  # corrections; fewer did not help (measurements: docs/how-to.md)
_PRECISION = 0.06  # of the prior; smaller values trust corrections more; chosen on 396 labels
_ROUNDS = 40
_STILL = 0.01  # smaller steps count as converged
_NEW_IDF = 6.0  # idf of a feature missing from the shipped model: about that of its rarest features
_MOST = 500  # maximum corrections used, the last ones: takes a few seconds

_Vector = dict[str, float]


class CorrectedWeights:
    """Corrections to a model's scores, learnt from corrected passages."""

    def __init__(self, model: LinearModel, examples: Sequence[Example]) -> None:
        self._model = model
        self._classes = tuple(dict.fromkeys((*model.classes, *(area for _, area in examples))))
        self._weights: dict[str, list[float]] = {}
        vectors = [self._vector(text) for text, _ in examples]
        right = [self._classes.index(area) for _, area in examples]
        self._learn(vectors, right)

    def scores(self, text: str) -> dict[str, float]:
        """Corrections to the scores; empty if the text resembles no correction."""
        vector = self._vector(text, known=self._weights)
        shared = [
            (value, self._weights[one]) for one, value in vector.items() if one in self._weights
        ]
        if not shared:
            return {}
        return {
            area: sum(value * weights[at] for value, weights in shared)
            for at, area in enumerate(self._classes)
        }

    def _vector(self, text: str, known: Collection[str] | None = None) -> _Vector:
        """Unit vector of the features of a text in the model or ``known``."""
        weights = self._model.weights
        found = {
            feature: (weights[feature][0] if feature in weights else _NEW_IDF) * (1 + log(times))
            for feature, times in features(text).items()
            if known is None or feature in weights or feature in known
        }
        length = sqrt(sum(value * value for value in found.values())) or 1.0
        return {feature: value / length for feature, value in found.items()}

    def _learn(self, vectors: Sequence[_Vector], right: Sequence[int]) -> None:
        """Fit the weights by coordinate ascent until convergence."""
        before = [self._scores_before(vector) for vector in vectors]
        factors = [[0.0] * len(self._classes) for _ in vectors]
        for vector in vectors:
            for feature in vector:
                self._weights.setdefault(feature, [0.0] * len(self._classes))
        for _ in range(_ROUNDS):
            most = 0.0
            for at, vector in enumerate(vectors):
                steps = self._steps(vector, before[at], factors[at], right[at])
                factors[at] = [
                    factor + step for factor, step in zip(factors[at], steps, strict=True)
                ]
                for feature, value in vector.items():
                    mine = self._weights[feature]
                    for area, step in enumerate(steps):
                        mine[area] += value * step
                most = max(most, *map(abs, steps))
            if most < _STILL:
                return

    def _steps(
        self, vector: _Vector, before: Sequence[float], factors: Sequence[float], right: int
    ) -> list[float]:
        """The damped Newton step of each area's factor of an example."""
        scores = list(before)
        for feature, value in vector.items():
            for area, weight in enumerate(self._weights[feature]):
                scores[area] += value * weight
        top = max(scores)
        shares = [exp(score - top) for score in scores]
        whole = sum(shares)
        return [
            (((area == right) - share / whole) / _PRECISION - factor) / (1 + 0.5 / _PRECISION)
            for area, (share, factor) in enumerate(zip(shares, factors, strict=True))
        ]

    def _scores_before(self, vector: _Vector) -> list[float]:
        """The model's scores; an area missing from it gets the lowest bias."""
        model = self._model
        scores = [*model.bias, *[min(model.bias)] * (len(self._classes) - len(model.classes))]
        for feature, value in vector.items():
            if feature in model.weights:
                for at, weight in enumerate(model.weights[feature][1]):
                    scores[at] += value * weight
        return scores


def learnt(
    model: LinearModel | None, examples: Sequence[Example], areas: Collection[str]
) -> CorrectedWeights | None:
    """Learn weights from ``examples`` of these areas; None if there are too few."""
    known = [example for example in examples if example[1] in areas][-_MOST:]
    if model is None or len(known) < FEWEST:
        return None
    return CorrectedWeights(model, known)
