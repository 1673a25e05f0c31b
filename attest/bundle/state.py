"""What the judge knows after the leaves so far: prefixes, keys and facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attest.bundle.keyring import Holder, KeyRing
from attest.bundle.listing import BodyList, PrefixContext
from attest.bundle.prefix import EveryPrefix, Prefixes
from attest.domain.facts import Facts
from attest.domain.packed import PackedKeys
from attest.domain.standing import View, every_statement


class LogState:
    """The log so far. The judge's parts read it, and only an admitted leaf changes it."""

    def __init__(
        self,
        origin: str,
        demand_id: str,
        pinned: Mapping[str, Holder],
        prefixes: Prefixes | None = None,
    ) -> None:
        self.origin = origin
        self.demand_id = demand_id
        self.prefixes: Prefixes = EveryPrefix() if prefixes is None else prefixes
        self.keys = KeyRing(pinned)
        self.facts = Facts()
        self.files = BodyList(self.prefixes.bodies, self.facts.file_leaves())
        self.stores = BodyList(self.prefixes.bodies)
        self.withdrawals = BodyList(self.prefixes.bodies)
        self.evidence = PackedKeys(32)  # what an evidence.added names and is not withheld
        self.types: Counter[str] = Counter()
        self.withheld: Counter[str] = Counter()
        self.last_act = -1  # the newest leaf but letters and key statements
        self.closed = False

    @property
    def size(self) -> int:
        """How many leaves were admitted."""
        return self.prefixes.size

    def view(self, size: int | None = None) -> View:
        """How things stand after the first `size` leaves (None: all), every statement counted."""
        return View(self.facts, size, every_statement)

    def context(self, size: int) -> PrefixContext:
        """What a declaration may name, given the first `size` leaves."""
        return PrefixContext(self.facts, self.files, self.stores, self.withdrawals, size)
