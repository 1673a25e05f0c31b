"""The contractor's first acts, and the store that either side may name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.demo.acting import account_of, demand_of, give_password, seat_of
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import acknowledging
from attest.services.acts.acknowledging import OfficerAnswers
from attest.services.acts.draft_stores import StoreAnswers
from tests import stage as play


def acting(stage, act, *arguments, email: str = play.LIAISON):
    with stage.act() as ctx:
        return act(ctx, seat_of(ctx, stage, email), *arguments)


def test_acknowledging_twice_is_acknowledging_once(stage_at) -> None:
    stage = stage_at("issued")
    acting(stage, acknowledging.acknowledge, " Received.\r\nThank you. ")
    acting(stage, acknowledging.acknowledge, "Again")
    assert play.state(stage) == "acknowledged"
    assert play.log_types(stage).count("demand.acknowledged") == 1
    told = play.letters(stage, "acknowledged")
    assert {letter.to_email for letter in told} == {play.CASEWORK, play.SIGNATORY, play.SECOND}
    assert all("Received." in letter.text for letter in told)
    assert play.problems(stage) == []


def test_not_us(stage_at) -> None:
    stage = stage_at("issued")
    with pytest.raises(Refused) as told:
        acting(stage, acknowledging.dispute, "")
    assert told.value.field == "reason"
    acting(stage, acknowledging.dispute, "That was another Halden.")
    assert play.state(stage) == "issued"
    assert all("another Halden" in letter.text for letter in play.letters(stage, "not_us"))
    acting(stage, acknowledging.acknowledge)
    with stage.look() as ctx:
        assert demand_of(ctx, stage).dispute_reason is None
    with pytest.raises(Refused, match="acknowledged already"):
        acting(stage, acknowledging.dispute, "On second thoughts")
    assert play.problems(stage) == []


def test_the_officer_is_named_replaced_and_chosen_again(stage_at) -> None:
    stage = stage_at("acknowledged")
    other = OfficerAnswers("Otto Oak", "Deputy", "otto@halden.example")
    stage.now += timedelta(seconds=5)
    acting(stage, acknowledging.name_officer, other)
    give_password(stage, other.email, play.NO_PASSWORD)
    assert play.may_see(stage, other.email, side="contractor", duty="officer")
    with stage.look() as ctx:
        officer = demand_of(ctx, stage).officer
        assert officer is not None
        assert officer.name == "Otto Oak"
        first = account_of(ctx, play.OFFICER).people[0].id
    stage.now += timedelta(seconds=5)
    acting(stage, acknowledging.choose_officer, first)
    with stage.look() as ctx:
        assert demand_of(ctx, stage).officer_id == first
    invited = [letter.to_email for letter in play.letters(stage, "officer_invited")]
    assert invited == [play.OFFICER, other.email, play.OFFICER]


@pytest.mark.parametrize("email", [play.LIAISON, play.SIGNATORY, play.OTHER_CONTRACTOR])
def test_only_an_officer_of_the_contractor_can_be_chosen(quick_stage_at, email: str) -> None:
    stage = quick_stage_at("acknowledged")
    with stage.look() as ctx:
        person = account_of(ctx, email).people[0].id
    for wrong in (person, "nobody"):
        with pytest.raises(NotFound):
            acting(stage, acknowledging.choose_officer, wrong)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (OfficerAnswers("", "Deputy", "o@halden.example"), "name"),
        (OfficerAnswers("Otto", " ", "o@halden.example"), "role"),
        (OfficerAnswers("Otto", "Deputy", "nowhere"), "email"),
        (OfficerAnswers("Otto\n", "De\nputy", "o@halden.example"), "role"),
    ],
)
def test_what_an_officer_needs(quick_stage_at, answers: OfficerAnswers, field: str) -> None:
    stage = quick_stage_at("acknowledged")
    with pytest.raises(Refused) as told:
        acting(stage, acknowledging.name_officer, answers)
    assert told.value.field == field


def test_a_further_store_reopens_what_was_answered(stage_at) -> None:
    stage = stage_at("attested")
    with stage.look() as ctx:
        opens = acknowledging.files_that_reopen(ctx, seat_of(ctx, stage, play.LIAISON))
    assert opens == list(play.FILES)
    assert acting(stage, acknowledging.name_store, play.MAILBOX) == 2
    assert {file.state for file in play.files(stage).values()} == {"open"}
    assert play.state(stage) == "in_progress"
    told = play.letters(stage, "stores_named")
    assert {letter.to_email for letter in told} == {
        play.CASEWORK,
        play.SIGNATORY,
        play.SECOND,
        play.OFFICER,
    }
    assert all(play.MAILBOX.label in letter.text for letter in told)
    assert play.problems(stage) == []


def test_the_controller_names_a_store_too(stage_at) -> None:
    stage = stage_at("accepted")
    assert acting(stage, acknowledging.name_store, play.MAILBOX, email=play.CASEWORK) == 2
    assert play.stores(stage)[play.MAILBOX.label].named_by_side == "controller"
    assert play.problems(stage) == []


@pytest.mark.parametrize(
    "answers",
    [
        play.SHARE,
        StoreAnswers("FILE share", "electronic", "file_share"),
        StoreAnswers("", "electronic", "file_share"),
        StoreAnswers("New", "electronic", "nothing"),
    ],
)
def test_a_store_that_is_refused(quick_stage_at, answers: StoreAnswers) -> None:
    stage = quick_stage_at("attested")
    with pytest.raises(Refused):
        acting(stage, acknowledging.name_store, answers)
    assert {file.state for file in play.files(stage).values()} == {"attested"}


def test_nothing_more_after_the_end(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    before = play.log_types(stage)
    for act, *arguments in (
        (acknowledging.acknowledge,),
        (acknowledging.dispute, "No"),
        (acknowledging.name_store, play.MAILBOX),
        (acknowledging.name_officer, OfficerAnswers("Otto", "Deputy", "o@halden.example")),
        (acknowledging.choose_officer, "anybody"),
    ):
        with pytest.raises(Refused, match="has ended"):
            acting(stage, act, *arguments)
    assert play.log_types(stage) == before


def test_a_store_with_every_letter_of_the_alphabet(quick_stage_at) -> None:
    stage = quick_stage_at("acknowledged")
    label = "Aktenschränke “Süd” \\ 書庫 🗄"
    acting(stage, acknowledging.name_store, StoreAnswers(label, "hard_copy", "filing"))
    assert label in play.stores(stage)
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])
