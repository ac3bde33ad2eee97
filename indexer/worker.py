"""What a helper process does: see :mod:`.crew`. It reads pickled tasks from stdin, answers on stdout, and ends
when stdin does. Only its parent talks to it."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys

from ..corpus import Reader, Taxonomy, default_taxonomy, read_blocks
from ..fields import passage_documents
from .crew import Answer, Setting, Task
from .words import KnownWords, RememberingAnalyser


class Worker:
    """Reads files by one setting."""

    def __init__(self, setting: Setting) -> None:
        own = default_taxonomy()
        self._reader = Reader(own if setting.taxonomy == own.text else Taxonomy.parse(setting.taxonomy))
        self._limits = setting.limits
        self._words = KnownWords(setting.words)
        self._analyser = RememberingAnalyser(self._words)

    def answer(self, task: Task) -> Answer | None:
        """What the file holds; None where something is wrong with it, which the parent finds out and tells."""
        try:
            contents = read_blocks(task.path, limits=self._limits)
            readings = self._reader.understand(list(contents.blocks), id=task.id, source=task.path, name=task.name)
            reports = [
                (reading.report, list(passage_documents(reading.passages, reading.report, self._analyser)))
                for reading in readings
            ]
        except Exception:
            return None
        return Answer(task.id, contents.sha256, contents.format, contents.notes, reports, self._words.take_new())


def main() -> None:
    """Answer until stdin ends."""
    gc.set_threshold(50_000, 20, 50)  # passages are many small objects without cycles
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair, who ends its helpers
    with os.fdopen(os.dup(0), "rb") as source, os.fdopen(os.dup(1), "wb") as target:
        os.dup2(2, 1)  # nothing that a library prints may come between the answers
        worker: Worker | None = None
        with contextlib.suppress(EOFError, BrokenPipeError):
            while True:
                message = pickle.load(source)
                if worker is None:
                    worker = Worker(message)
                    reply: object = True
                else:
                    reply = worker.answer(message)
                pickle.dump(reply, target, pickle.HIGHEST_PROTOCOL)
                target.flush()
    sys.stdout.close()
