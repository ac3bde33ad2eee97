"""Environment variables of remote engines."""

from __future__ import annotations

import os
from typing import Any

from .. import index
from ..errors import UsageError

# option → its environment variable, for indexes of the engine opensearch
ENVIRONMENT = {
    "url": "TRACUU_OPENSEARCH_URL",
    "user": "TRACUU_OPENSEARCH_USER",
    "password": "TRACUU_OPENSEARCH_PASSWORD",
    "token": "TRACUU_OPENSEARCH_TOKEN",
    "ca_file": "TRACUU_OPENSEARCH_CA_FILE",
    "client_cert": "TRACUU_OPENSEARCH_CLIENT_CERT",
    "client_key": "TRACUU_OPENSEARCH_CLIENT_KEY",
    "timeout": "TRACUU_OPENSEARCH_TIMEOUT",
    "patience": "TRACUU_OPENSEARCH_PATIENCE",
    "verify": "TRACUU_OPENSEARCH_VERIFY",
}


def opening_options(
    path: str, *, engine: str | None = None, given: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """The options for opening the index at ``path``, or a new one of ``engine``.

    They supplement those stored in its folder. The environment is read only for the engine
    opensearch; ``given`` takes precedence. Raises UsageError.
    """
    options = {
        name: os.environ[variable]
        for name, variable in ENVIRONMENT.items()
        if os.environ.get(variable)
    }
    if options and (engine or _engine_at(path)) == "opensearch":
        return {**_converted(options), **(given or {})}
    return given or None


def _engine_at(path: str) -> str | None:
    settings = index.IndexDirectory(path).settings()
    return settings.engine if settings else None


def _converted(options: dict[str, str]) -> dict[str, Any]:
    converted: dict[str, Any] = dict(options)
    for name in ("timeout", "patience"):
        if name in options:
            try:
                converted[name] = float(options[name])
            except ValueError:
                raise UsageError(
                    "{name} is a number of seconds, not {value!r}",
                    name=ENVIRONMENT[name],
                    value=options[name],
                ) from None
    if "verify" in options:
        if options["verify"] not in ("0", "1"):
            raise UsageError(
                "{name} is 1, or 0 to take any certificate, for trials only",
                name=ENVIRONMENT["verify"],
            )
        converted["verify"] = options["verify"] == "1"
    return converted
