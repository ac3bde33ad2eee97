"""The table of routes in docs/http.md, made from the service's own description.

``python docs/http_routes.py`` updates it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("http.md")
BEGIN, END = "<!-- routes: begin -->\n", "<!-- routes: end -->\n"


def description() -> dict[str, Any]:
    """The OpenAPI description, which needs no index."""
    from tracuu.web import Settings, create_app

    app = create_app("none", settings=Settings())
    try:
        return app.openapi()
    finally:
        app.state.access.close()


def table(schema: dict[str, Any]) -> str:
    """A row for each operation: summary, parameters (``*``: required) and responses."""
    lines = ["", "| | what | parameters | answers |", "| --- | --- | --- | --- |"]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            given = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
            names = ", ".join(
                f"`{one['name']}`{'*' if one.get('required') else ''}" for one in given
            )
            answers = " ".join(operation["responses"])
            what = " ".join(operation["description"].split())
            lines.append(f"| `{method.upper()} {path}` | {what} | {names} | {answers} |")
    return "\n".join(lines) + "\n\n"


def main() -> None:
    """Write the table into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(
        before + BEGIN + table(description()) + END + rest.partition(END)[2], encoding="utf-8"
    )


if __name__ == "__main__":
    main()
