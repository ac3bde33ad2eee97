"""Test that an index survives killed writers, and many readers beside a writer.

    python benchmarks/torture.py [--minutes N | --kills N] [--flips N] [--load MINUTES]
                                 [--readers N] [--seed N] [--engine NAME]

**Kills.** A process changes an index (update, prune, add, put, remove, watch, correct, undo, save a
search, rebuild, upgrade, create, copy) and is disturbed: killed at a random time, or at one of its
file operations; one of its helpers is killed; the power fails (it is killed, files not yet synced
are truncated, and folders lose entries not synced); the disk is full from some operation on, or
files are limited in size; an operation is denied; Ctrl-C. Afterwards the index must open, contain
the complete state before or after the change, pass ``tracuu check``, and accept the next change
without waiting. An ``Index`` opened at the start must see the same, and so must another user
without write permission (only as root).

**Flips.** One bit is flipped in any file of the index, and it is rebuilt without its reports: every
passage readable before is unchanged after it, or its report is named as lost.

**Load.** Readers search without pause while a writer repeatedly changes all reports at once, with
an occasional rebuild. Each result must come from one committed state. Prints counts, and exits with
1 if anything went wrong. POSIX only. tantivy's files are not written by Python: with ``--engine
tantivy``, faults at Python's file operations affect only the index's other files; those by time and
size affect all files.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from torture_faults import Fault, arm, limit_file_size
from torture_world import World

from tracuu import Index, rebuild
from tracuu.errors import TracuuError

HARMS = (
    "full",
    "denied",
    "interrupt",
    "size",
    "none",
    "helper",
    "time",
    *("power", "operation") * 3,
)
DONE, REFUSED, INTERRUPTED, WRONG = 0, 10, 11, 12
LIMIT = 60  # seconds after which a change counts as hung
OTHER_USERS = 0.4  # share of the finished changes after which another user opens the index
WITH_HELPERS = 0.25  # share of the trials in which several processes make a change


def _let_go() -> None:
    """Release the locks that threads of the parent held at the fork.

    An inherited lock is never released, and the child would deadlock. A process that was not forked
    has none.
    """
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}").endswith(".lock"):
                os.close(int(name))


def _call_helpers() -> None:
    """Make small inputs use worker processes and spill to the disk."""
    from tracuu.engines.whoosh import buffer as _whoosh_batch
    from tracuu.indexer import prefetch as ahead

    ahead.PATIENCE = 0.0
    _whoosh_batch.SPILL_AT = 100


def _children(pid: int) -> list[int]:
    """The child processes of a process."""
    with contextlib.suppress(OSError):
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return list(map(int, listed.split()))
    return []


class Torture:
    """One index under test, with its history."""

    def __init__(self, folder: Path, seed: int, engine: str = "whoosh") -> None:
        self.chance = random.Random(seed)
        self.world = World(folder, self.chance, engine=engine)
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.seconds = dict.fromkeys(self.world.changes, 0.1)
        self.operations = dict.fromkeys(self.world.changes, 40)
        self.log = folder / "child.log"
        self.said, self.report = os.pipe()
        os.set_blocking(self.said, False)

    def trial(self) -> None:
        """Run one change with one fault, and check the result."""
        change = self.chance.choice(self.world.possible())
        harm = self.chance.choice(HARMS)
        before, after = self.world.prepare(change)
        began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self._suffer(change, harm)
        if harm in ("time", "helper"):
            time.sleep(self.chance.uniform(0, 1.1 * self.seconds[change]))
            for victim in [pid] if harm == "time" else _children(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
        status = self._ended(pid)
        if status is None:
            self._fail(
                f"{change}, {harm}",
                f"did not end in {LIMIT} s\n{self.log.read_text(encoding='utf-8')}",
            )
            self.world.start_anew()
            return
        killed = os.WIFSIGNALED(status)
        code = -1 if killed else os.WEXITSTATUS(status)
        if harm == "none":
            self.seconds[change] = 0.8 * self.seconds[change] + 0.2 * (time.monotonic() - began)
            self.operations[change] = (
                int(self.log.read_text()) if code == DONE else self.operations[change]
            )
        self.counts["trials"] += 1
        self.counts["killed"] += killed
        self.counts["refused"] += code == REFUSED
        self.counts["interrupted"] += code == INTERRUPTED
        label = f"{change}, {harm}"
        if code not in (-1, DONE, REFUSED, INTERRUPTED):
            self._fail(label, self.log.read_text(encoding="utf-8"))
        try:
            self._look(change, label, before, after, must_be_after=code == DONE)
        except Exception:
            self._fail(label, traceback.format_exc())
            self.world.start_anew()

    def _ended(self, pid: int) -> int | None:
        """The exit status of the child; None if it hung and was killed."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return status
            time.sleep(0.001)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return None

    def _suffer(self, change: str, harm: str) -> None:
        """In the child: make the change; never returns."""
        code = WRONG
        log = self.log.open("w", encoding="utf-8")  # done first, since the disk may be full soon
        try:
            _let_go()
            faulthandler.dump_traceback_later(LIMIT - 5, file=log)
            if harm == "helper" or self.chance.random() < WITH_HELPERS:
                _call_helpers()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            at = self.chance.randint(1, self.operations[change] + 2)
            if harm == "size":
                limit_file_size(self.chance.choice((0, 200, 2_000, 10_000, 40_000)))
            fault = Fault(self.world.index, harm, at, random.Random(self.chance.random()))
            arm(fault)
            self.world.change(change)
            if harm == "power":  # committed data must survive a power cut
                fault.cut_power()
            fault.harm = "none"
            if harm == "none":
                self.log.write_text(str(fault.count))
            code = DONE
        except TracuuError:
            code = REFUSED
        except KeyboardInterrupt:
            code = INTERRUPTED
        except BaseException:
            arm(None)
            self.log.write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            os._exit(code)

    def _look(
        self, change: str, label: str, before: object, after: object, *, must_be_after: bool
    ) -> None:
        found = self.world.look(change)
        if found == after:
            self.counts["after"] += 1
        elif found == before and not must_be_after:
            self.counts["before"] += 1
        else:
            self._fail(label, f"before {before}\nafter  {after}\nfound  {found}")
        damage = self.world.damage()
        if must_be_after and change not in ("create", "copy", "save"):
            damage += self.world.corrected()
        if damage:
            self._fail(label, "\n".join(damage))
        if change not in ("create", "copy"):  # belonged to another index, which no longer exists
            self.world.settle(found)
            if must_be_after and os.getuid() == 0 and self.chance.random() < OTHER_USERS:
                self._look_as_another(label, found)

    def _look_as_another(self, label: str, found: object) -> None:
        self.counts["other users"] += 1
        pid = os.fork()
        if pid == 0:
            problem = ""
            try:
                _let_go()
                seen = self.world.seen_by_others()
                problem = "" if seen == found else f"another user sees {seen} and not {found}"
            except BaseException:
                problem = traceback.format_exc()
            finally:
                with contextlib.suppress(OSError):
                    os.write(self.report, problem.encode())
                os._exit(bool(problem))
        if self._ended(pid) != 0:
            self._fail(f"{label}, another user", os.read(self.said, 1 << 16).decode())

    def _fail(self, label: str, text: str) -> None:
        self.failures.append(f"{label}: {text}")


