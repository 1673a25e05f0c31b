"""Letters as proof of service: who sees which, and what the list and each letter say."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from attest.database.tables import (
    EscalationContact,
    FailingAddress,
    Letter,
    LogEntry,
    SigningKey,
)
from attest.demo.acting import Stage, demand_of, seat_of
from attest.domain import csv_cells
from attest.domain.refusal import NotFound
from attest.log.checkpoint import sign_checkpoint
from attest.services.letters import letter_events, letter_list, letter_proof, receipts
from attest.services.letters.letter_list import Choice
from attest.signing import b64, fingerprint, keyid
from attest.statements.canonical import decode
from tests import stage as play

READERS = {
    play.LIAISON: {play.LIAISON, play.OFFICER},
    play.OFFICER: {play.LIAISON, play.OFFICER},
    play.JOINT: {play.JOINT, play.LIAISON, play.OFFICER},
    play.SIGNATORY: {play.CASEWORK, play.SIGNATORY, play.SECOND, play.LIAISON, play.OFFICER},
}


def chosen(stage: Stage, email: str = play.CASEWORK, **choice: str) -> list[Letter]:
    with stage.look() as ctx:
        return list(letter_list.letters(ctx, seat_of(ctx, stage, email), Choice(**choice)).items)


def rows(stage: Stage, email: str) -> list[dict[str, str]]:
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        data = b"".join(letter_proof.as_csv(ctx, seat, letter_list.visible(seat)))
    header, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(header) == letter_proof.COLUMNS
    return [dict(zip(header, line, strict=True)) for line in lines]


def brought(stage: Stage) -> Letter:
    with stage.look() as ctx:
        return ctx.session.scalars(select(Letter).where(Letter.kind == receipts.ISSUE_LETTER)).one()


def change(stage: Stage, letter_id: str, **columns: object) -> None:
    with stage.act() as ctx:
        ctx.session.execute(update(Letter).where(Letter.id == letter_id).values(**columns))


@pytest.mark.parametrize("email", READERS)
def test_nobody_sees_another_controllers_letters_nor_what_failed_there(
    quick_stage_at, email: str
) -> None:
    stage = quick_stage_at("closed")
    with stage.act() as ctx:
        ctx.session.add_all(
            FailingAddress(
                demand_id=demand_of(ctx, stage).id,
                email=letter.to_email,
                since=stage.now,
                letter_id=letter.id,
                answer="550 no such user",
            )
            for letter in ctx.session.scalars(select(Letter)).all()
            if letter.kind in ("demand_issued", "joint_controller_told", receipts.ISSUE_LETTER)
        )
    shown = READERS[email]
    assert {letter.to_email for letter in chosen(stage, email)} <= shown
    assert {row["Address"] for row in rows(stage, email)} == shown
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        assert {reader.email for reader in letter_list.readers(ctx, seat)} == shown
        assert {each.email for each in letter_list.failing(ctx, seat)} <= shown
        assert letter_list.failing(ctx, seat)
        total = sum(letter_list.states(ctx, seat).values())
        assert total == letter_list.letters(ctx, seat).total == len(rows(stage, email))
        for letter in ctx.session.scalars(select(Letter)).all():
            if letter.demand_id == seat.demand.id and letter.to_email in shown:
                assert letter_proof.proof_of(ctx, seat, letter.id).letter.id == letter.id
            else:
                with pytest.raises(NotFound):
                    letter_proof.proof_of(ctx, seat, letter.id)


@pytest.mark.parametrize("wrong", ["", "x", "'; --", "00000000-0000-4000-8000-000000000000"])
def test_no_such_letter(quick_stage_at, wrong: str) -> None:
    stage = quick_stage_at("issued")
    with stage.look() as ctx, pytest.raises(NotFound):
        letter_list.letter_at(ctx, seat_of(ctx, stage, play.LIAISON), wrong)


def test_the_list_is_chosen_and_ordered(stage_at) -> None:
    stage = stage_at("attested")
    everything = chosen(stage)
    assert len(everything) > 5
    one, other = everything[0], everything[-1]
    change(stage, one.id, state="bounced", rung="after_3")
    change(stage, other.id, state="unknown")
    assert {each.id for each in chosen(stage, state="troubled")} == {one.id, other.id}
    assert [each.id for each in chosen(stage, state="bounced")] == [one.id]
    assert [each.id for each in chosen(stage, kind="chasing")] == [one.id]
    assert one.id not in {each.id for each in chosen(stage, kind="other")}
    assert {each.id for each in chosen(stage, sort="trouble")[:2]} == {one.id, other.id}
    newest = [each.queued_at for each in everything]
    assert newest == sorted(newest, reverse=True)
    assert [each.queued_at for each in chosen(stage, sort="oldest")] == sorted(newest)
    names = [each.to_name for each in chosen(stage, sort="reader")]
    assert names == sorted(names)
    with stage.look() as ctx:
        readers = letter_list.readers(ctx, seat_of(ctx, stage, play.CASEWORK))
    for reader in readers:
        assert {each.to_email for each in chosen(stage, reader=reader.letter_id)} == {reader.email}
    # A letter of somebody whom this reader must not know of chooses nothing.
    strange = next(r for r in readers if r.email == play.CASEWORK)
    assert chosen(stage, play.LIAISON, reader=strange.letter_id) == []
    for nonsense in ("'; --", "nobody"):
        assert len(chosen(stage, state=nonsense, kind=nonsense, sort=nonsense)) == len(everything)


def test_one_letter_reads_no_leaves_of_other_letters(quick_stage_at, monkeypatch) -> None:
    stage = quick_stage_at("closed")
    letter = brought(stage)
    read: list[str] = []

    def counting(body: bytes) -> object:
        read.append(decode(body)["messageId"])
        return decode(body)

    monkeypatch.setattr(letter_proof, "decode", counting)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.LIAISON)
        assert letter_proof.proof_of(ctx, seat, letter.id).leaves
        one = letter_list.visible(seat).where(Letter.id == letter.id)
        csv_lines = list(letter_proof.as_csv(ctx, seat, one, letter.message_id))
    assert b"(letter.sent)" in csv_lines[-1]
    assert read == [letter.message_id] * 2


@pytest.mark.parametrize(("side", "says"), [("controller", False), ("contractor", True)])
def test_the_other_sides_contact_is_nobodys_business(quick_stage_at, side: str, says: bool) -> None:
    stage = quick_stage_at("issued")
    letter = brought(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        ctx.session.add(
            EscalationContact(
                demand_id=seat.demand.id,
                side=side,
                name="Tom Beck",
                email=letter.to_email,
                given_at=stage.now,
                given_by_id=seat.person.id,
            )
        )
    for email in (play.LIAISON, play.JOINT):
        with stage.look() as ctx:
            proof = letter_proof.proof_of(ctx, seat_of(ctx, stage, email), letter.id)
        assert ("escalation contact" in proof.duties) is says


def test_one_letter_tells_everything_that_is_known_of_it(stage_at) -> None:
    stage = stage_at("issued")
    letter = brought(stage)
    with stage.act() as ctx:
        at = stage.now
        letter_events.note(ctx.session, letter.id, at, "deferred", "451 later,\n  =HYPERLINK(1)")
        letter_events.note(ctx.session, letter.id, at + timedelta(minutes=5), "report_failed", None)
    change(stage, letter.id, rung="issued_1", received_at=stage.now)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.JOINT)
        proof = letter_proof.proof_of(ctx, seat, letter.id)
        text = letter_proof.text_of(ctx, seat.demand, proof.letter)
        [leaf] = proof.leaves
        entry = ctx.session.get_one(LogEntry, (seat.demand.id, leaf.seq))
    assert entry.type == leaf.type == "letter.sent"
    assert decode(entry.body or b"")["messageId"] == letter.message_id
    assert proof.organisation == play.HALDEN
    assert proof.duties == ["liaison"]
    assert [event.what for event in proof.events][-2:] == ["deferred", "report_failed"]
    assert f"\n{proof.root}\n" in (letter.checkpoint or "")
    # Nothing that opens anything, and no place left over.
    assert text is not None
    assert letter_proof.LINK_REMOVED in text
    assert "/invitation/" not in text
    assert "/received/" not in text
    assert "{" not in text
    assert f"its root begins with {proof.root[:12]}" in " ".join(text.split())
    [row] = [each for each in rows(stage, play.JOINT) if each["Identifier"] == letter.id]
    assert row["Rung"] == "1 working day after the day of issue"
    assert row["In the log as leaf"] == f"{leaf.seq} (letter.sent)"
    # The root is random: one in 64 begins with a plus.
    assert csv_cells.bare(row["Checkpoint: root"]) == proof.root
    assert row["Receipt (UTC)"] == f"{stage.now:%Y-%m-%dT%H:%M:%SZ}"
    told = row["What became of it (UTC)"]
    assert "the mail server put it off: 451 later, =HYPERLINK(1) | " in told
    assert "\n" not in told


def test_no_letter_shows_a_fingerprint_that_is_to_be_heard(stage_at) -> None:
    """Whoever has to ring for it must not read it here, in a colleague's letter."""
    stage = stage_at("closed")
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        keys = [key.keyid for key in ctx.session.scalars(select(SigningKey))]
        keys.append(keyid(stage.log_key.public_key))
        shown = removed = 0
        for row in ctx.session.scalars(letter_list.visible(seat)):
            text = " ".join((letter_proof.text_of(ctx, seat.demand, row) or "").split())
            shown += sum(fingerprint(each) in text for each in keys)
            removed += text.count(letter_proof.FINGERPRINT_REMOVED)
    assert shown == 0
    assert removed >= 2


