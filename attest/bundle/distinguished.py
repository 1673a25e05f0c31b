"""Distinguished names as people read them (RFC 4514): `CN=Example TSA,O=Example Time,C=GB`.

Names are compared by their bytes; this text is for the report and for reasons alone.
static/verifier/distinguished.js is its twin.
"""

from __future__ import annotations

from attest.bundle.der import (
    IA5_STRING,
    NOTHING,
    PRINTABLE_STRING,
    SEQUENCE,
    SET,
    UTF8_STRING,
    Reader,
)
from attest.domain import text

_SHORT = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}
_ENCODINGS = {UTF8_STRING: "utf-8", PRINTABLE_STRING: "ascii", IA5_STRING: "ascii"}
_ESCAPED = '"+,;<>\\'


def name_text(der: bytes, what: str) -> str:
    """A Name's text, the last part first. FormatError where it is none."""
    outer = Reader(der)
    names = outer.inside(SEQUENCE, what)
    outer.end(what)
    parts: list[str] = []
    while names.tag != NOTHING:
        several = names.inside(SET, what)
        shown = [_part(several, what)]
        while several.tag != NOTHING:
            shown.append(_part(several, what))
        parts.append("+".join(shown))
    return ",".join(reversed(parts))


def _part(several: Reader, what: str) -> str:
    pair = several.inside(SEQUENCE, what)
    kind = pair.oid(what)
    tag = pair.tag
    whole = pair.whole(tag, what)
    pair.end(what)
    return f"{_SHORT.get(kind, kind)}={_value(tag, whole)}"


def _value(tag: int, whole: bytes) -> str:
    """The value as text where it is text that docs/formats.md §1 allows, else in hexadecimal."""
    encoding = _ENCODINGS.get(tag)
    content = Reader(whole).take(tag, "a name")
    try:
        value = content.decode(encoding) if encoding else None
    except UnicodeDecodeError:
        value = None
    if value is None or text.problem(value) is not None:
        return "#" + whole.hex()
    escaped = "".join("\\" + letter if letter in _ESCAPED else letter for letter in value)
    if escaped.startswith((" ", "#")):
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(value) > 1:
        escaped = escaped[:-1] + "\\ "
    return escaped
