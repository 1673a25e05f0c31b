"""Signing attestations: one statement a file, over every store that stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from attest.database import log_rows
from attest.database.tables import (
    Attestation,
    Copy,
    Disclosure,
    NamedFile,
    SigningKey,
    Store,
)
from attest.domain import lineage
from attest.domain.facts import Facts
from attest.domain.file_states import TO_ANSWER
from attest.domain.outcomes import OUTCOMES
from attest.domain.refusal import Refused
from attest.domain.wording import short_day
from attest.services.access import Seat
from attest.services.acts.acknowledging import live
from attest.services.acts.evidence_uses import of_files, with_evidence
from attest.services.context import Context
from attest.services.facts import demand_keys, recipients
from attest.services.facts.calendars import today
from attest.services.facts.onward import expect_agreement
from attest.services.log import aggregates
from attest.services.log.ledger import open_log
from attest.services.log.prepared import (
    Draw,
    Prepared,
    Signed,
    Stale,
    ToSign,
    check_signature,
    expect_same,
    need_key,
    read_signed,
    signer,
)
from attest.services.log.row_context import RowContext, load_context
from attest.services.notices import notices
from attest.statements import build
from attest.statements.canonical import encode
from attest.statements.envelope import statement_hash


@dataclass(frozen=True)
class Result:
    """What became of one envelope: no sentence, or the one that says why not.

    `stated_at` is the time that the statement itself gives, where it could be read.
    """

    id: str
    sentence: str | None = None
    stated_at: datetime | None = None


@dataclass(frozen=True)
class Batch:
    """All that a number of files' attestations are made from, read in a few queries."""

    key: SigningKey
    context: RowContext
    files: Mapping[str, NamedFile]
    answers: Mapping[str, Mapping[str, Mapping[str, Any]]]  # fileId -> storeId -> entry, evidence
    onward: Mapping[str, Mapping[str, Any]]  # fileId -> onward

    def complete(self, file_id: str) -> bool:
        """Whether every standing store and the disclosure are answered."""
        answered = self.answers.get(file_id, {})
        return file_id in self.onward and self.context.standing <= answered.keys()


def need_officer_key(ctx: Context, seat: Seat) -> SigningKey:
    """The key of the demand's own officer. Raises Refused."""
    if seat.demand.officer_id != seat.person.id:
        raise Refused(
            "You are not named as the assurance officer of this demand. "
            "The liaison can name you under Officer."
        )
    return need_key(ctx, seat, "officer")


def ready_files(ctx: Context, seat: Seat) -> list[str]:
    """The open and rejected files that are answered in full, in the demand's order."""
    open_files = list(
        ctx.session.scalars(
            select(NamedFile.id)
            .where(NamedFile.demand_id == seat.demand.id, NamedFile.state.in_(TO_ANSWER))
            .order_by(NamedFile.position)
        )
    )
    standing = _standing_count(ctx, seat)
    counted = ctx.session.execute(
        select(Copy.file_id, func.count())
        .join(Store, Store.id == Copy.store_id)
        .where(Copy.demand_id == seat.demand.id, Copy.answer.is_not(None), Store.standing)
        .group_by(Copy.file_id)
    ).all()
    answered: dict[str, int] = {row[0]: row[1] for row in counted}
    disclosed = set(
        ctx.session.scalars(
            select(Disclosure.file_id).where(Disclosure.demand_id == seat.demand.id)
        )
    )
    return [
        file_id
        for file_id in open_files
        if file_id in disclosed and answered.get(file_id, 0) == standing
    ]


def prepare_attestations(ctx: Context, seat: Seat, file_ids: Sequence[str]) -> ToSign:
    """What the officer signs for these files. Raises Refused."""
    live(seat)
    key = need_officer_key(ctx, seat)
    ready = set(ready_files(ctx, seat))
    chosen = [file_id for file_id in file_ids if file_id in ready]
    if not chosen:
        raise Refused("No file is ready to be signed. Answer every store of a file first.")
    head = log_rows.read_head(ctx.session, seat.demand.id)
    if head is None:
        raise Refused("This demand has no log yet. It must be issued first.")
    batch = _load(ctx, seat, key, chosen)
    for file_id in chosen:
        _expect_sound(ctx, seat, batch, file_id)
    prefix = build.seen(batch.context.origin, head.size, head.root)
    items = [
        Prepared(
            file_id,
            batch.files[file_id].name,
            _payload(seat, batch, file_id, Draw(build.new_nonce(), ctx.now, prefix)),
        )
        for file_id in chosen
    ]
    file_bodies = [batch.context.bodies[file_id] for file_id in chosen]
    return ToSign(
        keyid=key.keyid,
        key_file=key.key_file,
        items=items,
        bodies=file_bodies + batch.context.store_bodies(),
        reference=seat.demand.reference,
    )


