"""Files that the user may not read: neither damage nor a reason to rebuild, whichever they are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, check, copy
from tracuu.index.saved import SavedSearches

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")

# Looks at one index after another as a user who may not write, and if it was root may not read all.
_LOOK = """
import json, os, sys
from tracuu import Index, check, rebuild
from tracuu.errors import IndexDamaged, TracuuError
def look(place):
    found = [(each.kind, each.what) for each in check(place)]
    try:
        with Index.open(place) as index:
            index.search("giải ngân")
        error = None
    except TracuuError as caught:
        error = [isinstance(caught, IndexDamaged), str(caught)]
    return {"found": found, "error": error}
print(json.dumps(look(sys.argv[1])), flush=True)  # imports all that this user may not be able to read
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for place in sys.argv[2:]:
    print(json.dumps(look(place)), flush=True)
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that other users may look into; pytest closes its own to them."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        for folder, inner, _ in os.walk(name):
            for each in inner:
                os.chmod(os.path.join(folder, each), 0o755)


@pytest.fixture
def whole(own: Path, place: Path, each_engine: str) -> Path:
    """An index with every kind of file that there can be."""
    with Index.open(own) as index:
        index.put("BÁO CÁO\n\nĐường liên thôn đã trải nhựa.\n".encode(), name="tu.txt")
        index.correct("hai#1", area="chung")
        SavedSearches(index).add("giai-ngan", "giải ngân")
        index.ignore(["*.bak"])
    (own / "synonyms.toml").write_text('synonyms = [["chợ", "siêu thị"]]\n', encoding="utf-8")
    list(copy(own, place / "whole", engine=each_engine))
    assert check(place / "whole") == []
    return place / "whole"


def look(sound: Path, *places: Path) -> list[dict[str, Any]]:
    for one in (sound, *places):
        for path in one.rglob("*"):
            if path.stat().st_mode & 0o400:
                path.chmod(0o755 if path.is_dir() else 0o644)
    done = subprocess.run(
        [sys.executable, "-c", _LOOK, str(sound), *map(str, places)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()][1:]


def test_a_file_that_may_not_be_read_is_named_and_no_damage(whole: Path, place: Path) -> None:
    names = sorted(
        str(path.relative_to(whole))
        for path in whole.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "LOCK"))
    )
    wanted = {"tracuu.json", "sources-0001.json", "saved.json", "corrections.jsonl", "ignore"}
    assert {*wanted, "synonyms.toml", "uploads/uploads.json"} <= set(names)
    places = [place / f"denied-{at}" for at in range(len(names))]
    for name, one in zip(names, places, strict=True):
        shutil.copytree(whole, one)
        (one / name).chmod(0)
    for name, seen in zip(names, look(whole, *places), strict=True):
        assert [kind for kind, _ in seen["found"]] == ["unreadable"], (name, seen)
        assert seen["found"][0][1].startswith(f"{name} cannot be read (Permission denied)")
        if seen["error"] is not None:
            damaged, message = seen["error"]
            assert not damaged, (name, message)
            assert "permission" in message.lower(), (name, message)
            assert "rebuild" not in message, (name, message)


@pytest.mark.parametrize("name", ["", "data-0001", "uploads"])
def test_a_folder_that_may_not_be_entered_is_no_damage(whole: Path, place: Path, name: str) -> None:
    denied = place / "denied"
    shutil.copytree(whole, denied)
    (denied / name).chmod(0)
    (seen,) = look(whole, denied)
    assert [kind for kind, _ in seen["found"]] == ["unreadable"]
    assert (name or str(denied)) in seen["found"][0][1]
    assert (seen["error"] is None) == (name == "uploads")
    if seen["error"] is not None:
        damaged, message = seen["error"]
        assert not damaged
        assert "permission" in message.lower()


def test_damage_beside_a_file_that_may_not_be_read_is_found(whole: Path, place: Path) -> None:
    denied = place / "denied"
    shutil.copytree(whole, denied)
    (denied / "corrections.jsonl").chmod(0)
    (denied / "saved.json").write_text("{", encoding="utf-8")
    (denied / "sources-0001.json").write_text("{", encoding="utf-8")
    (seen,) = look(whole, denied)
    assert [kind for kind, _ in seen["found"]] == ["unreadable", "damage", "damage"]
    assert "sources-0001.json" in seen["found"][1][1]
    assert "saved.json" in seen["found"][2][1]
