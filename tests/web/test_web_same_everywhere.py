"""One query in every interface: what is not there is named in all of them."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tracuu import Index, Passage, Report
from tracuu.cli import main
from tracuu.search import MissingWord

TEXTS = {
    "Huyện đã báo cáo kết quả thu ngân sách sáu tháng.": "kinh-te",
    "Công tác tiếp dân của xã được duy trì đều.": "dan-van",
    "Trường học và trạm y tế xã được sửa chữa.": "van-hoa-xa-hoi",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with Index.create(tmp_path / "ix") as index:
        passages = [
            Passage("r", n, text, area=area) for n, (text, area) in enumerate(TEXTS.items(), 1)
        ]
        report = Report("r", "Báo cáo sáu tháng", issuing_body="Huyện ủy Mường Tát")
        index.add(passages, report=report, classify=False)
    return tmp_path / "ix"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), env={"LANG": "C", "LC_ALL": "C"})


def text_of(page: str) -> str:
    """The text of an HTML page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize(
    ("query", "missing", "meant"),
    [
        ("bão sáu tháng", [("bão", ())], None),
        ("thu ngân sáhc", [("sáhc", ("sách",))], "thu ngân sách"),
        ("trạm y tế xã", [], None),
    ],
)
def test_words_that_are_not_there_are_named_in_every_interface(
    place: Path,
    client: Callable[..., Any],
    query: str,
    missing: list[tuple[str, tuple[str, ...]]],
    meant: str | None,
) -> None:
    plain = [MissingWord(word, instead).to_dict() for word, instead in missing]
    with Index.open(place) as index:
        results = index.search(query)
        assert results.total
        assert [(one.word, one.replaced_by) for one in results.missing] == missing
        assert results.did_you_mean == meant
        assert index.tally(query, by="area").to_dict()["missing"] == plain

    shown = run("search", query, "--index", place)
    data = json.loads(run("search", query, "--index", place, "--json").stdout)
    assert (data["missing"], data["did_you_mean"]) == (plain, meant)
    outputs = [shown.output, run("tally", query, "--index", place).output]
    outputs.append(run("plot", "matrix", query, "--index", place).output)
    for output in outputs:
        for word, instead in missing:
            assert f"No passage holds “{word}”" in output
            assert all(f"“{other}” is searched instead" in output for other in instead)
        assert ("No passage holds" in output) == bool(missing)
    assert (f"Did you mean: {meant}" in shown.output) == (meant is not None)

    service = client(place)
    answer = service.get("/api/v1/search", params={"q": query}).json()
    assert (answer["missing"], answer["did_you_mean"]) == (plain, meant)
    assert (
        service.get("/api/v1/tally", params={"q": query, "by": "area"}).json()["missing"] == plain
    )
    for address in ("/", "/charts"):
        page = text_of(service.get(address, params={"q": query, "lang": "en"}).text)
        for word, _ in missing:
            assert f"“{word}”" in page, address


def test_words_that_are_nowhere_side_by_side_are_said_to_be_apart_in_every_interface(
    place: Path, client: Callable[..., Any], tmp_path: Path
) -> None:
    query, notice = "thu sách", "No passage has these words side by side"
    with Index.open(place) as index:
        (hit,) = results = index.search(query)
        assert (results.relaxed, hit.missing_words) == ("apart", ())
        assert index.tally(query, by="area").relaxed == "apart"
        assert index.search("thu ngân sách").relaxed is None

    (tmp_path / "queries.txt").write_text(query, encoding="utf-8")
    for command in (
        ("search", query),
        ("search", query, "--explain"),
        ("search", "--queries", tmp_path / "queries.txt"),
        ("tally", query),
        ("plot", "matrix", query),
    ):
        assert notice in run(*command, "--index", place).output, command
    assert notice not in run("search", "thu ngân sách", "--index", place).output

    service = client(place)
    for address, params in (("search", {}), ("tally", {"by": "area"})):
        answer = service.get(f"/api/v1/{address}", params={"q": query, **params}).json()
        assert answer["relaxed"] == "apart", address
    for address in ("/", "/charts", "/charts/matrix.svg"):
        page = service.get(address, params={"q": query, "lang": "en"})
        assert notice in text_of(page.text), address


