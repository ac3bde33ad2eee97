"""What an engine must do, case by case."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tracuu import engines as c
from tracuu import errors
from tracuu.engines import engine_class


def keys(snapshot: c.Snapshot, query: c.Node, **options: object) -> list[str]:
    return [hit.key for hit in snapshot.search(c.Request(query, **options)).hits]


def fill(engine: c.Engine, *docs: c.Document) -> c.Snapshot:
    with engine.writer() as writer:
        for one in docs:
            writer.add(one)
    return engine.snapshot()


def test_an_empty_index_answers(engine):
    with engine.snapshot() as snapshot:
        response = snapshot.search(
            c.Request(c.MatchAll(), facets=("area",), order=(c.SortKey("year"),))
        )
        assert response == c.Response(0, (), {"area": {}})
        assert snapshot.field_stats("body") == c.FieldStats(0, 0)
        assert snapshot.doc_freqs("body", ["a"]) == [0]
        assert list(snapshot.vocabulary("body")) == []
        assert snapshot.get("k") is None
        assert snapshot.explain(c.Term("body", "a"), "k") == ()
        assert (
            keys(snapshot, c.Prefix("body", ""))
            == keys(snapshot, c.Phrase("body", ("a", "b")))
            == []
        )


def test_what_was_added_is_found_and_brought_back(engine, doc):
    with fill(engine, doc("a/1", "giải ngân vốn", "kinh tế"), doc("a/2", "vốn")) as snapshot:
        response = snapshot.search(c.Request(c.Term("body", "vốn")))
        assert response.total == 2
        assert response.hits[0] == c.ScoredDocument("a/2", response.hits[0].score, "<a/2>")
        assert response.hits[0].score > response.hits[1].score > 0
        assert snapshot.get("a/1") == "<a/1>"


def test_absent_fields_are_allowed(engine):
    with fill(engine, c.Document("k", {}, {}, {}, "")) as snapshot:
        assert keys(snapshot, c.MatchAll()) == ["k"]
        assert snapshot.get("k") == ""
        assert snapshot.field_stats("body") == c.FieldStats(0, 0)


@pytest.mark.parametrize(
    "token",
    ["y", "ở", "chấp hành", "chấp_hành", "15-CT/TU", "", "\0", "😀", "\ud800", "x" * 70_000],
)
def test_any_token_key_value_and_text_survives(engine, doc, token):
    document = c.Document(token, {"body": [(token, 0)]}, {"area": [token]}, {}, token)
    with fill(engine, document, doc("other", "b")) as snapshot:
        assert keys(snapshot, c.Term("body", token)) == [token]
        assert keys(snapshot, c.TermIn("area", (token,))) == [token]
        assert snapshot.get(token) == token
        assert dict(snapshot.vocabulary("body"))[token] == 1


def test_delete_replaces_in_one_commit(engine, doc):
    with fill(
        engine, doc("1", "cũ", report=["r"]), doc("2", "cũ", report=["r"]), doc("3", "cũ")
    ) as before:
        with engine.writer() as writer:
            writer.delete("report", "r")
            writer.add(doc("1", "mới", report=["r"]))
            writer.delete("report", "r")  # what this writer added stays
        with engine.snapshot() as after:
            assert sorted(keys(after, c.MatchAll())) == ["1", "3"]
            assert keys(after, c.Term("body", "mới")) == ["1"]
            assert after.doc_freqs("body", ["cũ", "mới", "không"]) == [1, 1, 0]
            assert after.field_stats("body") == c.FieldStats(2, 2)
            assert after.get("2") is None
        assert len(keys(before, c.Term("body", "cũ"))) == 3


def test_a_key_may_be_there_once_only(engine, doc):
    fill(engine, doc("1", report=["r"])).close()
    with engine.writer() as writer:
        with pytest.raises(errors.PassageError, match="delete it first"):
            writer.add(doc("1"))
        writer.delete("report", "r")
        writer.add(doc("1"))
        with pytest.raises(errors.PassageError):
            writer.add(doc("1"))
    with engine.snapshot() as snapshot:
        assert keys(snapshot, c.MatchAll()) == ["1"]


@pytest.mark.parametrize(
    "document",
    [
        c.Document("k", {"body": [("a", 2), ("b", 1)]}, {}, {}, ""),
        c.Document("k", {"body": [("a", -1)]}, {}, {}, ""),
        c.Document("k", {"head": [3]}, {}, {}, ""),
        c.Document("k", {"head": "abc"}, {}, {}, ""),
        c.Document("k", {}, {"area": [None]}, {}, ""),
        c.Document("k", {}, {}, {"year": 2**63}, ""),
        c.Document("k", {}, {}, {"year": True}, ""),
        c.Document("k", {}, {}, {}, None),
    ],
)
def test_a_document_that_cannot_be_kept_leaves_no_trace(engine, doc, document):
    with engine.writer() as writer:
        with pytest.raises(errors.PassageError):
            writer.add(document)
        writer.add(doc("good", "a"))
    with engine.snapshot() as snapshot:
        assert keys(snapshot, c.MatchAll()) == ["good"]


def test_rollback_and_exceptions_leave_the_index_as_it_was(engine, doc):
    fill(engine, doc("1", "a", report=["r"])).close()
    with pytest.raises(ZeroDivisionError), engine.writer() as writer:  # noqa: PT012
        writer.delete("report", "r")
        writer.add(doc("2", "b"))
        1 / 0  # noqa: B018
    writer = engine.writer()
    writer.add(doc("3"))
    writer.rollback()
    writer.rollback()
    with engine.snapshot() as snapshot:
        assert keys(snapshot, c.MatchAll()) == ["1"]
    fill(engine, doc("2")).close()


def test_a_finished_writer_and_a_closed_snapshot_say_so(engine, doc):
    writer = engine.writer()
    writer.commit()
    for use in (lambda: writer.add(doc("1")), lambda: writer.delete("area", "x"), writer.commit):
        with pytest.raises(errors.IndexClosed):
            use()
    snapshot = engine.snapshot()
    other = engine.snapshot()
    snapshot.close()
    snapshot.close()
    with pytest.raises(errors.IndexClosed):
        snapshot.search(c.Request(c.MatchAll()))
    assert other.search(c.Request(c.MatchAll())).total == 0
    engine.close()
    assert other.search(c.Request(c.MatchAll())).total == 0
    other.close()
    for use in (engine.snapshot, engine.writer):
        with pytest.raises(errors.IndexClosed):
            use()


def test_reopened_it_is_all_there(kind, engine, doc, tmp_path):
    fill(engine, doc("1", "a b", area=["x"], year=3)).close()
    again = kind.open(tmp_path / "store", engine._schema)
    with again.snapshot() as snapshot:
        query = c.And(
            (c.Phrase("body", ("a", "b")), c.TermIn("area", ("x",)), c.Range("year", 3, 3))
        )
        assert keys(snapshot, query) == ["1"]
    fill(again, doc("2")).close()
    with engine.snapshot() as snapshot:  # the first one sees what the second committed
        assert len(keys(snapshot, c.MatchAll())) == 2
    again.close()


def test_unknown_fields_are_programming_errors_even_where_nothing_matches(engine, doc):
    snapshot = engine.snapshot()
    nothing = c.TermIn("area", ())
    for query in (
        c.And((nothing, c.Term("no", "a"))),
        c.Phrase("head", ("a", "b")),  # a field without positions
        c.ConstantScore(c.Prefix("area", "a")),
        c.AndMaybe(nothing, c.TermIn("body", ())),
        c.AndNot(nothing, c.Range("area")),
    ):
        with pytest.raises(KeyError):
            snapshot.search(c.Request(query))
        with pytest.raises(KeyError):
            snapshot.explain(query, "k")
    for options in (
        {"facets": ("body",)},
        {"order": (c.SortKey("body"),)},
        {"tie_breakers": (c.SortKey("no"),)},
    ):
        with pytest.raises(KeyError):
            snapshot.search(c.Request(nothing, **options))
    for use in (
        lambda: snapshot.field_stats("no"),
        lambda: snapshot.doc_freqs("no", []),
        lambda: snapshot.vocabulary("no"),
    ):
        with pytest.raises(KeyError):
            use()
    snapshot.close()
    with engine.writer() as writer:
        with pytest.raises(KeyError):
            writer.delete("no", "x")
        with pytest.raises(KeyError):
            writer.add(c.Document("k", {"no": []}, {}, {}, ""))


def test_order_ties_paging_and_what_lies_past_the_end(engine, doc):
    docs = [
        doc(f"{at:02}", "a", area=["x"] if at % 2 else ["b", "z"], year=at // 6) for at in range(30)
    ]
    docs.append(doc("none", "a"))
    with fill(engine, *docs[::-1]) as snapshot:
        tie_breakers = (c.SortKey("year", descending=True), c.SortKey("area"))
        whole = keys(snapshot, c.Term("body", "a"), tie_breakers=tie_breakers, limit=100)
        expected = sorted(
            docs[:-1], key=lambda d: (-d.numbers["year"], d.keywords["area"][0], d.key)
        )
        assert whole == [d.key for d in expected] + ["none"]
        pages = [
            keys(snapshot, c.Term("body", "a"), tie_breakers=tie_breakers, limit=4, offset=at)
            for at in range(0, 40, 4)
        ]
        assert [key for page in pages for key in page] == whole
        response = snapshot.search(
            c.Request(c.Term("body", "a"), limit=5, offset=1000, facets=("area",))
        )
        assert (response.total, response.hits) == (31, ())
        assert response.facets["area"]["b"].matches == response.facets["area"]["z"].matches == 15
        assert snapshot.search(c.Request(c.MatchAll(), limit=0)).hits == ()
        falling = keys(
            snapshot, c.MatchAll(), order=(c.SortKey("area", descending=True),), limit=100
        )
        assert falling == [f"{at:02}" for at in (*range(1, 30, 2), *range(0, 30, 2))] + ["none"]


def test_facets_count_all_matches_of_a_large_set(engine, doc):
    docs = [
        doc(f"{at:03}", "a" if at % 5 else "b", area=[f"x{at % 3}"], report=[f"r{at // 10}"])
        for at in range(300)
    ]
    with fill(engine, *docs) as snapshot:
        response = snapshot.search(
            c.Request(c.Term("body", "a"), 3, facets=("area", "report", "area"))
        )
        assert {
            value: count.matches for value, count in response.facets["area"].items()
        } == dict.fromkeys(("x0", "x1", "x2"), 80)
        score = response.hits[0].score
        assert response.facets["report"]["r7"].score == pytest.approx(8 * score)
        assert len(response.facets["report"]) == 30


def test_only_the_best_matches_vote_in_facets(engine, doc):
    docs = [
        doc(f"{at:03}", "a " + "b " * (at % 50), area=[f"x{at % 3}"], year=at) for at in range(400)
    ]
    with fill(engine, *docs) as snapshot:
        tie_breakers = (c.SortKey("year", descending=True),)
        best = snapshot.search(
            c.Request(c.Term("body", "a"), c.FACET_SCORE_DEPTH, tie_breakers=tie_breakers)
        ).hits
        expected = {
            f"x{value}": sum(hit.score for hit in best if int(hit.key) % 3 == value)
            for value in range(3)
        }
        for options in (
            {"limit": 0},
            {"limit": 300, "offset": 50},
            {"order": (c.SortKey("year"),)},
        ):
            response = snapshot.search(
                c.Request(
                    c.Term("body", "a"), facets=("area",), tie_breakers=tie_breakers, **options
                )
            )
            assert sum(count.matches for count in response.facets["area"].values()) == 400
            assert {
                value: count.score for value, count in response.facets["area"].items()
            } == pytest.approx(expected)
        uncounted = c.Request(
            c.Term("body", "a"), facets=("area",), tie_breakers=tie_breakers, facet_counts=False
        )
        response = snapshot.search(uncounted)
        assert response.total == 400
        assert {
            value: count.score for value, count in response.facets["area"].items()
        } == pytest.approx(expected)


def test_vocabulary_is_in_code_point_order(engine, doc):
    with fill(engine, doc("1", "b a ba đ", "đầu"), doc("2", "a 😀 \uffff b_c")) as snapshot:
        assert list(snapshot.vocabulary("body")) == [
            ("a", 2), ("b", 1), ("b_c", 1), ("ba", 1), ("đ", 1), ("\uffff", 1), ("😀", 1),
        ]  # fmt: skip
        assert [token for token, _ in snapshot.vocabulary("body", "b")] == ["b", "b_c", "ba"]
        assert list(snapshot.vocabulary("head")) == [("đầu", 1)]


def test_a_prefix_takes_the_most_frequent_terms(engine, doc):
    with fill(engine, doc("1", "ba bo"), doc("2", "bo"), doc("3", "bi")) as snapshot:
        assert sorted(keys(snapshot, c.Prefix("body", "b", limit=1))) == ["1", "2"]
        assert sorted(keys(snapshot, c.Prefix("body", "b", limit=2))) == ["1", "2"]
        assert len(keys(snapshot, c.Prefix("body", "b"))) == 3
        (part,) = snapshot.explain(c.Prefix("body", "b"), "1")
        assert part.leaf == c.Prefix("body", "b")


def test_explain_gives_the_figures_of_the_formula(engine, doc):
    with fill(engine, doc("1", "a a b", area=["x"]), doc("2", "b")) as snapshot:
        query = c.And(
            (
                c.TermIn("area", ("x",)),
                c.Or((c.Term("body", "a", 2.0), c.Phrase("body", ("a", "b")))),
            )
        )
        term, phrase = snapshot.explain(query, "1")
        assert (term.leaf, term.tf, term.length, term.mean_length) == (
            c.Term("body", "a", 2.0),
            2.0,
            3.0,
            2.0,
        )
        assert phrase.tf == 1.0
        assert term.score + phrase.score == pytest.approx(
            snapshot.search(c.Request(query)).hits[0].score
        )
        assert snapshot.explain(query, "2") == ()


def test_many_small_commits_stay_right(engine, doc):
    for at in range(40):
        with engine.writer() as writer:
            writer.delete("report", f"r{at - 20}")
            writer.add(doc(f"{at:02}", f"a b{at % 7} c", report=[f"r{at}"], year=at))
    with engine.snapshot() as snapshot:
        assert keys(snapshot, c.MatchAll(), limit=50) == [f"{at:02}" for at in range(20, 40)]
        assert keys(snapshot, c.Phrase("body", ("a", "b3", "c"))) == ["24", "31", "38"]
        assert snapshot.doc_freqs("body", ["a", "b3"]) == [20, 3]
        assert snapshot.field_stats("body") == c.FieldStats(20, 60)
        assert keys(snapshot, c.Range("year", 38), order=(c.SortKey("year", True),)) == ["39", "38"]


def test_threads_read_while_one_writes(engine, doc):
    fill(engine, *(doc(f"{at:03}", "a b", area=["x"]) for at in range(50))).close()
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                with engine.snapshot() as snapshot:
                    response = snapshot.search(
                        c.Request(c.Phrase("body", ("a", "b")), 1000, facets=("area",))
                    )
                    if not (
                        response.total
                        == len(response.hits)
                        == response.facets["area"]["x"].matches
                        >= 50
                    ):
                        wrong.append(response)
                    if response.total % 10:
                        wrong.append("half a commit was seen")
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for part in range(12):
        with engine.writer() as writer:
            for at in range(10):
                writer.add(doc(f"new{part}/{at}", "a b", area=["x"]))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_two_writers_exclude_each_other(engine, doc):
    with engine.writer() as writer:
        with pytest.raises(errors.IndexBusy, match="wait"):
            engine.writer()
        writer.add(doc("1"))
    done = threading.Event()
    first = engine.writer()
    thread = threading.Thread(target=lambda: (engine.writer(wait=30).rollback(), done.set()))
    thread.start()
    first.rollback()
    thread.join()
    assert done.is_set()


def test_opening_what_is_not_there(kind, engine, tmp_path):
    with pytest.raises(errors.IndexNotFound):
        kind.open(tmp_path / "nowhere", engine._schema)
    (tmp_path / "empty").mkdir()
    with pytest.raises(errors.IndexNotFound):
        kind.open(tmp_path / "empty", engine._schema)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("x")
    with pytest.raises(errors.NotAnIndex):
        kind.open(tmp_path / "other", engine._schema)
    with pytest.raises(errors.NotAnIndex):
        kind.open(tmp_path / "other" / "letter.txt", engine._schema)
    with pytest.raises(errors.IndexExists):
        kind.create(tmp_path / "store", engine._schema)


def test_unknown_engines_are_refused():
    with pytest.raises(errors.OptionError, match="memory"):
        engine_class("nothing")


def test_the_folder_can_be_deleted_afterwards(engine, doc, tmp_path: Path):
    fill(engine, doc("1")).close()
    engine.close()
    for path in (tmp_path / "store").iterdir():
        path.unlink()


def test_a_token_twice_at_one_position_counts_twice_and_stands_once(engine):
    twice = [("giải", 0), ("giải", 0), ("ngân", 1), ("ngân", 1), ("vốn", 2)]
    once = [("giải", 0), ("ngân", 1), ("vốn", 2), ("vốn", 3), ("vốn", 4)]
    docs = [c.Document(key, {"body": row}, {}, {}, "") for key, row in (("a", twice), ("b", once))]
    phrase = c.Phrase("body", ("giải", "ngân"))
    with fill(engine, *docs) as snapshot:
        assert keys(snapshot, c.Term("body", "giải")) == ["a", "b"]
        (term,) = snapshot.explain(c.Term("body", "giải"), "a")
        assert (term.tf, term.length) == (2, 5)
        found = [snapshot.explain(phrase, key)[0] for key in ("a", "b")]
        assert [one.tf for one in found] == [1, 1]
        assert found[0].score == pytest.approx(found[1].score)
        near = c.Phrase("body", ("giải", "vốn"), slop=1)
        assert [snapshot.explain(near, key)[0].tf for key in ("a", "b")] == [1, 1]
