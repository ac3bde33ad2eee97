"""Extract the file from a form, as sent by browsers and ``curl -F``."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...errors import Message, MissingExtra, install_extra
from ..problems import Problem

FORM = "multipart/form-data"
REFUSED = ("application/x-www-form-urlencoded", "application/json")  # bodies that are not a file
HOW = Message(
    "send the file's bytes themselves (curl --data-binary @FILE), "
    "or a form with one file (curl -F file=@FILE)"
)


@dataclass(slots=True)
class _Part:
    headers: dict[str, str] = field(default_factory=dict)
    content: bytearray = field(default_factory=bytearray)


def file_of_form(body: bytes, content_type: str) -> tuple[str, bytes]:
    """Return the name and bytes of the one file in a form.

    Raises Problem if there is no form, no file or more than one.
    """
    try:
        from python_multipart.multipart import MultipartParser, parse_options_header
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "a form needs the package {name!r}; {how}", name=error.name, how=install_extra("web")
        ) from error

    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    parts: list[_Part] = []
    name, value = bytearray(), bytearray()

    def end_header() -> None:
        parts[-1].headers[name.decode("latin-1").lower()] = value.decode("utf-8", "replace")
        name.clear()
        value.clear()

    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": lambda: parts.append(_Part()),
            "on_header_field": lambda data, start, end: name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: value.extend(data[start:end]),
            "on_header_end": end_header,
            "on_part_data": lambda data, start, end: parts[-1].content.extend(data[start:end]),
        },
    )
    try:
        parser.write(body)
        parser.finalize()
    except Exception as error:  # python_multipart raises various exceptions
        broken = Message("the form is not well-formed; {how}", how=HOW)
        raise Problem(400, "bad-request", broken) from error
    files = [(file_name, part) for part in parts if (file_name := _file_name(part)) is not None]
    if len(files) != 1:
        several = Message("the form holds {count} files; {how}", count=len(files), how=HOW)
        raise Problem(422, "bad-value", several)
    return files[0][0], bytes(files[0][1].content)


def _file_name(part: _Part) -> str | None:
    """The file name of a part; None for a field that is not a file."""
    from python_multipart.multipart import parse_options_header

    options = parse_options_header(part.headers.get("content-disposition", "").encode())[1]
    given = options.get(b"filename")
    if not given:
        return None
    return given.decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
