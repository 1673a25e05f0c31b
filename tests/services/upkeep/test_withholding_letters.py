"""Erasing letters: what stands beside their rows goes too, and what they share with others."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from attest.database.tables import (
    ChasePause,
    EscalationContact,
    FailingAddress,
    Letter,
    LetterEvent,
)
from attest.demo.acting import Stage, account_of, demand_of
from attest.services.letters import letter_events
from attest.services.upkeep import withholding
from tests import stage as play
from tests.erasing import after_retention, withhold
from tests.rows import letter_columns

LETTERS = frozenset({"letter.sent", "letter.failed"})
ANSWER = f"550 <{play.LIAISON}>: user unknown"


def letters(stage: Stage) -> list[Letter]:
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        rows = select(Letter).where(Letter.demand_id == demand.id).order_by(Letter.key)
        return list(ctx.session.scalars(rows))


def row(stage: Stage, letter_id: str) -> Letter:
    with stage.look() as ctx:
        return ctx.session.get_one(Letter, letter_id)


def carrier(stage: Stage, state: str = "sent") -> str:
    """A message that carries two letters of the demand, and one about another demand."""
    with stage.act() as ctx:
        demand = demand_of(ctx, stage)
        mine = ctx.session.scalars(
            select(Letter).where(Letter.demand_id == demand.id, Letter.to_email == play.LIAISON)
        ).all()
        one = Letter(
            id="00000000-0000-4000-8000-000000000001",
            key="together:x",
            kind="together",
            to_name="Tom Beck",
            to_email=play.LIAISON,
            subject="3 deletion demands",
            text="Words of all three.",
            state=state,
            queued_at=stage.now,
            next_attempt_at=stage.now,
            message_id="<1@x>",
            answer=ANSWER,
        )
        ctx.session.add(one)
        ctx.session.flush()
        for letter in mine[:2]:
            letter.carried_by_id = one.id
        other = Letter(
            id="00000000-0000-4000-8000-000000000002",
            key="other:x",
            kind="reminder",
            to_name="Tom Beck",
            to_email=play.LIAISON,
            subject="Another",
            text="Another's words.",
            state="sent",
            queued_at=stage.now,
            next_attempt_at=stage.now,
            message_id="<1@x>",
            carried_by_id=one.id,
        )
        ctx.session.add(other)
        letter_events.note(ctx.session, one.id, ctx.now, "sent", ANSWER)
        return one.id


def test_answers_addresses_contacts_and_reasons_go(stage_at) -> None:
    stage = stage_at("closed")
    dropped = letters(stage)[0].id
    with stage.act() as ctx:
        demand = demand_of(ctx, stage)
        person = account_of(ctx, play.CASEWORK).people[0]
        ctx.session.get_one(Letter, dropped).state = "dropped"
        for letter in ctx.session.scalars(select(Letter).where(Letter.demand_id == demand.id)):
            letter.time_zone = "Europe/London"
            letter_events.note(ctx.session, letter.id, ctx.now, "deferred", ANSWER)
        ctx.session.add(
            FailingAddress(
                demand_id=demand.id,
                email=play.LIAISON,
                since=ctx.now,
                letter_id=dropped,
                answer=ANSWER,
            )
        )
        ctx.session.add_all(
            EscalationContact(
                demand_id=demand.id,
                side=side,
                name="Sam Contact",
                role="Head of it",
                email=f"{side}@contact.example",
                given_at=ctx.now,
                given_by_id=person.id,
            )
            for side in ("contractor", "controller")
        )
        ctx.session.add(
            ChasePause(
                id="p",
                demand_id=demand.id,
                started_at=ctx.now,
                started_by_id=person.id,
                until_on=ctx.now.date() + timedelta(days=1),
                reason="Tom Beck is away",
            )
        )
    after_retention(stage)
    found = withhold(stage, LETTERS)
    assert (found.contacts, found.held_back) == (2, True)
    with stage.look() as ctx:
        session = ctx.session
        # When and what stays; what was said about whom does not.
        events = session.scalars(select(LetterEvent)).all()
        assert {event.answer for event in events if event.what == "deferred"} == {None}
        assert any(event.what == "deferred" for event in events)
        for table in (FailingAddress, EscalationContact):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalar(select(ChasePause.reason)) == ""
    for letter in letters(stage):
        assert (letter.to_name, letter.to_email, letter.text, letter.time_zone) == (
            "",
            "",
            "",
            None,
        )
        assert letter.erased_at == stage.now
    assert not withhold(stage, LETTERS)
    assert play.problems(stage) == []


def test_a_message_loses_its_words_with_the_first_and_its_reader_with_the_last(stage_at) -> None:
    stage = stage_at("closed")
    message = carrier(stage)
    after_retention(stage)
    with stage.look() as ctx:
        looked = withholding.erasable(ctx, demand_of(ctx, stage), LETTERS)
    assert message in looked.letters
    assert message in withhold(stage, LETTERS).letters
    half = row(stage, message)
    assert (half.subject, half.text) == ("", "")
    assert (half.to_email, half.erased_at) == (play.LIAISON, None)
    # The other demand's own letter stands as it did.
    assert row(stage, "00000000-0000-4000-8000-000000000002").text == "Another's words."
    assert not withhold(stage, LETTERS)


def test_the_last_letter_takes_the_message_with_it(stage_at) -> None:
    stage = stage_at("closed")
    message = carrier(stage)
    with stage.act() as ctx:
        other = ctx.session.get_one(Letter, "00000000-0000-4000-8000-000000000002")
        other.erased_at = stage.now
    after_retention(stage)
    withhold(stage, LETTERS)
    gone = row(stage, message)
    assert gone.erased_at == stage.now
    assert not any((gone.to_name, gone.to_email, gone.subject, gone.text, gone.answer))
    assert (gone.key, gone.message_id) == (f"erased:{message}", "")
    with stage.look() as ctx:
        [event] = letter_events.events_of(ctx.session, [message])[message]
    assert event.answer is None


def test_a_digest_that_speaks_of_the_demand_loses_its_words(stage_at) -> None:
    stage = stage_at("closed")
    ids = [f"00000000-0000-4000-8000-00000000010{number}" for number in range(3)]
    with stage.act() as ctx:
        reference = demand_of(ctx, stage).reference
        for letter_id, text, state in zip(
            ids,
            (
                f"Letters to {play.LIAISON} fail, for {reference}.",
                "ND-1999-001 is late.",
                reference,
            ),
            ("sent", "sent", "queued"),
            strict=True,
        ):
            columns = letter_columns(letter_id, id=letter_id, kind="daily_digest", now=stage.now)
            later = {"text": text, "state": state, "to_email": play.CASEWORK}
            ctx.session.add(Letter(**columns | later | {"subject": "Northshire: 1 late"}))
    stage.now += timedelta(days=2193)
    assert ids[0] not in withhold(stage, frozenset({"demand.acknowledged"})).letters
    found = withhold(stage, LETTERS)
    assert ids[0] in found.letters
    assert not {ids[1], ids[2]} & set(found.letters)
    gone, other, waits = (row(stage, letter_id) for letter_id in ids)
    assert (gone.subject, gone.text, gone.to_email) == ("", "", play.CASEWORK)
    assert all((other.subject, other.text, waits.subject, waits.text))
    assert not withhold(stage, LETTERS)


def test_a_message_that_waits_is_left_to_be_written_anew(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    message = carrier(stage, state="deferred")
    after_retention(stage)
    with stage.act() as ctx:
        # It would be sent by the tick above.
        ctx.session.get_one(Letter, message).state = "deferred"
    withhold(stage, LETTERS)
    assert row(stage, message).text == "Words of all three."