@pytest.mark.parametrize("query", ['"sách ngân"', "88-BC/HU"])
def test_a_phrase_or_number_in_no_passage_is_named_in_every_interface(
    place: Path, client: Callable[..., Any], query: str
) -> None:
    plain = [MissingWord(query.strip('"')).to_dict()]
    notice = f"No passage holds “{plain[0]['word']}”"
    with Index.open(place) as index:
        results = index.search(query)
        assert [one.to_dict() for one in results.missing] == plain
        assert index.tally(query, by="area").to_dict()["missing"] == plain
    for command in (("search",), ("tally",), ("plot", "matrix")):
        assert notice in run(*command, query, "--index", place).output, command
    service = client(place)
    for address, params in (("search", {}), ("tally", {"by": "area"})):
        answer = service.get(f"/api/v1/{address}", params={"q": query, **params}).json()
        assert answer["missing"] == plain, address
    for address in ("/", "/charts"):
        page = service.get(address, params={"q": query, "lang": "en"})
        assert f"“{plain[0]['word']}”" in text_of(page.text), address


def test_what_only_filters_keep_out_is_counted_in_every_interface(
    place: Path, client: Callable[..., Any]
) -> None:
    query, within = "tiếp dân thu ngân sách", {"area": "dan-van"}
    notice = "No passage has all words of the query; these have some of them."
    with Index.open(place) as index:
        results = index.search(query, **within)  # type: ignore[arg-type]
        assert (results.total, results.relaxed) == (1, "fewer-words")
        assert results.without_filters == {"area": 1}
        assert index.search("tiếp dân y tế", **within).without_filters == {}  # type: ignore[arg-type]
    shown = run("search", query, "--area", "dan-van", "--index", place).output
    assert shown.startswith(f"{notice}\nWithout --area: 1 passage.\n\n  1. r#2")
    service = client(place)
    answer = service.get("/api/v1/search", params={"q": query, **within}).json()
    assert answer["without_filters"] == {"area": 1}
    page = service.get("/", params={"q": query, "lang": "en", **within}).text
    assert re.search("No passage holds all these words.* Without “[^”]+”: 1 passage", text_of(page))


def test_passages_with_some_of_the_words_stand_below_in_every_interface(
    place: Path, client: Callable[..., Any]
) -> None:
    query, below = "ngân sách duy trì", {"r#1", "r#2"}
    with Index.open(place) as index:
        index.add([Passage("s", 1, "Ngân sách xã được duy trì.")], report=Report("s", "Báo cáo"))
        results = index.search(query, partial=True)
        assert [hit.passage.id for hit in results] == ["s#1"]
        assert {hit.passage.id for hit in results.partial} == below
        assert index.tally(query, by="report").total == results.total == 1

    shown = run("search", query, "--index", place).output
    assert shown.index("s#1") < shown.index("These lack") < shown.index("r#2")
    assert "without: ngân sách" in shown
    data = json.loads(run("search", query, "--index", place, "--json").stdout)
    assert {hit["passage"]["id"] for hit in data["partial"]} == below
    for table in ("--csv", "--jsonl"):
        assert "r#2" not in run("search", query, "--index", place, table).stdout

    service = client(place)
    answers = [
        service.get("/api/v1/search", params={"q": query, "partial": wanted}).json()
        for wanted in ("true", "false")
    ]
    assert [{hit["passage"]["id"] for hit in answer["partial"]} for answer in answers] == [
        below,
        set(),
    ]
    assert "r#2" not in service.get("/api/v1/table", params={"q": query}).text
    page = text_of(service.get("/", params={"q": query, "lang": "en"}).text)
    assert page.index("xã được duy trì") < page.index("These lack") < page.index("duy trì đều")


def test_an_agent_is_given_passages_with_some_of_the_words(place: Path) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    from tracuu.agents.tools import Tools

    with Index.open(place) as index:
        index.add([Passage("s", 1, "Ngân sách xã được duy trì.")], report=Report("s", "Báo cáo"))
        answer = Tools(index).search("ngân sách duy trì")
        assert (answer.total, [one.id for one in answer.passages]) == (1, ["s#1"])
        lacks = {one.id: one.missing_words for one in answer.partial}
        assert lacks == {"r#1": ["duy trì"], "r#2": ["ngân sách"]}
        answer = Tools(index).search("ngân sách tiếp dân")
        assert (answer.relaxed, answer.partial) == ("fewer-words", [])


def test_an_agent_is_given_the_words_that_are_not_there(place: Path) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    from tracuu.agents.tools import Tools

    with Index.open(place) as index:
        tools = Tools(index)
        for query, missing in (
            ("bão sáu tháng", [("bão", [])]),
            ("thu ngân sáhc", [("sáhc", ["sách"])]),
        ):
            for answer in (tools.search(query), tools.tally(["area"], query)):
                assert [(one.word, one.replaced_by) for one in answer.missing] == missing
        assert tools.search("thu ngân sáhc").did_you_mean == "thu ngân sách"


