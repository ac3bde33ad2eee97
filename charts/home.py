"""Keep matplotlib from writing into the user's home folder."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import MutableMapping

_NAME = "MPLCONFIGDIR"


def spare_home(environment: MutableMapping[str, str]) -> None:
    """Give matplotlib a temporary folder for its font cache.

    It is removed when the process ends. Called by commands, with ``os.environ``, before drawing; an
    embedding application decides for itself. Does nothing if the user set ``MPLCONFIGDIR`` or
    matplotlib is already imported.
    """
    if environment.get(_NAME) or "matplotlib" in sys.modules:
        return
    folder = tempfile.mkdtemp(prefix="tracuu-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment[_NAME] = folder
