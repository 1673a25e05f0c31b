"""What is typed and not sent: kept for its person alone, and gone when it is sent or over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from attest.database.tables import Store, UnsentForm
from attest.demo.acting import Stage, account_of, demand_of, seat_of
from attest.domain.refusal import Refused
from attest.services.acts import begun_answers, drafts, leaving
from attest.services.acts.selection import Keepers, keepers
from attest.services.context import Context
from attest.services.facts import unsent
from attest.services.facts.unsent import KEPT_FOR, MOST, MOST_FORMS, SENT_FOR, Place
from attest.services.upkeep import withholding
from tests import stage as play
from tests.erasing import BY, after_retention

TYPED = [("note", "Half a sen"), ("cell", "1.a"), ("cell", "2.a")]


def place(ctx: Context, stage: Stage, email: str = play.OFFICER, part: str = "") -> Place:
    seat = seat_of(ctx, stage, email, draft=None)
    return Place("answer", seat.person.id, demand_id=seat.demand.id, part=part)


def keep(stage: Stage, email: str = play.OFFICER, part: str = "", fields=TYPED) -> None:
    with stage.act() as ctx:
        unsent.keep(ctx, place(ctx, stage, email, part), fields)


def kept(stage: Stage, email: str = play.OFFICER, part: str = "") -> unsent.Unsent | None:
    with stage.look() as ctx:
        return unsent.find(ctx, place(ctx, stage, email, part))


def rows(stage: Stage) -> int:
    with stage.look() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(UnsentForm)) or 0


def test_what_is_typed_comes_back_to_its_person_alone(stage_at) -> None:
    stage = stage_at("ready")
    assert kept(stage) is None
    began = stage.now
    keep(stage)
    stage.now += timedelta(minutes=3)
    keep(stage, fields=[("note", "Half a sentence"), ("odd", "\ud800\u0000 ü")])
    found = kept(stage)
    assert found is not None
    assert found.fields == [("note", "Half a sentence"), ("odd", "?\u0000 ü")]
    assert (found.began_at, found.saved_at) == (began, stage.now)
    assert found.first("note") == "Half a sentence"
    assert found.all_of("cell") == []
    assert rows(stage) == 1
    for other in (play.LIAISON, play.SIGNATORY, play.CASEWORK):
        assert kept(stage, other) is None
    assert kept(stage, part="others") is None
    with stage.act() as ctx:
        unsent.forget(ctx, place(ctx, stage))
    assert kept(stage) is None


def turn(stage: Stage, part: str = "") -> str:
    """What a page keeps by that is opened now."""
    with stage.look() as ctx:
        return unsent.turn_of(ctx, place(ctx, stage, part=part))


def keep_late(stage: Stage, opened: str, part: str = "") -> None:
    """What a page saves that was opened in this turn."""
    with stage.act() as ctx:
        unsent.keep(ctx, place(ctx, stage, part=part), TYPED, turn=opened)


def send(stage: Stage, part: str = "") -> None:
    with stage.act() as ctx:
        unsent.forget(ctx, place(ctx, stage, part=part))


@pytest.mark.parametrize("begun", [True, False])
def test_a_save_that_comes_in_after_the_form_was_sent_is_refused(stage_at, begun: bool) -> None:
    stage = stage_at("ready")
    opened = turn(stage)
    if begun:
        keep_late(stage, opened)
    send(stage)
    with pytest.raises(Refused, match="sent since this page was opened"):
        keep_late(stage, opened)
    assert kept(stage) is None
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        assert unsent.begun(ctx, seat.person, seat.demand, "answer") == []
    # A page that is opened now keeps again, and what it keeps began now.
    stage.now += timedelta(minutes=1)
    again = turn(stage)
    assert again not in ("", opened)
    keep_late(stage, again)
    found = kept(stage)
    assert found is not None
    assert (found.began_at, found.fields) == (stage.now, TYPED)
    # Sent once more, it is a new turn again; another form's is its own.
    send(stage)
    with pytest.raises(Refused):
        keep_late(stage, again)
    keep_late(stage, "", part="others")


def test_what_was_sent_leaves_no_word_and_goes_after_a_day(stage_at) -> None:
    stage = stage_at("ready")
    keep(stage)
    send(stage)
    with stage.look() as ctx:
        (left,) = ctx.session.scalars(select(UnsentForm))
        assert (left.fields, left.over) == ("", "")
        assert unsent.old(ctx) == 0
    stage.now += SENT_FOR
    send(stage, part="others")
    assert rows(stage) == 2
    stage.now += timedelta(seconds=1)
    send(stage, part="others")
    assert rows(stage) == 1
    stage.now += SENT_FOR + timedelta(seconds=1)
    with stage.act() as ctx:
        assert unsent.tidy(ctx) == 0
    assert rows(stage) == 0


def test_forms_that_were_begun_newest_first(stage_at) -> None:
    stage = stage_at("ready")
    for part in ("first", "second"):
        keep(stage, part=part, fields=[("part", part)])
        stage.now += timedelta(minutes=1)
    keep(stage, play.LIAISON, part="theirs")
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        found = unsent.begun(ctx, seat.person, seat.demand, "answer")
        assert [each.first("part") for each in found] == ["second", "first"]
        assert unsent.begun(ctx, seat.person, seat.demand, "review") == []


@pytest.mark.parametrize(
    "name", ["password", "new_password", "Passphrase", "csrf_token", "client_secret", "key_file"]
)
def test_no_secret_is_kept(stage_at, name: str) -> None:
    stage = stage_at("ready")
    keep(stage, fields=[(name, "correct horse"), ("note", "x")])
    found = kept(stage)
    assert found is not None
    assert found.fields == [("note", "x")]


def test_too_much_is_refused(stage_at) -> None:
    stage = stage_at("ready")
    with pytest.raises(Refused, match="too much"):
        keep(stage, fields=[("note", "x" * MOST)])


def test_the_oldest_of_too_many_gives_way(stage_at) -> None:
    stage = stage_at("ready")
    keep(stage, play.LIAISON, part="theirs")
    for number in range(MOST_FORMS):
        stage.now += timedelta(seconds=1)
        keep(stage, part=str(number))
    stage.now += timedelta(seconds=1)
    keep(stage, part="0", fields=[("note", "the same form again")])
    assert rows(stage) == MOST_FORMS + 1
    keep(stage, part="one more")
    assert rows(stage) == MOST_FORMS + 1
    send(stage, part="sent")  # takes nobody's place
    assert rows(stage) == MOST_FORMS + 2
    assert kept(stage, part="1") is None
    assert kept(stage, part="0") is not None
    assert kept(stage, part="one more") is not None
    assert kept(stage, play.LIAISON, part="theirs") is not None


def test_it_goes_with_its_demand(stage_at) -> None:
    stage = stage_at("accepted")
    keep(stage)
    keep(stage, play.SIGNATORY)
    play.closed(stage)
    assert rows(stage) == 0
    with pytest.raises(Refused, match="has ended"):
        keep(stage)
    draft = stage_at("drafted")
    keep(draft, play.CASEWORK)
    with draft.act() as ctx:
        drafts.discard(ctx, seat_of(ctx, draft, play.CASEWORK, draft=True))
    assert rows(draft) == 0


def test_it_goes_with_its_person(stage_at) -> None:
    stage = stage_at("ready")
    keep(stage)
    keep(stage, play.LIAISON)
    with stage.act() as ctx:
        (liaison,) = account_of(ctx, play.LIAISON).people
        leaving.end_access(ctx, liaison, account_of(ctx, play.OFFICER).people[0].id)
    assert rows(stage) == 1


def test_tidying_takes_what_nobody_went_on_with(stage_at) -> None:
    stage = stage_at("ready")
    keep(stage)
    stage.now += KEPT_FOR
    keep(stage, play.LIAISON)
    stage.now += timedelta(seconds=1)
    with stage.act() as ctx:
        assert unsent.old(ctx) == unsent.tidy(ctx) == 1
        assert unsent.tidy(ctx) == 0
    assert kept(stage) is None
    assert kept(stage, play.LIAISON) is not None


def test_erasing_takes_it_too(stage_at) -> None:
    stage = after_retention(stage_at("closed"))
    with stage.act() as ctx:
        # As an older release might have left it.
        where = place(ctx, stage)
        demand = demand_of(ctx, stage)
        state, demand.state = demand.state, "issued"
        ctx.session.flush()
        unsent.keep(ctx, where, TYPED)
        demand.state = state
    assert rows(stage) == 1
    with stage.act() as ctx:
        withholding.withhold(ctx, demand_of(ctx, stage), frozenset({"letter.sent"}), BY)
    assert rows(stage) == 0


def test_answers_that_were_begun_for_files_that_still_wait(stage_at) -> None:
    stage = stage_at("ready")
    store = play.stores(stage)["File share"].id
    cells = " ".join(f"{file.position}.{store}" for _, file in sorted(play.files(stage).items()))
    keep(stage, part="well", fields=[("cell", cells), ("outcome", "deleted")])
    keep(stage, part="gone", fields=[("cell", f"{cells} 99.{store}"), ("outcome", "deleted")])
    keep(stage, part="odd", fields=[("cell", cells), ("outcome", "wiped")])
    keep(stage, part="none", fields=[("outcome", "deleted")])
    with stage.look() as ctx:
        (found,) = begun_answers.begun(ctx, seat_of(ctx, stage, play.OFFICER), "answer")
        assert (found.words, found.copies) == ("Deleted", len(play.FILES))
        liaison = seat_of(ctx, stage, play.LIAISON)
        assert list(begun_answers.begun(ctx, liaison, "answer")) == []


def test_who_else_keeps_stores() -> None:
    museum = Store(label="Vault", custodian="A Museum")
    attic = Store(label="Attic", custodian="A Museum ")
    own = Store(label="Share", custodian="HALDEN plc")
    nobodys = Store(label="Desk")
    everywhere, told = "A Museum", "A Museum keeps “Vault” and “Attic”."
    assert keepers([museum, attic], "Halden plc") == Keepers(everywhere, told)
    assert keepers([museum, attic, own], "Halden plc") == Keepers("", told)
    assert keepers([own, nobodys], "Halden plc") == Keepers("", "")
    library = Store(label="Stack", custodian="A Library")
    both = "A Museum keeps “Vault”. A Library keeps “Stack”."
    assert keepers([museum, library], "Halden plc") == Keepers("", both)
