"""Searching by meaning, with a tiny embedder of the tests' own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, Passage
from tracuu.errors import EmbedderFailed, OptionError
from tracuu.search.embedder import HttpEmbedder
from tracuu.search.vectors import PassageVector

TOPICS = (
    ("lũ", "ngập", "mưa", "đê", "thiên tai"),
    ("rừng", "cây", "gỗ", "lâm"),
    ("lớp", "học", "trường", "giáo viên"),
)
TEXTS = [
    "Mưa lớn làm vỡ đê bao ở thôn Hạ.",
    "Đê thôn Hạ đã sơn lại lan can, cây xanh và gỗ lát lối đi, rừng bần giữ nguyên.",
    "Trồng 3 ha rừng gỗ lớn.",
    "Mở thêm hai lớp học ở trường xã.",
]


class Topics:
    """Counts words of a few topics: an embedder whose meaning can be read."""

    name = "topics"
    dimensions = len(TOPICS) + 1

    def __init__(self) -> None:
        self.texts: list[str] = []

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts += texts
        return [self.query(text) for text in texts]

    def query(self, text: str) -> list[float]:
        words = text.lower()
        return [*(float(sum(words.count(word) for word in topic)) for topic in TOPICS), 0.1]


class Broken(Topics):
    def query(self, text: str) -> list[float]:
        raise RuntimeError("out of memory")


def _open(path: str | Path, embedder: Any) -> Index:
    return Index.open(path, embedder=embedder)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Index.create(tmp_path / "ix") as index:
        index.add(
            [Passage("a", number, text) for number, text in enumerate(TEXTS, 1)], classify=False
        )
    return tmp_path / "ix"


@pytest.fixture
def index(path: Path) -> Iterator[Index]:
    with _open(path, Topics()) as index:
        assert list(index.embed())[-1].done == len(TEXTS)
        yield index


def found(results: Any) -> list[int]:
    return [hit.passage.position for hit in results]


def test_the_best_by_words_are_ranked_by_meaning_too(index: Index) -> None:
    by_words = index.search("thôn Hạ đê", limit=2)
    results = index.search("thôn Hạ đê", limit=2, meaning=True)
    assert sorted(found(by_words)) == [1, 2]
    assert found(results) == [1, 2]
    assert results.meaning == "rescored"
    assert [hit.rank for hit in results] == [1, 2]
    assert 1 >= results[0].score > results[1].score


def test_pages_follow_one_ranking(index: Index) -> None:
    whole = found(index.search("đê thôn Hạ rừng", meaning=True))
    assert [found(index.search("đê thôn Hạ rừng", meaning=True, limit=1, offset=at))[0]
            for at in range(len(whole))] == whole  # fmt: skip


def test_where_words_find_nothing_meaning_does_and_says_so(index: Index) -> None:
    assert index.search("giáo viên").total == 0
    results = index.search("giáo viên", meaning=True)
    assert results.meaning == "retrieved"
    assert found(results)[0] == 4
    assert results.total == len(TEXTS)
    assert results.to_dict()["meaning"] == "retrieved"


@pytest.mark.parametrize("query", ["+giáo viên", '"giáo viên"', "giáo AND viên"])
def test_a_word_that_must_be_held_is_not_replaced_by_meaning(index: Index, query: str) -> None:
    assert index.search(query, meaning=True).total == 0


def test_filters_hold_for_what_meaning_finds(index: Index) -> None:
    index.add([Passage("b", 1, "Sân trường có cây.", area="do-thi")], classify=False)
    list(index.embed())
    assert [hit.passage.id for hit in index.search("giáo viên", area="do-thi", meaning=True)] == [
        "b#1"
    ]
    assert [hit.passage.id for hit in index.search("giáo viên báo-cáo:b", meaning=True)] == ["b#1"]


def test_without_the_wish_nothing_is_embedded(path: Path) -> None:
    with _open(path, Broken()) as index:
        assert index.search("rừng").meaning is None
    with Index.open(path) as index, pytest.raises(OptionError, match="no embedder"):
        index.search("rừng", meaning=True)
    assert not (path / "vectors.sqlite").exists()


def test_any_failure_leaves_the_results_of_words(index: Index, path: Path) -> None:
    words = found(index.search("rừng"))
    with _open(path, Broken()) as broken:
        results = broken.search("rừng", meaning=True)
        assert found(results) == words
        assert results.meaning == "failed"
        assert "out of memory" in results.meaning_problem
    other = Topics()
    other.name = "other"
    with _open(path, other) as renamed:
        results = renamed.search("rừng", meaning=True)
        assert (found(results), results.meaning) == (words, "failed")
        assert "not of other" in results.meaning_problem
    (path / "vectors.sqlite").write_bytes(b"no database at all, however long this may be")
    results = index.search("rừng", meaning=True)
    assert (found(results), results.meaning) == (words, "failed")


def test_an_index_without_vectors_says_how_to_make_them(path: Path) -> None:
    with _open(path, Topics()) as index:
        results = index.search("rừng", meaning=True)
    assert results.meaning == "failed"
    assert "tracuu embed" in results.meaning_problem


def test_only_new_and_changed_passages_are_embedded(index: Index, path: Path) -> None:
    embedder = Topics()
    with _open(path, embedder) as again:
        assert [step.made for step in again.embed()] == [0]
        again.add([Passage("a", 2, "Đê đã sửa."), Passage("c", 1, "Mưa nhỏ.")], classify=False)
        assert list(again.embed())[-1].made == 2
        assert sorted(embedder.texts) == ["Mưa nhỏ.", "Đê đã sửa."]
        again.remove("c")
        last = list(again.embed())[-1]
        assert (last.done, last.total, last.made) == (4, 4, 0)
    other = Topics()
    other.name = "other"
    with _open(path, other) as renamed:
        assert list(renamed.embed())[-1].made == 4


def test_an_embedder_that_gives_nonsense_is_refused(path: Path) -> None:
    class Short(Topics):
        def passages(self, texts: Sequence[str]) -> list[list[float]]:
            return [[1.0, 2.0] for _ in texts]

    with _open(path, Short()) as index, pytest.raises(EmbedderFailed, match="its vectors have 4"):
        list(index.embed())


def test_int8_vectors_keep_the_angle() -> None:
    vector = PassageVector.of([3.0, -4.0, 0.5, 0.0])
    length = (9 + 16 + 0.25) ** 0.5
    assert vector.cosine([3 / length, -4 / length, 0.5 / length, 0.0]) == pytest.approx(1, abs=0.01)


@pytest.fixture
def server() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
            if body["model"] == "missing":
                self.send_error(404, "no such model")
                return
            rows = [
                {"index": number, "embedding": Topics().query(text)}
                for number, text in enumerate(body["input"])
            ]
            answer = json.dumps({"data": rows[::-1]}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/v1", asked
    http.shutdown()
    thread.join()
    http.server_close()


def test_an_embedder_behind_an_address(
    path: Path, server: tuple[str, list[dict[str, Any]]]
) -> None:
    address, asked = server
    embedder = HttpEmbedder(address, "tiny-e5", key="secret")
    with _open(path, embedder) as index:
        list(index.embed())
        assert found(index.search("giáo viên", meaning=True))[0] == 4
    assert {one["path"] for one in asked} == {"/v1/embeddings"}
    assert {one["key"] for one in asked} == {"Bearer secret"}
    assert f"passage: {TEXTS[0]}" in [text for one in asked for text in one["input"]]
    assert asked[-1]["input"] == ["query: giáo viên"]


def test_an_address_that_fails_is_named(server: tuple[str, list[dict[str, Any]]]) -> None:
    with pytest.raises(EmbedderFailed, match="answered 404"):
        HttpEmbedder(server[0], "missing").query("a")
    with pytest.raises(EmbedderFailed, match=r"127\.0\.0\.1:9/"):
        HttpEmbedder("http://127.0.0.1:9/v1", "m", timeout=2).query("a")
    with pytest.raises(OptionError, match="is not the address"):
        HttpEmbedder("localhost:11434", "m")


def test_vectors_of_another_length_are_a_failure_that_is_said(index: Index, path: Path) -> None:
    class Shorter(Topics):
        def query(self, text: str) -> list[float]:
            return [1.0, 2.0]

    with _open(path, Shorter()) as other:
        for query, total in (("rừng", 2), ("thuỷ lợi", 0)):
            results = other.search(query, meaning=True)
            assert (results.meaning, results.total) == ("failed", total)
            assert results.meaning_problem.startswith(
                f"the embedder returned 2 numbers, the index has vectors of {Topics.dimensions}"
            )