def kills(
    folder: Path, *, seed: int, minutes: float = 0.0, number: int = 0, engine: str = "whoosh"
) -> tuple[Counter[str], list[str]]:
    """Run trials for some minutes or killed processes; return counts and failures."""
    torture = Torture(folder, seed, engine)
    end = time.monotonic() + minutes * 60
    while not torture.failures[4:] and (
        torture.counts["killed"] < number if number else time.monotonic() < end
    ):
        torture.trial()
    torture.world.close()
    return torture.counts, torture.failures


def flips(
    folder: Path, *, seed: int, number: int, engine: str = "whoosh"
) -> tuple[Counter[str], list[str]]:
    """Flip a bit and rebuild, ``count`` times; return counts and failures."""
    chance, counts, failures = random.Random(seed), Counter[str](), list[str]()
    world = World(folder, chance, engine=engine)
    for change in ("add", "put", "update", "add", "remove"):
        after = world.prepare(change)[1]
        world.change(change)
        world.settle(after)
    shutil.rmtree(world.reports)  # now only the index contains them
    world.close()
    good = world.texts(world.index)
    files = sorted(path for path in world.index.rglob("*") if path.is_file() and _counts(path))
    sizes = [path.stat().st_size for path in files]
    while counts["flips"] < number and not failures[4:]:
        counts["flips"] += 1
        spoilt = folder / "spoilt"
        shutil.rmtree(spoilt, ignore_errors=True)
        shutil.copytree(world.index, spoilt)
        victim = chance.choices(files, sizes)[0]
        path = spoilt / victim.relative_to(world.index)
        data = bytearray(path.read_bytes())
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        data[at] ^= 1 << bit
        path.write_bytes(data)
        try:
            _look_at_spoilt(world, spoilt, good, counts)
        except Exception:
            failures.append(f"{path.name}, byte {at}, bit {bit}: {traceback.format_exc()}")
    return counts, failures


def _counts(path: Path) -> bool:
    return path.stat().st_size > 0 and not path.name.endswith((".lock", "LOCK"))


