"""Install the one wheel of a folder, with extras.

python .github/install_wheel.py FOLDER EXTRAS
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

folder, extras = sys.argv[1:]
(wheel,) = Path(folder).glob("*.whl")
subprocess.run(
    [sys.executable, "-m", "pip", "install", "-c", "constraints.txt", f"{wheel}[{extras}]"],
    check=True,
)
