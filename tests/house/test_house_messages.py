"""Every text that people read has its Vietnamese, and the compiled catalogue is up to date."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
from sources import Source

pytest.importorskip("babel", reason="the extra dev is not installed")

import messages


@pytest.fixture(scope="module", autouse=True)
def parsed_once(package: list[Source]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "modules", lambda: package)
        yield


@pytest.fixture(scope="module")
def catalog(parsed_once: None) -> messages.Catalog:
    return messages.updated()


DO = "run: python tests/house/messages.py, and translate what it names"


def test_no_message_lacks_its_translation(catalog: messages.Catalog) -> None:
    assert len(catalog) > 900
    assert messages.missing(catalog) == [], DO


def test_the_catalogue_is_up_to_date_and_compiled(catalog: messages.Catalog) -> None:
    assert messages.PO.read_bytes() == messages.as_po(catalog), DO
    assert messages.MO.read_bytes() == messages.as_mo(catalog), DO


def test_a_translation_has_the_places_options_and_commands_of_its_message(
    catalog: messages.Catalog,
) -> None:
    wrong = {}
    for message in catalog:
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


def test_no_error_is_raised_with_a_text_that_cannot_be_translated(package: list[Source]) -> None:
    """An f-string is no template: values go beside it."""
    places, errors = [], messages.error_classes()
    for source in package:
        in_cli = source.room == "cli"
        for node in source.nodes:
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
                places.append(f"{source.name}:{node.lineno}: {ast.unparse(text)}")
    assert places == []
