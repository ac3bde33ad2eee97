"""Train the weights of corpus/models/ on benchmarks/data/*-train.jsonl.

    python benchmarks/train.py [--more FILE.jsonl …]

Needs scikit-learn. Each line holds a passage: ``text``, ``area``, ``assessment`` ("none" or null
for neither) and ``group``, the document it belongs to. ``--more`` adds passages that are not in
the repository and whose area is known by their document's subject alone, at a lower weight: the
weights shipped were trained with 5,221 paragraphs of 135 laws and decrees besides. The phrases of
the taxonomy are learnt as short passages. Prints cross-validation with whole documents left out;
``benchmarks/classify.py`` measures the result on reports that had no part in it.
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
from tracuu.corpus.taxonomy import default_taxonomy

ROOT = Path(__file__).resolve().parent.parent
LEAST_PASSAGES = 4  # a feature must occur in so many training passages, counted by their weights
STRENGTH = 15.0  # the inverse of regularisation; 4, 10 and 20 differ by less than a point
BY_SUBJECT = 0.3  # weight of a passage whose area is that of its document
BY_PHRASE = 0.2  # weight of a phrase of the taxonomy


def training_passages(more: list[str] | None = None) -> list[dict[str, Any]]:
    """The passages to train on, each with a group and a weight."""
    passages = []
    for weight, files in (
        (1.0, sorted((ROOT / "benchmarks/data").glob("*-train.jsonl"))),
        (BY_SUBJECT, [Path(name) for name in more or ()]),
    ):
        for file in files:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
                passage = json.loads(line)
                passage["assessment"] = passage["assessment"] or "none"
                passage.setdefault("group", f"{file.stem}-{number // 10}")
                passages.append({**passage, "weight": weight})
    return passages


def phrases() -> list[dict[str, Any]]:
    """The phrases of the taxonomy as passages of their areas."""
    return [
        {"text": phrase, "area": area.id, "group": area.id, "weight": BY_PHRASE}
        for area in default_taxonomy().areas
        for phrase in (*area.headings, *area.strong)
    ]


def train(passages: list[dict[str, Any]], label: str) -> LinearModel:
    """A model of ``label`` ("area" or "assessment")."""
    counted = [features(passage["text"]) for passage in passages]
    documents = Counter(feature for counts in counted for feature in counts)
    weighed: dict[str, float] = dict.fromkeys(documents, 0.0)
    for counts, passage in zip(counted, passages, strict=True):
        for feature in counts:
            weighed[feature] += passage["weight"]
    idf = {
        feature: log((len(passages) + 1) / (count + 0.5))
        for feature, count in documents.items()
        if weighed[feature] >= LEAST_PASSAGES - 1e-9
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
    weighted = {"sample_weight": [passage["weight"] for passage in passages]}
    learner = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    groups = [passage["group"] for passage in passages]
    guessed = cross_val_predict(
        learner, matrix, wanted, groups=groups, cv=GroupKFold(5), params=weighted
    )
    pairs = zip(wanted, guessed, passages, strict=True)
    sure = [(right, guess) for right, guess, passage in pairs if passage["weight"] == 1]
    print(
        f"{label}: {len(passages)} passages, {len(idf)} features, cross-validated on the "
        f"{len(sure)} labelled by hand: accuracy {accuracy_score(*zip(*sure, strict=True)):.3f}, "
        f"macro-F1 {f1_score(*zip(*sure, strict=True), average='macro'):.3f}"
    )
    learner.fit(matrix, wanted, **weighted)
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
    named = [{**phrase, "assessment": "none"} for phrase in phrases()]
    for label in ("area", "assessment"):
        (ROOT / f"corpus/models/{label}s.tsv").write_text(
            train([*passages, *named], label).write(), encoding="utf-8"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
