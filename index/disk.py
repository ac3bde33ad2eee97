"""Operations on files and folders, each synced to survive a power cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ..engines.base import sync_folder

NEW = ".new"  # suffix of a file until it is complete


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents, and sync each."""
    missing = [folder]
    while not missing[-1].exists() and missing[-1].parent != missing[-1]:
        missing.append(missing[-1].parent)
    folder.mkdir(parents=True, exist_ok=True)
    for parent in missing[1:]:
        with suppress(OSError):  # a parent without permission to list it
            sync_folder(parent)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes and sync them."""
    import shutil  # imported here to keep searches from loading it

    with open(source, "rb") as old, open(target, "wb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())


def remove(path: Path) -> None:
    """Remove a file or folder, unless it is in use."""
    if path.is_dir() and not path.is_symlink():
        remove_folder(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def remove_folder(folder: Path, *, ignore_errors: bool = False) -> None:
    """Remove a folder; with ``ignore_errors`` files in use are left.

    Raises OSError.
    """
    import shutil  # imported here to keep searches from loading it

    shutil.rmtree(folder, ignore_errors=ignore_errors)


def take_over(source: Path, target: Path) -> None:
    """Copy a file, or a folder of files; does nothing without ``source``.

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
