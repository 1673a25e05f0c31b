"""Nobody gets, or takes, more in an organisation than somebody there may hand out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.database.tables import Person
from attest.demo import case, script
from attest.demo.acting import account_of, make_key, seat_of
from attest.domain.drafting import Party
from attest.domain.refusal import NotFound, Refused
from attest.services import access
from attest.services.access import demand_for
from attest.services.accounts import inviting, people
from attest.services.acts import acknowledging, confirming, draft_files, draft_stores, drafts
from attest.signing import fingerprint
from tests import stage as play


def person_of(ctx, email: str, organisation: str) -> Person:
    return next(
        person
        for person in account_of(ctx, email).people
        if person.organisation.name == organisation
    )


def test_access_that_ended_comes_back_without_its_old_duties(quick_stage_at) -> None:
    """A case handler may not hand out an administrator's duty, not by inviting one again either."""
    stage = quick_stage_at("drafted")
    with stage.act() as ctx:
        handler = person_of(ctx, play.CASEWORK, case.LEAD.name)
        gone = people.ensure_person(
            ctx,
            organisation_id=handler.organisation_id,
            name="Gus Gone",
            role="Manager",
            email="gus@northshire.example",
            duties={"administrator", "signatory"},
        )
        gone.active = False
        ctx.session.flush()
        inviting.invite(
            ctx,
            handler,
            name="Gus Gone",
            role="Manager",
            email="gus@northshire.example",
            duties=["case_handler"],
        )
        assert gone.active
        assert gone.duties == {"case_handler"}


def test_ending_access_in_one_organisation_ends_no_session_in_another(quick_stage_at) -> None:
    """Else anybody who may invite could sign anybody else out, again and again."""
    stage = quick_stage_at("acknowledged")
    with stage.act() as ctx:
        mallory = person_of(ctx, play.OTHER_CONTRACTOR, "Rival plc")
        before = account_of(ctx, play.OFFICER).epoch
        invited = inviting.invite(
            ctx, mallory, name="Ruth", role="Any", email=play.OFFICER, duties=["officer"]
        )
        inviting.end_access(ctx, mallory, invited.id)
        assert not invited.active
        assert account_of(ctx, play.OFFICER).epoch == before


def test_ending_somebodys_last_access_ends_their_sessions(quick_stage_at) -> None:
    stage = quick_stage_at("acknowledged")
    with stage.act() as ctx:
        liaison = person_of(ctx, play.LIAISON, play.HALDEN)
        officer = person_of(ctx, play.OFFICER, play.HALDEN)
        before = officer.account.epoch
        inviting.end_access(ctx, liaison, officer.id)
        assert officer.account.epoch == before + 1


def second_demand(stage, *more: Party, contractor: Party) -> str:
    """Another demand of the same lead controller, issued."""
    first = stage.reference
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, play.CASEWORK))
        stage.reference = drafts.create(ctx, handler, "Another matter").reference
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        drafts.save_incident(ctx, seat, play.INCIDENT)
        drafts.save_parties(ctx, seat, [contractor, *more], "lead")
        draft_files.add_file(ctx, seat, {"name": "other.csv", "kind": "electronic"})
        draft_stores.add_stores(ctx, seat, [play.SHARE])
        drafts.save_terms(ctx, seat, play.TERMS)
    play.handed(stage)
    stage.now += timedelta(hours=1)
    script.issue(stage)
    second, stage.reference = stage.reference, first
    return second


def test_a_controller_seats_nobody_of_its_own_in_a_contractor_that_is_there(
    quick_stage_at,
) -> None:
    """A liaison whom the contractor doesn't know would see, and end, what its people do."""
    stage = quick_stage_at("acknowledged")
    mole = Party("contractor", play.HALDEN, "Mo Mole", "Helper", "mole@northshire.example")
    second = second_demand(stage, contractor=mole)
    with stage.look() as ctx:
        account = account_of(ctx, mole.contact_email)
        seat = demand_for(ctx, account, second, side="contractor", duty="liaison")
        assert seat.person.account_id == account.id
        with pytest.raises(NotFound):
            demand_for(ctx, account, stage.reference)
        assert person_of(ctx, play.OFFICER, play.HALDEN).organisation_id not in {
            person.organisation_id for person in account.people
        }


def test_a_contractor_whose_own_liaison_is_named_again_stays_one(quick_stage_at) -> None:
    stage = quick_stage_at("acknowledged")
    same = Party("contractor", play.HALDEN, "Tom Beck", "Contract manager", play.LIAISON)
    second = second_demand(stage, contractor=same)
    with stage.look() as ctx:
        account = account_of(ctx, play.LIAISON)
        assert len(account.people) == 1
        assert demand_for(ctx, account, second).person.id == account.people[0].id


def test_nobody_confirms_their_own_key_from_another_seat(quick_stage_at) -> None:
    """The liaison names a controller's signatory as officer: one person on both sides."""
    stage = quick_stage_at("acknowledged")
    with stage.act() as ctx:
        acknowledging.name_officer(
            ctx,
            seat_of(ctx, stage, play.LIAISON),
            acknowledging.OfficerAnswers("Edith East", "Both", play.JOINT),
        )
    make_key(stage, play.JOINT, "signatory")
    key = make_key(stage, play.JOINT, "officer")
    with stage.look() as ctx:
        seat = access.demand_for(
            ctx, account_of(ctx, play.JOINT), stage.reference, side="controller", duty="signatory"
        )

        with pytest.raises(Refused, match="own key"):
            confirming.prepare_confirmation(
                ctx, seat, key.keyid, fingerprint(key.keyid), "telephone"
            )
