"""``python -m tracuu.cli``: runs the command ``tracuu``."""

from __future__ import annotations

from . import main

if __name__ == "__main__":
    main()
