"""Style sheets, scripts, fonts and pictures of the page, read once.

File paths are never taken from requests.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
    ".png": "image/png",
}
_FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """The files by name.

    Their addresses contain a common version, so that browsers may cache them permanently.
    """

    def __init__(self) -> None:
        self._files = {
            path.name: path.read_bytes()
            for path in sorted(_FOLDER.iterdir())
            if path.suffix in _TYPES
        }
        digest = hashlib.sha256()
        for name, content in self._files.items():
            digest.update(name.encode() + b"\0" + content + b"\0")
        self.version = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file.

        Raises KeyError for an unknown name, an error in a template.
        """
        self._files[name]
        return f"/static/{self.version}/{name}"

    async def favicon(self, request: Request) -> Response:
        """``/favicon.ico``, which browsers and previews request unprompted."""
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(self._files["favicon.ico"], media_type=_TYPES[".ico"], headers=headers)

    async def answer(self, request: Request) -> Response:
        """Return one file; for an old version's address the current file, uncached."""
        name = request.path_params["name"]
        content = self._files.get(name)
        if content is None:
            return Response("not found", 404, media_type="text/plain")
        kept = _FOREVER if request.path_params["version"] == self.version else "no-cache"
        return Response(
            content, media_type=_TYPES[Path(name).suffix], headers={"Cache-Control": kept}
        )
