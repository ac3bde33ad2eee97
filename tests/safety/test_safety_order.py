"""What a commit refers to is on the disk before it: the system calls of each change, in order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest


def _can_trace() -> bool:
    """Whether strace is installed and allowed to trace, which some containers forbid."""
    strace = shutil.which("strace")
    command = [strace or "strace", "-f", "-o", os.devnull, sys.executable, "-c", ""]
    return strace is not None and not subprocess.run(command, capture_output=True).returncode


pytestmark = pytest.mark.skipif(
    not _can_trace(), reason="strace is not installed, or may not trace here"
)

_CALLS = (
    "openat,creat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,"
    "write,pwrite64,writev,ftruncate,fsync,fdatasync"
)
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_UNFINISHED = re.compile(r"(\d+) +(\w+\(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")
_HANDLE = re.compile(r"\d+<([^>]*)>")
_QUOTED = re.compile(r'(?:\d+<([^>]*)>|AT_FDCWD<([^>]*)>)?(?:, )?"((?:[^"\\]|\\.)*)"')
# Files that need not outlive a power cut: locks, caches, and what is being made.
_FREE = re.compile(r"\.lock$|LOCK$|writer\.json|\.sqlite|scratch|\.new$|/\.tmp|\.toc\.")
_COMMIT = re.compile(r"/(tracuu\.json|_MAIN_\d+\.toc|meta\.json)$")

_OF_TANTIVY = (".del", ".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm")

CHANGES = {
    "create": "Index.create(place).close()",
    "update": "with Index.open(place) as index: list(index.update([reports]))",
    "add": 'with Index.open(place) as index: index.add([Passage("app", 1, "Giải ngân chậm.")])',
    "put": 'with Index.open(place) as index: index.put(letter, name="thu.txt", report="thu")',
    "remove": 'with Index.open(place) as index: index.remove("mot")',
    "correct": 'with Index.open(place) as index: index.correct("hai#1", area="chung")',
    "rebuild": "list(rebuild(place))",
    "copy": 'list(copy(place, place + "-copy"))',
}
_CODE = """
import sys
from tracuu import Index, Passage, copy, rebuild
place, reports, engine = sys.argv[1:]
letter = "BÁO CÁO\\n\\nTuyển quân đạt chỉ tiêu.\\n".encode()
"""


class Disk:
    """What of an index is on the disk, and what would be lost."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.bytes: set[str] = set()  # files with bytes that were not forced
        self.entries: dict[str, set[str]] = defaultdict(set)  # folder → names that were not forced
        self.commits: set[str] = set()  # folders with a commit that was not forced
        self.problems: list[str] = []
        self.seen = 0  # commits

    def write(self, path: str) -> None:
        if self._counts(path):
            self.bytes.add(path)

    def create(self, path: str) -> None:
        if self._counts(path):
            self.entries[os.path.dirname(path)].add(path)

    def force(self, path: str) -> None:
        self.bytes.discard(path)
        self.entries.pop(path, None)
        self.commits.discard(path)

    def rename(self, source: str, target: str) -> None:
        folder = os.path.dirname(target)
        if source in self.bytes:
            self.problems.append(f"{target} is replaced by bytes that were not forced")
        self.bytes.discard(source)
        self.entries[os.path.dirname(source)].discard(source)
        if _COMMIT.search(target) and target.startswith(self.root):
            self.seen += 1
            within = self.root if target.endswith("tracuu.json") else folder
            lost = [path for path in self.bytes if path.startswith(within)]
            if within == self.root:  # the manifest names other folders
                lost += [one for at, names in self.entries.items() if at != folder for one in names]
            if lost:
                self.problems.append(f"{target} refers to what was not forced: {sorted(lost)}")
            self.commits.add(folder)
        self.create(target)

    def remove(self, path: str) -> None:
        folder, name = os.path.split(path)
        commits = self.commits
        if name.endswith(_OF_TANTIVY):
            # It deletes files as soon as it has replaced its list of segments. File systems with a
            # journal keep the order of two changes of one folder, and nothing is between them here.
            commits = commits - {folder}
        if self._counts(path) and commits and name[0] not in "._":
            self.problems.append(f"{path} is removed before {sorted(commits)} are forced")
        self.bytes.discard(path)
        self.entries[os.path.dirname(path)].discard(path)

    def end(self) -> None:
        left = sorted({*self.bytes, *(one for names in self.entries.values() for one in names)})
        if left or self.commits:
            self.problems.append(f"not forced at the end: {left or sorted(self.commits)}")

    def _counts(self, path: str) -> bool:
        return path.startswith(self.root) and not _FREE.search(path)


