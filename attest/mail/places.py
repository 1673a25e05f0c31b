"""Places in a letter's text that are filled in when it is sent, and that nobody can open.

A row of the outbox keeps the text with its places: the database alone opens no account, and a
letter carries the checkpoint that is the newest when it leaves.
"""

from __future__ import annotations

from typing import Any


class Place(str):
    """Told apart from the same letters typed by somebody, which open no place."""

    __slots__ = ()


# Where the one-use link goes.
LINK = Place("{link}")
# A paragraph of its own: the request for a receipt, and what checkpoint the letter carries.
WITNESS = Place("{witness}")

_ALL = (LINK, WITNESS)


def printed(value: Any) -> str:
    """What a template prints for `value`: of the places, only these objects themselves."""
    return value if isinstance(value, Place) else without_places(str(value))


def without_places(text: str) -> str:
    """`text` as somebody typed it, its curly words pulled apart."""
    for place in _ALL:
        text = text.replace(place, f"{{ {place[1:-1]} }}")
    return text
