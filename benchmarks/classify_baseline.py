"""The baseline of classify.py: TF-IDF of words and pairs, logistic regression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits
from train import training_passages

SHOWN = (5.0, 40.0)  # inverse regularisation, always shown
STRENGTHS = (5.0, 10.0, 20.0, 40.0, 80.0)  # of which cross-validation chooses one
FOLDS = 2


def guesses(texts: Sequence[str], more: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Name, field of the labels ("areas", "assessments"), and classes of ``texts``.

    ``more`` are files of further training passages; see ``train.py``.
    """
    passages = training_passages(more)
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"
    )
    matrix = vectorizer.fit_transform([row["text"] for row in passages])
    queries = vectorizer.transform(texts)
    weights = numpy.array([row["weight"] for row in passages])
    groups = numpy.array([row["group"] for row in passages])
    for label in ("area", "assessment"):
        wanted = numpy.array([row[label] for row in passages])
        best = _chosen_strength(matrix, wanted, weights, groups)
        for strength in sorted({*SHOWN, best}):
            model = _fitted(strength, matrix, wanted, weights)
            chosen = ", chosen by cross-validation" if strength == best else ""
            yield (
                f"TF-IDF, {label}s, C={strength:g}{chosen}",
                f"{label}s",
                list(model.predict(queries)),
            )


def _chosen_strength(matrix: Any, wanted: Any, weights: Any, groups: Any) -> float:
    """The C with the best accuracy on passages of documents left out."""
    right: Counter[float] = Counter()
    for others, left in GroupKFold(FOLDS).split(matrix, groups=groups):
        left = left[(weights[left] == 1) & (groups[left] != "terms")]
        for strength in STRENGTHS:
            model = _fitted(strength, matrix[others], wanted[others], weights[others])
            right[strength] += int((model.predict(matrix[left]) == wanted[left]).sum())
    return max(STRENGTHS, key=right.__getitem__)


def _fitted(strength: float, matrix: Any, wanted: Any, weights: Any) -> Any:
    model = LogisticRegression(C=strength, max_iter=100, class_weight="balanced")
    with threadpool_limits(1):  # small products: threads only wait for each other
        return model.fit(matrix, wanted, sample_weight=weights)