def test_no_cell_is_run_by_a_spreadsheet(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    letter = brought(stage)
    hostile = "=cmd|' /C calc'!A0"
    change(
        stage, letter.id, to_name=hostile, to_email="+x@evil.example", answer="@SUM(1)", rung="=1"
    )
    for row in rows(stage, play.CASEWORK):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t")), row


def test_a_root_that_a_spreadsheet_would_run_is_shielded_and_reads_back(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    letter = brought(stage)
    root = b"\xf8" + bytes(31)
    assert b64(root).startswith("+")
    checkpoint = sign_checkpoint("attest.example/a", 3, root, stage.log_key)
    change(stage, letter.id, checkpoint=checkpoint)
    [row] = [each for each in rows(stage, play.CASEWORK) if each["Identifier"] == letter.id]
    assert row["Checkpoint: root"] == f"'{b64(root)}"
    assert csv_cells.bare(row["Checkpoint: root"]) == b64(root)


def test_an_erased_letter_names_nobody(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    letter = brought(stage)
    change(
        stage,
        letter.id,
        to_name="",
        to_email="",
        subject="",
        text="",
        message_id="",
        erased_at=stage.now,
    )
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        proof = letter_proof.proof_of(ctx, seat, letter.id)
        assert letter_proof.text_of(ctx, seat.demand, proof.letter) is None
        assert (proof.duties, proof.leaves) == ((), ())
        assert play.LIAISON not in {each.email for each in letter_list.readers(ctx, seat)}
    [row] = [each for each in rows(stage, play.CASEWORK) if each["Identifier"] == letter.id]
    assert row["Erased (UTC)"]
    assert row["Address"] == row["To"] == ""


def test_letters_of_other_demands_in_the_message_are_not_told(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        mine = ctx.session.scalars(
            select(Letter).where(Letter.to_email == play.LIAISON, Letter.demand_id.is_not(None))
        ).all()
        theirs = ctx.session.scalars(select(Letter).where(Letter.to_email == play.CASEWORK)).first()
        assert theirs is not None
        for letter in mine:
            letter.carried_by_id = theirs.id
        theirs.demand_id = None
    with stage.look() as ctx:
        for email in (play.LIAISON, play.JOINT):
            seat = seat_of(ctx, stage, email)
            for letter in mine:
                along = letter_proof.proof_of(ctx, seat, letter.id).along
                assert {each.id for each in along} == {each.id for each in mine} - {letter.id}


def test_memory_stays_flat_over_many_letters(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    letter = brought(stage)
    columns = [column.name for column in Letter.__table__.columns]
    with stage.act() as ctx:
        like = {name: getattr(letter, name) for name in columns}
        ctx.session.execute(
            insert(Letter),
            [
                {
                    **like,
                    "id": f"00000000-0000-4000-8000-{number:012d}",
                    "key": f"copy:{number}",
                    "message_id": f"<{number}@x>",
                }
                for number in range(1200)
            ],
        )
    found = rows(stage, play.LIAISON)
    assert len(found) == 1201
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.LIAISON)
        lines = letter_proof.rows(ctx, seat.demand, letter_list.visible(seat))
        most = 0
        for _ in lines:
            most = max(most, sum(isinstance(each, Letter) for each in ctx.session))
        assert most <= 500
