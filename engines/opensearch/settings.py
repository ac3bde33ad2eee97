"""Options of the engine ``opensearch``, and which of them are saved.

==============  ======  ==========================================================================
option          saved   meaning
==============  ======  ==========================================================================
url             yes     address of a node, or several: ``https://search.example:9200``
name            yes     the index's name on the cluster (default ``tracuu``)
shards          yes     shards of a new index (default 1)
replicas        yes     copies of each shard besides the first (default 1)
origin          yes     owner of these files, where several machines write to one index
user, password  no      basic authentication
token           no      or a bearer token
ca_file         no      certificates to trust besides the system's (PEM)
client_cert     no      or a client certificate (PEM), ``client_key`` its key
verify          no      False: take any certificate; for trials only
timeout         no      seconds that one request may take (default 30)
patience        no      seconds for which refused or lost requests are tried again (default 60)
join            no      True: if the cluster has the index already, add to it from here too
==============  ======  ==========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from ...errors import Message, OptionError

KEPT = ("url", "name", "shards", "replicas", "origin")
_FIXED = ("name", "origin", "shards", "replicas")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_ORIGIN = re.compile(r"[\w.@-]{1,100}")
_PAIRS = (("user", "password"), ("client_cert", "client_key"))


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """Validated options. ``made`` is true if the index's folder has saved options."""

    url: tuple[str, ...]
    name: str = "tracuu"
    shards: int = 1
    replicas: int = 1
    origin: str = ""
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    verify: bool = True
    timeout: float = 30.0
    patience: float = 60.0
    join: bool = False
    made: bool = False

    @property
    def place(self) -> str:
        """A description of the index, for messages."""
        return f"{self.url[0]}/{self.name}"

    def kept(self) -> dict[str, Any]:
        """The options to save in the index's folder."""
        return {
            "url": ",".join(self.url),
            "name": self.name,
            "shards": self.shards,
            "replicas": self.replicas,
            "origin": self.origin,
        }


def settings_of(
    kept: Mapping[str, Any], given: Mapping[str, Any], *, rebuilt: bool = False
) -> ClusterSettings:
    """Merge the options saved in the folder with those given now.

    Raises OptionError for an unknown option, an invalid value, or a value that contradicts the
    saved one; shards and replicas may change if ``rebuilt``.
    """
    for name in (*kept, *given):
        if name not in _CHECKS:
            near = get_close_matches(str(name), _CHECKS, n=1)
            hint = Message(" (meant {near}?)", near=near[0]) if near else ""
            known = ", ".join(_CHECKS)
            raise OptionError(
                "the engine 'opensearch' has no option {name!r}{hint}; there are: {known}",
                name=name,
                hint=hint,
                known=known,
            )
    values = {name: _CHECKS[name](name, value) for name, value in kept.items() if value is not None}
    for name, value in given.items():
        if value is None:
            continue
        checked = _CHECKS[name](name, value)
        changeable = name not in _FIXED or (rebuilt and name in ("shards", "replicas"))
        if name in values and not changeable and values[name] != checked:
            raise OptionError(
                "the index was made with {name}={values}, not {checked}; to change shards or "
                "replicas, use: tracuu rebuild (name and origin cannot change)",
                name=name,
                values=values[name],
                checked=checked,
            )
        values[name] = checked
    if "url" not in values:
        raise OptionError(
            "the engine 'opensearch' needs the address of the cluster: --url https://HOST:9200"
        )
    for one, other in _PAIRS:
        if (values.get(one) is None) != (values.get(other) is None):
            raise OptionError(
                "the options {one} and {other} must be given together", one=one, other=other
            )
    if values.get("token") is not None and values.get("user") is not None:
        raise OptionError("give a user and password, or a token, but not both")
    return ClusterSettings(**values, made=bool(kept))


def _urls(name: str, value: object) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if (
        not isinstance(parts, (list, tuple))
        or not parts
        or not all(isinstance(part, str) for part in parts)
    ):
        raise OptionError(
            "{name} is the address of a node, or several with commas between", name=name
        )
    return tuple(_url(part.strip()) for part in parts)


def _url(text: str) -> str:
    wanted = Message("write the address of the cluster like https://search.example:9200")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise OptionError(
            "this is not an address of a cluster ({error}); {wanted}", error=error, wanted=wanted
        ) from None
    if parts.username is not None or parts.password is not None:
        raise OptionError(
            "the url contains a user or a password, which would be saved with the index; leave "
            "them out and give them as the options user and password (on the command line: "
            "TRACUU_OPENSEARCH_USER and TRACUU_OPENSEARCH_PASSWORD)"
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise OptionError(
            "{text!r} is not an address of a cluster; {wanted}", text=text, wanted=wanted
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = port or (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise OptionError("{name} must be a non-empty text", name=name)
    return value


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[str, object], str]:
    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise OptionError(
                "{name} {value!r} is not valid: {what}", name=name, value=value, what=what
            )
        return value

    return check


def _whole(least: int, most: int) -> Callable[[str, object], int]:
    def check(name: str, value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise OptionError(
                "{name} is a whole number from {least} to {most}, not {value!r}",
                name=name,
                least=least,
                most=most,
                value=value,
            )
        return value

    return check


def _seconds(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 3600:
        raise OptionError(
            "{name} is a number of seconds above 0 and up to 3600, not {value!r}",
            name=name,
            value=value,
        )
    return float(value)


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise OptionError("{name} is True or False, not {value!r}", name=name, value=value)
    return value


_CHECKS: dict[str, Callable[[str, object], Any]] = {
    "url": _urls,
    "name": _matching(
        _NAME, "small letters a–z, digits, '.', '_' and '-', at most 100, a letter or digit first"
    ),
    "shards": _whole(1, 1024),
    "replicas": _whole(0, 16),
    "origin": _matching(_ORIGIN, "letters, digits, '.', '_', '@' and '-', at most 100"),
    "user": _text,
    "password": _text,
    "token": _text,
    "ca_file": _text,
    "client_cert": _text,
    "client_key": _text,
    "verify": _flag,
    "timeout": _seconds,
    "patience": _seconds,
    "join": _flag,
}
