"""Stores withdrawn: they stand until an amendment covers them, whoever would leave them out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.demo import script
from attest.demo.acting import demand_of, seat_of, tick
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.acts import amendment_drafts, attesting, closing, withdrawing
from attest.services.views import overview
from attest.services.views.next_step import next_step
from attest.services.views.situation import situation
from tests import changing, evidence_acts, held
from tests import stage as play

SHARE = play.SHARE.label
AGAIN = f"{SHARE} (named again)"


def states(stage) -> dict[str, str]:
    with stage.look() as ctx:
        return {
            row.store.label: row.state
            for row in withdrawing.withdrawals(ctx, demand_of(ctx, stage).id)
        }


def left(stage) -> tuple[int, int]:
    with stage.look() as ctx:
        return overview.open_copies(ctx, demand_of(ctx, stage))


def test_it_stands_until_the_controller_agrees(stage_at) -> None:
    stage = stage_at("answered")
    before = play.log_types(stage)
    changing.withdraw_store(stage)
    assert play.log_types(stage) == [*before, "store.withdrawn"]
    assert play.stores(stage)[SHARE].standing
    assert left(stage) == (4, 4)
    assert {letter.to_email for letter in play.letters(stage, "store_withdrawn")} == {
        play.CASEWORK,
        play.SIGNATORY,
        play.SECOND,
    }
    assert play.problems(stage) == []
    tick(stage)
    changing.amend(stage)
    assert states(stage) == {SHARE: "agreed"}
    assert not play.stores(stage)[SHARE].standing
    assert left(stage) == (2, 2), "its cells are not asked any more"
    assert play.problems(stage) == []
    play.attested(stage)
    script.review(stage, "accepted")
    script.close(stage)
    assert play.reasons(play.verified(stage)) == (0, [])


def test_what_was_signed_stays_and_stays_accepted(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    changing.withdraw_store(stage)
    changing.amend(stage)
    assert {file.state for file in play.files(stage).values()} == {"accepted"}
    assert play.problems(stage) == []
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        told = overview.attestations(ctx, demand, [play.files(stage)["list.csv"].id])
        assert len(told[0].copies) == 2
        assert len(overview.copies_of(ctx, demand, play.files(stage)["list.csv"].id)) == 1
    script.close(stage)
    assert play.reasons(play.verified(stage)) == (0, [])


def test_an_exception_in_a_store_that_was_let_go(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    play.fill(stage, SHARE, play.beyond_use(stage.now.date() + timedelta(days=20)))
    play.attested(stage)
    play.accepted(stage)
    changing.withdraw_store(stage)
    changing.amend(stage)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY)
        assert closing.closable(ctx, seat).outcome == "closed_with_exceptions"
    with pytest.raises(Refused, match="with exceptions"):
        held.closure(stage)
    envelope = held.closure(stage, "closed_with_exceptions")
    with stage.act() as ctx:
        closing.close_demand(ctx, seat_of(ctx, stage, play.SIGNATORY), envelope)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY)
        assert "not searched any more" in next_step(seat, situation(ctx, seat)).sentence
    stage.now += timedelta(days=30)
    tick(stage)
    assert play.state(stage) == "closed_with_exceptions", "nobody searches there any more"
    assert play.problems(stage) == []


def test_refused_it_is_searched_on(stage_at) -> None:
    stage = stage_at("accepted")
    changing.withdraw_store(stage)
    changing.refuse(stage)
    assert states(stage) == {SHARE: "refused"}
    assert {letter.to_email for letter in play.letters(stage, "store_kept")} == {
        play.LIAISON,
        play.OFFICER,
    }
    with pytest.raises(Refused, match="decided already"):
        changing.refuse(stage)
    with pytest.raises(Refused, match="once only"):
        changing.withdraw_store(stage)
    assert play.stores(stage)[SHARE].standing
    # An amendment for another reason covers the withdrawal too, so the store is named anew.
    changing.draft(stage, files=["further.docx"])
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        row = amendment_drafts.amendment_of(ctx, seat.demand)
        assert row is not None
        told = amendment_drafts.view(ctx, seat, row)
        assert told.effects.opens == 2
        assert "Searched on, and named again: “File share”" in [c.line for c in told.changes]
    changing.hand_over(stage)
    changing.sign_it(stage)
    assert states(stage) == {SHARE: "named_again"}
    stores = play.stores(stage)
    assert (stores[SHARE].standing, stores[AGAIN].standing) == (False, True)
    assert {file.state for file in play.files(stage).values()} == {"open"}
    text = " ".join(play.letters(stage, "demand_amended")[0].text.split())
    assert "2 files that had been signed for are open again." in text
    # The answers went over: the officer only signs again.
    assert left(stage) == (4, 6)
    script.attest_all(stage)
    assert [file.state for file in play.files(stage).values()].count("attested") == 2
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])
    # The new one can be withdrawn like any other.
    changing.withdraw_store(stage, AGAIN)
    changing.amend(stage)
    assert not play.stores(stage)[AGAIN].standing


def test_evidence_goes_over_to_the_store_that_is_named_again(stage_at) -> None:
    stage = stage_at("answered")
    evidence_acts.prove(stage)
    changing.withdraw_store(stage)
    changing.refuse(stage)
    changing.amend(stage)
    script.attest_all(stage)
    with stage.look() as ctx:
        file = play.files(stage)["list.csv"].id
        last = overview.attestations(ctx, demand_of(ctx, stage), [file])[0]
        shown = {
            copy["storeId"]: {each["name"] for each in copy.get("evidence", [])}
            for copy in last.copies
        }
    photograph = "Box 14, shredded.jpg"
    stores = play.stores(stage)
    assert shown == {
        stores[AGAIN].id: {"certificate.pdf", photograph},
        stores[play.CABINET.label].id: {photograph},
    }
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_what_stays_is_not_let_go_by_an_amendment_in_preparation(
    quick_stage_at, withdrawn_first: bool
) -> None:
    stage = quick_stage_at("ready")
    if withdrawn_first:
        changing.withdraw_store(stage)
    changing.draft(stage, files=["third.csv"])
    if not withdrawn_first:
        changing.withdraw_store(stage)
    changing.refuse(stage)
    changing.hand_over(stage)
    changing.sign_it(stage)
    assert states(stage) == {SHARE: "named_again"}
    assert play.stores(stage)[AGAIN].standing
    assert play.problems(stage) == []


def test_the_lead_may_withdraw_and_change_its_mind(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.withdraw_store(stage, email=play.CASEWORK)
    assert {letter.to_email for letter in play.letters(stage, "store_withdrawn")} == {
        play.LIAISON,
        play.OFFICER,
    }
    changing.draft(stage, keep={SHARE: True})
    changing.hand_over(stage)
    with pytest.raises(Refused, match="lies with the signatory"):
        changing.refuse(stage)
    changing.sign_it(stage)
    assert play.stores(stage)[AGAIN].standing
    assert play.problems(stage) == []


def test_who_may_not(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    with pytest.raises(Refused, match="Only the contractor or the lead"):
        changing.withdraw_store(stage, email=play.JOINT)
    changing.withdraw_store(stage)
    store = play.stores(stage)[SHARE].id
    for email in (play.LIAISON, play.JOINT):
        with pytest.raises(NotAllowed), stage.act() as ctx:
            withdrawing.refuse_withdrawal(ctx, seat_of(ctx, stage, email), store, "No.")
    with pytest.raises(Refused, match="One store at least"):
        changing.withdraw_store(stage, play.CABINET.label)
    with pytest.raises(NotFound), stage.act() as ctx:
        withdrawing.withdraw_store(ctx, seat_of(ctx, stage, play.LIAISON), "nowhere", "Why")


def test_a_reason_is_a_must(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    for reason in ("", " ", "\u202e"):
        with pytest.raises(Refused), stage.act() as ctx:
            withdrawing.withdraw_store(
                ctx, seat_of(ctx, stage, play.LIAISON), play.stores(stage)[SHARE].id, reason
            )
    assert "store.withdrawn" not in play.log_types(stage)


def test_an_older_page_does_not_sign_for_a_store_that_is_gone(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    envelopes = held.attestations(stage)
    changing.withdraw_store(stage)
    changing.amend(stage)
    with stage.act() as ctx:
        from_page = attesting.sign_attestations(ctx, seat_of(ctx, stage, play.OFFICER), envelopes)
    assert all("changed since" in (result.sentence or "") for result in from_page)
    assert play.problems(stage) == []
