"""Whoosh's own searcher reads an index of the engine whoosh, and answers as the contract does.

Whoosh's queries share no code with this package's evaluator: where both find the same documents with
the same scores, both are right about what the index holds.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh import index as whoosh_index
from whoosh import query as q
from whoosh import scoring
from whoosh.qparser import QueryParser

from tracuu import Index
from tracuu import engines as c
from tracuu.engines.whoosh.engine import WhooshEngine
from tracuu.schema import SCHEMA

BM25 = {field.name: (field.k1, field.b) for field in SCHEMA.text}
POSITIONAL = [field.name for field in SCHEMA.text if field.positions]


class ContractBM25(scoring.WeightingModel):
    """The formula of the contract over Whoosh's own statistics."""

    use_final = False

    def __init__(self) -> None:
        self.means: dict[str, tuple[int, float]] = {}

    def scorer(self, searcher: Any, name: str, text: bytes, qf: float = 1) -> Any:
        whole = searcher.get_parent()
        if name not in BM25:
            return Zero()
        if name not in self.means:
            reader = whole.reader()
            lengths = [reader.doc_field_length(doc, name) for doc in reader.all_doc_ids()]
            count = len(lengths) - lengths.count(0)
            assert sum(lengths) == reader.field_length(name)
            self.means[name] = count, sum(lengths) / count
        count, mean = self.means[name]
        df = whole.doc_frequency(name, text)
        idf = math.log(1 + (count - df + 0.5) / (df + 0.5))
        return Scorer(searcher, name, idf, mean)


class Zero(scoring.BaseScorer):
    def score(self, matcher: Any) -> float:
        return 0.0


class Scorer(scoring.BaseScorer):
    def __init__(self, searcher: Any, name: str, idf: float, mean: float) -> None:
        self.searcher, self.name, self.idf, self.mean = searcher, name, idf, mean

    def score(self, matcher: Any) -> float:
        tf = matcher.weight()
        (k1, b), length = (
            BM25[self.name],
            self.searcher.doc_field_length(matcher.id(), self.name, 1),
        )
        return self.idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / self.mean))


@pytest.fixture(scope="module", params=["samples", "real reports"])
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    sample_reports: list[Path],
    root: Path,
    request: pytest.FixtureRequest,
) -> Path:
    """An index in several segments, of which most have deleted documents."""
    where = tmp_path_factory.mktemp("whoosh") / "index"
    paths = sample_reports
    if request.param == "real reports":
        pytest.importorskip("markdown_it")
        real = root.parent / "shared" / "reports"
        paths = sorted(path for path in real.rglob("*") if path.suffix in (".txt", ".md"))
        if len(paths) < 6:
            pytest.skip("the real reports are not in the repository")
    with Index.create(where, engine="whoosh") as index:
        for batch in (paths[0::3], paths[1::3], paths[2::3]):
            before = {report.id for report in index.reports()}
            for _ in index.update([*batch]):
                pass
            added = [report for report in index.reports() if report.id not in before]
            index.remove(min(added, key=lambda report: report.passages).id)
    return where / "data-0001"


@pytest.fixture(scope="module")
def ours(folder: Path) -> Iterator[c.Snapshot]:
    engine = WhooshEngine.open(folder, SCHEMA)
    with engine.snapshot() as snapshot:
        yield snapshot
    engine.close()


@pytest.fixture(scope="module")
def theirs(folder: Path) -> Iterator[Any]:
    with whoosh_index.open_dir(str(folder)).searcher(weighting=ContractBM25()) as searcher:
        yield searcher


def found(snapshot: c.Snapshot, tree: c.Node) -> dict[str, float]:
    return {hit.key: hit.score for hit in snapshot.search(c.Request(tree, 100_000)).hits}


def found_by_whoosh(searcher: Any, query: Any, **options: Any) -> dict[str, float]:
    hits = searcher.search(query, limit=None, **options)
    return {hit["key"]: hit.score for hit in hits}


