from __future__ import annotations

import json
import re
import subprocess
import sys

import click
import pytest

from tracuu.cli import COMMANDS, main

HEAVY = {
    "whoosh",
    "underthesea",
    "tracuu.index.facade",
    "tracuu.corpus.model",
    "tracuu.search.searcher",
    "tracuu.engines",
    "tracuu.vietnamese",
}

_LOADED = """
import json, os, sys
from tracuu.cli import main
try:
    main(json.loads(sys.argv[1]))
except SystemExit as stop:
    code = stop.code
print(file=sys.stderr)
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run, name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"\n    tracuu {name}" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_ones_help_begins_with(name):
    assert (command(name).help or "").splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_every_option_has_a_help_text(name):
    subject = main if name is None else command(name)
    for parameter in subject.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.rstrip()[-1] in ".]*", parameter.name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_use_options_that_exist(name):
    subject = command(name)
    known = {
        text
        for parameter in subject.params
        for text in (*parameter.opts, *parameter.secondary_opts)
    }
    for line in (subject.help or "").partition("Examples:")[2].splitlines():
        if f"tracuu {name} " in line:
            assert set(re.findall(r"(?<= )--?[a-z][-a-z]*", line)) <= known, line


def test_the_help_lists_every_command_and_the_exit_codes(run):
    result = run("--help")
    for name, short in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(short)}$", result.stdout, re.MULTILINE)
    assert "4 index busy" in " ".join(result.stdout.split())


def test_no_command_at_all_shows_the_help(run):
    result = run()
    assert result.exit_code in (0, 2)  # click changed its mind in 8.2
    assert "Commands:" in result.stdout + result.stderr


def test_the_version(run):
    result = run("--version")
    assert result.exit_code == 0
    assert re.fullmatch(r"tracuu \S.*\n", result.stdout)


@pytest.mark.parametrize(
    ("args", "environment"),
    [
        (["--help"], {}),
        (["--version"], {}),
        ([], {"_TRACUU_COMPLETE": "bash_source"}),
        (
            [],
            {
                "_TRACUU_COMPLETE": "bash_complete",
                "COMP_WORDS": "tracuu search --as",
                "COMP_CWORD": "2",
            },
        ),
        ([], {"_TRACUU_COMPLETE": "bash_complete", "COMP_WORDS": "tracuu re", "COMP_CWORD": "1"}),
        *(([name, "--help"], {}) for name in COMMANDS),
    ],
)
def test_help_and_completion_load_nothing_heavy(args, environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, json.dumps(args)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0 or environment
    assert done.stdout.strip()
    assert not [name for name in modules if name in HEAVY or name.split(".")[0] in HEAVY]
    if args == ["--help"]:
        assert not [name for name in modules if name.startswith("tracuu.cli.s")]


UNNEEDED = {
    *(
        "underthesea",
        "underthesea_core",
        "csv",
        "sqlite3",
        "multiprocessing",
        "importlib.metadata",
        "asyncio",
    ),
    *("whoosh.writing", "whoosh.query", "whoosh.searching", "whoosh.qparser", "whoosh.scoring"),
    *(
        "tracuu.corpus.taxonomy",
        "tracuu.corpus.parser",
        "tracuu.corpus.readers",
        "tracuu.corpus.areas",
    ),
    *(
        "tracuu.vietnamese.segmentation",
        "tracuu.vietnamese.crf",
        "tracuu.indexer.update",
        "tracuu.index.rebuild",
    ),
    *(
        "tracuu.engines.whoosh.writer",
        "tracuu.engines.whoosh.check",
        "tracuu.engines.scoring.explain",
    ),
    *("tracuu.search.more_like_this", "tracuu.search.explain"),
}
"""What a search that finds something in an index with the package's own taxonomy has no use for."""


@pytest.mark.parametrize(
    "args",
    [
        ["search", "giải ngân"],
        ["search", "giai ngan", "--area", "kinh te", "--json"],
        ["search", "--assessment", "shortcoming", "--jsonl"],
        ["areas", "giải ngân"],
        ["areas"],
    ],
)
def test_a_search_loads_only_what_it_needs(args, shared):
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, json.dumps([*args, "--index", str(shared)])],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    assert done.stdout
    assert "tracuu.search.searcher" in modules
    assert not UNNEEDED.intersection(modules)


def test_completion_knows_commands_and_options(process):
    words = {"_TRACUU_COMPLETE": "bash_complete", "COMP_WORDS": "tracuu re", "COMP_CWORD": "1"}
    assert {line.split(",")[-1] for line in process(env=words).stdout.split()} == {
        "reports",
        "remove",
        "rebuild",
    }
    words = {
        "_TRACUU_COMPLETE": "bash_complete",
        "COMP_WORDS": "tracuu search --as",
        "COMP_CWORD": "2",
    }
    assert "--assessment" in process(env=words).stdout


@pytest.mark.parametrize(
    "args", [["serach", "x"], ["search", "--aera", "x"], ["search", "-ngân"], ["show"]]
)
def test_wrong_usage_exits_with_2_and_says_what_to_do(run, args):
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.search(r"Try 'tracuu.* (-h|--help)' for help", result.stderr)


@pytest.mark.parametrize("word", ["-sách", "-ngân", "-vốn"])
def test_a_query_that_looks_like_an_option_is_explained(run, word):
    result = run("search", "thu", word)
    assert result.exit_code == 2
    assert "tracuu search -- " in result.stderr
