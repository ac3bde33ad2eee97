"""The service against its own description, by schemathesis: what it takes, what it answers, no 5xx.

``python benchmarks/contract.py`` runs the same with more examples, against a service in a process of its own.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")
pytest.importorskip("schemathesis", reason="the extra dev is not installed")

_SPEC = importlib.util.spec_from_file_location(
    "contract", Path(__file__).resolve().parents[2] / "benchmarks" / "contract.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
contract = importlib.util.module_from_spec(_SPEC)
sys.modules["contract"] = contract  # where its dataclasses look for it
_SPEC.loader.exec_module(contract)


@pytest.fixture(scope="module")
def app(root, tmp_path_factory):
    from tracuu import Index
    from tracuu.web import Settings, create_app

    path = tmp_path_factory.mktemp("contract") / "index"
    with Index.create(path) as index:
        list(index.update([root / "corpus" / "samples"], jobs=1))
    app = create_app(
        path, settings=Settings(token=contract.TOKEN, upload_bytes=100_000, access_log=False)
    )
    yield app
    app.state.access.close()


def test_every_operation_keeps_its_description(app):
    found = list(contract.run(contract.of_app(app), examples=6))
    assert len(found) == len([1 for methods in app.openapi()["paths"].values() for _ in methods])
    assert [(one.operation, one.failure) for one in found if one.failure] == []
    assert all(one.answers for one in found)
    assert not [one for one in found if any(status >= 500 for status in one.answers)]


def test_the_description_names_its_limits_and_problems(app):
    schema = app.openapi()
    search = schema["paths"]["/api/v1/search"]["get"]
    bounds = {one["name"]: one["schema"] for one in search["parameters"]}
    assert bounds["q"]["maxLength"] == 1000
    assert bounds["limit"]["maximum"] == 100
    assert bounds["offset"]["maximum"] == 10_000
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            if path.startswith("/api/"):
                assert {"422", "503"} <= set(operation["responses"])
                assert "HTTPValidationError" not in str(operation)
    for method in ("put", "delete"):
        assert schema["paths"]["/api/v1/reports/{report}"][method]["security"]
