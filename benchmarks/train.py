"""Train the weights of corpus/models/ on benchmarks/data.

    python benchmarks/train.py                       # writes areas.tsv and assessments.tsv
    python benchmarks/train.py --count FILE.jsonl    # writes benchmarks/data/law-counts.jsonl

Needs scikit-learn. Everything that the shipped weights were trained on is in the repository:

- ``*-train.jsonl``: passages written for tracuu, one a line: ``text``, ``area``, ``assessment``
  ("none" or null for neither) and ``group``, the document it belongs to. ``press`` holds those of
  press reports, mass organisations, guides and forms.
- ``terms-train.tsv``: an area and terms of one of its topics, written for tracuu. A line is learnt
  as one passage, and each of its terms as a short one; so are the phrases of the taxonomy.
- ``law-counts.jsonl``: of 121 Vietnamese laws and decrees (normative documents, to which
  copyright does not apply: Law on Intellectual Property, article 15) the number of paragraphs, of
  up to 40, with each feature that at least two of them have. The area is that of the document's
  subject. ``--count`` makes it from passages in the form of ``*-train.jsonl``.
- ``report-features.tsv``: of 1,411 paragraphs of 323 real reports, labelled by hand, the area, the
  assessment, a number for the report, and in alphabetical order those of its features that at least
  three of these reports have: set phrases, not the texts.

Longer passages are learnt in halves as well, so that less weight rests on words that only happen to
stand together. The weights are those of multinomial logistic regression. Prints cross-validation
with whole documents left out; ``benchmarks/classify.py`` evaluates the result on reports not used
in training.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from math import log
from pathlib import Path
from typing import Any

import numpy
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from tracuu.corpus.linear_model import LinearModel, features
from tracuu.corpus.taxonomy import default_taxonomy

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "benchmarks/data"
LAW = DATA / "law-counts.jsonl"
REPORTS = DATA / "report-features.tsv"
LEAST_PASSAGES = 2  # minimum training passages with a feature, counted by their weights
DEFAULT_BIAS = -1.0  # of "chung", which balanced training makes more likely than reports do
STRENGTH = {"area": 20.0, "assessment": 15.0}  # inverse strength of regularisation
BY_SUBJECT = 0.3  # weight of a paragraph whose area is that of its document
BY_DOCUMENT = 0.5  # weight of a document stored as counts, times the root of its paragraphs
BY_REPORT = 0.3  # weight of a paragraph stored as features
AREAS_ONLY = {"assessment": "none", "areas_only": True}  # of rows learnt for areas only
BY_HALF = 0.3  # weight of each half of a passage
FEWEST_CLAUSES = 4  # minimum clauses of a passage for halves of it
FEWEST_WORDS = 8  # minimum words of a half
CLAUSE_END = re.compile(r"(?<=[.,;:!?])\s+")
BY_PHRASE = 0.2  # weight of a phrase of the taxonomy, and of a term
FEWEST = 2  # minimum paragraphs of a document with a feature


def training_passages(more: list[str] | None = None) -> list[dict[str, Any]]:
    """The passages to train on, each with a group and a weight.

    ``more`` names files of passages whose area is that of their document.
    """
    passages = []
    for weight, files in (
        (1.0, sorted(DATA.glob("*-train.jsonl"))),
        (BY_SUBJECT, [Path(name) for name in more or ()]),
    ):
        for file in files:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
                passage = json.loads(line)
                passage["assessment"] = passage["assessment"] or "none"
                passage.setdefault("group", f"{file.stem}-{number // 10}")
                passages.append({**passage, "weight": weight})
    return [*passages, *terms()]


def terms() -> list[dict[str, Any]]:
    """The topics of ``terms-train.tsv``, their terms, and the phrases of the taxonomy."""
    texts = [
        (phrase, area.id, BY_PHRASE)
        for area in default_taxonomy().areas
        for phrase in (*area.headings, *area.strong)
    ]
    for line in (DATA / "terms-train.tsv").read_text(encoding="utf-8").splitlines():
        area_id, topic = line.split("\t")
        texts.append((topic, area_id, 1.0))
        texts.extend((term, area_id, BY_PHRASE) for term in topic.split("; "))
    return [
        {**AREAS_ONLY, "text": text, "area": area, "group": "terms", "weight": weight}
        for text, area, weight in texts
    ]


def halves(passages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first and the second half of each longer passage, divided between clauses."""
    found = []
    for passage in passages:
        clauses = CLAUSE_END.split(passage["text"])
        if passage["group"] == "terms" or len(clauses) < FEWEST_CLAUSES:
            continue
        middle = len(clauses) // 2
        for part in (clauses[:middle], clauses[middle:]):
            text = " ".join(part)
            if len(text.split()) >= FEWEST_WORDS:
                found.append({**passage, "text": text, "weight": BY_HALF * passage["weight"]})
    return found


def law() -> list[dict[str, Any]]:
    """The documents of ``law-counts.jsonl``, each with the counts of its features."""
    documents = []
    for line in LAW.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        document["counts"] = {
            feature: int(times)
            for times, features in document["counts"].items()
            for feature in features.split("|")
        }
        documents.append(document)
    return documents


def reports() -> list[dict[str, Any]]:
    """The paragraphs of ``report-features.tsv``, each with its features."""
    found = []
    for line in REPORTS.read_text(encoding="utf-8").splitlines():
        area, assessment, group, names = line.split("\t")
        counts = dict.fromkeys(names.split("|"), 1)
        row = {"area": area, "assessment": assessment, "group": group, "counts": counts}
        found.append({**row, "weight": BY_REPORT})
    return found


