"""An index as tools of the Model Context Protocol, for agents (extra ``mcp``).

:mod:`.answers` holds the models of answers, :mod:`.tools` the tools, :mod:`.server` the protocol.
All tools are read-only, limit the size of their answers, and never reveal a path of the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .server import make_server

__all__ = ["make_server"]

# imported on first use: the protocol's packages take a second to load
__getattr__, __dir__ = lazily(__name__, {"make_server": "server"})
