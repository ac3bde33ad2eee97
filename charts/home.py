"""Keeps matplotlib from writing into the user's home folder."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import MutableMapping

_NAME = "MPLCONFIGDIR"


def spare_home(environment: MutableMapping[str, str]) -> None:
    """Give matplotlib a temporary folder for its list of fonts.

    It is removed when the process ends. For a command's process, which passes ``os.environ`` before
    it draws; in an application's process this is the application's choice. Does nothing where the
    user named a folder or matplotlib is loaded already.
    """
    if environment.get(_NAME) or "matplotlib" in sys.modules:
        return
    folder = tempfile.mkdtemp(prefix="tracuu-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment[_NAME] = folder
