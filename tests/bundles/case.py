"""What a good bundle is here, or one that is intact: a name, what must be said, how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bundle.forgery import Made
from tests.logs import LogWriter
from tests.packing import packed, trust_of


@dataclass(frozen=True)
class Case:
    """`make` gives a bundle and a trust file; every step passes, and `reasons` must be given."""

    name: str
    reasons: tuple[str, ...]
    make: Callable[[], Made]


class Cases:
    """Named bundles that pass, in the order in which they are written down."""

    def __init__(self) -> None:
        self.rows: list[Case] = []

    def bundle(self, *reasons: str) -> Callable[[Callable[[], Made]], Callable[[], Made]]:
        """A case that gives the bundle and the trust file itself."""

        def keep(make: Callable[[], Made]) -> Callable[[], Made]:
            self.rows.append(Case(_name(make), reasons, make))
            return make

        return keep

    def log(self, *reasons: str) -> Callable[[Callable[[], LogWriter]], Callable[[], LogWriter]]:
        """A case of a log alone: packed well, Anne's key pinned, the newest checkpoint received."""

        def keep(make: Callable[[], LogWriter]) -> Callable[[], LogWriter]:
            def pack_it() -> Made:
                log = make()
                return packed(log), trust_of(log)

            self.rows.append(Case(_name(make), reasons, pack_it))
            return make

        return keep


def _name(make: Callable[[], object]) -> str:
    return make.__name__.replace("_", " ")
