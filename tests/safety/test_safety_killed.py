"""Processes that are really killed, at hundreds of moments; benchmarks/torture.py does thousands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tracuu.engines import engine_class
from tracuu.errors import MissingExtra

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="torture.py forks, and reads /proc"
)


def torture(
    root: Path, tmp_path: Path, *arguments: object, code: str = ""
) -> subprocess.CompletedProcess[str]:
    memory = "/dev/shm"  # the disk's own speed is not what is tried here
    folder = memory if os.access(memory, os.W_OK) else str(tmp_path)
    command = ["-c", code] if code else [str(root / "benchmarks" / "torture.py")]
    return subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": folder, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )


def count(name: str, output: str) -> int:
    found = re.search(rf"\b{name} ([\d,]+)", output)
    assert found, output
    return int(found[1].replace(",", ""))


def test_killed_torn_full_and_interrupted_an_index_is_as_before_or_as_after(root, tmp_path):
    done = torture(root, tmp_path, "--kills", 150, "--flips", 20, "--seed", 6)
    assert done.returncode == 0, done.stderr
    assert count("killed", done.stdout) >= 150
    assert count("before", done.stdout) > 40
    assert count("after", done.stdout) > 40
    assert count("refused", done.stdout) > 0
    assert count("interrupted", done.stdout) > 0
    assert count("read after", done.stdout) >= count("read before", done.stdout) > 0
    assert "failures 0" in done.stdout


def test_readers_beside_a_writer_see_whole_states_only(root, tmp_path):
    done = torture(root, tmp_path, "--minutes", 0, "--load", 0.12, "--readers", 3, "--seed", 6)
    assert done.returncode == 0, done.stderr
    assert count("searches", done.stdout) > count("states", done.stdout) > 3
    assert count("failed", done.stdout) == count("torn", done.stdout) == 0


def test_an_index_on_tantivy_is_as_before_or_as_after_too(root, tmp_path):
    try:
        engine_class("tantivy")
    except MissingExtra as error:
        pytest.skip(str(error))
    done = torture(
        root,
        tmp_path,
        "--kills",
        40,
        "--flips",
        15,
        "--load",
        0.1,
        "--readers",
        2,
        "--seed",
        6,
        "--engine",
        "tantivy",
    )
    assert done.returncode == 0, done.stderr
    assert count("killed", done.stdout) >= 40
    assert count("before", done.stdout) > 10
    assert count("after", done.stdout) > 10
    assert count("searches", done.stdout) > count("states", done.stdout) > 3


_UNSAFE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import torture
from tracuu.engines.whoosh import commit
setattr(commit, sys.argv[3], lambda path: None)
torture.HARMS = ("power",)
counts, failures = torture.kills(Path(sys.argv[2]), seed=1, number=60)
print(len(failures))
"""


@pytest.mark.parametrize("forgotten", ["_force", "sync_folder"])
def test_the_torture_notices_a_commit_that_was_not_forced_to_the_disk(root, tmp_path, forgotten):
    done = torture(root, tmp_path, root / "benchmarks", tmp_path, forgotten, code=_UNSAFE)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
