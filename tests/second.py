"""The second case (attest/demo/second_case.py) for tests: its stage, and who reads what in it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from attest.database.tables import Attestation, Demand, Letter, NamedFile
from attest.demo import act_out, second_acts, second_scenes
from attest.demo import second_case as case
from attest.demo.acting import Stage, account_of, demand_of, seat_of
from attest.demo.second_case import CHAIN, Firm
from attest.domain.refusal import NotFound
from attest.services.acts import closing
from attest.services.views.needs import needs_of
from attest.services.views.next_step import next_step
from attest.services.views.situation import situation
from tests import stage as play
from tests.passing import everything_said

CONTROLLERS = (case.CASEWORK, case.SIGNATORY, case.COUNCILLOR)
NO_PASSWORD = play.NO_PASSWORD


def opened(folder: Path, url: str) -> Stage:
    """The instance before anything has happened; the database is migrated already."""
    return act_out.open_stage(folder, case.BEGINS_AT, lead=case.LEAD, database_url=url)


def played(folder: Path, template: Path, until: str) -> Stage:
    """The case up to the end of the scene of that name, on SQLite."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    database = folder.with_suffix(".db")
    shutil.copyfile(template, database)
    stage = opened(folder, f"sqlite:///{database}")
    second_scenes.play(stage, NO_PASSWORD, until=until)
    return stage


def known(stage: Stage) -> list[Firm]:
    """The contractors against whom a demand has been issued."""
    with stage.look() as ctx:
        issued = select(Demand.reference).where(Demand.issued_at.is_not(None))
        number = len(ctx.session.scalars(issued).all())
    return list(CHAIN[:number])


def step(stage: Stage, firm: Firm, email: str) -> tuple[str, str | None]:
    """What the head of the demand against this contractor says to somebody, and its button."""
    with second_acts.about(stage, firm), stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        found = next_step(seat, situation(ctx, seat))
        return found.sentence, found.action


def needs(stage: Stage, email: str) -> list[str]:
    """What needs somebody, in sentences; nothing for who has no account yet."""
    with stage.look() as ctx:
        try:
            account = account_of(ctx, email)
        except NoResultFound:
            return []
        return [need.sentence for need in needs_of(ctx, account)]


def obstacles(stage: Stage, firm: Firm) -> list[str]:
    """What stands in the way of closing the demand against this contractor."""
    with second_acts.about(stage, firm), stage.look() as ctx:
        return closing.obstacles(ctx, seat_of(ctx, stage, case.SIGNATORY))


def state(stage: Stage, firm: Firm) -> str:
    """The state of that demand."""
    with second_acts.about(stage, firm), stage.look() as ctx:
        return demand_of(ctx, stage).state


def file_states(stage: Stage, firm: Firm) -> dict[str, str]:
    """The states of its files, by name."""
    with second_acts.about(stage, firm):
        return {name: file.state for name, file in play.files(stage).items()}


def may_open(stage: Stage, firm: Firm, email: str) -> bool:
    """Whether somebody may open the demand against this contractor."""
    with second_acts.about(stage, firm), stage.look() as ctx:
        try:
            seat_of(ctx, stage, email)
        except NotFound:
            return False
        return True


def secrets(stage: Stage, firm: Firm) -> list[str]:
    """What nobody of this contractor may ever read: who stands above it, who stands below whoever
    it passed copies on to, and the demands against them all.

    The reference of the demand against its own recipient is proposed to its officer alone, who may
    write it into an answer: whether they did is theirs to say.
    """
    place = CHAIN.index(firm)
    found = []
    for other in (*CHAIN[:place], *CHAIN[place + 2 :]):
        found += [other.name.rpartition(" ")[0], other.domain, f"{other.word} assurance officer"]
    for other in known(stage):
        if other not in CHAIN[place : place + 2]:
            found.append(second_acts.demand_against(stage, other))
    return found


def leaked(stage: Stage, firm: Firm) -> list[str]:
    """Which of these stand in the log of its demand, in its people's letters, or in what pages
    ask of them."""
    reference = second_acts.demand_against(stage, firm)
    texts = [everything_said(stage, reference, firm.liaison)]
    for email in (firm.liaison, firm.officer):
        texts += needs(stage, email)
        if has_account(stage, email):
            texts.append(step(stage, firm, email)[0])
    text = "\n".join(texts)
    return [secret for secret in secrets(stage, firm) if secret in text]


def has_account(stage: Stage, email: str) -> bool:
    """Whether somebody was invited yet."""
    with stage.look() as ctx:
        try:
            account_of(ctx, email)
        except NoResultFound:
            return False
        return True


def letters(stage: Stage, kind: str, firm: Firm) -> list[Letter]:
    """The letters of one kind about the demand against this contractor, oldest first."""
    reference = second_acts.demand_against(stage, firm)
    return [letter for letter in play.letters(stage, kind) if letter.subject.startswith(reference)]


def attestations(stage: Stage, firm: Firm, name: str) -> list[Any]:
    """What was signed for a file, oldest first."""
    with second_acts.about(stage, firm), stage.look() as ctx:
        found = (
            select(Attestation)
            .join(NamedFile, NamedFile.id == Attestation.file_id)
            .where(NamedFile.demand_id == demand_of(ctx, stage).id, NamedFile.name == name)
            .order_by(Attestation.seq)
        )
        return list(ctx.session.scalars(found))