Pair = tuple[c.Node, Any]


class Queries:
    """Random queries, each in both languages."""

    def __init__(self, snapshot: c.Snapshot, seed: int) -> None:
        self.chance = random.Random(seed)
        self.tokens = {field.name: list(snapshot.vocabulary(field.name)) for field in SCHEMA.text}

    def token(self, name: str) -> str:
        """Frequent tokens as often as rare ones."""
        words = self.tokens[name]
        if self.chance.random() < 0.5:
            return self.chance.choice(words)[0]
        return self.chance.choices(words, [df for _, df in words])[0][0]

    def term(self) -> Pair:
        name = self.chance.choice([field.name for field in SCHEMA.text])
        token = self.token(name) if self.chance.random() < 0.95 else "khôngcóchữnày"
        return c.Term(name, token), q.Term(name, token)

    def phrase(self) -> Pair:
        name = self.chance.choice(POSITIONAL)
        pair = self.token({"syllable": "pair", "folded": "folded_pair"}.get(name, "pair")).split()
        return c.Phrase(name, tuple(pair)), q.Phrase(name, pair)

    def prefix(self) -> Pair:
        name = self.chance.choice(["syllable", "folded", "word", "title"])
        start = self.token(name)[: self.chance.randint(1, 3)]
        return c.Prefix(name, start, 10**6), q.Prefix(name, start)

    def keyword(self) -> Pair:
        name, value = self.chance.choice(
            [("area", "kinh-te"), ("area", "xay-dung-dang"), ("assessment", "shortcoming"), ("kind", "report"),
             ("term", "2000-2005"), ("type", "bao cao"), ("area", "")]
        )  # fmt: skip
        return c.TermIn(name, (value,)), q.Term(name, value)

    def range(self) -> Pair:
        name = self.chance.choice(["position", "year_from", "year_to", "date"])
        middle = {"position": 20, "date": 20_101_231}.get(name, 2010)
        low = self.chance.choice([None, middle - self.chance.randrange(20)])
        high = self.chance.choice([None, middle + self.chance.randrange(20)])
        if low is None and high is None:
            low = -5
        return c.Range(name, low, high), q.NumericRange(name, low, high)

    def several(self, leaf: Callable[[], Pair]) -> list[Pair]:
        return [leaf() for _ in range(self.chance.randint(2, 4))]


@pytest.mark.parametrize("seed", range(40))
def test_terms_and_their_sums_have_the_same_scores(
    ours: c.Snapshot, theirs: Any, seed: int
) -> None:
    queries = Queries(ours, seed)
    for ours_of, theirs_of in ((c.And, q.And), (c.Or, q.Or)):
        pairs = queries.several(queries.term)
        trees, others = zip(*pairs, strict=True)
        for tree, other in [*pairs, (ours_of(trees), theirs_of(list(others)))]:
            expected = found(ours, tree)
            assert found_by_whoosh(theirs, other) == pytest.approx(expected, rel=1e-4), other


@pytest.mark.parametrize("seed", range(40))
def test_phrases_prefixes_keywords_and_numbers_find_the_same(
    ours: c.Snapshot, theirs: Any, seed: int
) -> None:
    queries = Queries(ours, seed)
    leaves = [queries.phrase, queries.prefix, queries.keyword, queries.range, queries.term]
    pairs = [leaf() for leaf in leaves]
    a, b, unwanted = (queries.chance.choice(leaves)() for _ in range(3))
    pairs += [
        (c.And((a[0], b[0])), q.And([a[1], b[1]])),
        (c.Or((a[0], b[0])), q.Or([a[1], b[1]])),
        (c.AndNot(a[0], unwanted[0]), q.And([a[1], q.Not(unwanted[1])])),
    ]
    for tree, other in pairs:
        assert found_by_whoosh(theirs, other).keys() == found(ours, tree).keys(), other


