"""Files and folders that outlive a power cut: each change is forced to the disk."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ..engines.base import sync_folder

NEW = ".new"  # ends the name of a file until it is whole


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and sync each entry."""
    missing = [folder]
    while not missing[-1].exists() and missing[-1].parent != missing[-1]:
        missing.append(missing[-1].parent)
    folder.mkdir(parents=True, exist_ok=True)
    for parent in missing[1:]:
        with suppress(OSError):  # a parent that may be searched and not read
            sync_folder(parent)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes and force them to the disk."""
    import shutil  # a search copies nothing, and need not wait for it

    with open(source, "rb") as old, open(target, "wb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())


def remove(path: Path) -> None:
    """Remove a file or folder; one that is in use stays."""
    if path.is_dir() and not path.is_symlink():
        remove_folder(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def remove_folder(folder: Path, *, ignore_errors: bool = False) -> None:
    """Remove a folder and all in it; with ``ignore_errors`` what is in use stays.

    Raises OSError.
    """
    import shutil  # a search removes nothing, and need not wait for it

    shutil.rmtree(folder, ignore_errors=ignore_errors)


def take_over(source: Path, target: Path) -> None:
    """Copy a file, or a folder of files; nothing happens if ``source`` is missing.

    Raises OSError.
    """
    if source.is_dir():
        make_folder(target)
        for name in sorted(os.listdir(source)):
            if (source / name).is_file() and not name.endswith(NEW):
                copy_file(source / name, target / name)
        sync_folder(target)
    elif source.is_file():
        copy_file(source, target)
        sync_folder(target.parent)
