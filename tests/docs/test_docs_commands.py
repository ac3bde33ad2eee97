"""Commands, options, extras and files that the documentation names exist."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from tracuu.cli import COMMANDS, main

_CODE = re.compile(r"```(?:sh|console|text|bat)\n(.*?)```|`([^`\n]+)`", re.DOTALL)
_COMMAND = re.compile(r"(?:^|[\s;|&$(/\\])tracuu(?:\.exe)? +([a-z][a-z-]*)(?=[\s`)|>]|$)(.*)")
# of a recipe, which creates them
_TO_WRITE = {"corpus/readers/epub.py", "tests/corpus_readers/test_read_epub.py"}
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]+")


def _pages(root: Path) -> list[Path]:
    return [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]


def _lines(page: Path) -> Iterator[str]:
    """Lines of code of a page, commands that go on in the next line joined."""
    for block, span in _CODE.findall(page.read_text(encoding="utf-8")):
        yield from re.sub(r"\\\n\s*", " ", block or span).splitlines()


def _commands() -> dict[str, click.Command]:
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in COMMANDS}
    for name, command in list(found.items()):
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found[f"{name} {inner}"] = command.get_command(context, inner)
    return {name: command for name, command in found.items() if command is not None}


def _options(command: click.Command) -> set[str]:
    context = click.Context(command)
    params = [one for one in command.get_params(context) if isinstance(one, click.Option)]
    return {name for one in params for name in (*one.opts, *one.secondary_opts)}


def test_every_command_that_is_named_exists_and_takes_the_options_shown(root: Path) -> None:
    commands = _commands()
    whole = _options(main)
    wrong, seen = [], 0
    for page in _pages(root):
        for line in _lines(page):
            for found in _COMMAND.finditer(line):
                name, rest = found[1], re.split(r"\s[|>;]|&&|\s#", found[2])[0]
                seen += 1
                if name not in commands:
                    wrong.append(f"{page.name}: tracuu {name}")
                    continue
                inner = f"{name} {rest.split()[0]}" if rest.split() else name
                known = _options(commands.get(inner, commands[name])) | whole
                if isinstance(commands[name], click.Group):
                    known |= _options(commands[name])
                wrong += [
                    f"{page.name}: tracuu {name} {option}"
                    for option in _OPTION.findall(rest)
                    if option not in known
                ]
    assert seen > 100
    assert wrong == []


def test_every_option_that_is_named_by_itself_exists(root: Path) -> None:
    known = set().union(*map(_options, _commands().values()), _options(main))
    for program in ("benchmarks", "examples", "browser", "docs"):
        for path in (root / program).rglob("*.py"):
            known |= set(_OPTION.findall(path.read_text(encoding="utf-8")))
    wrong = [
        f"{page.name}: {line}"
        for page in _pages(root)
        for line in _lines(page)
        if line.startswith("--") and not set(_OPTION.findall(line)) <= known
    ]
    assert wrong == []


def test_every_extra_that_is_named_exists(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    extras = set(
        re.findall(r"^([a-z]+) = \[", text.partition("optional-dependencies]")[2], re.MULTILINE)
    )
    wrong = []
    for page in _pages(root):
        for group in re.findall(
            r"(?:\.|tracuu|whl)\[([a-z, ]+)\]", page.read_text(encoding="utf-8")
        ):
            wrong += [
                f"{page.name}: [{one}]" for one in re.split(", ?", group) if one not in extras
            ]
    assert wrong == []


def test_every_file_of_the_repository_that_is_named_exists(root: Path) -> None:
    """Programs, and modules in backticks, such as ``corpus/outline.py``."""
    rooms = "|".join(path.parent.name for path in root.glob("*/__init__.py"))
    wrong = []
    for page in [*_pages(root), root / "benchmarks" / "README.md"]:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(
            rf"(?:python |`)((?:benchmarks|examples|browser|docs|tests|deploy|{rooms})/[\w./-]+\.\w+)",
            text,
        ):
            if name not in _TO_WRITE and not (root / name).exists():
                wrong.append(f"{page.name}: {name}")
    assert wrong == []


def test_the_commands_of_the_files_to_deploy_are_complete(root: Path, tmp_path: Path) -> None:
    folder = root / "deploy"
    texts = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    lines = [
        json.loads(found)
        for name in ("compose.yaml", "Dockerfile")
        for found in re.findall(r"^(?:CMD| +command:) (\[.*\])", texts[name], re.MULTILINE)
    ]
    for name, text in texts.items():
        if name.endswith(".service"):
            lines += [shlex.split(one)[1:] for one in re.findall(r"^ExecStart=(.*)", text, re.M)]
    assert sorted(line[0] for line in lines) == ["index", "serve", "serve", "watch"]
    commands = _commands()
    for name, *arguments in lines:
        here = [str(tmp_path) if one.endswith("/reports") else one for one in arguments]
        commands[name].make_context(name, here)  # raises what a user would see as usage
