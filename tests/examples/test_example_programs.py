from __future__ import annotations

import ast
import asyncio
import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest


def test_the_script_indexes_and_finds_shortcomings(program, samples, tmp_path):
    done = program(
        "script.py", str(samples), "giải ngân vốn", "--index", "own.idx", "--area", "do-thi"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("shortcomings: 1\n")
    assert "Giải ngân nguồn vốn sự nghiệp" in done.stdout
    again = program(
        "script.py", str(samples), "giải ngân vốn", "--index", "own.idx", "--area", "do-thi"
    )
    assert again.stdout == done.stdout


def test_the_script_tells_what_cannot_be_done(program, samples):
    done = program("script.py", str(samples), "vốn", "--area", "khong-co")
    assert done.returncode == 1
    assert "no leadership area is called 'khong-co'" in done.stderr


def test_a_whoosh_index_of_an_application_s_own(program):
    for query, expected in (
        ("y te", "tram-y-te"),
        ("hòa giải", "hoa-giai"),
        ("15-KH/UBND", "tram-y-te"),
    ):
        done = program("whoosh_application.py", "notes.idx", query)
        assert done.returncode == 0, done.stderr
        assert done.stdout.partition(":")[0] == expected
        assert "<b class" in done.stdout or query == "y te"
    both = program("whoosh_application.py", "notes.idx", "kế hoạch").stdout
    assert both.count("\n") == 2


@pytest.fixture
def flask_client(module, demo):
    pytest.importorskip("flask", reason="flask is not installed")
    app = module("flask_app").create_app(demo)
    yield app.test_client()
    app.extensions["tracuu"].close()


def test_flask_gives_data(flask_client):
    found = flask_client.get(
        "/api/search", query_string={"q": "giải ngân vốn", "area": "do thi"}
    ).get_json()
    assert found["total"] > 0
    assert {hit["passage"]["area"] for hit in found["hits"]} == {"do-thi"}
    first = found["hits"][0]["passage"]["id"]
    around = flask_client.get(f"/api/passages/{first.replace('#', '%23')}").get_json()
    assert first in [passage["id"] for passage in around]


def test_flask_gives_a_page_in_which_markup_stays_text(flask_client):
    page = flask_client.get("/", query_string={"q": '"giải ngân" <b>'}).get_data(as_text=True)
    assert "<mark>" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert 'value="&#34;giải ngân&#34; &lt;b&gt;"' in page


def test_flask_maps_errors(flask_client):
    wrong = flask_client.get("/api/search", query_string={"q": "aera:x"})
    assert (wrong.status_code, "did you mean area:" in wrong.get_json()["error"]) == (400, True)
    assert flask_client.get("/api/passages/nichts%231").status_code == 404
    page = flask_client.get("/", query_string={"q": "<b> aera:x"})
    assert page.status_code == 400
    assert "<b>" not in page.get_data(as_text=True).split("</form>")[1]
    assert flask_client.get("/nirgends").get_json()["error"]


def test_one_index_serves_many_threads_of_flask(flask_client):
    client = flask_client.application.test_client

    def ask(number):
        query = ("giải ngân vốn", "dân quân tự vệ", "cải cách hành chính")[number % 3]
        return query, client().get("/api/search", query_string={"q": query}).get_json()["total"]

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(ask, range(60)))
    assert len(answers) == 3
    assert all(total for _, total in answers)


def test_fastapi_has_the_service_mounted_beside_answers_of_its_own(module, demo):
    pytest.importorskip("fastapi", reason="the extra web is not installed")
    from starlette.testclient import TestClient

    with TestClient(module("fastapi_app").make_app(demo)) as client:
        found = client.get(
            "/reports/api/v1/search", params={"q": "giải ngân vốn", "area": "do-thi"}
        )
        assert found.status_code == 200
        assert {hit["passage"]["area"] for hit in found.json()["hits"]} == {"do-thi"}
        page = client.get("/reports/", params={"q": "giải ngân"})
        assert page.status_code == 200
        links = [
            link
            for link in re.findall(r'(?:href|src|action)="([^"]+)"', page.text)
            if link.startswith("/")
        ]
        assert links
        assert all(link.startswith("/reports") for link in links), links
        for link in {link.partition("#")[0].replace("&amp;", "&") for link in links}:
            assert client.get(link).status_code == 200, link
        own = client.get("/staff/reports", params={"q": "giải ngân vốn", "area": "do thi"})
        assert [one["id"] for one in own.json()] == ["bao-cao-chinh-tri-huyen-uy-2020-2025#15"]
        refused = client.get("/staff/reports", params={"q": "aera:x"})
        assert refused.status_code == 400
        assert "did you mean area:" in refused.json()["detail"]


def test_langchain_gets_documents_now_and_asynchronously(module, demo):
    pytest.importorskip("langchain_core", reason="langchain-core is not installed")
    from tracuu import Index

    kind = module("langchain_retriever").TracuuRetriever
    with Index.open(demo) as index:
        retriever = kind(index=index, k=3, assessment="shortcoming")
        documents = retriever.invoke(
            "giải ngân vốn chậm: vì sao? (aera:x)"
        )  # signs that would be refused in a query
        assert 0 < len(documents) <= 3
        for document in documents:
            assert document.page_content == index.passage(document.id).text
            assert document.metadata["assessment"] == "shortcoming"
            assert document.metadata["report_title"]
            json.dumps(document.metadata)

        async def several():
            return await asyncio.gather(
                *(retriever.ainvoke("giải ngân vốn chậm: vì sao? (aera:x)") for _ in range(5))
            )

        assert asyncio.run(several()) == [documents] * 5
        wide = kind(index=index, k=1, neighbours=1).invoke("dân quân tự vệ")
        assert len(wide) == 1
        assert len(wide[0].page_content) > len(index.passage(wide[0].id).text)


