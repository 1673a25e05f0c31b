"""Documents with one member, or one item, that is odd: what closed schemas are tried with."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

# Kinds that a member may be of, and strings that look right at first.
ODD: list[Any] = [
    True,
    0,
    -1,
    1,
    2**53 - 1,
    "",
    " ",
    "\u0085",
    "\u00a0\u3000",
    "x",
    "two\nlines",
    "a\tb",
    "Ze\u0301",
    "a\u202eb",
    "a\ufeff",
    "\x7f",
    "x" * 201,
    "😀" * 200,
    "2013-02-30",
    "2013-02-14",
    "2013-02-14T24:00:00Z",
    "2013-02-14T10:00:05Z",
    "AAAA",
    "AAB=",
    "ab" * 32,
    "AB" * 32,
    "3f0b6a52-6f5e-4d53-9d0a-0c8ddc52f1a1",
    "3F0B6A52-6F5E-4D53-9D0A-0C8DDC52F1A1",
    "__proto__",
    "constructor",
    "accepted",
    "rejected",
    [],
    ["x"],
    {},
    {"a": 1},
]
# Names that no schema lists; some come first or last in the order of a document, some are numbers.
NAMES = ("!", "1", "10", "9", "__proto__", "constructor", "extra", "~")


def mutations(document: Any) -> Iterator[Any]:
    """Each member and item replaced, left out, doubled, and with a stranger beside it."""
    for path in paths(document):
        for odd in ODD:
            yield changed(document, path, lambda inside, last, odd=odd: _set(inside, last, odd))
        yield changed(document, path, lambda inside, last: _leave_out(inside, last))
        yield changed(document, path, lambda inside, last: _double(inside, last))
    for path in [(), *paths(document)]:
        found = _at(document, path)
        if isinstance(found, dict):
            for name in NAMES:
                other = copy.deepcopy(document)
                _at(other, path)[name] = 1
                yield other
            other = copy.deepcopy(document)
            _at(other, path).update({"!": 1, "10": 1, "9": 1})
            yield other


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each member and item stands, at every depth."""
    if not isinstance(value, (dict, list)):
        return []
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for name, part in inside:
        found += [(*here, name), *paths(part, (*here, name))]
    return found


def changed(document: Any, path: tuple[Any, ...], change: Any) -> Any:
    """A copy in which something was done to one member."""
    other = copy.deepcopy(document)
    change(_at(other, path[:-1]), path[-1])
    return other


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _set(inside: Any, last: Any, value: Any) -> None:
    inside[last] = value


def _leave_out(inside: Any, last: Any) -> None:
    del inside[last]


def _double(inside: Any, last: Any) -> None:
    if isinstance(inside, list):
        inside.insert(last, copy.deepcopy(inside[last]))
    else:
        inside[last] = [inside[last], inside[last]]
