"""Start Chromium and a server, for tests and ``benchmarks/screenshots.py``."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLAGS = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The path of Chromium or Chrome, if installed."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def started(playwright: Any, path: str) -> Iterator[Any]:
    """Start a headless browser; without a sandbox only as root."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    browser = playwright.chromium.launch(
        executable_path=path, args=[*FLAGS, *(["--no-sandbox"] if root else [])]
    )
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def served(index: Path, **settings: Any) -> Iterator[str]:
    """Serve an index on a free port of this machine; yields the address.

    ``settings`` are keyword arguments of Settings.
    """
    import uvicorn

    from tracuu.web import Settings, create_app

    app = create_app(index, settings=Settings(threads=2, **settings))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
