"""docs/http.md says what the service does."""

from __future__ import annotations

import importlib.util
import re

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

from tracuu.web import Settings, problems


@pytest.fixture(scope="module")
def routes(root):
    spec = importlib.util.spec_from_file_location("http_routes", root / "docs" / "http_routes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "http.md").read_text(encoding="utf-8")


def test_the_table_of_routes_is_that_of_the_description(routes, page):
    shown = page.partition(routes.BEGIN)[2].partition(routes.END)[0]
    assert shown == routes.table(routes.description())  # python docs/http_routes.py renews it


def test_every_problem_is_told_of(page):
    section = page.partition("## Errors")[2].partition("\n## ")[0]
    assert {name for name in problems.TITLES if f"`{name}`" not in section} == set()


def test_limits_and_options_are_as_told(page, root):
    command = (root / "cli" / "serve.py").read_text(encoding="utf-8")
    for option in re.findall(r"`(--[a-z-]+)", page):
        assert f'"{option}"' in command or option in ("--examples", "--write"), option
    section = page.partition("## Limits")[2].partition("\n## ")[0]
    default = Settings()
    for value in (
        default.query_length,
        default.page_size,
        default.offset,
        default.threads,
        default.backlog,
    ):
        assert f"| {value:,} |" in section
    assert f"| {default.upload_bytes >> 20} MB |" in section
    assert f"| {default.timeout:g} s |" in section


def test_every_metric_is_told_of(client, samples, page):
    made = client(samples)
    made.get("/healthz")
    names = set(re.findall(r"^# TYPE (\S+)", made.get("/metrics").text, re.MULTILINE))
    assert {
        name for name in names if not name.endswith("_created") and f"`{name}`" not in page
    } == set()