def sign_attestations(
    ctx: Context, seat: Seat, envelopes: Sequence[tuple[str, bytes]]
) -> list[Result]:
    """Appends signed attestations, each by itself: a bad one does not stop the others.

    One that is in the log already is answered as if it were new. Raises Stale where there is
    only one and it is out of date.
    """
    live(seat)
    key = need_officer_key(ctx, seat)
    results = [Result(item_id) for item_id, _ in envelopes]
    readable: list[tuple[int, Signed]] = []
    for place, (item_id, data) in enumerate(envelopes):
        try:
            signed = read_signed(data, "deletion-attestation")
        except Refused as refused:
            results[place] = Result(item_id, refused.sentence)
        else:
            results[place] = Result(item_id, stated_at=signed.draw.stated_at)
            readable.append((place, signed))
    ledger = open_log(ctx, seat.demand.id)
    file_ids = [str(signed.predicate.get("fileId")) for _, signed in readable]
    batch = _load(ctx, seat, key, file_ids)
    there = _in_log(ctx, [signed for _, signed in readable])
    appended: list[tuple[int, Signed]] = []
    for place, signed in readable:
        if statement_hash(signed.envelope.payload) in there:
            continue
        try:
            check_signature(key, signed.envelope)
            _expect_current(seat, batch, signed)
            _expect_sound(ctx, seat, batch, str(signed.predicate["fileId"]))
            _expect_seen(ledger.judge.facts, signed)
        except Stale as stale:
            if len(envelopes) == 1:
                raise
            results[place] = replace(results[place], sentence=stale.sentence)
        except Refused as refused:
            results[place] = replace(results[place], sentence=refused.sentence)
        else:
            if not appended:
                ledger.copy_key_statements(
                    [key.keyid], demand_keys.controller_keyids(ctx, seat.demand)
                )
            appended.append((ledger.append("attestation.signed", signed.data), signed))
            batch.files[str(signed.predicate["fileId"])].state = "attested"
    if appended:
        _keep(ctx, seat, key, appended)
        ledger.save()
        aggregates.refresh(ctx, seat.demand, ledger.judge)
        notices.attested(ctx, seat)
    return results


def _expect_current(seat: Seat, batch: Batch, signed: Signed) -> None:
    """The statement says what the rows say today. Raises Refused or Stale."""
    file_id = str(signed.predicate.get("fileId"))
    file = batch.files.get(file_id)
    if file is None:
        raise Refused("This is no file of this demand.")
    told = {copy.get("storeId") for copy in signed.predicate.get("copies", [])}
    if batch.context.standing - told:
        raise Stale(
            "A store was named since you opened this page, so this would leave it out. "
            "Answer for the new store, then sign."
        )
    if file.state not in TO_ANSWER:
        raise Stale(f"“{file.name}” has been signed for already. Nothing was signed twice.")
    changed = f"The answers for “{file.name}” changed since you opened this page. Read them again."
    if not batch.complete(file_id):
        raise Stale(changed)
    expect_same(_payload(seat, batch, file_id, signed.draw), signed, changed)


def _expect_sound(ctx: Context, seat: Seat, batch: Batch, file_id: str) -> None:
    """No exception is signed that has ended since it was answered, nor a contradiction.

    Raises Refused.
    """
    entries = [
        answer
        for store_id, answer in batch.answers[file_id].items()
        if store_id in batch.context.standing
    ]
    expect_agreement(seat.demand, batch.files[file_id].name, entries, batch.onward[file_id])
    day = today(ctx.settings, ctx.now)
    for store_id, answer in batch.answers[file_id].items():
        until = answer.get("exception", {}).get("until")
        if until and store_id in batch.context.standing and until <= day.isoformat():
            store = batch.context.store(store_id)["label"]
            raise Refused(
                f"“{batch.files[file_id].name}” in “{store}”: the exception ended on "
                f"{short_day(date.fromisoformat(until))}. Answer for that copy again, then sign."
            )


def _expect_seen(facts: Facts, signed: Signed) -> None:
    """Its signer saw why the file came back: else it would answer what nobody read.

    Raises Stale.
    """
    file = facts.file(str(signed.predicate["fileId"]))
    newest = next(facts.reopenings(file.number), None) if file else None
    if newest is not None and newest >= signed.draw.seen["size"]:
        raise Stale(
            "The file was reopened since you opened this page. Nothing was signed. "
            "Read why it came back, and answer for its copies again."
        )


