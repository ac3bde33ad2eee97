"""Train the weights of corpus/models/ on benchmarks/data/*-train.jsonl.

    python benchmarks/train.py [--more FILE.jsonl …]

Needs scikit-learn. Each line holds a passage: ``text``, ``area``, ``assessment`` ("none" or null
for neither) and ``group``, the document it belongs to. ``--more`` adds passages that are not in
the repository: the weights shipped were trained with 555 paragraphs of law besides, their area known by the law's
topic. Prints cross-validation with whole documents left out; ``benchmarks/classify.py`` measures
the result on reports that had no part in it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from math import log
from pathlib import Path
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from tracuu.corpus.linear_model import LinearModel, features

ROOT = Path(__file__).resolve().parent.parent
LEAST_PASSAGES = 4  # a feature must occur in so many training passages
STRENGTH = 10.0  # the inverse of regularisation; 4, 10 and 20 differ by less than a point


def training_passages(more: list[str] | None = None) -> list[dict[str, Any]]:
    """The passages to train on, each with a group."""
    files = [*sorted((ROOT / "benchmarks/data").glob("*-train.jsonl")), *map(Path, more or ())]
    passages = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            passage = json.loads(line)
            passage["assessment"] = passage["assessment"] or "none"
            passage.setdefault("group", f"{file.stem}-{number // 10}")
            passages.append(passage)
    return passages


def train(passages: list[dict[str, Any]], label: str) -> LinearModel:
    """A model of ``label`` ("area" or "assessment")."""
    counted = [features(passage["text"]) for passage in passages]
    documents = Counter(feature for counts in counted for feature in counts)
    idf = {
        feature: log((len(passages) + 1) / (count + 0.5))
        for feature, count in documents.items()
        if count >= LEAST_PASSAGES
    }

    def vector(counts: Counter[str]) -> dict[str, float]:
        values = {
            feature: idf[feature] * (1 + log(count))
            for feature, count in counts.items()
            if feature in idf
        }
        norm = sum(value * value for value in values.values()) ** 0.5 or 1.0
        return {feature: value / norm for feature, value in values.items()}

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([vector(counts) for counts in counted])
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    wanted = [passage[label] for passage in passages]
    learner = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    groups = [passage["group"] for passage in passages]
    guessed = cross_val_predict(learner, matrix, wanted, groups=groups, cv=GroupKFold(5))
    print(
        f"{label}: {len(passages)} passages, {len(idf)} features, cross-validated accuracy "
        f"{accuracy_score(wanted, guessed):.3f}, "
        f"macro-F1 {f1_score(wanted, guessed, average='macro'):.3f}"
    )
    learner.fit(matrix, wanted)
    names = vectorizer.get_feature_names_out()
    weights = {
        name: (
            idf[name],
            tuple(float(learner.coef_[place][column]) for place in range(len(learner.classes_))),
        )
        for column, name in enumerate(names)
    }
    return LinearModel(
        tuple(learner.classes_), tuple(float(number) for number in learner.intercept_), weights
    )


def main(arguments: list[str]) -> None:
    """Train both models and write them."""
    passages = training_passages(arguments[1:] if arguments[:1] == ["--more"] else [])
    for label in ("area", "assessment"):
        (ROOT / f"corpus/models/{label}s.tsv").write_text(
            train(passages, label).write(), encoding="utf-8"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
