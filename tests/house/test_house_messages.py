"""Every text that people read has its Vietnamese, and the compiled catalogue is up to date."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("babel")


@pytest.fixture(scope="module")
def messages(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "house_messages", root / "tests/house/messages.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pickle look there
    spec.loader.exec_module(module)
    return module


DO = "run: python tests/house/messages.py, and translate what it names"


def test_no_message_lacks_its_translation(messages: ModuleType) -> None:
    catalog = messages.updated()
    assert len(catalog) > 900
    assert messages.missing(catalog) == [], DO


def test_the_catalogue_is_what_the_source_wants_and_is_compiled(messages: ModuleType) -> None:
    catalog = messages.updated()
    assert messages.PO.read_bytes() == messages.as_po(catalog), DO
    assert messages.MO.read_bytes() == messages.as_mo(catalog), DO


def test_a_translation_has_the_places_options_and_commands_of_its_message(
    messages: ModuleType,
) -> None:
    wrong = {}
    for message in messages.updated():
        if not isinstance(message.id, str) or not message.id:
            continue
        for sign in (
            r"{(\w+)[^}]*}",
            r"(?<![\w-])--[a-z][a-z-]*",
            r"(?:: |`)tracuu [a-z]+",
            r"%[sdg]",
        ):
            wanted, given = (set(re.findall(sign, text)) for text in (message.id, message.string))
            if not wanted <= given or (sign.startswith("{") and given != wanted):
                wrong[message.id] = message.string
    assert wrong == {}


def test_no_error_is_raised_with_a_text_that_cannot_be_translated(messages: ModuleType) -> None:
    """An f-string is no template: values go beside it."""
    places, errors = [], messages.error_classes()
    for path in messages.modules():
        in_cli = path.parent.name == "cli"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = messages.called(node)
            at = errors.get(name, messages.CALLS.get(name))
            if in_cli and name in ("UsageError", "BadParameter", "ClickException", "say"):
                at = 0
            if at is None or len(node.args) <= at:
                continue
            text = node.args[at]
            words = "".join(
                part.value
                for part in getattr(text, "values", ())
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )
            if isinstance(text, ast.JoinedStr) and re.search(r"[A-Za-z]{3}", words):
                places.append(
                    f"{path.relative_to(messages.ROOT)}:{node.lineno}: {ast.unparse(text)}"
                )
    assert places == []
