"""The scenes of the second case, in their order: each a day, what happens, and the acts.

A demand against a mailing house, one against its printers, one against the printers' records
firm. Two controllers sign for each. A court keeps one copy longer, twice. What the worker does
happens between the scenes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from attest.demo import incident_scenes, scenes
from attest.demo import second_acts as acts
from attest.demo import second_case as case
from attest.demo.acting import Stage, account_of, make_key, seat_of
from attest.demo.scenes import Scene
from attest.demo.second_case import MAILING, PRINTERS, RECORDS
from attest.services.acts import draft_files, draft_stores, drafts


def play(
    stage: Stage,
    password_hash: str,
    say: Callable[[str], None] = lambda line: None,
    *,
    until: str = "",
) -> None:
    """All scenes, or those up to the one of that name."""
    scenes.play(stage, SCENES, password_hash, say, until=until)


def _draft(stage: Stage) -> None:
    make_key(stage, case.SIGNATORY, "signatory")
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, case.CASEWORK))
        stage.reference = drafts.create(ctx, handler, case.TITLE).reference
        seat = seat_of(ctx, stage, case.CASEWORK, draft=True)
        drafts.save_incident(
            ctx,
            seat,
            drafts.IncidentAnswers(
                title=case.TITLE,
                what_happened=case.WHAT_HAPPENED,
                occurred_on=case.OCCURRED_ON,
                noticed_at=case.NOTICED_AT,
                people_affected=case.PEOPLE_AFFECTED,
                data_affected=case.DATA_AFFECTED,
                agreements=case.AGREEMENTS,
            ),
        )
        drafts.save_parties(ctx, seat, [case.joint(), MAILING.party], "each")
        draft_files.import_files(ctx, seat, case.MANIFEST)
        draft_stores.add_stores(ctx, seat, case.STORES[MAILING.name])
        drafts.save_terms(
            ctx, seat, drafts.Terms(case.BASIS, "delete", case.INSTRUCTION, case.DUE_ON)
        )
    incident_scenes.report(stage, case.CASEWORK, case.REPORTED_AT)


def _acknowledge(stage: Stage) -> None:
    acts.acknowledge(stage, MAILING)
    acts.claim(stage, MAILING, case.NEVER_CAME)


def _keys(stage: Stage) -> None:
    make_key(stage, case.COUNCILLOR, "signatory")
    acts.compare_controllers(stage)
    acts.compare_keys(stage, MAILING)


def _attest(stage: Stage) -> None:
    acts.answer(stage, MAILING, case.mailing_answer, {case.LETTERS: PRINTERS})
    acts.attest(stage, MAILING)


def _printers_begin(stage: Stage) -> None:
    with acts.about(stage, PRINTERS):
        acts.acknowledge(stage, PRINTERS)
        acts.compare_keys(stage, PRINTERS)


def _printers_attest(stage: Stage) -> None:
    with acts.about(stage, PRINTERS):
        acts.answer(stage, PRINTERS, case.printers_answer, {case.LETTERS: RECORDS})
        acts.attest(stage, PRINTERS)


def _raise_again(stage: Stage) -> None:
    with acts.about(stage, PRINTERS):
        acts.raise_demand(stage, RECORDS)


def _printers_accepted(stage: Stage) -> None:
    with acts.about(stage, PRINTERS):
        acts.accept(stage, case.COUNCILLOR)
        acts.accept(stage, case.SIGNATORY)


def _records_attest(stage: Stage) -> None:
    with acts.about(stage, RECORDS):
        acts.acknowledge(stage, RECORDS)
        acts.compare_keys(stage, RECORDS)
        acts.answer(stage, RECORDS, case.records_answer, {})
        acts.attest(stage, RECORDS)


def _records_accepted(stage: Stage) -> None:
    with acts.about(stage, RECORDS):
        acts.accept(stage, case.SIGNATORY)
        acts.accept(stage, case.COUNCILLOR)


def _close_records(stage: Stage) -> None:
    with acts.about(stage, RECORDS):
        acts.close(stage, "closed")


def _close_printers(stage: Stage) -> None:
    with acts.about(stage, PRINTERS):
        acts.close(stage, "closed_with_exceptions")


def _close(stage: Stage) -> None:
    acts.close(stage, "closed_with_exceptions")


def _extend_hold(stage: Stage) -> None:
    raised = acts.demand_against(stage, PRINTERS)

    def told(store: str, file: str) -> dict[str, object] | None:
        if store == case.OUTPUT.label:
            return case.passed_to(PRINTERS, raised)
        still = case.hold(case.HOLD_STILL, case.LONGER_HOLD)
        return still if store == case.JOB_BAGS.label else None

    acts.answer(stage, MAILING, told)
    acts.attest(stage, MAILING)


def _both_accept(stage: Stage) -> None:
    acts.accept(stage, case.SIGNATORY)
    acts.accept(stage, case.COUNCILLOR)


def _release(stage: Stage) -> None:
    gone = case.shredded(date(2024, 9, 4), "Archive clerk")
    acts.answer(stage, MAILING, lambda store, file: gone if store == case.JOB_BAGS.label else None)
    acts.attest(stage, MAILING)


def _scene(
    name: str,
    month: int,
    day: int,
    clock: str,
    line: str,
    acted: Callable[[Stage], None] = lambda stage: None,
) -> Scene:
    return Scene(name, date(2024, month, day), clock, line, acted)


SCENES: tuple[Scene, ...] = (
    _scene("drafted", 6, 3, "09:30", "the demand is drafted; two controllers must concur", _draft),
    _scene("issued", 6, 3, "11:00", "it is signed and issued", acts.issue),
    _scene(
        "acknowledged",
        *(6, 4, "10:00"),
        "the mailing house acknowledges; two files, it says, never came",
        _acknowledge,
    ),
    _scene(
        "ruled",
        *(6, 5, "10:00"),
        "of one of them nil returns will do; the other was fetched, and stands",
        lambda stage: acts.rule(stage, case.RULINGS),
    ),
    _scene("ready", 6, 6, "10:00", "keys are made, read out and confirmed", _keys),
    _scene(
        "attested",
        *(6, 10, "15:00"),
        "four files are attested: one copy is kept for a court, one went to the printers",
        _attest,
    ),
    _scene(
        "raised",
        *(6, 11, "10:00"),
        "a demand is raised against the printers",
        lambda stage: acts.raise_demand(stage, PRINTERS),
    ),
    _scene(
        "one_accepted",
        *(6, 11, "16:00"),
        "the lead controller accepts; the council has not reviewed",
        lambda stage: acts.accept(stage, case.SIGNATORY),
    ),
    _scene(
        "both_accepted",
        *(6, 13, "10:00"),
        "the council was written to, and concurs",
        lambda stage: acts.accept(stage, case.COUNCILLOR),
    ),
    _scene(
        "printers_ready", 6, 14, "10:00", "the printers acknowledge; keys again", _printers_begin
    ),
    _scene(
        "printers_attested",
        *(6, 18, "10:00"),
        "the printers attest: their waste went to a records firm",
        _printers_attest,
    ),
    _scene(
        "raised_again",
        *(6, 19, "10:00"),
        "a demand is raised against the records firm, two levels down",
        _raise_again,
    ),
    _scene("printers_accepted", 6, 20, "10:00", "both accept the printers'", _printers_accepted),
    _scene(
        "records_attested", 6, 24, "10:00", "the records firm shreds, and attests", _records_attest
    ),
    _scene("records_accepted", 6, 25, "10:00", "both accept that", _records_accepted),
    _scene("records_closed", 6, 26, "10:00", "the lowest demand is closed", _close_records),
    _scene("printers_closed", 6, 27, "10:00", "the printers' demand is closed", _close_printers),
    _scene("closed", 6, 28, "10:00", "the first demand is closed, with exceptions", _close),
    _scene("back", 7, 8, "10:00", "the hold's review date: the file is open again"),
    _scene(
        "extended",
        *(7, 16, "10:00"),
        "late and chased, the mailing house attests: the court needs it until September",
        _extend_hold,
    ),
    _scene("extended_accepted", 7, 17, "10:00", "both accept", _both_accept),
    _scene("closed_again", 7, 18, "10:00", "closed again, with exceptions", _close),
    _scene("back_again", 9, 2, "10:00", "the file is open once more"),
    _scene("released", 9, 4, "15:00", "the court has released it: shredded, attested", _release),
    _scene("released_accepted", 9, 5, "10:00", "both accept", _both_accept),
    _scene("ended", 9, 6, "10:00", "the demand is closed for good", _close),
)