def _in_log(ctx: Context, many: Sequence[Signed]) -> set[str]:
    hashes = [statement_hash(signed.envelope.payload) for signed in many]
    return set(ctx.session.scalars(select(Attestation.hash).where(Attestation.hash.in_(hashes))))


def _keep(
    ctx: Context, seat: Seat, key: SigningKey, appended: Sequence[tuple[int, Signed]]
) -> None:
    """The rows of what was appended: attestations, and the signed entry of each copy."""
    rows = []
    for seq, signed in appended:
        copies: list[dict[str, Any]] = signed.predicate["copies"]
        ctx.session.add(
            Attestation(
                hash=statement_hash(signed.envelope.payload),
                demand_id=seat.demand.id,
                file_id=signed.predicate["fileId"],
                seq=seq,
                keyid=key.keyid,
                stated_at=signed.draw.stated_at,
                supersedes=signed.predicate.get("supersedes"),
                excepted=sum(not OUTCOMES[copy["outcome"]].settled for copy in copies),
                state="signed",
                answers=answers_hash(signed.predicate),
            )
        )
        for copy in copies:
            until = copy.get("exception", {}).get("until")
            rows.append(
                {
                    "of_file": signed.predicate["fileId"],
                    "in_store": copy["storeId"],
                    "entry": copy,
                    "what": copy["outcome"],
                    "ends": date.fromisoformat(until) if until else None,
                    "recipient": lineage.plain(copy.get("passedTo", {}).get("name")),
                }
            )
    ctx.session.flush()
    if rows:
        ctx.session.connection().execute(
            update(Copy.__table__)  # type: ignore[arg-type]
            .where(
                Copy.demand_id == seat.demand.id,
                Copy.file_id == bindparam("of_file"),
                Copy.store_id == bindparam("in_store"),
            )
            .values(
                signed=bindparam("entry"),
                signed_outcome=bindparam("what"),
                until=bindparam("ends"),
                passed_to=bindparam("recipient"),
            ),
            rows,
        )
    recipients.keep(
        ctx, seat.demand, [(signed.draw.stated_at, signed.predicate) for _, signed in appended]
    )
    ctx.session.flush()
    ctx.session.expire_all()


def answers_hash(predicate: Mapping[str, Any]) -> str:
    """Equal for attestations that give the same answers: pages group by it."""
    same = {"copies": predicate["copies"], "onward": predicate["onward"]}
    return hashlib.sha256(encode(same)).hexdigest()


def _payload(seat: Seat, batch: Batch, file_id: str, draw: Draw) -> bytes:
    answered = batch.answers[file_id]
    copies = [
        dict(answered[store_id]) | {"storeId": store_id}
        for store_id in sorted(batch.context.standing)
    ]
    return build.deletion_attestation(
        demand_id=seat.demand.id,
        file_id=file_id,
        file_body_bytes=batch.context.bodies[file_id],
        copies=copies,
        onward=batch.onward[file_id],
        supersedes=batch.files[file_id].last_attestation,
        signer=signer(batch.key),
        seen=draw.seen,
        context=batch.context,
        nonce=draw.nonce,
        stated_at=draw.stated_at,
    )


def _standing_count(ctx: Context, seat: Seat) -> int:
    found = ctx.session.scalar(
        select(func.count())
        .select_from(Store)
        .where(Store.demand_id == seat.demand.id, Store.standing)
    )
    return found or 0


def _load(ctx: Context, seat: Seat, key: SigningKey, file_ids: Sequence[str]) -> Batch:
    ids = list(dict.fromkeys(file_ids))
    attached = of_files(ctx, seat.demand, ids)
    files: dict[str, NamedFile] = {}
    answers: dict[str, dict[str, dict[str, Any]]] = {}
    onward: dict[str, dict[str, Any]] = {}
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        for file in ctx.session.scalars(
            select(NamedFile).where(NamedFile.demand_id == seat.demand.id, NamedFile.id.in_(chunk))
        ):
            files[file.id] = file
        for file_id, store_id, answer in ctx.session.execute(
            select(Copy.file_id, Copy.store_id, Copy.answer).where(
                Copy.demand_id == seat.demand.id,
                Copy.file_id.in_(chunk),
                Copy.answer.is_not(None),
            )
        ):
            entry = with_evidence(answer, attached, file_id, store_id)
            answers.setdefault(file_id, {})[store_id] = entry
        for file_id, said in ctx.session.execute(
            select(Disclosure.file_id, Disclosure.onward).where(
                Disclosure.demand_id == seat.demand.id, Disclosure.file_id.in_(chunk)
            )
        ):
            onward[file_id] = said
    context = load_context(ctx, seat.demand, ids)
    return Batch(key, context, files, answers, onward)
