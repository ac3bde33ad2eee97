from __future__ import annotations

import importlib
import json
import math
import unicodedata
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def sets(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module("relevance_sets")


@pytest.fixture
def systems(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module("relevance_systems")


@pytest.fixture
def measures(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    pytest.importorskip("ir_measures")
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module("relevance_measures")


# --- the whole run ---------------------------------------------------------------------------------


def test_a_set_runs_through_with_every_way_of_typing_and_the_peers_that_are_there(
    run_benchmark, tiny_set, tmp_path
):
    pytest.importorskip("ir_measures")
    written = tmp_path / "out.json"
    done = run_benchmark(
        "relevance", tiny_set, "--variants", "--json", written, missing=("bm25s", "tantivy")
    )
    assert done.returncode == 0, done.stderr
    assert "## tiny: 5 documents, 4 queries" in done.stdout
    assert "Note: a peer is left out: No module named 'bm25s'" in done.stdout
    assert "Note: a peer is left out: No module named 'tantivy'" in done.stdout
    assert "Note: 1 queries without a relevant document are left out" in done.stdout
    data = json.loads(written.read_text(encoding="utf-8"))["sets"]["tiny"]
    assert list(data["rows"]) == [
        "as typed",
        "no diacritics",
        "capitals",
        "NFD",
        "other tone placement",
        "one typing error",
    ]
    typed = data["rows"]["as typed"]
    assert list(typed) == ["tracuu", "SQLite FTS5", "SQLite FTS5, remove_diacritics 2"]
    assert typed["tracuu"]["nDCG@10"] == pytest.approx(1.0)
    assert set(typed["tracuu"]["per_query"]["nDCG@10"]) == {"q1", "q2", "q3", "q4"}
    assert data["changed"]["other tone placement"] == 1


def test_an_earlier_run_stands_beside_this_one(run_benchmark, tiny_set, tmp_path):
    pytest.importorskip("ir_measures")
    earlier = dict.fromkeys(("q1", "q2", "q3", "q4"), 0.5)
    values = dict.fromkeys(("nDCG@10", "MRR@10", "recall@10", "recall@100"), earlier)
    kept = {"sets": {"tiny": {"rows": {"as typed": {"tracuu": {"per_query": values}}}}}}
    before = tmp_path / "before.json"
    before.write_text(json.dumps(kept), encoding="utf-8")
    done = run_benchmark("relevance", tiny_set, "--no-peers", "--before", before)
    assert done.returncode == 0, done.stderr
    assert "| tracuu, before | 0.5000 | 0.5000 | 0.5000 | 0.5000 | 0.1" in done.stdout
    assert "FTS5" not in done.stdout


def test_a_set_without_judgements_is_refused_by_name(run_benchmark, tiny_set):
    pytest.importorskip("ir_measures")
    (tiny_set / "qrels.tsv").unlink()
    done = run_benchmark("relevance", tiny_set, "--no-peers")
    assert done.returncode == 1
    assert str(tiny_set / "qrels.tsv") in done.stderr
    assert "Traceback" not in done.stderr


# --- sets and ways of typing -----------------------------------------------------------------------


def test_a_bad_line_is_told_with_its_number(sets, tiny_set):
    with (tiny_set / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n{broken")
    with pytest.raises(sets.SetError, match=r"corpus\.jsonl:6"):
        sets.read_set(tiny_set)


def test_drawn_queries_are_the_same_every_time(sets, tiny_set):
    drawn = sets.read_set(tiny_set, queries=2)
    assert len(drawn.queries) == 2
    assert drawn.queries == sets.read_set(tiny_set, queries=2).queries
    assert drawn.judgements.keys() == {query.id for query in drawn.queries}


def test_a_header_above_the_judgements_is_passed_over(sets, tiny_set):
    path = tiny_set / "qrels.tsv"
    path.write_text(
        "query-id\tcorpus-id\tscore\n" + path.read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert sets.read_set(tiny_set).judgements["q1"] == {"d1": 1}


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("hòa giải", "hoà giải"),
        ("Uỷ ban", "Ủy ban"),
        ("HÒA BÌNH", "HOÀ BÌNH"),
        ("quý quà", "quý quà"),
        ("hoàn toàn thuế", "hoàn toàn thuế"),
    ],
)
def test_the_other_tone_placement_changes_only_what_has_two(sets, typed, other):
    assert sets.other_tone_placement(typed) == other
    assert sets.other_tone_placement(other) == typed
    assert sets.other_tone_placement(unicodedata.normalize("NFD", typed)) == other


def test_without_diacritics_đ_is_d(sets):
    assert sets.without_diacritics("Đường lối ĐỔI mới") == "Duong loi DOI moi"


def test_a_typing_error_is_one_error(sets):
    text = "giải ngân vốn đầu tư công"
    kinds = set()
    for seed in map(str, range(60)):
        wrong = sets.with_typing_error(text, seed)
        assert wrong == sets.with_typing_error(text, seed)
        differing = [
            (left, right)
            for left, right in zip(text.split(), wrong.split(), strict=True)
            if left != right
        ]
        assert len(differing) == 1
        left, right = differing[0]
        kinds.add("swapped" if sorted(left) == sorted(right) else len(right) - len(left))
    assert kinds == {"swapped", 0, -1}


# --- systems ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ['"', "a OR", "* NEAR( -x", "tuyển-quân:", "\0", "", "NOT", "'; DROP"]
)
def test_fts5_takes_any_query(systems, sets, query):
    peer = systems.Fts5()
    peer.index([sets.Document("d1", "", "Công tác tuyển quân")])
    assert peer.search(query) == (["d1"] if "tuyển" in query else [])
    assert peer.search(f"{query} tuyển quân") == ["d1"]


def test_pairs_stand_beside_syllables(systems):
    assert systems.syllables_and_pairs("Ủy ban, NHÂN") == [
        "ủy",
        "ban",
        "nhân",
        "ủy_ban",
        "ban_nhân",
    ]


def test_every_peer_that_is_installed_finds_the_document(systems, sets):
    documents = [
        sets.Document("d1", "Kinh tế", "Giải ngân vốn đầu tư"),
        sets.Document("d2", "", "Công tác tuyển quân hàng năm"),
        sets.Document("d3", "", "Sinh hoạt chi bộ chưa đều"),
    ]
    found, _ = systems.peers()
    for peer in found:
        peer.index(documents)
        assert peer.search("Công tác tuyển quân hàng năm?")[0] == "d2", peer.name
        assert peer.search("???") == [], peer.name


# --- measures --------------------------------------------------------------------------------------


def test_measures_of_a_ranking(measures):
    judgements = {"q1": {"a": 1}, "q2": {"b": 1}, "q3": {"c": 1}}
    values = measures.measure(
        judgements, {"q1": ["x", "a"], "q2": ["y"] * 0, "q3": [f"d{n}" for n in range(20)] + ["c"]}
    )
    assert values["nDCG@10"] == pytest.approx({"q1": 1 / math.log2(3), "q2": 0.0, "q3": 0.0})
    assert values["MRR@10"] == pytest.approx({"q1": 0.5, "q2": 0.0, "q3": 0.0})
    assert values["recall@10"] == {"q1": 1.0, "q2": 0.0, "q3": 0.0}
    assert values["recall@100"] == {"q1": 1.0, "q2": 0.0, "q3": 1.0}


def test_the_randomisation_test_tells_chance_from_difference(measures):
    same = {str(query): 0.5 for query in range(40)}
    better = dict.fromkeys(same, 0.6)
    mixed = {query: 0.5 + (0.1 if number % 2 else -0.1) for number, query in enumerate(same)}
    assert measures.randomisation_p(same, same) == 1.0
    assert measures.randomisation_p(better, same) < 0.001
    assert measures.randomisation_p(mixed, same) > 0.5
    # Of two queries, one sign in four gives a difference as large either way.
    two = measures.randomisation_p({"a": 1.0, "b": 1.0}, {"a": 0.0, "b": 0.0})
    assert two == pytest.approx(0.5, abs=0.03)


def test_several_p_values_are_corrected_after_holm(measures):
    assert measures.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
