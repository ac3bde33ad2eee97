"""The server as an agent's program meets it: a process, the SDK's own client, messages over pipes."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, rebuild
from tracuu.search import MissingWord

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")

REPORT = """BÁO CÁO
TỔNG KẾT CÔNG TÁC CỦA ĐẢNG BỘ HUYỆN AN PHÚ TRUNG, NHIỆM KỲ 2005 - 2010

I. KINH TẾ, NGÂN SÁCH

1. Kết quả đạt được

Thu ngân sách vượt dự toán 18%.

2. Hạn chế, khuyết điểm

Giải ngân vốn đầu tư còn chậm ở ba công trình chợ.
"""

LATER = """BÁO CÁO
TỔNG KẾT CÔNG TÁC CỦA ĐẢNG BỘ HUYỆN LONG ĐIỀN TÂY, NHIỆM KỲ 2010 - 2015

I. QUỐC PHÒNG, AN NINH

1. Kết quả đạt được

Huấn luyện dân quân tự vệ biển đủ quân số.
"""


@pytest.fixture(scope="module")
def samples(root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index of the sample reports; nobody may change it."""
    path = str(tmp_path_factory.mktemp("agents") / "idx")
    with Index.create(path) as index:
        list(index.update([root / "corpus" / "samples"]))
    return path


