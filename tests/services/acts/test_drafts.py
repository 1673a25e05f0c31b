"""Drafting: each section refuses what is wrong at its field; a handed-over draft is locked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from attest.database import outbox
from attest.database.tables import (
    Demand,
    DemandParty,
    Incident,
    Letter,
    LetterEvent,
    NamedFile,
    Store,
)
from attest.demo.acting import account_of, demand_of, seat_of
from attest.domain.drafting import Party
from attest.domain.refusal import NotAllowed, Refused
from attest.services.acts import draft_files, draft_stores, drafts
from tests import stage as play


def seat(ctx, stage, email=play.CASEWORK):
    return seat_of(ctx, stage, email, draft=True)


def refused(stage, act, *arguments) -> tuple[str | None, str]:
    """The field and the sentence of a refusal; nothing is kept."""
    with pytest.raises(Refused) as told, stage.act() as ctx:
        act(ctx, seat(ctx, stage), *arguments)
    return told.value.field, told.value.sentence


def test_references_count_by_organisation_and_year(stage_at) -> None:
    stage = stage_at("drafted")
    assert stage.reference == "ND-2013-001"

    def create(email: str = play.CASEWORK) -> str:
        with stage.act() as ctx:
            return drafts.create(ctx, drafts.drafter(account_of(ctx, email)), "More").reference

    assert create() == "ND-2013-002"
    assert create(play.OTHER_CONTROLLER) == "EL-2013-001"
    with stage.act() as ctx:
        demand = ctx.session.scalars(select(Demand).where(Demand.reference == "ND-2013-002")).one()
        demand.reference = "ND-2013-1000"
    assert create() == "ND-2013-1001"
    stage.now += timedelta(days=365)
    assert create() == "ND-2014-001"


@pytest.mark.parametrize("email", [play.SIGNATORY, play.ADMINISTRATOR, play.OTHER_CONTRACTOR])
def test_only_case_handlers_draft(quick_stage_at, email: str) -> None:
    stage = quick_stage_at("drafted")
    with stage.look() as ctx, pytest.raises(NotAllowed, match="case handler"):
        drafts.drafter(account_of(ctx, email))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": "\u202eevil"}, "title"),
        ({"what_happened": ""}, "what_happened"),
        ({"what_happened": "bell\x07"}, "what_happened"),
        ({"noticed_at": None}, "noticed_at"),
        ({"noticed_at": play.START + timedelta(days=1)}, "noticed_at"),
        ({"occurred_on": date(2014, 1, 1)}, "occurred_on"),
        ({"people_affected": -1}, "people_affected"),
        ({"people_affected": 2**40}, "people_affected"),
        ({"agreements": "\ufeff"}, "agreements"),
    ],
)
def test_what_an_incident_refuses(quick_stage_at, change, field: str) -> None:
    stage = quick_stage_at("drafted")
    told = refused(stage, drafts.save_incident, replace(play.INCIDENT, **change))
    assert told[0] == field
    assert told[1].endswith(".")


def test_an_incident_is_tidied(quick_stage_at) -> None:
    stage = quick_stage_at("drafted")
    with stage.act() as ctx:
        drafts.save_incident(
            ctx,
            seat(ctx, stage),
            replace(play.INCIDENT, what_happened=" a\r\nb ", people_affected=0, agreements=" "),
        )
    with stage.look() as ctx:
        incident = demand_of(ctx, stage).incident
        assert incident.what_happened == "a\nb"
        assert incident.people_affected == 0
        assert incident.agreements is None


@pytest.mark.parametrize(
    ("parties", "field"),
    [
        ([Party("contractor", "")], "contractor"),
        ([Party("contractor", play.LEAD)], "contractor"),
        ([Party("joint", "A"), Party("contractor", "a")], "contractor"),
        ([Party("contractor", "A", "B", "C", "no address")], "contractor_email"),
        ([Party("contractor", "A", "B", "C", "@example.org")], "contractor_email"),
        # Such a demand was signed, and then could not be issued.
        ([Party("contractor", "A", "B", "C", "b@a..example")], "contractor_email"),
        ([Party("contractor", "A", "B", "C", "bé@a.example")], "contractor_email"),
        ([Party("joint", "A", "two\nlines")], "joint_contact"),
    ],
)
def test_what_parties_refuse(quick_stage_at, parties, field: str) -> None:
    stage = quick_stage_at("drafted")
    assert refused(stage, drafts.save_parties, parties, "lead")[0] == field


def test_parties_may_keep_their_names(stage_at) -> None:
    stage = stage_at("drafted")
    assert refused(stage, drafts.save_parties, play.parties(), "most")[0] == "concurrence"
    with stage.act() as ctx:
        drafts.save_parties(ctx, seat(ctx, stage), play.parties(), "each")
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        assert [party.role for party in demand.parties] == [
            "lead",
            "joint",
            "contractor",
            "carrier",
        ]
        assert demand.concurrence == "each"
        assert ctx.session.scalar(select(func.count()).select_from(DemandParty)) == 4


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"basis": ""}, "basis"),
        ({"basis": "x" * 1001}, "basis"),
        ({"action": "forget"}, "action"),
        ({"instruction": "\n"}, "instruction"),
        ({"due_on": None}, "due_on"),
        ({"due_on": play.START.date() - timedelta(1)}, "due_on"),
        ({"due_on": date(2113, 1, 1)}, "due_on"),
    ],
)
def test_what_terms_refuse(quick_stage_at, change, field: str) -> None:
    stage = quick_stage_at("drafted")
    assert refused(stage, drafts.save_terms, replace(play.TERMS, **change))[0] == field


def test_a_draft_with_gaps_is_not_handed_over(quick_stage_at) -> None:
    stage = quick_stage_at("drafted")
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, play.CASEWORK))
        stage.reference = drafts.create(ctx, handler, "Bare").reference
    with stage.look() as ctx:
        gaps = drafts.gaps(ctx, demand_of(ctx, stage))
    assert list(gaps) == ["incident", "parties", "files", "stores", "terms"]
    assert all(gaps.values())
    told = refused(stage, drafts.hand_over)[1]
    assert all(sentence in told for section in gaps.values() for sentence in section)


def test_handing_over_locks_every_section(stage_at) -> None:
    stage = stage_at("handed")
    file, store = play.files(stage)["list.csv"], play.stores(stage)[play.SHARE.label]
    for act, *arguments in (
        (drafts.save_incident, play.INCIDENT),
        (drafts.save_parties, play.parties(), "lead"),
        (drafts.save_terms, play.TERMS),
        (drafts.hand_over,),
        (drafts.discard,),
        (draft_files.add_file, {"name": "more.csv"}),
        (draft_files.remove_file, file.id),
        (draft_files.import_files, b"name\nmore.csv\n"),
        (draft_files.preview, b"name\nmore.csv\n"),
        (draft_stores.add_stores, [play.MAILBOX]),
        (draft_stores.remove_store, store.id),
    ):
        assert "lies with the signatory" in refused(stage, act, *arguments)[1]
    assert file.body is not None
    assert store.body is not None
    assert {letter.to_email for letter in play.letters(stage, "draft_ready")} == {
        play.SIGNATORY,
        play.SECOND,
    }


def test_the_signatory_returns_it_with_a_note(stage_at) -> None:
    stage = stage_at("handed")
    assert refused(stage, drafts.return_with_note, " ")[0] == "note"
    with stage.act() as ctx:
        drafts.return_with_note(ctx, seat(ctx, stage, play.SIGNATORY), "Name the third file.")
    with stage.look() as ctx:
        assert demand_of(ctx, stage).handed_at is None
        assert demand_of(ctx, stage).return_note == "Name the third file."
    [letter] = play.letters(stage, "draft_returned")
    assert letter.to_email == play.CASEWORK
    assert "Name the third file." in letter.text
    with stage.act() as ctx:
        draft_files.add_file(ctx, seat(ctx, stage), {"name": "third.csv"})
        drafts.hand_over(ctx, seat(ctx, stage))
    with stage.look() as ctx:
        assert demand_of(ctx, stage).return_note is None
        assert demand_of(ctx, stage).files_total == 3


def test_taking_back_twice_is_refused_and_writes_to_nobody(quick_stage_at) -> None:
    stage = quick_stage_at("handed")
    with stage.act() as ctx:
        drafts.take_back(ctx, seat(ctx, stage))
    assert play.letters(stage, "draft_returned") == []
    assert "not with the signatory" in refused(stage, drafts.take_back)[1]


def test_handing_over_again_gives_other_bodies(quick_stage_at) -> None:
    """A nonce is used for one prefix only."""
    stage = quick_stage_at("handed")
    before = play.files(stage)["list.csv"].body
    with stage.act() as ctx:
        drafts.take_back(ctx, seat(ctx, stage))
        drafts.hand_over(ctx, seat(ctx, stage))
    assert play.files(stage)["list.csv"].body != before


def test_discarding_leaves_nothing(stage_at) -> None:
    stage = stage_at("drafted")
    with stage.act() as ctx:
        drafts.discard(ctx, seat(ctx, stage))
    with stage.look() as ctx:
        for table in (Demand, DemandParty, Incident, NamedFile, Store):
            assert ctx.session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize(
    ("state", "then", "told"),
    [(outbox.DEFERRED, outbox.DROPPED, ["dropped"]), (outbox.SENDING, outbox.SENDING, [])],
)
def test_a_letter_about_a_draft_that_is_discarded(stage_at, state: str, then: str, told) -> None:
    """What the mail server put off is not sent; what is on its way goes, and is told of."""
    stage = stage_at("drafted")
    with stage.act() as ctx:
        drafts.hand_over(ctx, seat(ctx, stage))
        drafts.take_back(ctx, seat(ctx, stage))
    letter = play.letters(stage, "draft_ready")[0]
    with stage.act() as ctx:
        ctx.session.get_one(Letter, letter.id).state = state
        drafts.discard(ctx, seat(ctx, stage))
    with stage.look() as ctx:
        left = ctx.session.get_one(Letter, letter.id)
        assert (left.state, left.demand_id) == (then, None)
        assert ctx.session.scalars(select(LetterEvent.what)).all() == told
