"""What a log said of its files, stores and demand, leaf by leaf (docs/formats.md §3 and §4).

`Facts` takes everything as already checked and judges nothing: `standing.py` does. A log may
hold millions of leaves, so that records lie in columns, a few bytes each (names aside), and the
classes below are only made when somebody asks for one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from attest.domain.packed import PackedKeys, PackedRows, PackedTexts
from attest.domain.stores import ELECTRONIC, HARD_COPY

_NONE = -1
_NO_CONTENT = bytes(32)

# Flags of an attestation, and of a file.
_SETTLED = 1
_DISCLOSED = 2
_HARD_COPY = 1
_HAS_CONTENT = 2


@dataclass(frozen=True, slots=True)
class Demand:
    """A `demand.issued` or `demand.amended`: its leaf, the prefix seen, key and predicate."""

    leaf: int
    seen: int
    key: int
    predicate: Mapping[str, Any]

    @property
    def lead(self) -> str:
        """The name of the lead controller."""
        return next(str(c["name"]) for c in self.predicate["parties"]["controllers"] if _leads(c))

    @property
    def controllers(self) -> tuple[str, ...]:
        """The names of all controllers."""
        return tuple(c["name"] for c in self.predicate["parties"]["controllers"])

    @property
    def contractor(self) -> str:
        """The name of the contractor."""
        return str(self.predicate["parties"]["contractor"]["name"])

    @property
    def counting(self) -> frozenset[str]:
        """The controllers whose reviews count (rule 4)."""
        if self.predicate["parties"]["concurrence"] == "each":
            return frozenset(self.controllers)
        return frozenset({self.lead})


def _leads(controller: Mapping[str, Any]) -> bool:
    return bool(controller["role"] == "lead")


@dataclass(slots=True)
class Store:
    """A store: where it was named, its body there, and the leaf that withdrew it, if any.

    `released` is the leaf of the first amendment whose `seen` covers the withdrawal.
    """

    leaf: int
    store_id: str
    body: Mapping[str, Any]
    withdrawn: int | None = None
    released: int | None = None


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A named file. `number` counts files in the order they were named, `leaf` its leaf."""

    number: int
    leaf: int
    file_id: str
    name: str
    kind: str
    content: str | None  # SHA-256 of the file's bytes, hex, where the descriptor has it


@dataclass(frozen=True, slots=True)
class Attestation:
    """One signed attestation of one file. `seen` is the size of the prefix its signer saw."""

    number: int
    file: int
    leaf: int
    seen: int
    key: int
    statement: str  # the statement's hash, hex
    settled: bool
    disclosed: bool
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """One controller's decision on one attestation; a statement may hold many of these."""

    attestation: int
    leaf: int
    key: int
    organisation: str
    accepted: bool
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class Closure:
    """A `demand.closed`; `outcome` is as the statement says."""

    leaf: int
    key: int
    outcome: str
    stated_at: datetime


