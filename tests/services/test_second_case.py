"""The second case, played on both databases: what each role sees after each scene, and what nobody
may see; then its three bundles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from attest.demo import second_acts as acts
from attest.demo import second_case as case
from attest.demo import second_scenes as scenes
from attest.demo.acting import Stage, demand_of, seat_of
from attest.demo.scenes import play as play_scenes
from attest.demo.second_case import CASEWORK, COUNCILLOR, MAILING, PRINTERS, RECORDS, SIGNATORY
from attest.services.facts import children, exceptions
from attest.services.log.prepared import Stale
from tests import second
from tests import stage as play
from tests.second import letters, needs, obstacles, state, step

FIRST, BELOW, LOWEST = "CV-2024-001", "CV-2024-002", "CV-2024-003"
HOSPITALS, COUNCIL = case.LEAD.name, case.COUNCIL.name
Check = Callable[[Stage], None]
CHECKS: dict[str, Check] = {}


def after(name: str) -> Callable[[Check], Check]:
    """What holds at the end of a scene."""

    def keep(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return keep


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    stage = second.opened(tmp_path / "instance", database_url)
    yield stage
    stage.engine.dispose()


def test_the_second_case_scene_by_scene(empty: Stage) -> None:
    assert set(CHECKS) <= {scene.name for scene in scenes.SCENES}
    for scene in scenes.SCENES:
        play_scenes(empty, [scene], second.NO_PASSWORD)
        CHECKS.get(scene.name, lambda stage: None)(empty)
        assert play.problems(empty) == [], scene.name
        for firm in second.known(empty):
            assert second.leaked(empty, firm) == [], (scene.name, firm.name)
    for firm in case.CHAIN:
        with acts.about(empty, firm):
            for reader in (SIGNATORY, COUNCILLOR, firm.officer):
                report = play.verified(empty, reader)
                assert play.reasons(report) == (0, []), (firm.name, reader)


def refused_to_close(stage: Stage, firm: case.Firm, why: str) -> None:
    """Not even the signatory's own signature closes it now."""
    before = state(stage, firm)
    for outcome in ("closed", "closed_with_exceptions"):
        with acts.about(stage, firm), pytest.raises(Stale, match=why):
            acts.close(stage, outcome)
    assert state(stage, firm) == before


def asked(stage: Stage, email: str, about: str) -> list[str]:
    """What needs somebody in one demand."""
    return [need for need in needs(stage, email) if about in need]


# --- files never received ---------------------------------------------------------------------


@after("acknowledged")
def never_received(stage: Stage) -> None:
    rule = f"{MAILING.name} says that it never received 2 files: rule on each."
    for email in (CASEWORK, SIGNATORY):
        assert step(stage, MAILING, email) == (rule, "Rule on each")
        assert asked(stage, email, FIRST) == [f"{FIRST}: {rule}"]
    waits = "4 of 4 files open with Swiftfold Mailing Ltd, due Monday 17 June 2024."
    told = f"{MAILING.name} says that it never received 2 files; {HOSPITALS} rules."
    assert step(stage, MAILING, COUNCILLOR) == (f"{waits} {told}", None)
    said = f"You said that you never received 2 files; {HOSPITALS} rules."
    assert step(stage, MAILING, MAILING.liaison) == (f"{waits} {said}", None)
    assert step(stage, MAILING, MAILING.officer)[0].endswith(said)
    # Meanwhile both are asked for like any other.
    assert second.file_states(stage, MAILING)[case.HOMECARE] == "open"


@after("ruled")
def both_ways(stage: Stage) -> None:
    told = letters(stage, "never_received_ruled", MAILING)
    texts = [" ".join(row.text.split()) for row in told if row.to_email == MAILING.officer]
    assert {letter.to_email for letter in told} == {MAILING.liaison, MAILING.officer}
    (nil,) = [text for text in texts if case.HOMECARE in text]
    (stands,) = [text for text in texts if case.DISCHARGE in text]
    assert "Nil returns will do: search each store" in nil
    assert "It was sent to you, and stands." in stands
    assert "fetched on 20 May at 16:05" in stands
    assert asked(stage, CASEWORK, FIRST) == []
    assert "never received" not in step(stage, MAILING, MAILING.liaison)[0]


@after("ready")
def to_be_answered(stage: Stage) -> None:
    left = "16 of 16 copies left to answer, due Monday 17 June 2024."
    assert step(stage, MAILING, MAILING.officer) == (left, "Answer for the copies")
    assert needs(stage, MAILING.officer) == [f"Answer for 16 copies in {FIRST}."]


# --- passed on, and two controllers -----------------------------------------------------------


