"""Learn the weights of corpus/models/ from benchmarks/data/areas-train.jsonl (needs scikit-learn).

    python benchmarks/train.py

Prints five-fold cross-validation on the training passages; ``benchmarks/classify.py`` measures the
result on reports that had no part in it.
"""

from __future__ import annotations

import json
from collections import Counter
from math import log
from pathlib import Path
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from tracuu.corpus.linear_model import LinearModel, features

ROOT = Path(__file__).resolve().parent.parent
LEAST_DOCUMENTS = 2  # a feature must occur in so many training passages
STRENGTH = 5.0  # the inverse of regularisation, chosen by cross-validation among 1, 3, 5, 10, 20


def train(passages: list[dict[str, Any]], label: str) -> LinearModel:
    """A model of ``label`` ("area" or "assessment")."""
    counted = [features(passage["text"]) for passage in passages]
    documents = Counter(feature for counts in counted for feature in counts)
    idf = {
        feature: log((len(passages) + 1) / (count + 0.5))
        for feature, count in documents.items()
        if count >= LEAST_DOCUMENTS
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
    wanted = [passage[label] or "none" for passage in passages]
    learner = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    guessed = cross_val_predict(learner, matrix, wanted, cv=folds)
    print(
        f"{label}: {len(passages)} passages, {len(idf)} features, cross-validated accuracy "
        f"{accuracy_score(wanted, guessed):.3f}, macro-F1 {f1_score(wanted, guessed, average='macro'):.3f}"
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


def main() -> None:
    """Train both models and write them."""
    lines = (ROOT / "benchmarks/data/areas-train.jsonl").read_text(encoding="utf-8").splitlines()
    passages = [json.loads(line) for line in lines]
    for label in ("area", "assessment"):
        (ROOT / f"corpus/models/{label}s.tsv").write_text(
            train(passages, label).write(), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
