"""The one way in which verification says no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from attest.statements.canonical import FormatError


class Failure(Exception):
    """A step of docs/formats.md §6 refused. `leaf` counts from 0; None where no leaf is meant."""

    def __init__(self, step: int, leaf: int | None, reason: str) -> None:
        super().__init__(step, leaf, reason)
        self.step = step
        self.leaf = leaf
        self.reason = reason

    def __str__(self) -> str:
        where = "" if self.leaf is None else f", leaf {self.leaf}"
        return f"step {self.step}{where}: {self.reason}"


@contextmanager
def at_step(step: int, leaf: int | None = None) -> Iterator[None]:
    """Turn a FormatError raised inside into the failure of this step."""
    try:
        yield
    except FormatError as error:
        raise Failure(step, leaf, str(error)) from None
