"""A copy that nobody finds: searched for more widely, or accepted with the reason that is borne."""

from __future__ import annotations

from typing import Any

import pytest

from attest.demo import script
from attest.demo.acting import demand_of, seat_of, sign
from attest.domain import rulings as rules
from attest.domain.refusal import Refused
from attest.services.acts import closing, reviewing
from attest.services.facts import exceptions, rulings
from tests import held
from tests import stage as play
from tests.passing import lost


def with_one_lost(stage: Any) -> Any:
    """Both files are signed for; of one, the copy in the cabinet could not be located."""
    script.fill(stage, play.plain_answer(stage))
    play.fill(stage, play.CABINET.label, lost(stage), ("list.csv",))
    script.attest_all(stage)
    return stage


def test_a_wider_search_is_a_rejection_with_that_reason(stage_at: Any) -> None:
    stage = with_one_lost(stage_at("ready"))
    with stage.look() as ctx:
        files = play.files(stage)
        found = rulings.ruling(ctx, demand_of(ctx, stage), [file.id for file in files.values()])
        none = rulings.ruling(ctx, demand_of(ctx, stage), [files["costings.xlsx"].id])
    assert (found.lost, found.uncovered, none.lost) == (["Filing cabinet"], [], [])
    assert none.reason_missing is None
    script.review(stage, "rejected", rules.wider_search(found.lost), files=["list.csv"])
    assert play.files(stage)["list.csv"].state == "rejected"
    (letter, *_) = play.letters(stage, "attestations_rejected")
    assert "Search more widely for the copy in “Filing cabinet”" in " ".join(
        letter.text.replace("> ", "").split()
    )
    play.fill(stage, play.CABINET.label, play.deleted(stage), ("list.csv",))
    script.attest_all(stage)
    script.review(stage, "accepted")
    script.close(stage)
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_the_risk_is_accepted_with_a_reason_only(stage_at: Any) -> None:
    stage = with_one_lost(stage_at("ready"))
    with pytest.raises(Refused, match="say why you accept the risk") as refused:
        script.review(stage, "accepted")
    assert refused.value.field == "reason"
    script.review(stage, "accepted", files=["costings.xlsx"])
    script.review(stage, "accepted", "It was a list of names; the meeting was ours.")
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY)
        assert closing.closable(ctx, seat).outcome == "closed_with_exceptions"
        (each,) = exceptions.exceptions(ctx, seat.demand)
        assert (each.what, each.lasts) == (
            "1 file in “Filing cabinet”",
            "the controller accepts the risk",
        )
    with pytest.raises(Refused, match="only be closed with exceptions"):
        script.close(stage)
    sign(
        stage,
        play.SIGNATORY,
        lambda ctx, seat: closing.prepare_closure(ctx, seat, "closed_with_exceptions", None),
        lambda ctx, seat, sent: closing.close_demand(ctx, seat, sent[0][1]),
    )
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_a_review_that_was_signed_elsewhere_needs_the_reason_too(quick_stage_at: Any) -> None:
    """The payload of another page: the rule stands where the review is kept as well."""
    stage = with_one_lost(quick_stage_at("ready"))
    script.review(stage, "rejected", "Look again.", files=["list.csv"])
    play.fill(stage, play.CABINET.label, play.deleted(stage), ("list.csv",))
    script.attest_all(stage)
    envelope = held.review(stage)  # an acceptance without a reason, prepared while none was due
    script.review(stage, "rejected", "Are you sure?", files=["list.csv"])
    play.fill(stage, play.CABINET.label, lost(stage), ("list.csv",))
    script.attest_all(stage)
    with pytest.raises(Refused), stage.act() as ctx:
        reviewing.review_attestations(ctx, seat_of(ctx, stage, play.SIGNATORY), envelope)
    assert play.files(stage)["list.csv"].state == "attested_with_exceptions"


def test_what_accepting_needs_in_words() -> None:
    assert rules.reason_missing([], []) is None
    three = rules.reason_missing(["A", "B", "C"], ["X"])
    assert three is not None
    assert "“A”, “B” and “C” could not be located" in three
    assert "passed on to “X”" in (rules.reason_missing([], ["X"]) or "")
    assert "for the copies in “A” and “B”" in rules.wider_search(["A", "B"])
