"""A client of ``tracuu mcp``: start it, list its tools, call them.

python agent_client.py reports.idx "giải ngân vốn đầu tư"
"""

from __future__ import annotations

import asyncio
import os
import sys

from mcp import Client, StdioServerParameters


async def main(index: str, query: str) -> None:
    """Search, then read the surroundings of the best passage."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "tracuu.cli", "mcp", os.path.abspath(index)],
        env=dict(os.environ),
    )
    async with Client(server) as client:
        listed = await client.list_tools()
        print("tools:", ", ".join(tool.name for tool in listed.tools))
        found = await client.call_tool(
            "search", {"query": query, "assessment": "shortcoming", "limit": 3}
        )
        if found.is_error or not found.structured_content:
            sys.exit(f"the tool refused: {found.content}")
        passages = found.structured_content["passages"]
        for passage in passages:
            print(passage["id"], "|", " › ".join(passage["heading_path"]))
        if passages:
            read = await client.call_tool(
                "read_passage", {"passage": passages[0]["id"], "before": 0, "after": 1}
            )
            for passage in (read.structured_content or {})["passages"]:
                print(f"\n{passage['id']}\n{passage['text']}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
