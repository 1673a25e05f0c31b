"""The scenes of the reference case, each a call of the services, in the order of the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from attest.database.tables import NamedFile, Store
from attest.demo import case, incident_scenes
from attest.demo.acting import Stage, account_of, demand_of, make_key, seat_of, sign
from attest.demo.case import moved
from attest.domain.drafting import Party
from attest.domain.file_states import TO_ANSWER
from attest.services.acts import (
    acknowledging,
    answers,
    attesting,
    closing,
    confirming,
    draft_files,
    draft_stores,
    drafts,
    issuing,
    reviewing,
)
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.log.prepared import Prepared, ToSign
from attest.signing import fingerprint

CASEWORK = f"casework@{case.LEAD.domain}"
SIGNATORY = f"signatory@{case.LEAD.domain}"
LIAISON = f"liaison@{case.CONTRACTOR.domain}"
OFFICER = f"officer@{case.CONTRACTOR.domain}"

Answer = Callable[[str, str], dict[str, Any]]  # store's key, file's name -> typed fields


def draft(stage: Stage, shift: timedelta) -> None:
    """The case handler writes the draft, reports the incident, and hands the draft over."""
    write_draft(stage, shift)
    incident_scenes.record_facts(stage, CASEWORK)
    incident_scenes.report(stage, CASEWORK, incident_scenes.REPORTED_AT + shift)
    hand_over(stage)


def hand_over(stage: Stage) -> None:
    """The case handler hands the draft over to the signatory."""
    with stage.act() as ctx:
        drafts.hand_over(ctx, seat_of(ctx, stage, CASEWORK, draft=True))


def write_draft(stage: Stage, shift: timedelta) -> None:
    """The case handler writes every part of the draft."""
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, CASEWORK))
        stage.reference = drafts.create(ctx, handler, case.TITLE).reference
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, CASEWORK, draft=True)
        drafts.save_incident(
            ctx,
            seat,
            drafts.IncidentAnswers(
                title=case.TITLE,
                what_happened=case.WHAT_HAPPENED,
                occurred_on=case.OCCURRED_ON + shift,
                noticed_at=case.NOTICED_AT + shift,
                people_affected=case.PEOPLE_AFFECTED,
                data_affected=case.DATA_AFFECTED,
                agreements=case.AGREEMENTS,
            ),
        )
        drafts.save_parties(ctx, seat, _parties(), "lead")
        draft_files.import_files(ctx, seat, case.manifest())
        draft_files.import_files(ctx, seat, case.checksums())
        draft_stores.add_stores(
            ctx, seat, [_store(place) for place in case.STORES if not place.later]
        )
        drafts.save_terms(
            ctx,
            seat,
            drafts.Terms(
                basis=case.BASIS,
                action="delete",
                instruction=case.INSTRUCTION,
                due_on=case.DUE_ON + shift,
            ),
        )


def _parties() -> list[Party]:
    joint = [
        Party("joint", body.name, "Information governance lead", "Joint controller's contact",
              f"information@{body.domain}")
        for body in case.JOINT
    ]  # fmt: skip
    contractor = Party(
        "contractor", case.CONTRACTOR.name, "Contract liaison", "Contract manager", LIAISON
    )
    return [*joint, contractor, Party("carrier", case.CARRIER.name)]


def _store(place: case.Place) -> StoreAnswers:
    return StoreAnswers(place.label, place.medium, place.kind, place.location, place.custodian)


def issue(stage: Stage, *, by: str = "") -> None:
    """The signatory signs the demand. `by`, here and below: somebody of another case."""
    sign(
        stage,
        by or SIGNATORY,
        issuing.prepare_issue,
        lambda ctx, seat, envelopes: issuing.issue_demand(ctx, seat, envelopes[0][1]),
        draft=True,
        lead=True,
        duty="signatory",
    )


def acknowledge(stage: Stage) -> None:
    """The liaison acknowledges, names two further stores, and names the officer."""
    with stage.act() as ctx:
        acknowledging.acknowledge(ctx, seat_of(ctx, stage, LIAISON))
    name_stores(stage)
    with stage.act() as ctx:
        acknowledging.name_officer(
            ctx,
            seat_of(ctx, stage, LIAISON),
            acknowledging.OfficerAnswers(case.OFFICER, "Information assurance manager", OFFICER),
        )


def name_stores(stage: Stage) -> None:
    """The stores that only the contractor knew of."""
    for place in case.STORES:
        if place.later:
            with stage.act() as ctx:
                acknowledging.name_store(ctx, seat_of(ctx, stage, LIAISON), _store(place))


def compare_signatory(stage: Stage, *, officer: str = "", signatory: str = "") -> None:
    """The officer rings the controller, and hears the signatory's fingerprint."""
    key = stage.actor(signatory or SIGNATORY).key
    if key is not None:
        with stage.act() as ctx:
            confirming.compare_key(
                ctx, seat_of(ctx, stage, officer or OFFICER), key.keyid, fingerprint(key.keyid)
            )


def make_officer_key(stage: Stage) -> None:
    """The officer's key; nobody keeps its file on the server."""
    make_key(stage, OFFICER, "officer")


