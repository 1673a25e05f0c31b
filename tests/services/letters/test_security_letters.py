"""What people type never becomes the place where a letter's one-use link goes."""

from __future__ import annotations

import pytest

from attest.demo import script
from attest.demo.acting import account_of, seat_of
from attest.mail.letter import LINK
from attest.services.accounts import inviting
from attest.services.acts import acknowledging, reopening
from attest.services.acts.draft_stores import StoreAnswers
from tests import stage as play


@pytest.mark.parametrize("typed", ["{link}", "see {link}\n\n    {link}\n", "{{link}}"])
def test_a_note_that_spells_the_place_of_the_link(quick_stage_at, typed: str) -> None:
    """It would have stopped the act, and with a name that chase letters repeat, the worker."""
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, script.LIAISON)
        acknowledging.acknowledge(ctx, seat, typed)
        acknowledging.name_store(ctx, seat, StoreAnswers("Box {link}", "hard_copy", "filing"))
    assert play.letters(stage, "acknowledged")
    for letter in play.letters(stage):
        assert (LINK in letter.text) == (letter.invitation_id is not None), letter.kind
        assert letter.text.count(LINK) <= 1


def test_a_reason_that_spells_it(quick_stage_at) -> None:
    stage = quick_stage_at("attested")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY)
        file = next(iter(play.files(stage).values()))
        reopening.reopen_file(ctx, seat, file.id, "Because {link}")
    assert [letter for letter in play.letters(stage) if "{ link }" in letter.text]


def test_a_name_that_spells_it_opens_no_second_place(quick_stage_at) -> None:
    """The letter's only link stands where the template has it."""
    stage = quick_stage_at("drafted")
    with stage.act() as ctx:
        handler = next(iter(account_of(ctx, play.CASEWORK).people))
        handler.name = "Mallory {link}"
        ctx.session.flush()
        inviting.invite(
            ctx, handler, name="Nia", role="Aide", email="nia@x.example", duties=["signatory"]
        )
    [letter] = play.letters(stage, "invitation_of_colleague")
    assert letter.text.count(LINK) == 1
    assert "Mallory { link }" in letter.text
