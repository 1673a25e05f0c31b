"""The text of a list's bytes, whichever program saved it."""

from __future__ import annotations


def decode(data: bytes) -> tuple[str, list[str], str | None]:
    """The text, notes about its encoding, and a sentence where it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), [], None
        except UnicodeDecodeError:
            return "", [], "The list cannot be read as text. Save it as CSV in UTF-8."
    if data.startswith(b"PK\x03\x04"):
        return (
            "",
            [],
            (
                "This looks like a spreadsheet or a zip file. Save the sheet as CSV in UTF-8, and "
                "import that."
            ),
        )
    if b"\0" in data:
        return "", [], "This is not a text file. Save the list as CSV in UTF-8, and import that."
    try:
        return data.decode("utf-8-sig"), [], None
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return "", [], "The list cannot be read as text. Save it as CSV in UTF-8."
    note = (
        "The list is not in UTF-8. It was read as Windows-1252: check the names with accents or "
        "dashes in them."
    )
    return text, [note], None