def test_langchain_as_a_program(program, demo):
    pytest.importorskip("langchain_core", reason="langchain-core is not installed")
    done = program("langchain_retriever.py", demo, "giải ngân vốn đầu tư")
    assert done.returncode == 0, done.stderr
    assert "giải ngân vốn đầu tư công đạt" in done.stdout


def test_an_agent_s_program_finds_and_reads(program, demo):
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    done = program("agent_client.py", demo, "giải ngân vốn đầu tư")
    assert done.returncode == 0, done.stderr
    assert "tools: search, read_passage, similar, tally, compare_reports, list_areas" in done.stdout
    assert "bao-cao-chinh-tri-huyen-uy-2020-2025#15 | " in done.stdout
    assert (
        "\n\nmarkup#1\nGiải ngân vốn <script>" in done.stdout
    )  # the best passage, read as it stands


def cells(examples):
    notebook = json.loads((examples / "notebook.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def shown(cell, space):
    """What a notebook shows under a cell: the value of its last expression."""
    tree = ast.parse("".join(cell["source"]))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), space)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), space) if last else None


def test_the_notebook_runs_from_top_to_bottom_and_shows_tables(examples):
    space = {"__name__": "__main__"}
    values = [shown(cell, space) for cell in cells(examples)]
    assert values[0] == 3
    tables = [value._repr_html_() for value in values if hasattr(value, "_repr_html_")]
    assert len(tables) == 3
    assert "3 reports" in tables[0]
    assert "<mark>" in tables[1]
    assert "▶" in tables[2]
    label, good, bad = next(row for value in values if isinstance(value, list) for row in value)
    assert label == "Quản lý đô thị, xây dựng cơ bản"
    assert good > 0
    assert bad > 0


def test_the_notebook_is_kept_without_outputs(examples):
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(examples)
    )


DJANGO = """
import importlib.util, json, os, sys
sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings.settings"
import django
django.setup()
from django.test import Client
import corpus, indexer, search, tracuu.corpus, tracuu.indexer, tracuu.search
client = Client()
out = {
    "own": client.get("/search/").content.decode(),
    "page": client.get("/reports/", {"q": "giải ngân <b>"}).content.decode(),
    "data": client.get("/reports/", {"q": "giải ngân", "area": "do-thi", "format": "json"}).json(),
    "wrong": client.get("/reports/", {"q": "aera:x"}).status_code,
    "files": [module.__file__ for module in (search, corpus, indexer, tracuu.search, tracuu.corpus, tracuu.indexer)],
}
print(json.dumps(out))
"""


@pytest.fixture
def site(examples, tmp_path):
    """The Django project, copied, so that nothing is written into the repository."""
    pytest.importorskip("django", reason="django is not installed")
    return Path(shutil.copytree(examples / "django_site", tmp_path / "site"))


def test_django_beside_apps_of_the_same_names(program, site, samples, tmp_path):
    place = {"SITE_INDEX": str(tmp_path / "reports.idx"), "SITE_FOLDERS": str(samples)}
    manage = str(site / "manage.py")
    assert program(manage, "check", cwd=site, **place).returncode == 0
    first = program(manage, "update_reports", cwd=site, **place)
    assert (first.returncode, first.stdout) == (0, "3 added\n"), first.stderr
    assert program(manage, "update_reports", cwd=site, **place).stdout == "3 unchanged\n"
    (tmp_path / "ask.py").write_text(DJANGO, encoding="utf-8")
    asked = program(str(tmp_path / "ask.py"), cwd=site, **place)
    assert asked.returncode == 0, asked.stderr
    out = json.loads(asked.stdout)
    assert out["own"] == "the site's own search"
    assert "đoạn" in out["page"]
    assert 'value="giải ngân &lt;b&gt;"' in out["page"]
    assert out["data"]["total"] > 0
    assert out["wrong"] == 400
    assert [str(site) in name for name in out["files"]] == [True, True, True, False, False, False]


def test_django_tells_why_an_update_failed(program, site, tmp_path):
    (tmp_path / "no-index").mkdir()
    (tmp_path / "no-index" / "something").write_text("x")
    done = program(
        str(site / "manage.py"),
        "update_reports",
        cwd=site,
        SITE_INDEX=str(tmp_path / "no-index"),
        SITE_FOLDERS=".",
    )
    assert done.returncode == 1
    assert "CommandError" in done.stderr
    assert "no-index" in done.stderr


def test_every_example_is_told_of_and_every_one_told_of_is_there(examples):
    told = (examples / "README.md").read_text(encoding="utf-8")
    there = {
        path.name for path in examples.iterdir() if path.name not in ("README.md", "__pycache__")
    }
    assert {name for name in there if f"[{name}" in told} == there