class Facts:
    """What a log said of files, stores and the demand; few bytes a leaf (names aside)."""

    def __init__(self) -> None:
        self.stores: dict[str, Store] = {}
        self.demands: list[Demand] = []
        self.closures: list[Closure] = []
        self._organisations: list[str] = []

        # Files: number -> column.
        self._file_ids = PackedKeys(16)
        self._file_leaf = array("I")
        self._file_content = PackedRows(32)  # zeros where there is none
        self._file_names = PackedTexts()
        self._file_flags = array("B")
        self._file_attestation = array("i")
        self._file_review = array("i")
        self._file_reopening: dict[int, int] = {}  # few files ever are

        # Attestations, each with the number of the one before it of the same file.
        self._at_file = array("I")
        self._at_leaf = array("I")
        self._at_seen = array("I")
        self._at_key = array("I")
        self._at_stated = array("q")  # seconds since 1970, UTC
        self._at_flags = array("B")
        self._at_statement = PackedRows(32)
        self._at_before = array("i")

        # Reviews, each with the number of the one before it of the same file.
        self._re_attestation = array("I")
        self._re_leaf = array("I")
        self._re_key = array("I")
        self._re_organisation = array("I")
        self._re_accepted = array("B")
        self._re_stated = array("q")
        self._re_before = array("i")

        # Reopenings, each with the number of the one before it of the same file.
        self._op_leaf = array("I")
        self._op_before = array("i")

    # --- What the log says, leaf by leaf ----------------------------------------------------

    def name_file(self, leaf: int, file_id: str, name: str, kind: str, content: str | None) -> None:
        """A `file.named`. Raises ValueError when the identifier is in use."""
        self._file_ids.add(UUID(file_id).bytes)
        self._file_leaf.append(leaf)
        self._file_content.append(bytes.fromhex(content) if content else _NO_CONTENT)
        self._file_names.append(name)
        self._file_flags.append(
            _HARD_COPY * (kind == HARD_COPY) | _HAS_CONTENT * (content is not None)
        )
        self._file_attestation.append(_NONE)
        self._file_review.append(_NONE)

    def name_store(self, leaf: int, store_id: str, body: Mapping[str, Any]) -> None:
        """A `store.named`. Raises ValueError when the identifier is in use."""
        if store_id in self.stores:
            raise ValueError("the store is there already")
        self.stores[store_id] = Store(leaf, store_id, body)

    def withdraw_store(self, leaf: int, store_id: str) -> None:
        """A `store.withdrawn`; it has no effect until an amendment covers it."""
        self.stores[store_id].withdrawn = leaf

    def demand(self, leaf: int, seen: int, key: int, predicate: Mapping[str, Any]) -> None:
        """A `demand.issued` or `demand.amended`."""
        self.demands.append(Demand(leaf, seen, key, predicate))
        for store in self.stores.values():
            if store.released is None and store.withdrawn is not None and store.withdrawn < seen:
                store.released = leaf

    def attest(
        self,
        leaf: int,
        seen: int,
        key: int,
        file_id: str,
        statement: str,
        *,
        stated_at: datetime,
        settled: bool,
        disclosed: bool,
    ) -> None:
        """An `attestation.signed` of a named file. `statement` is its hash, hex."""
        file = self._number(file_id)
        self._at_file.append(file)
        self._at_leaf.append(leaf)
        self._at_seen.append(seen)
        self._at_key.append(key)
        self._at_stated.append(int(stated_at.timestamp()))
        self._at_flags.append(_SETTLED * settled | _DISCLOSED * disclosed)
        self._at_statement.append(bytes.fromhex(statement))
        self._at_before.append(self._file_attestation[file])
        self._file_attestation[file] = len(self._at_leaf) - 1

    def review(
        self,
        leaf: int,
        key: int,
        organisation: str,
        attestations: Iterable[int],
        *,
        stated_at: datetime,
        accepted: bool,
    ) -> None:
        """An `attestation.reviewed`. `attestations` are numbers, as `Attestation.number`."""
        if organisation not in self._organisations:
            self._organisations.append(organisation)
        by = self._organisations.index(organisation)
        stated = int(stated_at.timestamp())
        for attestation in attestations:
            file = self._at_file[attestation]
            self._re_attestation.append(attestation)
            self._re_leaf.append(leaf)
            self._re_key.append(key)
            self._re_organisation.append(by)
            self._re_accepted.append(accepted)
            self._re_stated.append(stated)
            self._re_before.append(self._file_review[file])
            self._file_review[file] = len(self._re_leaf) - 1

    def reopen(self, leaf: int, file_id: str) -> None:
        """A `file.reopened` of a named file."""
        file = self._number(file_id)
        self._op_leaf.append(leaf)
        self._op_before.append(self._file_reopening.get(file, _NONE))
        self._file_reopening[file] = len(self._op_leaf) - 1

    def close(self, leaf: int, key: int, outcome: str, *, stated_at: datetime) -> None:
        """A `demand.closed`."""
        self.closures.append(Closure(leaf, key, outcome, stated_at))

    # --- Asking -------------------------------------------------------------------------------

    @property
    def file_count(self) -> int:
        """How many files were named."""
        return len(self._file_ids)

    def file(self, file_id: str) -> NamedFile | None:
        """The named file with this identifier, or None."""
        number = self._file_ids.find(UUID(file_id).bytes)
        return None if number is None else self.file_by_number(number)

    def file_by_number(self, number: int) -> NamedFile:
        """The file that was named as the `number`-th, counting from 0."""
        flags = self._file_flags[number]
        return NamedFile(
            number=number,
            leaf=self._file_leaf[number],
            file_id=str(UUID(bytes=self._file_ids[number])),
            name=self._file_names[number],
            kind=HARD_COPY if flags & _HARD_COPY else ELECTRONIC,
            content=self._file_content[number].hex() if flags & _HAS_CONTENT else None,
        )

    def files(self) -> Iterator[NamedFile]:
        """Every named file, in the log's order."""
        return map(self.file_by_number, range(self.file_count))

    def file_leaves(self) -> array[int]:
        """The leaves of the `file.named`, ascending. Not to be changed."""
        return self._file_leaf

    def attestation(self, number: int) -> Attestation:
        """The `number`-th attestation of the log, counting from 0."""
        flags = self._at_flags[number]
        return Attestation(
            number=number,
            file=self._at_file[number],
            leaf=self._at_leaf[number],
            seen=self._at_seen[number],
            key=self._at_key[number],
            statement=self._at_statement[number].hex(),
            settled=bool(flags & _SETTLED),
            disclosed=bool(flags & _DISCLOSED),
            stated_at=_moment(self._at_stated[number]),
        )

    def attestations(self, file: int) -> Iterator[Attestation]:
        """The attestations of the file with this number, newest first."""
        number = self._file_attestation[file]
        while number != _NONE:
            yield self.attestation(number)
            number = self._at_before[number]

    def reviews(self, file: int) -> Iterator[Review]:
        """The reviews of the file with this number, newest first."""
        number = self._file_review[file]
        while number != _NONE:
            yield Review(
                attestation=self._re_attestation[number],
                leaf=self._re_leaf[number],
                key=self._re_key[number],
                organisation=self._organisations[self._re_organisation[number]],
                accepted=bool(self._re_accepted[number]),
                stated_at=_moment(self._re_stated[number]),
            )
            number = self._re_before[number]

    def all_reopenings(self) -> array[int]:
        """The leaves at which any file was reopened, ascending. Not to be changed."""
        return self._op_leaf

    def reopenings(self, file: int) -> Iterator[int]:
        """The leaves at which the file with this number was reopened, newest first."""
        number = self._file_reopening.get(file, _NONE)
        while number != _NONE:
            yield self._op_leaf[number]
            number = self._op_before[number]

    def _number(self, file_id: str) -> int:
        number = self._file_ids.find(UUID(file_id).bytes)
        if number is None:
            raise KeyError(file_id)
        return number


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