def test_filters_leave_the_scores(ours: c.Snapshot, theirs: Any) -> None:
    queries = Queries(ours, 1)
    hits = 0
    for _ in range(30):
        (term, other), (filtered, restriction) = queries.term(), queries.keyword()
        expected = found(ours, c.AndMaybe(c.And((term, filtered)), c.MatchAll()))
        hits += len(expected)
        assert found_by_whoosh(theirs, other, filter=restriction) == pytest.approx(expected)
    assert hits > 50


def test_whoosh_may_skip_what_cannot_be_among_the_best(folder: Path, ours: c.Snapshot) -> None:
    """Its bounds (greatest frequency, shortest length of a term) come from the index."""
    queries = Queries(ours, 7)
    with whoosh_index.open_dir(str(folder)).searcher(weighting=scoring.BM25F()) as searcher:
        for _ in range(40):
            either = q.Or([other for _, other in queries.several(queries.term)])
            best = [hit.score for hit in searcher.search(either, limit=5)]
            every = [hit.score for hit in searcher.search(either, limit=None, optimize=False)]
            assert best == pytest.approx(every[:5])


def test_stored_texts_lengths_and_columns(folder: Path, ours: c.Snapshot, theirs: Any) -> None:
    hits = theirs.search(q.Term("kind", "passage"), limit=None, sortedby="position")
    positions = [hit["position"] if "position" in hit.fields() else None for hit in hits]
    assert positions == [None] * len(hits)  # a column, not a stored field
    expected = ours.search(
        c.Request(c.TermIn("kind", ("passage",)), 100_000, order=(c.SortKey("position"),))
    )
    assert len(hits) == expected.total > 20
    stored = {hit.key: hit.stored for hit in expected.hits}
    assert {hit["key"]: hit["stored"] for hit in hits} == stored
    reader = theirs.reader()
    column = reader.column_reader("position")
    values = [column[hit.docnum] for hit in hits]
    assert values == sorted(values)
    segments = [leaf for leaf, _ in reader.leaf_readers()]
    assert len([segment for segment in segments if segment.has_deletions()]) > 1
    assert reader.doc_count() == ours.search(c.Request(c.MatchAll(), 0)).total
    vocabulary = [token.decode() for token in reader.lexicon("syllable")]
    left = [t for t, n in zip(vocabulary, ours.doc_freqs("syllable", vocabulary), strict=True) if n]
    assert vocabulary == left
    assert set(vocabulary) <= {token for token, _ in ours.vocabulary("syllable")}


def test_whooshs_query_parser_knows_the_fields(folder: Path, ours: c.Snapshot) -> None:
    found_index = whoosh_index.open_dir(str(folder))
    parser = QueryParser("syllable", found_index.schema)
    query = parser.parse('"giải ngân" kind:passage year_from:[1990 TO 2050]')
    tree = c.And(
        (
            c.Phrase("syllable", ("giải", "ngân")),
            c.TermIn("kind", ("passage",)),
            c.Range("year_from", 1990, 2050),
        )
    )
    with found_index.searcher() as searcher:
        keys = found_by_whoosh(searcher, query).keys()
    assert keys == found(ours, tree).keys()
    assert keys


def test_spelling_and_wildcards_walk_the_terms(theirs: Any) -> None:
    wild = {token.decode() for token in q.Wildcard("folded", "ng?n")._btexts(theirs.reader())}
    assert "ngan" in wild
    near = set(theirs.reader().terms_within("folded", "ngam", 1))
    assert "ngan" in {token.decode() if isinstance(token, bytes) else token for token in near}


def test_an_empty_index_is_one_of_whooshs_too(tmp_path: Path) -> None:
    WhooshEngine.create(tmp_path, SCHEMA).close()
    empty = whoosh_index.open_dir(str(tmp_path))
    assert empty.is_empty()
    with empty.searcher() as searcher:
        assert len(searcher.search(q.Term("syllable", "a"))) == 0