@after("attested")
def passed_on(stage: Stage) -> None:
    assert step(stage, MAILING, CASEWORK) == (
        f"{MAILING.name} passed copies on to {PRINTERS.name}. Raise a demand against them, or "
        "have the review say why none is raised.",
        f"Raise a demand against {PRINTERS.name}",
    )
    for email in (SIGNATORY, COUNCILLOR):
        assert step(stage, MAILING, email)[1] == "Review 4 attestations"
        assert asked(stage, email, FIRST) == [f"Review 4 attestations for {FIRST}."]
    both = f"{HOSPITALS} and {COUNCIL}, asked on Monday 10 June 2024."
    waits = f"4 attestations wait for the review of {both}"
    assert step(stage, MAILING, MAILING.officer) == (waits, None)
    states = second.file_states(stage, MAILING)
    assert states.pop(case.LETTERS) == "attested_with_exceptions"
    assert set(states.values()) == {"attested"}


@after("raised")
def one_level_down(stage: Stage) -> None:
    with acts.about(stage, PRINTERS), stage.look() as ctx:
        child = demand_of(ctx, stage)
        assert (child.reference, child.concurrence, child.files_total) == (BELOW, "each", 1)
        assert [party.name for party in child.parties] == [HOSPITALS, COUNCIL, PRINTERS.name]
        assert child.incident.reference == "CV-2024-I01"
    for email in second.CONTROLLERS:
        assert second.may_open(stage, PRINTERS, email)
    for email in (MAILING.liaison, MAILING.officer):
        assert not second.may_open(stage, PRINTERS, email)
    assert not second.may_open(stage, MAILING, PRINTERS.liaison)


@after("one_accepted")
def the_lead_alone_is_not_enough(stage: Stage) -> None:
    states = second.file_states(stage, MAILING)
    assert set(states.values()) == {"attested", "attested_with_exceptions"}
    waits = (
        f"4 attestations wait for the review of {COUNCIL}, asked on Monday 10 June 2024; "
        f"{HOSPITALS} has reviewed all."
    )
    for email in (CASEWORK, SIGNATORY, MAILING.liaison, MAILING.officer):
        assert step(stage, MAILING, email) == (waits, None)
    assert step(stage, MAILING, COUNCILLOR)[1] == "Review 4 attestations"
    assert asked(stage, COUNCILLOR, FIRST) == [f"Review 4 attestations for {FIRST}."]
    assert asked(stage, SIGNATORY, FIRST) == asked(stage, CASEWORK, FIRST) == []
    refused_to_close(stage, MAILING, "4 attestations to be reviewed")
    text = " ".join(letters(stage, "attestations_accepted", MAILING)[0].text.split())
    assert f"{COUNCIL} has not reviewed them yet. Nothing more is asked of you" in text
    assert letters(stage, "ready_to_close", MAILING) == []


@after("both_accepted")
def the_council_was_chased(stage: Stage) -> None:
    (chased,) = letters(stage, "review_waits", MAILING)
    assert (chased.to_email, chased.queued_at.date()) == (COUNCILLOR, date(2024, 6, 12))
    assert set(second.file_states(stage, MAILING).values()) == {"accepted"}
    waits = f"Every file is accepted. Before the demand can be closed, {BELOW} has to end."
    for email in second.CONTROLLERS:
        assert step(stage, MAILING, email) == (waits, None)
        assert asked(stage, email, FIRST) == []
    ended = f"Every file is accepted. It is for {HOSPITALS} to close the demand."
    for email in (MAILING.liaison, MAILING.officer):
        assert step(stage, MAILING, email) == (ended, None)
    told = {letter.subject for letter in letters(stage, "ready_to_close", MAILING)}
    assert told == {f"{FIRST}: every file is accepted; {BELOW} has to end"}
    refused_to_close(stage, MAILING, f"{BELOW} against {PRINTERS.name} has not ended")


# --- two levels down ---------------------------------------------------------------------------


@after("raised_again")
def two_levels_down(stage: Stage) -> None:
    assert obstacles(stage, PRINTERS)[-1] == (
        f"The demand {LOWEST} against {RECORDS.name} has not ended: it is issued."
    )
    # Each waits for its own child, and learns of no more.
    assert obstacles(stage, MAILING) == [
        f"The demand {BELOW} against {PRINTERS.name} has not ended: it is awaiting review."
    ]
    for firm, email in ((RECORDS, PRINTERS.officer), (RECORDS, MAILING.officer)):
        assert not second.may_open(stage, firm, email)
    with acts.about(stage, PRINTERS), stage.look() as ctx:
        assert exceptions.raised(ctx, seat_of(ctx, stage, PRINTERS.officer)) == ()
        assert exceptions.raised_from(ctx, seat_of(ctx, stage, PRINTERS.officer)) is None
        assert exceptions.raised_from(ctx, seat_of(ctx, stage, COUNCILLOR)) is None
        assert exceptions.raised_from(ctx, seat_of(ctx, stage, SIGNATORY)) == FIRST
        # No circle: nobody above is asked again.
        demand = demand_of(ctx, stage)
        for asked_again in (MAILING, PRINTERS, case.LEAD, case.COUNCIL):
            assert children.why_not_raised(ctx, demand, asked_again.name) is not None
    assert second.may_open(stage, RECORDS, COUNCILLOR)


