"""A Flask application with a search: JSON at /api/search, a small page at /.

    REPORTS_INDEX=reports.idx flask --app flask_app run

One Index serves all threads of a process. If another process updates or rebuilds it (``tracuu
watch``, ``tracuu rebuild``), the next search uses the new state.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Flask, jsonify, render_template_string, request
from werkzeug.exceptions import HTTPException

from tracuu import Index, TracuuError
from tracuu.errors import IndexBusy, IndexOutdated, UnknownPassage, UsageError

PAGE = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>Tra cứu báo cáo</title>
<form><input name="q" value="{{ query }}" aria-label="Từ khóa"> <button>Tìm</button></form>
{% if error %}<p role="alert">{{ error }}</p>{% endif %}
{% if results %}<p>{{ results.total }} đoạn</p>
<ol>{% for hit in results %}
  <li><b>{{ hit.passage.heading_path|join(" › ") }}</b>
    ({{ hit.passage.area }}{% if hit.passage.assessment %},
    {{ hit.passage.assessment }}{% endif %})<br>
    {% for piece, is_match in pieces(hit.snippet, hit.snippet_highlights) -%}
      {% if is_match %}<mark>{{ piece }}</mark>{% else %}{{ piece }}{% endif %}
    {%- endfor %}</li>
{% endfor %}</ol>{% endif %}"""


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Split ``text`` into pieces, each with whether it matched.

    The template escapes them, so ``|safe`` is not needed.
    """
    place = 0
    for start, end in spans:
        yield text[place:start], False
        yield text[start:end], True
        place = end
    yield text[place:], False


def status(error: TracuuError) -> int:
    """The HTTP status of an error of the library."""
    if isinstance(error, UnknownPassage):
        return 404
    # an invalid query or option, which the client can correct
    if isinstance(error, UsageError):
        return 400
    return 503 if isinstance(error, (IndexBusy, IndexOutdated)) else 500


def create_app(index_path: str | None = None) -> Flask:
    """Make the application over the index at ``index_path``, or REPORTS_INDEX."""
    app = Flask(__name__)
    index = Index.open(index_path or os.environ["REPORTS_INDEX"])
    app.extensions["tracuu"] = index

    def find() -> Any:
        return index.search(
            request.args.get("q", "")[:500],  # a limit of the application
            area=request.args.get("area"),
            assessment=request.args.get("assessment"),
            limit=20,
        )

    @app.errorhandler(TracuuError)
    def refuse(error: TracuuError) -> Any:
        code = status(error)
        # without the path on the server
        message = str(error) if code < 500 else "the search is unavailable at the moment"
        if code >= 500:
            app.logger.error("search failed: %s", error)
        if request.path.startswith("/api/"):
            return jsonify(error=message), code
        return render_template_string(PAGE, query=request.args.get("q", ""), error=message), code

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> Any:
        return jsonify(error=error.description), error.code or 500

    @app.get("/api/search")
    def api_search() -> Any:
        return jsonify(find().to_dict())

    @app.get("/api/passages/<path:passage>")
    def api_passage(passage: str) -> Any:
        return jsonify(index.surroundings(passage).to_dict()["passages"])

    @app.get("/")
    def page() -> Any:
        asked = request.args.get("q")
        results = find() if asked else None
        return render_template_string(PAGE, query=asked or "", results=results, pieces=pieces)

    return app
