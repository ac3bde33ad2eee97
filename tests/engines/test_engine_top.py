"""A short list is the beginning of the whole one: documents are left unscored only where they cannot be in it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tracuu import engines as c
from tracuu.engines import engine_class

SCHEMA = c.Schema(
    (c.TextField("body", positions=True, k1=0.8, b=0.75), c.TextField("head", k1=0.5, b=0.0)),
    ("area", "report", "kind"),
    ("year",),
)
SIZE = 700
COMMON = [f"t{number}" for number in range(40)]
WEIGHTS = [1 / (number + 1) for number in range(40)]  # from every other document to a few


def documents() -> list[c.Document]:
    chance = random.Random(3)
    made = []
    for number in range(SIZE):
        words = chance.choices(COMMON, WEIGHTS, k=int(chance.expovariate(1 / 12)))
        words += ["often"] * chance.choice((0, 0, 0, 1, 2, 9, 30))
        head = chance.choices(COMMON, WEIGHTS, k=chance.choice((0, 1, 3)))
        made.append(
            c.Document(
                f"d{number:04}",
                {"body": [(word, at) for at, word in enumerate(words)], "head": head},
                {"area": [f"a{number % 5}"], "report": [f"r{number // 20}"], "kind": ["k"]},
                {"year": 2000 + number % 7},
                f"<{number}>",
            )
        )
    made.append(replace(made[0], key="same", stored="<same>"))  # an equal score
    return made


@pytest.fixture(scope="module", params=["memory", "whoosh"])
def snapshot(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[c.Snapshot]:
    """Three commits and some deletions."""
    folder = tmp_path_factory.mktemp("top")
    engine = engine_class(request.param).create(folder, SCHEMA)
    made = documents()
    for at in range(0, len(made), 250):
        with engine.writer() as writer:
            for document in made[at : at + 250]:
                writer.add(document)
    with engine.writer() as writer:
        writer.delete("report", "r3")
        writer.delete("report", "r20")
    with engine.snapshot() as snapshot:
        yield snapshot
    engine.close()


def term(chance: random.Random) -> c.Term:
    token = chance.choice([*COMMON[:12], *COMMON, "often", "unknown"])
    return c.Term(chance.choice(("body", "body", "head")), token, chance.choice((1.0, 0.3, 2.5)))


def scoring(chance: random.Random, depth: int = 0) -> c.Node:
    kind = chance.random()
    if depth == 2 or kind < 0.55:
        return term(chance)
    if kind < 0.6:
        return c.Phrase("body", (chance.choice(COMMON[:6]), chance.choice(COMMON[:6])))
    if kind < 0.65:
        return c.Prefix("body", chance.choice(("t1", "oft")), boost=0.7)
    children = tuple(scoring(chance, depth + 1) for _ in range(chance.randint(1, 4)))
    return c.DisMax(children) if kind < 0.85 else c.Or(children)


def query(chance: random.Random) -> c.Node:
    ranked = c.Or(tuple(scoring(chance) for _ in range(chance.randint(1, 9))))
    filters: list[c.Node] = [
        c.TermIn("area", ("a1", "a2", "a3")),
        c.Or(tuple(term(chance) for _ in range(4)), chance.randint(1, 3)),
        c.Range("year", 2001, None),
        c.And((term(chance), c.DisMax((term(chance), term(chance))))),
        c.AndNot(c.MatchAll(), term(chance)),
    ]
    if chance.random() < 0.3:
        return ranked
    required = tuple(map(c.ConstantScore, chance.sample(filters, chance.choice((1, 1, 2)))))
    return c.AndMaybe(required[0] if len(required) == 1 else c.And(required), ranked)


@pytest.mark.parametrize("seed", range(60))
def test_a_short_list_is_the_beginning_of_the_whole(snapshot: c.Snapshot, seed: int) -> None:
    node = query(random.Random(seed))
    ties = (c.SortKey("year", descending=True),)
    request = c.Request(node, limit=SIZE, tie_breakers=ties)
    whole = snapshot.search(request)
    assert whole.total == len(whole.hits)
    for first in (1, 5, 17):
        short = snapshot.search(replace(request, limit=first))
        assert (short.total, short.hits) == (whole.total, whole.hits[:first])
    page = snapshot.search(replace(request, limit=3, offset=4))
    assert page.hits == whole.hits[4:7]


@pytest.mark.parametrize("seed", range(20))
def test_another_order_has_the_same_scores_and_counts(snapshot: c.Snapshot, seed: int) -> None:
    request = c.Request(query(random.Random(seed)), limit=SIZE, facets=("area", "report"))
    ranked = snapshot.search(request)
    for limit in (0, 3, SIZE):
        dated = snapshot.search(replace(request, limit=limit, order=(c.SortKey("year"),)))
        assert (dated.total, dated.facets) == (ranked.total, ranked.facets)
        scores = {hit.key: hit.score for hit in ranked.hits}
        assert {hit.key: hit.score for hit in dated.hits}.items() <= scores.items()


@pytest.mark.parametrize("seed", range(20))
def test_facets_count_every_match_in_every_request(snapshot: c.Snapshot, seed: int) -> None:
    request = c.Request(query(random.Random(seed)), limit=SIZE, facets=("area", "report", "kind"))
    whole = snapshot.search(request).hits
    numbers = [0 if hit.key == "same" else int(hit.key[1:]) for hit in whole]
    for limit in (0, 1, SIZE):
        found = snapshot.search(replace(request, limit=limit)).facets
        counts = {
            name: {value: count.matches for value, count in found[name].items()} for name in found
        }
        assert counts["area"] == Counter(f"a{number % 5}" for number in numbers)
        assert counts["report"] == Counter(f"r{number // 20}" for number in numbers)
        assert counts["kind"] == ({"k": len(numbers)} if numbers else {})


@pytest.mark.parametrize("seed", range(20))
def test_facets_have_the_same_scores_without_counts(snapshot: c.Snapshot, seed: int) -> None:
    request = c.Request(query(random.Random(seed)), facets=("area", "report"))
    whole = snapshot.search(request)
    found = snapshot.search(replace(request, facet_counts=False))
    assert (found.total, found.hits) == (whole.total, whole.hits)
    for name in request.facets:
        one, other = (
            {value: count.score for value, count in response.facets[name].items() if count.score}
            for response in (whole, found)
        )
        assert one == other


def test_scores_agree_with_their_explanation(snapshot: c.Snapshot) -> None:
    node = c.Or((c.Term("body", "often"), c.Term("body", "t0", 0.4), c.Term("head", "t1")))
    for hit in snapshot.search(c.Request(node, limit=4)).hits:
        parts = snapshot.explain(node, hit.key)
        assert sum(part.score for part in parts) == pytest.approx(hit.score, rel=1e-12)
    assert any(part.tf > 7 for part in parts)
