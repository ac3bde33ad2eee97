from __future__ import annotations

import json

import pytest

from tracuu.engines import engine_class
from tracuu.errors import MissingExtra


@pytest.fixture
def engine():
    try:
        engine_class("tantivy")
    except MissingExtra as error:
        pytest.skip(str(error))
    return "tantivy"


def test_a_copy_is_made_and_searched(run, tmp_path, engine):
    place, other = str(tmp_path / "one"), str(tmp_path / "two")
    assert run("index", "--samples", "--quiet", "--index", place).exit_code == 0
    done = run("copy", place, "--to", other, "--engine", engine, "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["engine"], told["reports"]) == (engine, 3)
    assert "all are equal" in done.stderr
    query = ("search", "giải ngân vốn đầu tư", "--json")
    first, second = (json.loads(run(*query, "--index", one).stdout) for one in (place, other))
    assert first == second
    again = run("copy", "--index", place, "--to", other)
    assert again.exit_code == 1
    assert "there is an index here already" in again.stderr
    assert (
        run("copy", "--index", str(tmp_path / "no"), "--to", str(tmp_path / "three")).exit_code == 1
    )
    assert not (tmp_path / "three").exists()