def confirm_officer(stage: Stage, *, officer: str = "", by: str = "") -> None:
    """The signatory types what the officer reads out, and signs the confirmation."""
    key = stage.actor(officer or OFFICER).key
    if key is None:
        raise ValueError("the officer has no key yet")

    def prepare(ctx: Any, seat: Any) -> ToSign:
        found = confirming.prepare_confirmation(
            ctx, seat, key.keyid, fingerprint(key.keyid), "telephone"
        )
        return ToSign(
            found.key.keyid, None, [Prepared("confirmation", "confirmation", found.payload)]
        )

    sign(
        stage,
        by or SIGNATORY,
        prepare,
        lambda ctx, seat, envelopes: confirming.confirm_key(ctx, seat, envelopes[0][1]),
    )


def fill(stage: Stage, answer: Answer, *, files: Iterable[str] | None = None) -> None:
    """The officer answers: cells with the same answer together, then the disclosure."""
    answer_copies(stage, answer, files=files)
    passed_on_to_nobody(stage)


def passed_on_to_nobody(stage: Stage) -> None:
    """The officer says of every open file that no copy was passed on."""
    with stage.act() as ctx:
        answers.save_onward(ctx, seat_of(ctx, stage, OFFICER), None, False, "")


def answer_copies(
    stage: Stage,
    answer: Answer,
    *,
    files: Iterable[str] | None = None,
    stores: Iterable[str] | None = None,
) -> None:
    """The officer answers for these open files in these stores, or for all: cells with the same
    answer together. `stores`: keys of case.STORES."""
    chosen = None if files is None else set(files)
    wanted = None if stores is None else set(stores)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, OFFICER)
        named = ctx.session.execute(
            select(NamedFile.id, NamedFile.name).where(
                NamedFile.demand_id == seat.demand.id,
                NamedFile.state.in_(TO_ANSWER),
            )
        ).all()
        keys = {place.label: place.key for place in case.STORES}
        standing = ctx.session.execute(
            select(Store.id, Store.label).where(Store.demand_id == seat.demand.id, Store.standing)
        ).all()
        groups: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {}
        for file_id, name in named:
            if chosen is not None and name not in chosen:
                continue
            for store_id, label in standing:
                key = keys.get(label, label)
                if wanted is not None and key not in wanted:
                    continue
                typed = answer(key, name)
                same = groups.setdefault(repr(typed), (typed, []))
                same[1].append((file_id, store_id))
        for typed, cells in groups.values():
            for start in range(0, len(cells), answers.MAX_CELLS):
                answers.save(ctx, seat, cells[start : start + answers.MAX_CELLS], typed)


def attest_all(stage: Stage, *, chunk: int = 1_000, by: str = "") -> int:
    """The officer signs every file that is ready; gives how many."""
    officer = by or OFFICER
    total = 0
    while True:
        with stage.look() as ctx:
            ready = attesting.ready_files(ctx, seat_of(ctx, stage, officer))[:chunk]
        if not ready:
            return total
        results = sign(
            stage,
            officer,
            lambda ctx, seat, ready=ready: attesting.prepare_attestations(ctx, seat, ready),  # type: ignore[misc]
            attesting.sign_attestations,
        )
        refused = [result for result in results if result.sentence]
        if refused:
            raise ValueError(refused[0].sentence)
        total += len(results)


def review(
    stage: Stage,
    decision: str,
    reason: str | None = None,
    *,
    files: Iterable[str] | None = None,
    by: str = "",
) -> None:
    """The signatory reviews what waits, or those files of it."""
    signatory = by or SIGNATORY
    chosen = None if files is None else set(files)
    while True:
        with stage.look() as ctx:
            seat = seat_of(ctx, stage, signatory)
            waiting = reviewing.reviewable(ctx, seat)
            rows = ctx.session.execute(
                select(NamedFile.id, NamedFile.name).where(NamedFile.demand_id == seat.demand.id)
            )
            names = {row[0]: row[1] for row in rows}
        mine = [f for f in waiting if chosen is None or names[f] in chosen][: reviewing.MOST]
        if not mine:
            return
        sign(
            stage,
            signatory,
            lambda ctx, seat, mine=mine: reviewing.prepare_review(  # type: ignore[misc]
                ctx, seat, mine, decision, reason
            ),
            lambda ctx, seat, envelopes: reviewing.review_attestations(ctx, seat, envelopes[0][1]),
        )


def close(stage: Stage, *, outcome: str = "closed", by: str = "") -> None:
    """The signatory closes the demand."""
    sign(
        stage,
        by or SIGNATORY,
        lambda ctx, seat: closing.prepare_closure(ctx, seat, outcome, None),
        lambda ctx, seat, envelopes: closing.close_demand(ctx, seat, envelopes[0][1]),
    )


def answers_of_case(
    shift: timedelta, *, drives: dict[str, int] | None = None, **known: bool
) -> Answer:
    """The case's own answers; `drives`: how many serials are given, by file. `known`: as
    case.Known has it."""

    def answer(place: str, file: str) -> dict[str, Any]:
        given = (drives or {}).get(file, len(case.DRIVES))
        return dict(moved(case.answer(place, file, drives=given, **known), shift))

    return answer


def state_of(stage: Stage) -> str:
    """The demand's state."""
    with stage.look() as ctx:
        return demand_of(ctx, stage).state
