"""Whom a verifier trusts in a log, and what would stand differently without the others.

By the last part of docs/formats.md §6:

1. A key is trusted if pinned, or confirmed in this log by a pinned signatory's key; never by one
   that is itself only confirmed. A confirmation after its signer's revocation is void.
2. What a key in `trust.revoked` signed counts only where something outside proves it earlier than
   `since`: the statement's leaf lies in a checkpoint that was received before.
3. A statement that does not count gives nobody authority either: the signer must be of an
   organisation that may sign it by the demand that counts and stands at its leaf. (The judge asked
   the same of the demand that stands by everybody's word, an amendment by a made-up key included.)
4. A statement that does not count changes no state. If a file or the demand would stand
   differently with it, that is said, with the keys whose word it would take.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from attest.bundle.judge import Judge
from attest.bundle.keyring import Key
from attest.bundle.trust import Trust
from attest.bundle.witnesses import Witnesses
from attest.domain.facts import Demand
from attest.domain.standing import OPEN, Counts, Standing, View, every_statement

_Outlived = Callable[[int, Key], bool]


@dataclass(frozen=True, slots=True)
class Trusted:
    """The log as its verifier may read it.

    `view` counts what is trusted, `claimed` everything; `trusted_keys` are numbers of keys;
    `not_pinned` and `revoked` are the keys for want of which the two views differ.
    """

    view: View
    claimed: View
    trusted_keys: frozenset[int]
    not_pinned: tuple[Key, ...]
    revoked: tuple[Key, ...]


def trusted_views(judge: Judge, trust: Trust, witnesses: Witnesses) -> Trusted:
    """Take the views of a log that was judged to its end."""

    def outlived(leaf: int, key: Key) -> bool:
        # 2. Only something outside proves a time; `at` and `statedAt` prove none.
        since = trust.revoked.get(key.keyid)
        proved = witnesses.proved(leaf)
        return since is None or (proved is not None and proved < since)

    pinned = {key.number for key in judge.keys if _is_trusted(judge, key, trust)}
    lasting = {key.number for key in judge.keys if _is_trusted(judge, key, trust, outlived)}

    def pinned_only(leaf: int, key: int) -> bool:
        return key in pinned

    def lasts(leaf: int, key: int) -> bool:
        return key in lasting and outlived(leaf, judge.keys.numbered(key))

    claimed = View(judge.facts, None, every_statement)
    by_pinned = View(judge.facts, None, _with_authority(judge, pinned_only))
    view = View(judge.facts, None, _with_authority(judge, lasts))
    return Trusted(
        view=view,
        claimed=claimed,
        trusted_keys=frozenset(lasting),
        not_pinned=_wanting(judge, claimed, by_pinned, every_statement, pinned_only),
        revoked=_wanting(judge, by_pinned, view, pinned_only, lasts),
    )


def stands_differently(one: Standing, other: Standing) -> bool:
    """Is a file in another state, or in the same one by another attestation?"""
    if one.state != other.state:
        return True
    if one.state == OPEN:
        return False
    return one.attestation != other.attestation


# 1. Pinned, or confirmed by a pinned signatory's key.
def _is_trusted(judge: Judge, key: Key, trust: Trust, outlived: _Outlived | None = None) -> bool:
    if key.keyid in trust.pinned:
        return True
    for confirmation in key.confirmations:
        signer = judge.keys.get(confirmation.signer)
        # The judge has seen to it that the signer is a controller's signatory.
        if signer is None or confirmation.void or signer.keyid not in trust.pinned:
            continue
        if outlived is None or outlived(confirmation.leaf, signer):
            return True
    return False


# 3. By trusted keys, and of an organisation that may sign this by what counts before it.
def _with_authority(judge: Judge, by_trusted: Counts) -> Counts:
    """What counts of a log. Side and duty need no second look: no demand changes them."""
    facts = judge.facts

    def organisation(key: int) -> str:
        return judge.keys.numbered(key).holder["organisation"]

    demands: list[Demand] = []
    for demand in facts.demands:
        # The first that counts is by the lead that it names itself, as demand.issued is.
        lead = (demands[-1] if demands else demand).lead
        if by_trusted(demand.leaf, demand.key) and organisation(demand.key) == lead:
            demands.append(demand)
    leaves = [demand.leaf for demand in demands]
    uncounted = {demand.leaf for demand in facts.demands}.difference(leaves)
    closures = {closure.leaf for closure in facts.closures}

    def counts(leaf: int, key: int) -> bool:
        if not by_trusted(leaf, key) or leaf in uncounted:
            return False
        if not demands or leaf in leaves:
            # Where no demand counts at all, nothing is verified whatever stands beside it.
            return True
        before = bisect_left(leaves, leaf)
        if before == 0:
            return False
        standing = demands[before - 1]
        if judge.keys.numbered(key).holder["side"] == "contractor":
            return organisation(key) == standing.contractor
        allowed = (standing.lead,) if leaf in closures else standing.controllers
        return organisation(key) in allowed

    return counts


# 4. The keys of the statements that count in one view only, where that makes a difference.
def _wanting(
    judge: Judge, more: View, less: View, in_more: Counts, in_less: Counts
) -> tuple[Key, ...]:
    numbers: set[int] = set()

    def gather(statements: Iterator[tuple[int, int]]) -> None:
        numbers.update(
            key for leaf, key in statements if in_more(leaf, key) and not in_less(leaf, key)
        )

    facts = judge.facts
    if _demand_stands_differently(more, less):
        gather((demand.leaf, demand.key) for demand in facts.demands)
        gather((closure.leaf, closure.key) for closure in facts.closures)
    for file in range(facts.file_count):
        if stands_differently(more.file(file), less.file(file)):
            gather((item.leaf, item.key) for item in facts.attestations(file))
            gather((item.leaf, item.key) for item in facts.reviews(file))
            gather((demand.leaf, demand.key) for demand in facts.demands)
    return tuple(judge.keys.numbered(number) for number in sorted(numbers))


def _demand_stands_differently(one: View, other: View) -> bool:
    def leaf(demand: Demand | None) -> int | None:
        return None if demand is None else demand.leaf

    return leaf(one.demand) != leaf(other.demand) or one.closure != other.closure
