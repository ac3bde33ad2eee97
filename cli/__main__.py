"""``python -m tracuu.cli``: the same as the command ``tracuu``."""

from __future__ import annotations

from . import main

if __name__ == "__main__":
    main()
