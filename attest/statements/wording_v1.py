"""How template v1 writes what people typed, dates, times and counts. It never changes."""

from __future__ import annotations

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# Whatever a reader could take for the end of a value or of a line. The backslash comes first.
_ESCAPES = (
    ("\\", "\\\\"),
    ('"', '\\"'),
    ("\n", "\\n"),
    ("\u0085", "\\u0085"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def quoted(value: str) -> str:
    """A value in double quotes, on one line."""
    for character, escape in _ESCAPES:
        value = value.replace(character, escape)
    return f'"{value}"'


def day(value: str) -> str:
    """`2013-02-06` as `6 February 2013`."""
    year, month, number_of_day = (int(part) for part in value.split("-"))
    return f"{number_of_day} {_MONTHS[month - 1]} {year}"


def moment(value: str) -> str:
    """`2013-02-06T10:00:00Z` as `6 February 2013 at 10:00:00 UTC`."""
    return f"{day(value[:10])} at {value[11:19]} UTC"


def number(count: int, one: str, many: str) -> str:
    """A count with its noun: `1 store`, `2 stores`, `0 stores`."""
    return f"{count} {one if count == 1 else many}"
