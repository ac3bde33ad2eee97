"""New passages that matched saved searches, as an Atom feed (RFC 4287)."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.responses import Response

from ...index import Index
from ...index.alerts import AlertEntry, recent_alerts
from ...index.directory import IndexDirectory
from .visit import Visit

_ATOM = "http://www.w3.org/2005/Atom"
_ENTRIES = 100
_EPOCH = "1970-01-01T00:00:00+00:00"


def alerts_feed(index: Index, visit: Visit) -> Response:
    """The latest alerts, newest first; with ``?search=NAME`` of one saved search."""
    name = visit.request.query_params.get("search")
    entries = recent_alerts(IndexDirectory(index.path), name)[:_ENTRIES]
    base = str(visit.request.base_url).rstrip("/")
    address = f"{base}/alerts.atom" + (f"?search={quote(name, safe='')}" if name else "")
    feed = Element("feed", xmlns=_ATOM)
    _add(feed, "id", address)
    _add(feed, "title", f"tracuu: {name}" if name else "tracuu")
    _add(feed, "updated", entries[0].when if entries else _EPOCH)
    SubElement(feed, "link", rel="self", href=address)
    _add(SubElement(feed, "author"), "name", "tracuu")
    for entry in entries:
        _entry(feed, entry, base)
    content = tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(
        content,
        headers={"Cache-Control": "no-cache"},
        media_type="application/atom+xml",
    )


def _entry(feed: Element, entry: AlertEntry, base: str) -> None:
    report, _, position = entry.passage.rpartition("#")
    link = f"{base}/reports/{quote(report, safe='')}/{position}"
    made = SubElement(feed, "entry")
    _add(made, "id", f"{link}#{quote(f'{entry.search}-{entry.when}', safe='')}")
    _add(made, "title", f"{entry.search}: {entry.title or report}")
    _add(made, "updated", entry.when)
    SubElement(made, "link", href=link)
    _add(made, "content", entry.text)


def _add(parent: Element, name: str, text: str) -> None:
    kept = "".join(one for one in text if one.isprintable() or one in "\n\t")
    SubElement(parent, name).text = kept