@after("records_accepted")
def only_the_lowest_can_be_closed(stage: Stage) -> None:
    refused_to_close(stage, PRINTERS, f"{LOWEST} against {RECORDS.name} has not ended")
    refused_to_close(stage, MAILING, f"{BELOW} against {PRINTERS.name} has not ended")
    assert needs(stage, SIGNATORY) == [f"Close {LOWEST}: every file is accepted."]
    assert step(stage, RECORDS, SIGNATORY)[1] == "Close the demand"


@after("records_closed")
def then_the_one_above(stage: Stage) -> None:
    assert state(stage, RECORDS) == "closed"
    told = letters(stage, "children_ended", PRINTERS)
    assert {letter.to_email for letter in told} == {CASEWORK, SIGNATORY}
    assert f"- {LOWEST} against {RECORDS.name}: closed" in told[0].text
    assert letters(stage, "children_ended", MAILING) == []
    assert needs(stage, SIGNATORY) == [f"Close {BELOW}: every file is accepted."]
    refused_to_close(stage, MAILING, f"{BELOW} against {PRINTERS.name} has not ended")


@after("printers_closed")
def then_the_first(stage: Stage) -> None:
    assert state(stage, PRINTERS) == "closed_with_exceptions"
    assert letters(stage, "children_ended", MAILING)
    assert needs(stage, SIGNATORY) == [f"Close {FIRST}: every file is accepted."]
    assert obstacles(stage, MAILING) == []


@after("closed")
def nobody_is_asked_for_anything(stage: Stage) -> None:
    assert state(stage, MAILING) == "closed_with_exceptions"
    for email in (*second.CONTROLLERS, MAILING.officer, PRINTERS.officer, RECORDS.officer):
        assert needs(stage, email) == []


# --- the legal hold ----------------------------------------------------------------------------


@after("back")
def it_comes_back_by_itself(stage: Stage) -> None:
    states = second.file_states(stage, MAILING)
    assert states.pop(case.LETTERS) == "open"
    assert set(states.values()) == {"accepted"}
    assert state(stage, MAILING) == "in_progress"
    assert state(stage, PRINTERS) == "closed_with_exceptions"
    left = "1 of 4 copies left to answer, due Monday 15 July 2024."
    assert step(stage, MAILING, MAILING.officer) == (left, "Answer for the copies")
    assert needs(stage, MAILING.officer) == [f"Answer for 1 copy in {FIRST}."]
    told = letters(stage, "files_reopened", MAILING)
    assert {letter.to_email for letter in told} == {
        *(CASEWORK, SIGNATORY, COUNCILLOR, MAILING.liaison, MAILING.officer)
    }
    text = " ".join(told[0].text.replace("> ", "").split())
    assert "An exception has ended: legal hold in “Job bags” until 8 July 2024." in text


@after("extended")
def chased_then_extended(stage: Stage) -> None:
    ladder = [
        (kind, letter.queued_at.date())
        for kind in ("reminder", "overdue")
        for letter in letters(stage, kind, MAILING)
        if letter.to_email == MAILING.officer and letter.queued_at.date() > date(2024, 7, 8)
    ]
    assert ladder[0] == ("reminder", date(2024, 7, 11))
    assert ladder[-1] == ("overdue", date(2024, 7, 16))
    first, again = second.attestations(stage, MAILING, case.LETTERS)
    assert again.supersedes == first.hash
    for email in (SIGNATORY, COUNCILLOR):
        assert step(stage, MAILING, email)[1] == "Review 1 attestation"
    assert held_until(stage) == case.LONGER_HOLD
    refused_to_close(stage, MAILING, "1 attestation to be reviewed")


@after("closed_again")
def it_may_be_closed_meanwhile(stage: Stage) -> None:
    assert state(stage, MAILING) == "closed_with_exceptions"
    assert held_until(stage) == case.LONGER_HOLD


@after("back_again")
def once_more(stage: Stage) -> None:
    assert second.file_states(stage, MAILING)[case.LETTERS] == "open"
    left = "1 of 4 copies left to answer, due Monday 9 September 2024."
    assert step(stage, MAILING, MAILING.officer) == (left, "Answer for the copies")


@after("released")
def released(stage: Stage) -> None:
    signed = second.attestations(stage, MAILING, case.LETTERS)
    assert [each.supersedes for each in signed] == [None, *(each.hash for each in signed[:-1])]
    assert len(signed) == 3
    assert held_until(stage) is None


@after("ended")
def what_is_left(stage: Stage) -> None:
    assert state(stage, MAILING) == "closed_with_exceptions"
    with acts.about(stage, MAILING), stage.look() as ctx:
        (left,) = exceptions.exceptions(ctx, demand_of(ctx, stage))
    assert (left.outcome, left.lasts) == ("passed_on", f"to {PRINTERS.name}")
    for email in (*second.CONTROLLERS, MAILING.officer):
        assert needs(stage, email) == []


def held_until(stage: Stage) -> date | None:
    """Until when a copy is kept under a legal hold."""
    with acts.about(stage, MAILING), stage.look() as ctx:
        found = exceptions.exceptions(ctx, demand_of(ctx, stage))
    return next((each.until for each in found if each.outcome == "legal_hold"), None)
