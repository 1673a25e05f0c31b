"""The media that an answer names: as rows of a form, as lines of a list, as members of an entry.

A line is `manufacturer; model; serial; asset tag`. Lists write several media into one cell with
" | " between them, so neither mark can stand within a medium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attest.domain import text

# A member of `media` (docs/formats.md §3), and the words for it.
PARTS: Mapping[str, str] = {
    "manufacturer": "Manufacturer",
    "model": "Model",
    "serial": "Serial number",
    "assetTag": "Asset tag",
}
_MARKS = (";", "|")
MARKED = "Leave out “;” and “|”: lists of answers keep them to tell media apart."

Medium = Mapping[str, str]


def tidied(typed: object) -> list[dict[str, str]]:
    """The media that were typed, tidied, in their order; a row that holds nothing stays, empty.

    `typed`: lines of text, or a list of rows by member.
    """
    if isinstance(typed, str):
        return of_lines(typed)
    if not isinstance(typed, Sequence):
        return []
    rows = []
    for row in typed:
        given = row if isinstance(row, Mapping) else {}
        parts = {name: text.typed(str(given.get(name) or "")) for name in PARTS}
        rows.append({name: part for name, part in parts.items() if part})
    return rows


def of_lines(typed: str) -> list[dict[str, str]]:
    """One medium a line; a line that names nothing gives an empty one."""
    rows = []
    for line in text.typed(typed).split("\n"):
        parts = [part.strip() for part in line.split(";")]
        rows.append({name: part for name, part in zip(PARTS, parts, strict=False) if part})
    return rows


def as_lines(media: Sequence[Medium]) -> str:
    """The media as lines, to be read by `of_lines` again."""
    return "\n".join(
        "; ".join(medium.get(name, "") for name in PARTS).rstrip("; ") for medium in media
    )


def marked(rows: Sequence[Medium]) -> list[tuple[int, str]]:
    """Where a mark stands that a list would trip over: number of the row (from 0) and member."""
    return [
        (number, name)
        for number, row in enumerate(rows)
        for name, part in row.items()
        if any(mark in part for mark in _MARKS)
    ]


def field_of(number: int, part: str = "") -> str:
    """The name of a row's field, such as `media.2.serial`; rows count from 0."""
    return ".".join(each for each in ("media", str(number), part) if each)


def told(field: str, sentence: str) -> str:
    """The sentence about a field of a row, with the row (from 1) and the field in words."""
    head, _, rest = field.partition(".")
    number, _, part = rest.partition(".")
    if head != "media" or not number:
        return sentence
    words = PARTS.get(part)
    return f"Medium {int(number) + 1}{f', {words.lower()}' if words else ''}: {sentence}"
