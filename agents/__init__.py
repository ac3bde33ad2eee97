"""For agents: what an index holds, as tools of the Model Context Protocol (extra ``mcp``).

``answers`` are the shapes of what the tools give back, ``tools`` the tools, ``server`` puts them
behind the protocol. All is read-only, bounded in size, and never names a path of the machine it
runs on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .server import make_server

__all__ = ["make_server"]

__getattr__, __dir__ = lazily(
    __name__, {"make_server": "server"}
)  # the protocol's packages take a second to load