def calls(log: Path) -> Iterator[tuple[str, str]]:
    """The calls that succeeded, in the order in which they ended."""
    waiting: dict[str, str] = {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if found := _UNFINISHED.match(line):
            waiting[found[1]] = found[2]
            continue
        if found := _RESUMED.match(line):
            line = f"{found[1]} {waiting.pop(found[1], '')}{found[2]}"
        if (call := _LINE.match(line)) and int(call[4]) >= 0:
            yield call[2], call[3]


def paths(arguments: str) -> list[str]:
    """The paths that are named, each joined with its folder."""
    return [
        os.path.normpath(os.path.join(folder or here, name))
        for folder, here, name in _QUOTED.findall(arguments)
    ]


def follow(log: Path, root: str) -> Disk:
    """The state of the disk after all calls in ``log``."""
    disk = Disk(root)
    for name, arguments in calls(log):
        handle = _HANDLE.match(arguments)
        if name in ("fsync", "fdatasync") and handle:
            disk.force(handle[1])
        elif name in ("write", "pwrite64", "writev", "ftruncate") and handle:
            disk.write(handle[1])
        elif (name in ("openat", "creat") and "O_CREAT" in arguments) or name.startswith("mkdir"):
            disk.create(paths(arguments)[0])
        elif name.startswith("rename"):
            disk.rename(*paths(arguments)[:2])
        elif name.startswith("unlink") and "AT_REMOVEDIR" not in arguments:
            disk.remove(paths(arguments)[0])
    disk.end()
    return disk


def run(change: str, place: Path, reports: Path, engine: str, log: Path, before: str = "") -> None:
    code = _CODE + before + CHANGES[change].replace("create(place)", "create(place, engine=engine)")
    tracer = ["strace", "-f", "-y", "-s", "4096", "-e", f"trace={_CALLS}", "-o", str(log)]
    subprocess.run(
        [*tracer, sys.executable, "-c", code, str(place), str(reports), engine],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def test_every_change_is_forced_to_the_disk_in_order(
    tmp_path: Path, reports: Path, each_engine: str
) -> None:
    place, log = tmp_path / "own", tmp_path / "calls"
    found = {}
    for change in CHANGES:
        run(change, place, reports, each_engine, log)
        if change == "remove":
            (reports / "hai.txt").write_text("BÁO CÁO\n\nĐoạn đã đổi.\n", encoding="utf-8")
        disk = follow(log, str(place))
        assert disk.seen, change
        if disk.problems:
            found[change] = disk.problems
    assert found == {}


@pytest.mark.parametrize(
    ("change", "forgotten"),
    [
        ("add", "from tracuu.engines.whoosh import commit; commit._force = lambda path: None\n"),
        ("add", "from tracuu.engines.whoosh import commit; commit.sync_folder = print\n"),
        ("rebuild", "from tracuu.index import directory; directory.sync_folder = print\n"),
    ],
)
def test_what_a_change_forgets_to_force_is_noticed(
    tmp_path: Path, reports: Path, change: str, forgotten: str
) -> None:
    place, log = tmp_path / "own", tmp_path / "calls"
    for name in ("create", "update"):
        run(name, place, reports, "whoosh", log)
    run(change, place, reports, "whoosh", log, forgotten)
    assert follow(log, str(place)).problems
