"""The texts that people read, from the source into the Vietnamese catalogue.

Found are messages of errors and of the command line, help, and click's own words. After a change
``python tests/house/messages.py`` brings ``messages/locale/vi/LC_MESSAGES/tracuu.po`` up to date, names
the texts without a translation, and compiles the catalogue. It needs Babel (extra ``dev``).
"""

from __future__ import annotations

import ast
import inspect
import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from sources import Source, sources

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "messages" / "locale" / "vi" / "LC_MESSAGES"
PO, MO = FOLDER / "tracuu.po", FOLDER / "tracuu.mo"

# function → which of its positional arguments people read
CALLS = {
    "_": 0, "N_": 0, "Message": 0, "note": 0, "error": 0, "_error": 0, "_unreachable": 0, "IntegrityProblem": 0,
    "Finding": 1, "Problem": 2, "_unequal": 1, "_unproven": 1, "counted": 1, "paragraphs": 0,
}  # fmt: skip
CLICK = "click"  # the place of click's words in the catalogue
LOGS = ("warning", "info")
HELP = ("help", "epilog", "short_help")
VALUE_WORD = re.compile(r"[A-Z]{2,}")  # as in cli/manual.py
_PLACE = re.compile(r"{[^}]*}|%[-\d.]*[a-z](?:ms)?")
_PLAIN = re.compile(r"[\W\d_]*")


class Undated(Catalog):
    """A catalogue whose header has no dates and no versions, which would differ every time."""

    mime_headers = property(  # type: ignore[assignment]
        lambda self: [
            ("Language", "vi"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ],
        lambda self, headers: None,
    )


def error_classes() -> dict[str, int]:
    """Error class → the place of its message among the arguments: after the path, or first."""
    bases = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for node in ast.parse((ROOT / "errors.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }

    def about_path(name: str) -> bool:
        return name in ("ReadError", "StorageError") or any(map(about_path, bases.get(name, ())))

    return {name: int(about_path(name)) for name in bases if name not in CALLS}


@cache
def modules() -> list[Source]:
    """The modules whose texts are translated."""
    return [source for source in sources(ROOT) if source.installed]


def constants(node: ast.expr | None) -> Iterator[tuple[int, str]]:
    """The texts an expression may be: both of ``a if b else c``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def called(node: ast.Call) -> str:
    """The name of the function or class that is called."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def help_parts(text: str) -> list[str]:
    """The paragraphs of a help text as the command line looks them up; see ``cli/manual.py``."""
    from tracuu.cli.manual import parts

    return [part.text for part in parts(inspect.cleandoc(text))]


def texts_of(source: Source, errors: dict[str, int]) -> Iterator[tuple[int, str]]:
    """Line and text of all that people read in a module."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            name = called(node)
            at = errors.get(name, CALLS.get(name, 0 if name in LOGS else None))
            if at is not None and len(node.args) > at:
                yield from constants(node.args[at])
            for keyword in node.keywords:
                if source.room == "cli" and keyword.arg in HELP:
                    for line, text in constants(keyword.value):
                        yield from ((line, part) for part in help_parts(text))
                if source.room == "cli" and keyword.arg == "metavar":
                    for line, text in constants(keyword.value):
                        yield from ((line, word) for word in VALUE_WORD.findall(text))
            if name == "argument" and not any(one.arg == "metavar" for one in node.keywords):
                yield from ((line, text.upper()) for line, text in constants(node.args[0]))
        elif isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Call) and called(one) in ("command", "group")
            for one in node.decorator_list
        ):
            for part in help_parts(ast.get_docstring(node) or ""):
                yield node.lineno, part


def of_click() -> Iterator[str | tuple[str, str]]:
    """click's own words; two forms where it counts."""
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        with path.open("rb") as file:
            for _line, text, _comments, _context in extract(
                "python", file, {"_": None, "ngettext": (1, 2)}
            ):
                yield (text[0], text[1]) if isinstance(text, tuple) else text


def template() -> Catalog:
    """All texts, without translations."""
    catalog = Catalog(project="tracuu", fuzzy=False, charset="utf-8")
    errors = error_classes()
    for source in modules():
        for _, text in texts_of(source, errors):
            if not _PLAIN.fullmatch(_PLACE.sub("", text)):
                catalog.add(text, locations=[(source.name, 0)])
    for text in of_click():
        if not _PLAIN.fullmatch(re.sub(r"{[^}]*}", "", "".join(text))):
            catalog.add(text, locations=[(CLICK, 0)])
    return catalog


def updated() -> Catalog:
    """The catalogue for the texts of the source, with the translations it has already."""
    current = template()
    known = read_po(io.BytesIO(PO.read_bytes()), locale="vi") if PO.exists() else Catalog("vi")
    catalog = Undated("vi", fuzzy=False, charset="utf-8")
    catalog.header_comment = "# Vietnamese words of tracuu; see tests/house/messages.py."
    for message in current:
        if message.id:
            old = known.get(message.id)
            catalog.add(message.id, old.string if old else "", locations=message.locations)
    for message in known:  # of another version of click
        if message.id and message.locations == [(CLICK, None)] and message.id not in catalog:
            catalog.add(message.id, message.string, locations=[(CLICK, 0)])
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """Texts without a translation."""
    return [
        str(message.id)
        for message in catalog
        if message.id
        and not any((message.string,) if isinstance(message.string, str) else message.string)
    ]


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as text, the same every time."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, sort_by_file=True, include_lineno=False)
    return out.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue compiled, the same every time."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main() -> None:
    """Bring both files up to date."""
    catalog = updated()
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalog))
    MO.write_bytes(as_mo(catalog))
    for text in missing(catalog):
        print(f"no translation: {text!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
