"""An index as tools of the Model Context Protocol, for agents (extra ``mcp``).

``answers`` are the models of the tools' answers, ``tools`` the tools, ``server`` the protocol. All
tools only read, limit the size of their answers, and never name a path of the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .server import make_server

__all__ = ["make_server"]

# the protocol's packages take a second to load
__getattr__, __dir__ = lazily(__name__, {"make_server": "server"})
