"""How a few leaves of a log are judged, by the judge's own rules (docs/formats.md §9).

The judge asks the leaves before for three things. An extract knows less of each, and no more is
taken for shown: the root of a prefix, where there is a proof of it; the time of a leaf, as the
newest one in the extract that is not younger; bodies and nonces, those in the extract.

Three rules ask for leaves that an extract leaves out, and are narrowed here. Everything else is
judged as in a whole log.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from attest.bundle.failure import Failure
from attest.bundle.opening import Statement
from attest.bundle.signed import SignedRules
from attest.domain.facts import NamedFile
from attest.domain.packed import PackedKeys
from attest.statements.declarations import Context, Listing

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

# The lines of a declaration that count what the log lists (docs/formats.md §3, "A demand").
_LISTED = re.compile(
    r"The log (?:names|withdraws) (0|[1-9][0-9]*) (?:file|store)s?\.\n"
    r"The list of (files|stores|withdrawals) has the SHA-256 ([0-9a-f]{64})\.(?:\n|\Z)"
)


class SparseBodies:
    """The hashes of the bodies in an extract, by the index of their leaf in the log."""

    def __init__(self) -> None:
        self._by_leaf: dict[int, bytes] = {}
        self._all: set[bytes] = set()

    def __contains__(self, key: bytes) -> bool:
        return key in self._all

    def __getitem__(self, leaf: int) -> bytes:
        return self._by_leaf[leaf]

    def add(self, leaf: int, body: bytes) -> None:
        """Keep the body's hash of a leaf."""
        self._by_leaf[leaf] = body
        self._all.add(body)


class ProvedPrefixes:
    """The prefixes of a log of which only some leaves, and some roots, were proved."""

    def __init__(self, roots: Mapping[int, bytes]) -> None:
        """`roots` are those that were proved, by size."""
        self._roots = roots
        self._leaves: list[int] = []
        self._at: list[datetime] = []
        self.size = 0
        self.bodies = SparseBodies()
        self.nonces = PackedKeys(16)

    def skip_to(self, index: int) -> None:
        """Say which leaf comes next. What lies between is not in the extract."""
        self.size = index

    def append(self, leaf: bytes, at: datetime, body: bytes, nonce: bytes | None) -> None:
        """Add the leaf that `skip_to` announced."""
        self.bodies.add(self.size, body)
        if nonce is not None:
            self.nonces.add(nonce)
        self._leaves.append(self.size)
        self._at.append(at)
        self.size += 1

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` leaves. Raises IndexError where no proof gives it."""
        if size not in self._roots:
            raise IndexError(size)
        return self._roots[size]

    def at(self, leaf: int) -> datetime:
        """The time of the newest leaf here that is not younger than `leaf`: no later than its."""
        place = bisect_right(self._leaves, leaf)
        return self._at[place - 1] if place else _LONG_AGO


class ExtractRules(SignedRules):
    """The rules for signed statements, where only some of what they name is there."""

    # 9. A prefix whose root no proof gives is not shown to be one.
    def _origin_and_prefix(self, predicate: Mapping[str, Any], leaf: int) -> None:
        try:
            super()._origin_and_prefix(predicate, leaf)
        except IndexError:
            raise Failure(9, leaf, "there is no proof that seen is a prefix") from None

    # 10. What it supersedes is not there, and whether it should name something is not known.
    def _supersedes(self, statement: Statement, file: NamedFile, leaf: int) -> None:
        return

    # 12. The subjects that name this file; there has to be one.
    def _reviewed(self, statement: Statement, leaf: int) -> Sequence[Mapping[str, Any]]:
        files = self._state.facts
        ours = [item for item in statement.subject if files.file(item["name"]) is not None]
        if not ours:
            raise Failure(12, leaf, "the review is of other files")
        return ours

    # 11. Counts and hashes of lists are taken as they were signed: the lists are not there.
    def _context(self, statement: Statement, seen: int) -> Context:
        return AsSigned(
            super()._context(statement, seen), statement.predicate["declaration"]["text"]
        )


class AsSigned:
    """What a declaration may name, with the lists that its own text says there were."""

    def __init__(self, known: Context, text: str) -> None:
        self._known = known
        said = {name: Listing(int(count), digest) for count, name, digest in _LISTED.findall(text)}
        nothing = Listing(0, "")
        self.files = said.get("files", nothing)
        self.stores = said.get("stores", nothing)
        self.withdrawn = said.get("withdrawals", nothing)

    def file(self, file_id: str) -> Mapping[str, Any]:
        """What was named of the file. Raises KeyError for another one."""
        return self._known.file(file_id)

    def store(self, store_id: str) -> Mapping[str, Any]:
        """The body that named a store. Raises KeyError where it is not there."""
        return self._known.store(store_id)

    @property
    def reference(self) -> str | None:
        """The reference of the demand that stands in the prefix."""
        return self._known.reference
