"""What a declaration can name in a prefix: files, stores, and lists of them (step 11)."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from attest.bundle.prefix import Bodies
from attest.domain.facts import Facts
from attest.statements.declarations import Listing

# A hash state is kept after every so many bodies, so that any prefix's hash is at most that many
# short updates away, however a log jumps to and fro.
_STRIDE = 1024


class BodyList:
    """The bodies of one type, in the log's order, and the hash of every beginning of the list."""

    def __init__(self, bodies: Bodies, leaves: array[int] | None = None) -> None:
        """`bodies` are numbered as the leaves; `leaves` is kept by somebody else, where given."""
        self._bodies = bodies
        self._leaves = array("I") if leaves is None else leaves
        self._shared = leaves is not None
        self._states = [hashlib.sha256()]

    def append(self, leaf: int) -> None:
        """Add the body of a leaf that was admitted. A shared list has it already."""
        if not self._shared:
            self._leaves.append(leaf)
        if len(self._leaves) % _STRIDE == 0:
            self._states.append(self._digest(len(self._leaves)))

    @property
    def last(self) -> int:
        """The newest leaf, or -1."""
        return self._leaves[-1] if self._leaves else -1

    def listing(self, size: int) -> Listing:
        """How many of them a prefix holds, and the hash over their hashes, a line each."""
        count = bisect_left(self._leaves, size)
        return Listing(count, self._digest(count).hexdigest())

    def _digest(self, count: int) -> Any:
        kept = min(count // _STRIDE, len(self._states) - 1)
        digest = self._states[kept].copy()
        for leaf in self._leaves[kept * _STRIDE : count]:
            digest.update(self._bodies[leaf].hex().encode("ascii") + b"\n")
        return digest


class PrefixContext:
    """The prefix that a signer saw, as the declarations' template asks for it."""

    def __init__(
        self,
        facts: Facts,
        files: BodyList,
        stores: BodyList,
        withdrawals: BodyList,
        size: int,
    ) -> None:
        self._facts = facts
        self._files = files
        self._stores = stores
        self._withdrawals = withdrawals
        self._size = size

    def file(self, file_id: str) -> Mapping[str, Any]:
        """What was named of a file. Raises KeyError when the prefix does not name it."""
        file = self._facts.file(file_id)
        if file is None or file.leaf >= self._size:
            raise KeyError(file_id)
        named = {"fileId": file.file_id, "name": file.name, "kind": file.kind}
        return named if file.content is None else {**named, "sha256": file.content}

    def store(self, store_id: str) -> Mapping[str, Any]:
        """The body that named a store. Raises KeyError when the prefix does not name it."""
        store = self._facts.stores[store_id]
        if store.leaf >= self._size:
            raise KeyError(store_id)
        return store.body

    @property
    def files(self) -> Listing:
        """Every file named in the prefix."""
        return self._files.listing(self._size)

    @property
    def stores(self) -> Listing:
        """Every store named in the prefix."""
        return self._stores.listing(self._size)

    @property
    def withdrawn(self) -> Listing:
        """Every store.withdrawn in the prefix, whether an amendment covers it or not."""
        return self._withdrawals.listing(self._size)

    @property
    def reference(self) -> str | None:
        """The reference of the demand that stands in the prefix; None before it is issued."""
        for demand in reversed(self._facts.demands):
            if demand.leaf < self._size:
                return str(demand.predicate["reference"])
        return None
