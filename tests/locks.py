"""Which rows a transaction locks first: two that take them in other orders wait for each other."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def locks(engine: Engine) -> Iterator[list[list[str]]]:
    """The tables whose rows are locked, in order, of each transaction meanwhile."""
    taken: list[list[str]] = []

    def begins(_connection: Any) -> None:
        taken.append([])

    def says(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if found := re.search(r"FROM (\w+).* FOR (?:NO KEY )?UPDATE", statement, re.DOTALL):
            taken[-1].append(found[1])

    event.listen(engine, "begin", begins)
    event.listen(engine, "before_cursor_execute", says)
    try:
        yield taken
    finally:
        event.remove(engine, "begin", begins)
        event.remove(engine, "before_cursor_execute", says)


def check_demands_come_first(engine: Engine, taken: list[list[str]]) -> None:
    """As every act takes them. SQLite has one writer, and no locks."""
    both = [each for each in taken if {"demand", "letter"} <= set(each)]
    assert bool(both) is (engine.dialect.name == "postgresql")
    assert all(each[0] == "demand" for each in both)
