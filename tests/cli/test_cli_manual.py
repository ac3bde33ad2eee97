"""The help as a manual: what each command's help has, and that its examples run."""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import shutil

import click
import pytest

from tracuu.cli import COMMANDS, main
from tracuu.cli.manual import Command
from tracuu.engines import engine_class
from tracuu.errors import MissingExtra

STAYING = {"embed", "watch", "serve", "mcp", "forget"}  # run on, or name a folder of the machine
"""Commands that run until they are ended, or need another server: their examples are only parsed."""


def command(name):
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


def examples(text):
    section = text.partition("Examples:")[2]
    return re.findall(r"^ *(tracuu .+)$", section, re.MULTILINE)


def is_installed(engine):
    try:
        engine_class(engine)
    except MissingExtra:
        return False
    return True


EXAMPLES = {name: examples(command(name).help or "") for name in COMMANDS}
EXAMPLES["the help of tracuu"] = examples(main.help or "")


@pytest.fixture(scope="session")
def shop(tmp_path_factory, folder):
    """A folder with all that the examples speak of; copied before use."""
    from tracuu import Index
    from tracuu.corpus import default_taxonomy

    place = tmp_path_factory.mktemp("manual") / "shop"
    reports = place / "reports"
    reports.mkdir(parents=True)
    text = (folder / "binh-son.txt").read_text(encoding="utf-8")
    for number, name in enumerate(
        ["2003.docx", "2004.docx", "report.docx", "reports/2003.docx"]
    ):  # read as what they are
        (place / name).write_text(text.replace("18%", f"1{number}%"), encoding="utf-8")
    for name in (
        "bao-cao-2003.txt",
        "bao-cao-2004.txt",
        "huyen-uy-2010-2015.txt",
        "huyen-uy-2015-2020.txt",
    ):
        (reports / name).write_text(text.replace("18%", name), encoding="utf-8")
    (place / "words.toml").write_text(
        '[[synonym]]\nwords = ["ngập nước", "úng ngập"]\n', encoding="utf-8"
    )
    (place / "list.csv").write_text("report,case\nbao-cao-2003,A-12\n", encoding="utf-8")
    (place / "queries.txt").write_text("giải ngân\n", encoding="utf-8")
    (place / "taxonomy.toml").write_text(default_taxonomy().text, encoding="utf-8")
    from tracuu.cli import main as start

    for index in (".tracuu", "reports.idx", "damaged.idx"):
        start(
            ["index", str(reports), "--samples", "--index", str(place / index), "--quiet"],
            standalone_mode=False,
        )
    start(
        ["synonyms", str(place / "words.toml"), "--index", str(place / ".tracuu")],
        standalone_mode=False,
    )
    manifest = place / "damaged.idx" / "tracuu.json"
    manifest.write_bytes(manifest.read_bytes()[:20])
    with Index.open(place / ".tracuu") as index:
        assert len(index.reports()) > 4
    return place


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_run(name, shop, run, tmp_path, monkeypatch):
    assert EXAMPLES[name]
    missing = []
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for number, line in enumerate(EXAMPLES[name]):
        place = tmp_path / str(number)
        shutil.copytree(shop, place)
        monkeypatch.chdir(place)
        words, _, target = line.partition(" > ")
        args = [os.path.expanduser(word) for word in shlex.split(words)[1:]]
        if args[0] in STAYING:
            context = command(args[0]).make_context(args[0], args[1:])
            assert context.params
            continue
        for word in args:  # what an example writes goes away with the test
            assert not os.path.isabs(word) or tmp_path in pathlib.Path(word).parents, line
        if "--engine" in args and not is_installed(args[args.index("--engine") + 1]):
            missing.append(line)
            continue
        done = run(*args, *(["--yes"] if args[0] == "remove" and "--yes" not in args else []))
        assert done.exit_code == 0, f"{line}: {done.stderr}"
        if target:
            assert done.stdout
            (place / target).write_text(done.stdout, encoding="utf-8")
    if missing:
        pytest.skip(f"the engine of this is not installed: {', '.join(missing)}")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_complete(name, run):
    assert isinstance(command(name), Command)
    shown = run(name, "--help").stdout
    paragraphs = [" ".join(part.split()) for part in shown.split("\n\n")]
    assert paragraphs[0].startswith(f"Usage: tracuu {name}")
    assert paragraphs[1].endswith(".")
    assert re.search(r"^Exit codes: 0 done, .*2 wrong usage.*\.$", paragraphs[-1])
    assert "--help" in shown
    described = (command(name).help or "").partition("\b")[0].strip()
    assert described.endswith((".", ":")), described


def test_options_stand_under_the_heading_where_people_look_for_them(run):
    shown = run("search", "--help").stdout
    places = [shown.index(text) for text in (
        "\nOptions:", "--literal", "\nWhich passages:", "--area NAME", "\nOutput:", "--json ", "\nGeneral:", "--index DIR", "--help",
    )]  # fmt: skip
    assert places == sorted(places)


def test_defaults_and_environment_variables_are_told(run):
    shown = " ".join(run("search", "--help").stdout.split())
    assert "[default: 10; x>=0]" in shown
    assert "env: TRACUU_INDEX; default: ./.tracuu" in shown
    assert "TRACUU_ABBREVIATIONS" in shown


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"completion", "taxonomy", "outline"}))
def test_what_the_help_says_of_an_index_that_is_not_there_is_true(name, run):
    """Exit codes: 1 failed; completion, taxonomy and outline need no index."""
    args = {
        "show": ["a#1"], "similar": ["a#1"], "remove": ["a", "--yes"], "index": ["nirgends"], "watch": ["nirgends"],
        "compare": ["a", "b"], "copy": ["x"], "saved": ["list"], "correct": ["--list"],
    }.get(name, [])  # fmt: skip
    done = run(name, *args)
    assert done.exit_code in (1, 2), done.output
    assert done.stdout == ""
    assert done.stderr.startswith(("Error: ", "Usage: "))
