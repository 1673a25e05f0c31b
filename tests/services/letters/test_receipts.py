"""The reader's own word that a letter came: what counts, what does not, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from attest.database.tables import Demand, Letter, LetterEvent, LogEntry
from attest.demo.acting import Stage, demand_of, tick
from attest.domain.refusal import NotFound
from attest.mail import mailbox
from attest.mail.receipt_link import form_token, receipt_token
from attest.services.letters import letter_events, receipts
from tests import stage as play

PLACE = "192.0.2.7"


def asking(stage: Stage) -> None:
    with stage.act() as ctx:
        demand_of(ctx, stage).asks_receipt = True
        # As if it had asked from the beginning.
        ctx.session.execute(update(Letter).values(asks_receipt=None))


def issue_letter(stage: Stage) -> Letter:
    with stage.look() as ctx:
        return ctx.session.scalars(select(Letter).where(Letter.kind == receipts.ISSUE_LETTER)).one()


def token_of(stage: Stage) -> str:
    return receipt_token(stage.settings, issue_letter(stage).id)


def press(stage: Stage, token: str, pressed: str | None = None, place: str = PLACE) -> bool:
    with stage.act() as ctx:
        if pressed is None:
            pressed = receipts.open_page(ctx, token).form_token
        return receipts.confirm(ctx, token, pressed, place)


def receipts_of(stage: Stage, letter_id: str) -> list[LetterEvent]:
    with stage.look() as ctx:
        events = letter_events.events_of(ctx.session, [letter_id]).get(letter_id, ())
        return [event for event in events if event.what == "received"]


def links(stage: Stage) -> dict[str, bool]:
    """Which letters would give a link, by kind and reader."""
    with stage.look() as ctx:
        rows = ctx.session.scalars(select(Letter).where(Letter.demand_id.is_not(None))).all()
        return {
            f"{row.kind} {row.to_email}": receipts.link_for(ctx.session, ctx.settings, [row])
            is not None
            for row in rows
        }


def test_only_where_the_demand_asks(stage_at) -> None:
    stage = stage_at("issued")
    assert not any(links(stage).values())
    asking(stage)
    # Of what is queued at the issue, only the letter that brings the demand.
    assert [each for each, asks in links(stage).items() if asks] == [
        f"{receipts.ISSUE_LETTER} {play.LIAISON}"
    ]


def test_letters_that_chase_the_contractor_ask_and_no_others(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    asking(stage)
    with stage.act() as ctx:
        first = ctx.session.scalars(
            select(Letter).where(Letter.kind == receipts.ISSUE_LETTER)
        ).one()
        theirs, ours = first.organisation_id, demand_of(ctx, stage).organisation_id
        row = Letter(kind="overdue", demand_id=first.demand_id, organisation_id=theirs)
        assert not receipts.asks(ctx.session, row)
        row.rung = "after_1"
        assert receipts.asks(ctx.session, row)
        row.organisation_id = ours
        assert not receipts.asks(ctx.session, row)
        row.organisation_id, row.demand_id = theirs, None
        assert not receipts.asks(ctx.session, row)


def test_what_a_letter_asked_does_not_change_with_its_demand(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    asking(stage)
    play.issued(stage)
    with stage.act() as ctx:
        demand_of(ctx, stage).asks_receipt = False
    sent = issue_letter(stage)
    assert sent.asks_receipt
    with stage.look() as ctx:
        row = ctx.session.get_one(Letter, sent.id)
        assert receipts.asks(ctx.session, row)
        assert receipts.link_for(ctx.session, ctx.settings, [row])
    assert links(stage)[f"{receipts.ISSUE_LETTER} {play.LIAISON}"]


def test_a_letter_that_left_before_its_demand_asked_did_not_ask(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        demand_of(ctx, stage).asks_receipt = True
    assert issue_letter(stage).asks_receipt is False
    assert not any(links(stage).values())


@pytest.mark.parametrize("state", ["bounced", "dropped"])
def test_a_letter_that_was_refused_or_not_needed_at_its_turn_asked_nobody(
    quick_stage_at, state
) -> None:
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        demand_of(ctx, stage).asks_receipt = True
        ctx.session.execute(update(Letter).values(asks_receipt=None, state=state))
    assert not any(links(stage).values())


def test_pressing_counts_once_and_looking_never(stage_at) -> None:
    stage = stage_at("issued")
    asking(stage)
    token = token_of(stage)
    letter = issue_letter(stage)
    with stage.look() as ctx:
        found = receipts.open_page(ctx, token)
        assert found.letters == [(stage.reference, letter.subject)]
        assert found.received_at is None
    assert issue_letter(stage).received_at is None
    log = len(play.log_types(stage))
    assert press(stage, token)
    first = issue_letter(stage).received_at
    assert first == stage.now
    stage.now += timedelta(days=2)
    assert press(stage, token)
    assert issue_letter(stage).received_at == first
    assert [event.at for event in receipts_of(stage, letter.id)] == [first]
    # The log says nothing of it.
    assert len(play.log_types(stage)) == log
    with stage.look() as ctx:
        assert receipts.open_page(ctx, token).received_at == first


def test_a_button_of_no_page_of_ours_counts_nothing_and_not_for_ever(stage_at) -> None:
    stage = stage_at("issued")
    letter = issue_letter(stage)
    token = token_of(stage)
    now = int(stage.now.timestamp())
    old = form_token(stage.settings, letter.id, now - 25 * 3600)
    for pressed in ("", token, old, "1.x", "\x00", "9" * 4000):
        assert not press(stage, token, pressed)
    for _ in range(receipts.MOST_WRONG - 6):
        assert not press(stage, token, "")
    right = form_token(stage.settings, letter.id, now)
    with stage.act() as ctx, pytest.raises(receipts.TooMany):
        receipts.confirm(ctx, token, right, PLACE)
    assert issue_letter(stage).received_at is None
    # Somebody else's is another place, and after a while it may be tried again.
    assert press(stage, token, right, "192.0.2.8")
    stage.now += timedelta(minutes=16)
    assert press(stage, token)


def test_what_is_no_link_of_ours(stage_at) -> None:
    stage = stage_at("issued")
    token = token_of(stage)
    for wrong in ("", "x" * 43, token[:-1], f"{token}A", token.swapcase(), issue_letter(stage).id):
        with stage.look() as ctx, pytest.raises(NotFound):
            receipts.open_page(ctx, wrong)
        with stage.act() as ctx, pytest.raises(NotFound):
            receipts.confirm(ctx, wrong, "", PLACE)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"state": "dropped"}, receipts.GONE),
        ({"demand_id": None}, receipts.GONE),
        ({"erased_at": play.START}, receipts.GONE),
    ],
)
def test_letters_that_cannot_be_confirmed_any_more(stage_at, columns, sentence) -> None:
    stage = stage_at("issued")
    token = token_of(stage)
    with stage.act() as ctx:
        ctx.session.execute(
            update(Letter).where(Letter.kind == receipts.ISSUE_LETTER).values(**columns)
        )
    with stage.act() as ctx, pytest.raises(receipts.LinkGone, match=sentence):
        receipts.confirm(ctx, token, "", PLACE)
    with stage.look() as ctx, pytest.raises(receipts.LinkGone, match=sentence):
        receipts.open_page(ctx, token)


def test_a_withdrawn_demand_asks_nobody(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    token = token_of(stage)
    with stage.act() as ctx:
        ctx.session.execute(update(Demand).values(state="withdrawn"))
    with stage.look() as ctx, pytest.raises(receipts.LinkGone, match="was withdrawn"):
        receipts.open_page(ctx, token)


def test_letters_in_one_message_are_confirmed_together(stage_at) -> None:
    """The one that carries them is about no demand; what it carried is."""
    stage = stage_at("issued")
    asking(stage)
    with stage.act() as ctx:
        rows = ctx.session.scalars(
            select(Letter).where(Letter.to_email.in_((play.LIAISON, play.CASEWORK)))
        ).all()
        carrier = next(row for row in rows if row.demand_id and row.to_email == play.CASEWORK)
        carrier.demand_id = None
        one = next(row for row in rows if row.kind == receipts.ISSUE_LETTER)
        one.carried_by_id = carrier.id
        ctx.session.flush()
        assert receipts.link_for(ctx.session, ctx.settings, [carrier]) is None
        link = receipts.link_for(ctx.session, ctx.settings, [carrier, one])
        assert link is not None
        token = link.rpartition("/")[2]
        assert token == receipt_token(stage.settings, carrier.id)
        carrier_id = carrier.id
    assert press(stage, token)
    assert issue_letter(stage).received_at == stage.now
    with stage.look() as ctx:
        assert ctx.session.get_one(Letter, carrier_id).received_at is None


def test_the_letter_brings_the_link_and_no_row_keeps_it(stage_at) -> None:
    stage = stage_at("handed")
    asking(stage)
    play.issued(stage)
    tick(stage)
    token = token_of(stage)
    sent = [mailbox.read(stage.settings, name) for name in mailbox.names(stage.settings)]
    bringing = [each for each in sent if each and f"/received/{token}" in each.text]
    assert [each.to.partition("<")[2] for each in bringing] == [f"{play.LIAISON}>"]
    with stage.look() as ctx:
        for row in ctx.session.scalars(select(Letter)):
            assert token not in row.text
        assert not any(
            token.encode() in (body or b"") for body in ctx.session.scalars(select(LogEntry.body))
        )
