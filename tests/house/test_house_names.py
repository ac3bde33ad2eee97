"""The public names, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tracuu

HEAVY = ("whoosh", "underthesea", "underthesea_core", "click", "numpy", "lxml", "hypothesis")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_tracuu_loads_nothing_heavy() -> None:
    assert (
        run(f"import sys, tracuu; print([name for name in {HEAVY!r} if name in sys.modules])")
        == "[]"
    )


def test_reading_a_report_loads_no_engine_and_no_segmenter() -> None:
    code = f"import sys; from tracuu import Reader; Reader(); print([name for name in {HEAVY!r} if name in sys.modules])"
    assert run(code) == "[]"


EACH = """
import importlib, sys
import tracuu
homes = {name: getattr(getattr(tracuu, name), "__module__", None) for name in tracuu.__all__}
for name, home in homes.items():
    for before in (None, home):  # an application may have imported its module already
        for module in [module for module in sys.modules if module.split(".")[0] == "tracuu"]:
            del sys.modules[module]
        if before:
            importlib.import_module(before)
        space = {}
        exec(f"from tracuu import {name}", space)
        if getattr(space[name], "__name__", None) != name or not callable(space[name]):
            print(name, "is", space[name])
"""


def test_each_public_name_is_what_it_says_whatever_was_imported_before() -> None:
    assert run(EACH) == ""


def test_all_public_names_are_listed_and_no_others() -> None:
    assert sorted(tracuu.__all__) == sorted(dir(tracuu))
    assert list(tracuu.__all__) == sorted(tracuu.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nirgends'"):
        _ = tracuu.nirgends