def count(file: Path) -> None:
    """Write ``law-counts.jsonl`` from the paragraphs in ``file``."""
    documents: dict[str, list[dict[str, Any]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        paragraph = json.loads(line)
        documents.setdefault(paragraph["group"], []).append(paragraph)
    lines = []
    for name, paragraphs in sorted(documents.items()):
        times = Counter(feature for each in paragraphs for feature in features(each["text"]))
        by_count: dict[int, list[str]] = {}
        for feature, number in sorted(times.items()):
            if number >= FEWEST and "|" not in feature:
                by_count.setdefault(number, []).append(feature)
        document = {
            "document": name,
            "area": paragraphs[0]["area"],
            "paragraphs": len(paragraphs),
            "counts": {str(number): "|".join(by_count[number]) for number in sorted(by_count)},
        }
        lines.append(json.dumps(document, ensure_ascii=False) + "\n")
    LAW.write_text("".join(lines), encoding="utf-8")


class Examples:
    """The training passages and documents as one matrix."""

    def __init__(self) -> None:
        texts, documents = training_passages(), law()
        passages = [*texts, *reports()]
        counted = [Counter(row.get("counts") or features(row["text"])) for row in passages]
        found: Counter[str] = Counter(feature for counts in counted for feature in counts)
        weighed: dict[str, float] = dict.fromkeys(found, 0.0)
        for counts, passage in zip(counted, passages, strict=True):
            for feature in counts:
                weighed[feature] += passage["weight"]
        for document in documents:
            for feature, times in document["counts"].items():
                found[feature] += times
                weighed[feature] = weighed.get(feature, 0.0) + BY_SUBJECT * times
        size = len(passages) + sum(document["paragraphs"] for document in documents)
        self.idf = {
            feature: log((size + 1) / (times + 0.5))
            for feature, times in found.items()
            if weighed[feature] >= LEAST_PASSAGES - 1e-9
        }
        parts = halves(texts)  # their features are counted in the passages
        bags = [
            *counted,
            *(features(part["text"]) for part in parts),
            *(document["counts"] for document in documents),
        ]
        vectorizer = DictVectorizer()
        self.matrix = vectorizer.fit_transform(map(self._vector, bags))
        self.matrix.indices = self.matrix.indices.astype("int32")
        self.matrix.indptr = self.matrix.indptr.astype("int32")
        self.names = vectorizer.get_feature_names_out()
        self.rows = [*passages, *parts, *({**each, "assessment": "none"} for each in documents)]
        self.groups = [row.get("group") or row["document"] for row in self.rows]
        self.weights = numpy.array(
            [row.get("weight") or BY_DOCUMENT * row["paragraphs"] ** 0.5 for row in self.rows]
        )

    def weights_for(self, label: str) -> Any:
        """The weight of each row for learning ``label``; some rows have no assessment."""
        if label == "area":
            return self.weights
        return self.weights * numpy.array([not row.get("areas_only") for row in self.rows])

    def _vector(self, counts: dict[str, int]) -> dict[str, float]:
        values = {
            feature: self.idf[feature] * (1 + log(times))
            for feature, times in counts.items()
            if feature in self.idf
        }
        norm = sum(value * value for value in values.values()) ** 0.5 or 1.0
        return {feature: value / norm for feature, value in values.items()}


class Learner:
    """Learns the weights of ``label`` ("area" or "assessment") from examples."""

    def __init__(self, examples: Examples, label: str, rows: Any) -> None:
        rows = numpy.asarray(rows)[examples.weights_for(label)[rows] > 0]
        wanted = numpy.array([row[label] for row in examples.rows])[rows]
        matrix, weights = examples.matrix[rows], examples.weights_for(label)[rows]
        regression = LogisticRegression(C=STRENGTH[label], max_iter=200, class_weight="balanced")
        regression.fit(matrix, wanted, sample_weight=weights)
        self.classes = list(regression.classes_)
        self.coefficients, self.bias = regression.coef_, regression.intercept_
        if label == "area":
            self.bias[self.classes.index(default_taxonomy().default.id)] += DEFAULT_BIAS

    def guess(self, matrix: Any) -> list[str]:
        """The class of each row of ``matrix``."""
        scores = matrix @ self.coefficients.T + self.bias
        return [self.classes[place] for place in scores.argmax(axis=1)]


def train(examples: Examples, label: str) -> LinearModel:
    """Train a model of ``label``, after cross-validation."""
    wanted, guessed = [], []
    by_hand = [row.get("weight") == 1 and row["group"] != "terms" for row in examples.rows]
    for others, left in GroupKFold(5).split(examples.matrix, groups=examples.groups):
        places = [place for place in left if by_hand[place]]
        guessed += Learner(examples, label, others).guess(examples.matrix[places])
        wanted += [examples.rows[place][label] for place in places]
    print(
        f"{label}: {len(examples.rows)} rows, {len(examples.idf)} features, cross-validated on the "
        f"{len(wanted)} labelled by hand: accuracy {accuracy_score(wanted, guessed):.3f}, "
        f"macro-F1 {f1_score(wanted, guessed, average='macro'):.3f}"
    )
    learnt = Learner(examples, label, numpy.arange(len(examples.rows)))
    weights = {
        name: (examples.idf[name], tuple(float(number) for number in column))
        for name, column in zip(examples.names, learnt.coefficients.T, strict=True)
    }
    return LinearModel(
        tuple(learnt.classes), tuple(float(number) for number in learnt.bias), weights
    )


def main() -> None:
    """Train both models and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=Path, metavar="FILE.jsonl")
    options = parser.parse_args()
    if options.count:
        count(options.count)
        return
    examples = Examples()
    for label in ("area", "assessment"):
        with threadpool_limits(1):  # fixes the order of sums, and so the last digits
            model = train(examples, label)
        (ROOT / f"corpus/models/{label}s.tsv").write_text(model.write(), encoding="utf-8")


if __name__ == "__main__":
    main()