@pytest.mark.parametrize(
    ("query", "taken"), [("thu ngân sách Mường Tát", True), ("trạm y tế Bát Xá", False)]
)
def test_a_name_that_only_a_letterhead_holds_is_named_in_every_interface(
    place: Path, client: Callable[..., Any], query: str, taken: bool
) -> None:
    name = "Mường Tát" if taken else "Bát Xá"
    with Index.open(place) as index:
        index.add(
            [Passage("s", 1, "Thu ngân sách cả năm đạt thấp.", area="kinh-te")],
            report=Report("s", "Báo cáo năm", issuing_body="Huyện ủy Bát Xá"),
            classify=False,
        )
        results = index.search(query)
        assert [hit.passage.report for hit in results] == ["r"]
        (word,) = results.missing
        assert (word.word, word.field, word.taken) == (name, "body", taken)
        assert index.tally(query, by="area").missing == (word,)

    body = f"huyện ủy {name.lower()}"
    shown = run("search", query, "--index", place).output
    outputs = [shown, run("tally", query, "--index", place).output]
    for output in outputs:
        assert f"No passage holds “{name}”" in output
        assert body in output
    assert (f'--body "{name}"' in shown) != taken
    assert json.loads(run("search", query, "--index", place, "--json").stdout)["missing"] == [
        word.to_dict()
    ]

    service = client(place)
    for address, params in (("search", {}), ("tally", {"by": "area"})):
        answer = service.get(f"/api/v1/{address}", params={"q": query, **params}).json()
        assert answer["missing"] == [word.to_dict()]
    for address in ("/", "/charts"):
        page = text_of(service.get(address, params={"q": query, "lang": "en"}).text)
        assert f"“{name}”" in page
        assert body in page
    offered = service.get("/", params={"q": query, "lang": "en"}).text
    assert ("Show only these reports" in offered) != taken


def test_an_agent_is_given_the_name_that_only_a_letterhead_holds(place: Path) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    from tracuu.agents.tools import Tools

    with Index.open(place) as index:
        (word,) = Tools(index).search("thu ngân sách Mường Tát").missing
        assert (word.field, word.values, word.taken) == ("body", ["huyện ủy mường tát"], True)


# --- meaning ---


def direction(text: str) -> list[float]:
    """Two topics: water, and everything about offices."""
    words = text.lower()
    return [float("trạm" in words or "ốm" in words), float("dân" in words), 0.1]


@pytest.fixture
def address() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            rows = [{"index": n, "embedding": direction(t)} for n, t in enumerate(body["input"])]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"data": rows}).encode())

        def log_message(self, *args: Any) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/v1"
    http.shutdown()
    thread.join()
    http.server_close()


class Directions:
    name = "tiny"
    dimensions = 3

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        return [direction(text) for text in texts]

    def query(self, text: str) -> list[float]:
        return direction(text)


def test_the_command_line_finds_by_meaning(place: Path, address: str) -> None:
    named = ("--index", place, "--embedder", address, "--model", "tiny")
    before = run("search", "ốm", *named)
    assert "Ranked by words alone" in before.output
    assert "tracuu embed" in before.output
    assert run("embed", *named).exit_code == 0
    found = run("search", "ốm", *named)
    assert found.exit_code == 0
    assert "nearest in meaning" in found.output
    assert "trạm y tế" in found.output.split("r#3")[-1] or "trạm y tế" in found.output
    data = json.loads(run("search", "ốm", *named, "--json").stdout)
    assert (data["meaning"], data["hits"][0]["passage"]["position"]) == ("retrieved", 3)
    assert json.loads(run("search", "ốm", "--index", place, "--json").stdout)["total"] == 0
    gone = run(
        "search", "xã", "--index", place, "--embedder", "http://127.0.0.1:9/v1", "--model", "tiny"
    )
    assert gone.exit_code == 0
    assert "Ranked by words alone" in gone.output


def test_the_service_and_its_page_find_by_meaning(place: Path, client: Callable[..., Any]) -> None:
    with Index.open(place, embedder=Directions()) as index:
        assert list(index.embed())[-1].done == len(TEXTS)
    service = client(place, embedder=Directions())
    words = service.get("/api/v1/search", params={"q": "ốm"}).json()
    assert (words["total"], words["meaning"]) == (0, None)
    answer = service.get("/api/v1/search", params={"q": "ốm", "meaning": True}).json()
    assert (answer["meaning"], answer["hits"][0]["passage"]["position"]) == ("retrieved", 3)
    page = service.get("/", params={"q": "ốm", "meaning": "1", "lang": "en"}).text
    assert 'name="meaning"' in page
    assert "trạm y tế" in text_of(page)
    assert 'name="meaning"' not in client(place).get("/", params={"q": "xã"}).text