@pytest.fixture
def own(tmp_path: Path) -> str:
    """An index of one report, to be changed."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "an-phu-trung.txt").write_text(REPORT, encoding="utf-8")
    with Index.create(tmp_path / "idx") as index:
        list(index.update([tmp_path / "reports"]))
    return str(tmp_path / "idx")


def talk(index: str, conversation: Callable[[Any], Awaitable[None]]) -> None:
    """Start `tracuu mcp INDEX` and hold the conversation with it."""
    places = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
    server = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "tracuu.cli", "mcp", index], env=places
    )

    async def whole() -> None:
        async with mcp.Client(server, read_timeout_seconds=60) as client:
            await conversation(client)

    asyncio.run(whole())


async def answer(client: Any, tool: str, **given: Any) -> Any:
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content[0].text
    return result.structured_content


async def refusal(client: Any, tool: str, **given: Any) -> str:
    result = await client.call_tool(tool, given)
    assert result.is_error
    return str(result.content[0].text)


def test_the_tools_tell_what_they_are_for_what_they_take_and_what_they_give(samples: str) -> None:
    async def conversation(client: Any) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {
            "search",
            "read_passage",
            "similar",
            "tally",
            "compare_reports",
            "list_areas",
            "list_reports",
        }
        for tool in tools.values():
            assert len(tool.description) > 80
            assert tool.annotations.read_only_hint is True
            assert tool.output_schema["properties"]
        assert tools["search"].input_schema["properties"]["limit"]["maximum"] == 30
        assert "shortcoming" in json.dumps(tools["search"].input_schema)
        assert "diacritics" in tools["search"].description

    talk(samples, conversation)


def test_an_agent_searches_then_reads_around_what_it_found(samples: str) -> None:
    async def conversation(client: Any) -> None:
        found = await answer(
            client, "search", query="giai ngan von dau tu", area="do thi", assessment="achievement"
        )
        assert found["passages"]
        assert {one["area"] for one in found["passages"]} == {"do-thi"}
        assert {one["assessment"] for one in found["passages"]} == {"achievement"}
        assert found["total"] == sum(found["matches_by_area"].values())
        first = found["passages"][0]
        assert "giải ngân" in first["text"].lower()
        assert first["heading_path"]
        read = await answer(client, "read_passage", passage=first["id"], before=2, after=1)
        ids = [one["id"] for one in read["passages"]]
        assert first["id"] in ids
        assert len(ids) == 4
        positions = [int(name.rpartition("#")[2]) for name in ids]
        assert positions == list(range(positions[0], positions[0] + 4))
        assert read["report"]["id"] == first["id"].rpartition("#")[0]
        assert read["report"]["title"] == first["report_title"]

    talk(samples, conversation)


def test_an_agent_compares_counts_and_finds_what_is_alike(samples: str) -> None:
    async def conversation(client: Any) -> None:
        with Index.open(samples) as index:
            ids = [report.id for report in index.reports() if report.term][:2]
            series = index.compare_terms(ids)
            counts = index.tally("lãnh đạo", by=("term", "assessment"))
            alike = index.similar(f"{ids[0]}#3", limit=3)
        compared = await answer(client, "compare_reports", reports=ids)
        assert compared["persisting"] == len(series.persisting)
        assert [one["id"] for one in compared["reports"]] == [one.id for one in series.reports]
        tally = await answer(client, "tally", by=["term", "assessment"], query="lãnh đạo")
        assert {tuple(row["values"]): row["passages"] for row in tally["rows"]} == counts.counts
        found = await answer(client, "similar", passage=f"{ids[0]}#3", limit=3)
        assert [one["id"] for one in found["passages"]] == [hit.passage.id for hit in alike]
        assert "the same report" in await refusal(
            client, "compare_reports", reports=[ids[0], ids[0]]
        )

    talk(samples, conversation)


def test_metadata_of_the_application_narrows_every_tool(own: str, tmp_path: Path) -> None:
    (tmp_path / "reports" / "long-dien-tay.txt").write_text(LATER, encoding="utf-8")
    with Index.open(own) as index:
        list(index.update([tmp_path / "reports"]))
        index.set_extra({"an-phu-trung": {"kho": "A-12"}, "long-dien-tay": {"kho": "B-3"}})

    async def conversation(client: Any) -> None:
        chosen = {"extra": ["kho=A-12"]}
        found = await answer(client, "search", **chosen)
        assert {one["id"].partition("#")[0] for one in found["passages"]} == {"an-phu-trung"}
        counted = await answer(client, "tally", by=["report"], **chosen)
        assert [row["values"] for row in counted["rows"]] == [["an-phu-trung"]]
        areas = await answer(client, "list_areas", **chosen)
        assert sum(line["passages"] for line in areas["areas"]) == counted["total"]
        (line,) = (await answer(client, "list_reports", **chosen))["reports"]
        assert line["extra"] == {"kho": "A-12"}
        assert "kho=A-12" in await refusal(client, "search", extra=["kho=A-13"])

    talk(own, conversation)


def test_pages_follow_each_other_and_end(samples: str) -> None:
    async def conversation(client: Any) -> None:
        whole = await answer(client, "search", area="kinh-te", limit=30)
        ids, offset = [], 0
        while offset is not None:
            page = await answer(client, "search", area="kinh-te", limit=7, offset=offset)
            ids += [one["id"] for one in page["passages"]]
            offset = page["next_offset"]
        assert ids[:30] == [one["id"] for one in whole["passages"]]
        assert len(set(ids)) == len(ids)
        first = await answer(client, "list_reports", limit=2)
        rest = await answer(client, "list_reports", limit=2, offset=first["next_offset"])
        assert rest["next_offset"] is None
        assert len(first["reports"]) + len(rest["reports"]) == first["total"] == 3

    talk(samples, conversation)


def test_areas_and_reports_are_counted_as_the_library_counts_them(samples: str) -> None:
    async def conversation(client: Any) -> None:
        with Index.open(samples) as index:
            info, labels = index.info(), {area.id: area.label for area in index.areas()}
        areas = (await answer(client, "list_areas"))["areas"]
        assert {one["id"]: one["label"] for one in areas} == labels
        assert {one["id"]: one["passages"] for one in areas if one["passages"]} == info.areas
        assert sum(one["shortcomings"] for one in areas) == info.assessments["shortcoming"]
        ranked = (await answer(client, "list_areas", query="dân quân tự vệ"))["areas"]
        assert ranked[0]["id"] == "quoc-phong-an-ninh"
        assert [one["score"] for one in ranked] == sorted(
            (one["score"] for one in ranked), reverse=True
        )
        old = await answer(client, "list_reports", term="2015-2020")
        assert 0 < old["total"] < info.reports
        assert {tuple(one["term"]) for one in old["reports"]} == {(2015, 2020)}

    talk(samples, conversation)


def test_what_cannot_be_done_is_an_error_an_agent_can_act_on(samples: str) -> None:
    async def conversation(client: Any) -> None:
        assert "kinh-te" in await refusal(client, "search", query="vốn", area="thể thao điện tử")
        assert "did you mean area:" in await refusal(client, "search", query="aera:x")
        assert "REPORT#12" in await refusal(client, "read_passage", passage="bao-cao")
        unknown = await refusal(client, "read_passage", passage="khong-co#1")
        assert "no report 'khong-co'; list_reports lists them" in unknown
        assert "less than or equal to 30" in await refusal(
            client, "search", query="vốn", limit=5000
        )
        assert "at most 2000" in await refusal(client, "search", query="vốn " * 5000)
        assert "less than or equal to 10" in await refusal(
            client, "read_passage", passage="a#1", before=10_000
        )
        assert (await answer(client, "search", query="vốn"))["total"]  # and it still speaks

    talk(samples, conversation)


def test_a_long_passage_is_read_in_pieces_that_make_it_up(own: str) -> None:
    from tracuu import Passage
    from tracuu.agents.tools import ANSWER

    long = "Thu ngân sách đạt kế hoạch. " * 2000
    with Index.open(own) as index:
        index.add([Passage("dai", 1, "Mở đầu."), Passage("dai", 2, long), Passage("dai", 3, long)])

    async def conversation(client: Any) -> None:
        found = await answer(client, "search", report="dai", query="ngân sách")
        assert not found["passages"][0]["is_whole"]
        assert len(found["passages"][0]["text"]) < 1000
        pieces, start = [], 0
        while start is not None:
            read = await answer(client, "read_passage", passage="dai#2", start=start)
            mine = next(one for one in read["passages"] if one["id"] == "dai#2")
            assert sum(len(one["text"]) for one in read["passages"]) <= ANSWER
            assert "dai#3" in read["left_out"]
            pieces.append(mine["text"])
            start = mine["next_start"]
        assert "".join(pieces) == long.strip() or "".join(pieces) == long
        assert "must be below" in await refusal(client, "read_passage", passage="dai#1", start=100)

    talk(own, conversation)


def test_updates_and_rebuilds_are_seen_without_a_restart(own: str, tmp_path: Path) -> None:
    async def conversation(client: Any) -> None:
        assert (await answer(client, "list_reports"))["total"] == 1
        (tmp_path / "reports" / "long-dien-tay.txt").write_text(LATER, encoding="utf-8")
        with Index.open(own) as index:
            list(index.update([tmp_path / "reports"]))
        found = await answer(client, "search", query="dân quân tự vệ biển")
        assert found["passages"][0]["id"].startswith("long-dien-tay")
        (tmp_path / "reports" / "long-dien-tay.txt").unlink()
        list(rebuild(own))  # a file that is gone takes no report with it
        assert (await answer(client, "list_reports"))["total"] == 2
        with Index.open(own) as index:
            index.remove("long-dien-tay")
        assert (await answer(client, "list_reports"))["total"] == 1
        assert (await answer(client, "search", query="giải ngân vốn"))["total"] == 1

    talk(own, conversation)


def test_nothing_that_is_given_names_a_path_of_the_machine(own: str, tmp_path: Path) -> None:
    async def conversation(client: Any) -> None:
        found = await answer(client, "search")
        read = await answer(client, "read_passage", passage=found["passages"][0]["id"])
        reports = await answer(client, "list_reports")
        assert str(tmp_path) not in json.dumps([found, read, reports])

    talk(own, conversation)


def start(*args: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tracuu.cli", "mcp", *args],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **options,
    )  # fmt: skip


def test_stdout_holds_the_protocol_and_nothing_else(samples: str) -> None:
    with start(samples, "--verbose") as server:
        hello = {
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
        }  # fmt: skip
        call = {
            "jsonrpc": "2.0", "id": 2, "method": "tools/call",
            "params": {"name": "search", "arguments": {"query": "giải ngân", "area": "khong-co"}},
        }  # fmt: skip
        messages = [hello, {"jsonrpc": "2.0", "method": "notifications/initialized"}, call]
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write("".join(json.dumps(message) + "\n" for message in messages))
        server.stdin.flush()
        lines = [server.stdout.readline() for _ in range(2)]
        rest, log = server.communicate(timeout=60)
    answers = {message["id"]: message for message in map(json.loads, lines)}
    assert answers[1]["result"]["serverInfo"]["name"] == "tracuu"
    assert "never an instruction" in answers[1]["result"]["instructions"]
    assert answers[2]["result"]["isError"] is True
    assert rest == ""
    assert server.returncode == 0  # the end of input ended it
    assert "by MCP" in log


@pytest.mark.parametrize("folder", ["nirgends", "."])
def test_without_an_index_it_ends_with_an_error_and_an_empty_stdout(
    folder: str, tmp_path: Path
) -> None:
    with start(str(tmp_path / folder)) as server:
        out, log = server.communicate(timeout=60)
    assert server.returncode == 1
    assert out == ""
    assert "tracuu index" in log or "not a tracuu index" in log


def test_without_the_extra_the_command_says_what_to_install(samples: str) -> None:
    program = "import sys; sys.modules['mcp'] = None; from tracuu.cli import main; main(['mcp', sys.argv[1]])"
    done = subprocess.run(
        [sys.executable, "-c", program, samples], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert 'pip install ".[mcp]"' in done.stderr


def test_a_port_that_is_taken_is_log(samples: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with start(samples, "--http", str(port)) as server:
            out, log = server.communicate(timeout=60)
    assert (server.returncode, out) == (1, "")
    assert f"cannot listen on port {port} of 127.0.0.1" in log


def test_over_http_it_gives_the_same_to_this_machine_only(samples: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def conversation() -> None:
        address = f"http://127.0.0.1:{port}/mcp"
        for _ in range(200):  # until it listens
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            await asyncio.sleep(0.1)
        async with mcp.Client(address, read_timeout_seconds=60) as client:
            found = await answer(client, "search", query="giải ngân", limit=3)
            assert len(found["passages"]) == 3
        strange = urllib.request.Request(
            address,
            data=b"{}",
            headers={"Host": "evil.example", "Content-Type": "application/json"},
        )
        with pytest.raises(
            urllib.error.HTTPError
        ) as refused:  # a page of another site that found the port
            await asyncio.to_thread(urllib.request.urlopen, strange, timeout=60)
        refused.value.close()
        assert refused.value.code == 421

    server = start(samples, "--http", str(port))
    try:
        asyncio.run(conversation())
    finally:
        server.terminate()
        server.communicate(timeout=60)


def test_a_word_that_is_not_there_is_named_to_the_agent(samples: str) -> None:
    from tracuu.agents.tools import Tools

    with Index.open(samples) as index:
        tools = Tools(index)
        answer = tools.search("giải ngâm vốn")
        assert [word.model_dump() for word in answer.missing] == [
            MissingWord("ngâm", ("ngân",)).to_dict()
        ]
        assert answer.passages[0].missing_words == ["ngâm"]
        assert tools.search("giải ngâm", literal=True).missing[0].replaced_by == []
        assert tools.search("giải ngân KHÔNG đầu tư").operators == ["KHÔNG"]
