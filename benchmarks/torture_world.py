"""Reports with their version in every passage, their index and expected content."""

from __future__ import annotations

import os
import random
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from tracuu import Index, Passage, Report, check, copy, rebuild, upgrade
from tracuu.errors import IndexNotFound, NotAnIndex, TracuuError
from tracuu.index.saved import SavedSearches
from tracuu.index.watch import watch

# Report → version of all its passages; also the number of corrections (AREA) and saves (SAVED).
State: TypeAlias = dict[str, int]

_REPORTS = 6
_PATIENCE = 2.0  # seconds to wait for a commit
_OWN = ("app", "put", "sua", ".")  # prefixes of names without a file among the reports
_CORRECTED = "sua0"  # a report changed only by corrections
_AREA, _SAVED = ".area", ".saved"
_AREAS = ("kinh-te", "do-thi", "dan-van")
_WORD = re.compile(r"phiên bản (\d+) mục (\d+) trong (\d+)")


class World:
    """A folder of reports and its index.

    ``change`` may be killed; ``prepare`` sets its task.
    """

    changes = (
        *("update", "remove", "add", "put", "watch", "correct", "undo", "save"),
        *("rebuild", "upgrade", "create", "copy"),
    )

    def __init__(
        self, folder: Path, chance: random.Random, *, alike: bool = False, engine: str = "whoosh"
    ) -> None:
        """With ``alike`` every update changes all reports to one new version."""
        self.folder = folder
        self.engine = engine
        self.reports = folder / "reports"
        self.index = folder / "index"
        self._chance = chance
        self._alike = alike
        self._version = 0
        self._files: State = {}
        self._held: State = {}
        self._removed = ""
        self._long: Index | None = None
        self.start_anew()

    def start_anew(self) -> None:
        """Start with an index of a few reports."""
        self.close()
        for path in (self.reports, self.index):
            shutil.rmtree(path, ignore_errors=True)
        self.reports.mkdir()
        self._files = {}
        self._version += 1
        for number in range(_REPORTS):
            self._write(f"r{number}", self._version)
        with Index.create(self.index, engine=self.engine) as index:
            list(index.update([self.reports]))
            self._held = dict(self._files)
            if not self._alike:
                self._add(index, _CORRECTED, self._version)
                self._held[_CORRECTED] = self._version
        self._long = Index.open(self.index)

    def close(self) -> None:
        """Close the index."""
        if self._long is not None:
            self._long.close()
            self._long = None

    def _write(self, name: str, version: int) -> None:
        path = self.reports / f"{name}.txt"
        path.write_text(self._text(name, version), encoding="utf-8")
        self._files[name] = version

    def _text(self, name: str, version: int) -> str:
        size = _size(name, version)
        lines = [
            f"Đoạn chung của {name}, phiên bản {version} mục {at} trong {size}."
            for at in range(1, size + 1)
        ]
        return "BÁO CÁO\n\n" + "\n\n".join(lines) + "\n"

    # --- changes --------------------------------------------------------------------------------

    def possible(self) -> list[str]:
        """The possible changes: removing and undoing need something to undo or remove."""
        without = set() if self._removable() else {"remove"}
        if _AREA not in self._held:
            without.add("undo")
        return [change for change in self.changes if change not in without]

    def _removable(self) -> list[str]:
        return sorted(name for name in self._held if name[0] != "." and name != _CORRECTED)

    def prepare(self, change: str) -> tuple[State, State]:
        """Prepare the files for a change; returns the index's states before and after."""
        self._version += 1
        before = dict(self._held)
        own = {name: version for name, version in before.items() if name.startswith(_OWN)}
        if change == "update":
            self._edit()
            return before, {**self._files, **own}
        if change == "rebuild":  # keeps reports whose files are gone
            return before, {**before, **self._files}
        if change == "create":
            return {}, dict(self._files)
        if change == "copy":
            return {}, before
        if change == "watch":  # brings files up to date one by one: here one has changed
            self._files = {name: at for name, at in before.items() if not name.startswith(_OWN)}
            shutil.rmtree(self.reports)
            self.reports.mkdir()
            for name, version in self._files.items():
                self._write(name, version)
            self._write(f"r{self._version % _REPORTS}", self._version)
            return before, {**before, **self._files}
        if change == "upgrade":
            return before, before
        if change == "undo":
            return before, {name: version for name, version in before.items() if name != _AREA}
        if change in ("correct", "save"):
            return before, {**before, (_AREA if change == "correct" else _SAVED): self._version}
        if change in ("add", "put"):
            name = f"{_OWN[change == 'put']}{self._version % 3}"
            return before, {**before, name: self._version}
        self._removed = self._chance.choice(self._removable())
        return before, {name: version for name, version in before.items() if name != self._removed}

    def _edit(self) -> None:
        names = [f"r{number}" for number in range(_REPORTS)]
        if self._alike:
            for name in names:
                self._write(name, self._version)
            return
        for name in self._chance.sample(names, self._chance.randint(1, 3)):
            if name in self._files and len(self._files) > 2 and self._chance.random() < 0.25:
                (self.reports / f"{name}.txt").unlink()
                del self._files[name]
            else:
                self._write(name, self._version)

    def change(self, change: str) -> None:
        """Make the prepared change, in a separate process that may be killed."""
        if change == "rebuild":
            list(rebuild(self.index))
        elif change == "upgrade":
            list(upgrade(self.index))
        elif change == "create":
            with Index.create(self.index.with_name("index-new"), engine=self.engine) as index:
                list(index.update([self.reports]))
        elif change == "copy":
            list(copy(self.index, self.index.with_name("index-new")))
        else:
            with Index.open(self.index) as index:
                self._change(index, change)

    def _change(self, index: Index, change: str) -> None:
        if change == "update":
            list(index.update([self.reports], prune="all"))
        elif change == "remove":
            index.remove(self._removed)
        elif change == "watch":
            stop = threading.Event()
            timer = threading.Timer(_PATIENCE, stop.set)  # the watcher waits before a new attempt
            timer.daemon = True
            timer.start()
            changes = list(_until_stopped(index, self.reports, stop))
            if not changes:
                raise TracuuError("nothing was committed")
        elif change == "put":
            name = f"put{self._version % 3}"
            index.put(self._text(name, self._version).encode(), name=f"{name}.txt", report=name)
        elif change == "correct":
            area = _AREAS[self._version % len(_AREAS)]
            index.correct(f"{_CORRECTED}#1", area=area, note=str(self._version))
        elif change == "undo":
            index.undo_correction(f"{_CORRECTED}#1")
        elif change == "save":
            SavedSearches(index).add("moi", f"mục {self._version}")
        else:
            self._add(index, f"app{self._version % 3}", self._version)

    def _add(self, index: Index, name: str, version: int) -> None:
        text = "Đoạn chung của {name}, phiên bản {version} mục {at} trong 4."
        passages = [
            Passage(name, at, text.format(name=name, version=version, at=at)) for at in range(1, 5)
        ]
        index.add(passages, report=Report(name, title=name))

    # --- state of the index --------------------------------------------------------------------

    def look(self, change: str) -> State:
        """Compare an index opened now with one opened at the start."""
        if change in ("create", "copy"):
            return self._look_at_new(change, self.index.with_name("index-new"))
        with Index.open(self.index) as index:
            found = _state(index)
        assert self._long is not None
        if (seen := _state(self._long)) != found:
            raise AssertionError(f"an index opened before sees {seen}, a new one {found}")
        return found

    def _look_at_new(self, change: str, new: Path) -> State:
        """Check a new index: complete, or to be made again in the same place."""
        try:
            try:
                with Index.open(new) as index:
                    found = _state(index)
                    damage = [finding.what for finding in check(new) if finding.kind == "damage"]
            except (IndexNotFound, NotAnIndex):
                found, damage = {}, []
                self.change(change)
                with Index.open(new) as index:
                    if _state(index) != (self._held if change == "copy" else self._files):
                        raise AssertionError("a new index could not be made again") from None
            if damage:
                raise AssertionError(f"a new index is damaged: {damage}")
            return found
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def corrected(self) -> list[str]:
        """Differences between a correction and its passage after a change.

        A killed change may leave differences, which the next change repairs.
        """
        with Index.open(self.index) as index:
            passage = index.passage(f"{_CORRECTED}#1")
            corrections = index.corrections()
        by_hand = passage.area_decision.source == "hand"
        wanted = [each.area for each in corrections]
        if wanted != [passage.area] * by_hand:
            return [f"corrected to {wanted}, and the passage has {passage.area} by hand {by_hand}"]
        return []

    def seen_by_others(self) -> State:
        """The state of the index as seen by a user without write permission.

        Call it in a separate process.
        """
        os.setgid(65534)
        os.setuid(65534)
        with Index.open(self.index) as index:
            return _state(index)

    def texts(self, path: Path) -> dict[str, str]:
        """Passage → text, for all readable passages of the last state at ``path``."""
        found: dict[str, str] = {}
        with suppress(TracuuError), Index.open(path) as index:
            for name, version in self._held.items():
                if name.startswith("."):
                    continue
                for at in range(1, _size(name, version) + 1):
                    with suppress(TracuuError):
                        found[f"{name}#{at}"] = index.passage(f"{name}#{at}").text
        return found

    def damage(self) -> list[str]:
        """The findings of ``check``."""
        return [str(finding) for finding in check(self.index) if finding.kind == "damage"]

    def settle(self, found: State) -> None:
        """Continue from the observed state."""
        self._held = found

    # --- under load -----------------------------------------------------------------------------

    def versions_found(self, index: Index) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Search once; return the total, and (version, passages) of the hits."""
        results = index.search("đoạn chung", limit=1000, collapse=False, width=40)
        versions: dict[int, int] = {}
        for hit in results:
            match = _WORD.search(hit.passage.text)
            version = int(match[1]) if match else -1
            versions[version] = versions.get(version, 0) + 1
        return results.total, tuple(sorted(versions.items()))

    def is_one_state(self, seen: tuple[int, tuple[tuple[int, int], ...]]) -> bool:
        """Whether all passages have the same version."""
        total, versions = seen
        if len(versions) != 1:
            return False
        version, passages = versions[0]
        return total == passages == sum(_size(f"r{number}", version) for number in range(_REPORTS))


def _until_stopped(index: Index, folder: Path, stop: threading.Event) -> Iterator[object]:
    for change in watch(index, [folder], settle=0.0, poll=0.01, stop=stop):
        stop.set()
        yield change


def _size(name: str, version: int) -> int:
    return 3 + (version + int(name[-1])) % 4


def _state(index: Index) -> State:
    """The version of every report; raises AssertionError for an incomplete one."""
    state: State = {}
    total = 0
    for report in index.reports():
        hits = index.search("", report=report.id, limit=1000, collapse=False)
        marks = [_WORD.search(hit.passage.text) for hit in hits]
        versions = {int(mark[1]) for mark in marks if mark}
        places = [int(mark[2]) for mark in marks if mark]
        whole = {int(mark[3]) for mark in marks if mark}
        if (
            len(versions) != 1
            or whole != {len(places)}
            or sorted(places) != list(range(1, len(places) + 1))
        ):
            raise AssertionError(f"{report.id} is not whole: versions {versions}, places {places}")
        state[report.id] = versions.pop()
        total += len(places)
    found = index.search("đoạn chung", limit=0, collapse=False).total
    if found != total:
        raise AssertionError(f"{total} passages are there and {found} are found")
    return {**state, **_made_by_people(index)}


def _made_by_people(index: Index) -> State:
    """The versions of the correction and of the saved search.

    A correction is stored before the index is changed: after a kill the index may lag behind until
    the next change.
    """
    state = {}
    for correction in index.corrections():
        state[_AREA] = int(correction.note)
        if not correction.fits or correction.area != _AREAS[state[_AREA] % len(_AREAS)]:
            raise AssertionError(f"the correction is not whole: {correction}")
    for search in SavedSearches(index).list():
        state[_SAVED] = int(search.query.split()[-1])
    return state
