"""People who act at the same moment: nobody forks a log, and nothing is half done."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from attest.demo import script
from attest.demo.acting import Stage, account_of, make_key, seat_of, tick
from attest.domain.refusal import Refused
from attest.services.acts import (
    acknowledging,
    answers,
    attesting,
    closing,
    drafts,
    issuing,
    reopening,
    reviewing,
)
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.notices.notices import GATHER
from tests import held
from tests import stage as play

pytestmark = pytest.mark.usefixtures("patient")

Act = Callable[[Stage], object]
PATIENCE = 300  # seconds; a busy machine has taken 30


def together(stage: Stage, acts: Sequence[Act]) -> list[str | None]:
    """Runs every act in a thread of its own; gives what refused each, or None.

    Anything but a refusal fails the test.
    """
    start = threading.Barrier(len(acts))
    outcomes: list[str | None] = [None] * len(acts)
    broken: list[BaseException] = []

    def run(number: int, act: Act) -> None:
        start.wait()
        try:
            act(stage)
        except Refused as refused:
            outcomes[number] = refused.sentence
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert broken == []
    return outcomes


def as_(email: str, act: Callable[..., Any], *arguments: Any, **needs: Any) -> Act:
    """An act of somebody at the demand."""

    def run(stage: Stage) -> None:
        with stage.act() as ctx:
            act(ctx, seat_of(ctx, stage, email, **needs), *arguments)

    return run


def test_the_contractor_and_the_post_at_once(stage_at) -> None:
    stage = stage_at("issued")
    refused = together(
        stage,
        [
            as_(play.LIAISON, acknowledging.acknowledge),
            as_(play.LIAISON, acknowledging.acknowledge),
            as_(play.LIAISON, acknowledging.name_store, play.MAILBOX),
            as_(play.CASEWORK, acknowledging.name_store, play.MAILBOX),
            as_(
                play.CASEWORK,
                acknowledging.name_store,
                StoreAnswers("mailbox", "electronic", "mailbox"),
            ),
            as_(play.LIAISON, acknowledging.dispute, "Another company of the same name."),
            tick,
        ],
    )
    tick(stage)
    assert refused[0] is refused[1] is refused[6] is None
    assert Counter(sentence is None for sentence in refused[2:5]) == {True: 1, False: 2}
    assert all("on the list already" in told for told in refused[2:5] if told)
    kinds = Counter(play.log_types(stage))
    assert kinds["demand.acknowledged"] == 1
    assert kinds["store.named"] == 3
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_two_signatories_issue_at_once(stage_at) -> None:
    stage = stage_at("handed")
    make_key(stage, play.SECOND, "signatory")
    first = held.demand(stage)
    second = held.back(stage, play.SECOND, issuing.prepare_issue, draft=True)[0][1]
    refused = together(
        stage,
        [
            as_(play.SIGNATORY, issuing.issue_demand, first, draft=None),
            as_(play.SECOND, issuing.issue_demand, second, draft=None),
        ],
    )
    assert sorted(sentence is None for sentence in refused) == [False, True]
    assert "issued already" in "".join(filter(None, refused))
    assert play.log_types(stage).count("demand.issued") == 1
    assert play.problems(stage) == []
    assert len(play.letters(stage, "invitation_of_liaison")) == 1


def test_a_draft_is_taken_back_while_it_is_signed(stage_at) -> None:
    stage = stage_at("handed")
    envelope = held.demand(stage)

    def take_back_and_change(ctx: Any, seat: Any) -> None:
        drafts.take_back(ctx, seat)
        drafts.save_terms(ctx, seat, play.TERMS)

    refused = together(
        stage,
        [
            as_(play.SIGNATORY, issuing.issue_demand, envelope, draft=None),
            as_(play.CASEWORK, _if_draft(take_back_and_change), draft=None),
        ],
    )
    assert sorted(sentence is None for sentence in refused) == [False, True]
    assert play.problems(stage) == []


def _if_draft(act: Callable[..., None]) -> Callable[..., None]:
    """A page asks for a draft, and finds none once the demand is issued."""

    def run(ctx: Any, seat: Any) -> None:
        if seat.demand.state != "draft":
            raise Refused("issued already")
        act(ctx, seat)

    return run


@pytest.mark.parametrize("outcome", ["closed", "withdrawn"])
def test_both_sides_at_the_end(stage_at, outcome: str) -> None:
    """A closure against a store, a file that comes back, an answer, and another closure."""
    stage = stage_at("accepted")
    closure = held.closure(stage, outcome, "It was settled otherwise.")
    file_id = play.files(stage)["list.csv"].id
    cells = [(file_id, play.stores(stage)[play.SHARE.label].id)]
    refused = together(
        stage,
        [
            as_(play.SIGNATORY, closing.close_demand, closure),
            as_(play.SIGNATORY, closing.close_demand, closure),
            as_(play.LIAISON, acknowledging.name_store, play.MAILBOX),
            as_(play.CASEWORK, reopening.reopen_file, file_id, "Another copy turned up."),
            as_(play.OFFICER, answers.save, cells, play.deleted(stage)),
            tick,
        ],
    )
    closed, reopened = None in refused[:2], refused[3] is None
    assert play.log_types(stage).count("demand.closed") == int(closed)
    # A closed demand opens again for a copy that turns up; then its closure is not kept again.
    assert reopened or refused[0] == refused[1], "the same envelope twice has one answer"
    assert (play.state(stage) == outcome) is (closed and not reopened)
    assert not closed or reopened or refused[2] is not None
    assert play.problems(stage) == []
    tick(stage)
    assert play.reasons(play.verified(stage)) == (0, [])


def test_a_signature_against_a_new_store_and_a_review(stage_at) -> None:
    """Each act is in or refused, and the counts are what the log gives."""
    stage = stage_at("answered")
    names = play.files(stage)
    envelopes = held.attestations(stage)
    one = [pair for pair in envelopes if pair[0] == names["list.csv"].id]
    other = [pair for pair in envelopes if pair[0] != names["list.csv"].id]
    refused = together(
        stage,
        [
            as_(play.OFFICER, attesting.sign_attestations, one),
            as_(play.OFFICER, attesting.sign_attestations, other),
            as_(play.OFFICER, attesting.sign_attestations, one),
            as_(play.LIAISON, acknowledging.name_store, play.MAILBOX),
            tick,
        ],
    )
    assert refused[3] is refused[4] is None
    assert play.log_types(stage).count("attestation.signed") <= 2
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_one_accepts_while_the_other_reopens(stage_at) -> None:
    stage = stage_at("attested")
    envelope = held.review(stage)
    ids = [file.id for file in play.files(stage).values()]
    refused = together(
        stage,
        [
            as_(play.SIGNATORY, reviewing.review_attestations, envelope),
            as_(play.LIAISON, reopening.reopen_file, ids[0], "A copy was found."),
            as_(play.CASEWORK, reopening.reopen_file, ids[1], "A copy was found."),
        ],
    )
    assert refused[1] is refused[2] is None
    assert play.problems(stage) == []
    assert {file.state for file in play.files(stage).values()} == {"open"}


def test_two_drafts_begun_at_once_get_two_references(stage_at) -> None:
    stage = stage_at("drafted")

    def begin(stage: Stage) -> None:
        with stage.act() as ctx:
            drafts.create(ctx, drafts.drafter(account_of(ctx, play.CASEWORK)), "Another one")

    assert together(stage, [begin] * 4) == [None] * 4


def test_the_worker_twice(stage_at) -> None:
    """Two workers by mistake: a letter goes out once, and the log stays one log."""
    stage = stage_at("answered")
    script.attest_all(stage)
    stage.now += GATHER
    assert together(stage, [tick, tick, tick]) == [None] * 3
    assert len(play.letters(stage, "attestations_to_review")) == 2
    about_the_log = [row for row in play.letters(stage) if row.checkpoint_size is not None]
    assert {row.state for row in about_the_log} == {"sent"}
    assert play.log_types(stage, letters=True).count("letter.sent") == len(about_the_log)
    assert play.problems(stage) == []
