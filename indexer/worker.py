"""The main loop of a worker process: read files, analyse passages."""

from __future__ import annotations

from ..corpus import Reader, Taxonomy, default_taxonomy
from ..corpus.members import parse_contents
from ..engines.processes import serve_requests
from ..errors import TooLarge
from ..schema import passage_documents
from ..vietnamese import Analyser
from .containers import in_folder, with_extra
from .isolated import IsolatedReader
from .pool import Answer, ParsedFile, RefusedFile, Task, WorkerConfig


class Worker:
    """Reads files with one configuration."""

    def __init__(self, config: WorkerConfig) -> None:
        own = default_taxonomy()
        self._reader = Reader(
            own if config.taxonomy == own.text else Taxonomy.parse(config.taxonomy),
            examples=config.examples,
        )
        self._isolated = IsolatedReader(jobs=1)  # workers read files in parallel
        self._limits = config.limits
        self._ocr = config.ocr
        self._analyser = Analyser()

    def answer(self, task: Task) -> Answer:
        """The contents of the file, or the limit that it exceeds.

        None for any other error, which the parent process reproduces and reports.
        """
        try:
            contents = self._isolated.read(task.path, limits=self._limits, ocr=self._ocr)
            parsed = parse_contents(
                self._reader,
                contents,
                id=task.id,
                source=task.path,
                name=task.name,
                ids=task.members,
                below=task.below,
            )
            readings = with_extra(in_folder(parsed, task.folder), task.extras)
            reports = [
                (
                    reading.report,
                    list(passage_documents(reading.passages, reading.report, self._analyser)),
                )
                for reading in readings
            ]
        except TooLarge as error:
            return RefusedFile(error.reason)
        except Exception:  # the parent reads the file again and raises the error
            return None
        return ParsedFile.of(task, contents, reports)


def main() -> None:
    """Answer tasks; the first message is the configuration."""
    worker: Worker | None = None

    def answer(message: WorkerConfig | Task) -> object:
        nonlocal worker
        if worker is None or isinstance(message, WorkerConfig):
            assert isinstance(message, WorkerConfig)
            worker = Worker(message)
            return True
        return worker.answer(message)

    serve_requests(answer)