def _look_at_spoilt(world: World, spoilt: Path, good: dict[str, str], counts: Counter[str]) -> None:
    before = world.texts(spoilt)
    if any(good.get(name) != text for name, text in before.items()):
        raise AssertionError(f"read {before}")
    counts["read before"] += len(before)
    try:
        lost = {each.reports[0] for each in rebuild(spoilt) if each.kind == "lost" if each.reports}
    except TracuuError:
        counts["refused"] += 1
        return
    after = world.texts(spoilt)
    counts["read after"] += len(after)
    counts["lost by name"] += len(good) - len(after)
    if any(good.get(name) != text for name, text in after.items()):
        raise AssertionError(f"other texts came back: {after}")
    missing = {name.partition("#")[0] for name in good.keys() - after.keys()} - lost
    if missing or not before.keys() <= after.keys():
        raise AssertionError(f"lost silently: {missing}, named {lost}")


def load(
    folder: Path, *, seed: int, minutes: float, readers: int, engine: str = "whoosh"
) -> tuple[Counter[str], list[str]]:
    """Run readers and one writer for some minutes; return counts and failures."""
    chance = random.Random(seed)
    world = World(folder, chance, alike=True, engine=engine)
    end = time.monotonic() + minutes * 60
    pipes = []
    for _ in range(readers):
        source, sink = os.pipe()
        if os.fork() == 0:
            os.close(source)
            _read_until(world, end, sink)
        os.close(sink)
        pipes.append(source)
    counts: Counter[str] = Counter()
    failures: list[str] = []
    while time.monotonic() < end:
        name = "rebuild" if counts["commits"] % 10 == 9 else "update"
        try:
            after = world.prepare(name)[1]
            world.change(name)
            world.settle(after)
        except Exception:
            failures.append(f"writer: {traceback.format_exc()}")
            break
        counts["commits"] += 1
        counts["rebuilds"] += name == "rebuild"
    for pipe in pipes:
        with open(pipe, encoding="utf-8") as stream:
            said = stream.read()
        os.wait()
        outcome = json.loads(
            said or '{"counts": {}, "failures": ["reader: it hung, and was killed"]}'
        )
        counts.update(outcome["counts"])
        failures += outcome["failures"]
    world.close()
    return counts, failures


def _read_until(world: World, end: float, sink: int) -> None:
    """In a reader: search without pause; never returns."""
    counts: Counter[str] = Counter(searches=0, failed=0, torn=0, states=0)
    failures: list[str] = []
    last: object = None
    signal.alarm(max(1, round(end - time.monotonic())) + LIMIT)  # a hung reader is killed
    try:
        with Index.open(world.index) as index:
            while time.monotonic() < end and len(failures) < 3:
                counts["searches"] += 1
                try:
                    seen = world.versions_found(index)
                except Exception:
                    counts["failed"] += 1
                    failures.append(f"reader: {traceback.format_exc()}")
                    continue
                counts["states"] += seen != last
                last = seen
                if not world.is_one_state(seen):
                    counts["torn"] += 1
                    failures.append(f"reader: torn {seen}")
    finally:
        with os.fdopen(sink, "w", encoding="utf-8") as stream:
            json.dump({"counts": counts, "failures": failures}, stream)
        os._exit(0)


def main() -> int:
    """Test an index in a temporary folder; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to kill writers")
    parser.add_argument(
        "--kills", type=int, default=0, help="end after so many killed processes instead"
    )
    parser.add_argument(
        "--flips", type=int, default=0, help="then flip a bit and rebuild so many times"
    )
    parser.add_argument(
        "--load", type=float, default=0.0, metavar="MINUTES", help="then search beside a writer"
    )
    parser.add_argument("--readers", type=int, default=8, help="processes that search")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--engine", default="whoosh")
    given = parser.parse_args()
    print(f"seed {given.seed}")
    logging.disable(logging.WARNING)  # warnings about damaged indexes
    failed = False
    with tempfile.TemporaryDirectory(prefix="tracuu-torture-") as folder:
        os.chmod(folder, 0o755)  # other users read the index
        if given.minutes or given.kills:
            (Path(folder) / "kills").mkdir()
            place, number = Path(folder) / "kills", given.kills
            found = kills(
                place, seed=given.seed, minutes=given.minutes, number=number, engine=given.engine
            )
            failed |= _report(found)
        if given.flips:
            (Path(folder) / "flips").mkdir()
            place, number = Path(folder) / "flips", given.flips
            failed |= _report(flips(place, seed=given.seed, number=number, engine=given.engine))
        if given.load:
            (Path(folder) / "load").mkdir()
            place = Path(folder) / "load"
            found = load(
                place,
                seed=given.seed,
                minutes=given.load,
                readers=given.readers,
                engine=given.engine,
            )
            failed |= _report(found)
    return 1 if failed else 0


def _report(found: tuple[Counter[str], list[str]]) -> bool:
    counts, failures = found
    print(
        ", ".join(f"{name} {number:,}" for name, number in counts.items())
        + f", failures {len(failures)}"
    )
    for failure in failures:
        print(failure, file=sys.stderr)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
