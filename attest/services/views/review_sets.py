"""What waits for a review, by its distinct sets of answers.

A thousand files with the same answers are read once. Files share a set when their attestations
give the same answers and supersede attestations with the same answers, so what a set shows
as new is new for each of its files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from attest.database.tables import Attestation, NamedFile, Store
from attest.services.access import Seat
from attest.services.acts import evidence_list, reviewing
from attest.services.acts.evidence_list import EvidenceView
from attest.services.context import Context
from attest.services.facts import demand_keys
from attest.services.facts.differences import sentences
from attest.services.views import opened_again, overview
from attest.services.views.history import History, history
from attest.services.views.opened_again import OpenedAgain, Span

FILES_AT_ONCE = 500


@dataclass(frozen=True)
class Waiting:
    """An attestation that waits for the reader's review."""

    hash: str
    file_id: str
    name: str
    position: int
    keyid: str
    stated_at: datetime
    seq: int
    before: int | None  # the leaf of the attestation that it supersedes


@dataclass(frozen=True)
class SetCopy:
    """What a set says about one store."""

    store: Store
    outcome: str
    lines: Sequence[str]
    evidence: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class AnswerSet:
    """Attestations with the same answers; `told` is the first of them, in full.

    `opened_again`: why its files were attested anew, where they had been opened again.
    """

    id: str
    members: Sequence[Waiting]
    copies: Sequence[SetCopy]
    told: History
    confirmed: bool  # every key in it
    opened_again: Sequence[OpenedAgain] = ()


def answer_sets(ctx: Context, seat: Seat) -> list[AnswerSet]:
    """The sets, the newest first; within a set in the order of the files."""
    groups = _groups(ctx, seat)
    stores = {store.id: store for store in overview.stores(ctx, seat.demand, standing=False)}
    confirmed = demand_keys.confirmed_keyids(ctx, seat.demand)
    spans = {
        each.hash: Span(each.file_id, each.before, each.seq)
        for members in groups.values()
        for each in members
        if each.before is not None
    }
    why = opened_again.within(ctx, seat.demand, spans)
    found = [
        _set(ctx, seat, name, members, stores, confirmed, why) for name, members in groups.items()
    ]
    return sorted(
        found,
        key=lambda each: (
            -max(member.stated_at for member in each.members).timestamp(),
            each.members[0].position,
        ),
    )


def chosen_files(
    sets: Sequence[AnswerSet], hashes: Sequence[str], set_ids: Sequence[str]
) -> list[str] | None:
    """The files of chosen attestations and whole sets, or None where one doesn't wait any more."""
    members = {member.hash: member for each in sets for member in each.members}
    by_id = {each.id: each for each in sets}
    if any(found not in members for found in hashes) or any(one not in by_id for one in set_ids):
        return None
    chosen = {found: members[found] for found in hashes}
    for set_id in set_ids:
        chosen |= {member.hash: member for member in by_id[set_id].members}
    return [member.file_id for member in sorted(chosen.values(), key=lambda each: each.position)]


def _groups(ctx: Context, seat: Seat) -> dict[str, list[Waiting]]:
    waiting = reviewing.reviewable(ctx, seat)
    before = aliased(Attestation)
    groups: dict[str, list[Waiting]] = {}
    for start in range(0, len(waiting), FILES_AT_ONCE):
        rows = ctx.session.execute(
            select(Attestation, NamedFile.name, NamedFile.position, before.answers, before.seq)
            .join(NamedFile, NamedFile.last_attestation == Attestation.hash)
            .outerjoin(before, before.hash == Attestation.supersedes)
            .where(NamedFile.id.in_(waiting[start : start + FILES_AT_ONCE]))
            .order_by(NamedFile.position)
        )
        for row, name, position, earlier, before_seq in rows:
            # The hash hides nothing; it only makes a short name of the two.
            set_id = hashlib.sha256(f"{row.answers} {earlier}".encode()).hexdigest()[:24]
            groups.setdefault(set_id, []).append(
                Waiting(
                    row.hash,
                    row.file_id,
                    name,
                    position,
                    row.keyid,
                    row.stated_at,
                    row.seq,
                    before_seq,
                )
            )
    return groups


def _set(
    ctx: Context,
    seat: Seat,
    set_id: str,
    members: Sequence[Waiting],
    stores: Mapping[str, Store],
    confirmed: set[str],
    why: Mapping[str, OpenedAgain],
) -> AnswerSet:
    told = history(overview.attestations(ctx, seat.demand, [members[0].file_id]), stores)[0]
    by_store = {entry["storeId"]: entry for entry in told.view.copies}
    copies = [_copy(store, by_store[store.id]) for store in stores.values() if store.id in by_store]
    return AnswerSet(
        set_id,
        members,
        copies,
        told,
        all(member.keyid in confirmed for member in members),
        opened_again.by_reason((each.name, why[each.hash]) for each in members if each.hash in why),
    )


def _copy(store: Store, entry: Mapping[str, Any]) -> SetCopy:
    # Evidence is shown beside the words, with more than a name and a hash.
    said = {name: value for name, value in entry.items() if name != "evidence"}
    return SetCopy(store, entry["outcome"], sentences(said)[1:], entry.get("evidence", ()))


def evidence_of(ctx: Context, seat: Seat, sets: Sequence[AnswerSet]) -> dict[str, EvidenceView]:
    """The evidence files that these sets name, by SHA-256."""
    named = [
        one["digest"]["sha256"] for each in sets for copy in each.copies for one in copy.evidence
    ]
    return evidence_list.of_digests(ctx, seat.demand, named)
