"""A made-up case of N files × M stores, for trying out sizes: every copy deleted or not found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from attest.demo import case, script
from attest.demo.acting import Stage, account_of, give_password, hashed, make_key, seat_of, tick
from attest.domain.drafting import Party
from attest.services.acts import acknowledging, draft_files, draft_stores, drafts
from attest.services.acts.draft_stores import StoreAnswers


def play(stage: Stage, files: int, stores: int, say: Callable[[str], None]) -> None:
    """From draft to closure in one day. `files` and `stores` are counts from 1."""
    password = hashed("correct horse battery staple")
    make_key(stage, script.SIGNATORY, "signatory")
    say(f"Naming {files:,} files and {stores:,} stores")
    draft(stage, files, stores)
    script.issue(stage)
    tick(stage)
    give_password(stage, script.LIAISON, password)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, script.LIAISON)
        acknowledging.acknowledge(ctx, seat)
        acknowledging.name_officer(
            ctx,
            seat,
            acknowledging.OfficerAnswers(
                case.OFFICER, "Information assurance manager", script.OFFICER
            ),
        )
    give_password(stage, script.OFFICER, password)
    script.make_officer_key(stage)
    stage.now += timedelta(hours=1)
    script.confirm_officer(stage)
    say("Answering and signing")
    script.fill(stage, answers(stage.now))
    script.attest_all(stage)
    stage.now += timedelta(hours=1)
    tick(stage)
    say("Reviewing and closing")
    script.review(stage, "accepted")
    script.close(stage)
    tick(stage)


def draft(stage: Stage, files: int, stores: int) -> None:
    """The draft, handed over to the signatory. `files` and `stores` are counts from 1."""
    listing = "name,kind,sha256,size\n" + "".join(
        f"file-{number:06d}.csv,electronic,"
        f"{hashlib.sha256(str(number).encode()).hexdigest()},{1000 + number}\n"
        for number in range(1, files + 1)
    )
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, script.CASEWORK))
        stage.reference = drafts.create(ctx, handler, "A made-up case").reference
        seat = seat_of(ctx, stage, script.CASEWORK, draft=True)
        drafts.save_incident(
            ctx,
            seat,
            drafts.IncidentAnswers(
                title="A made-up case",
                what_happened="Files were sent to the wrong reader.",
                occurred_on=None,
                noticed_at=stage.now - timedelta(days=1),
                people_affected=None,
                data_affected="",
                agreements="",
            ),
        )
        drafts.save_parties(
            ctx,
            seat,
            [
                Party(
                    "contractor",
                    case.CONTRACTOR.name,
                    "Contract liaison",
                    "Contract manager",
                    script.LIAISON,
                )
            ],
            "lead",
        )
        draft_files.import_files(ctx, seat, listing.encode())
        draft_stores.add_stores(
            ctx,
            seat,
            [_store(number) for number in range(1, stores + 1)],
        )
        drafts.save_terms(
            ctx,
            seat,
            drafts.Terms(
                basis="Sent in error",
                action="delete",
                instruction="Delete every copy.",
                due_on=stage.now.date() + timedelta(days=14),
            ),
        )
        drafts.hand_over(ctx, seat)


def _store(number: int) -> StoreAnswers:
    if number % 4 == 0:
        return StoreAnswers(f"Filing cabinet {number}", "hard_copy", "filing")
    return StoreAnswers(f"File share {number}", "electronic", "file_share")


def answers(now: datetime) -> script.Answer:
    """One answer for each kind of store."""
    today: date = now.date()

    def answer(place: str, file: str) -> dict[str, Any]:
        if place.startswith("Filing"):
            return {
                "outcome": "none_found",
                "search_scope": "Every folder",
                "search_on": today,
                "search_by": "Records officer",
            }
        return {
            "outcome": "deleted",
            "method": "file_deletion",
            "performed_on": today,
            "performed_by": "Systems administrator",
        }

    return answer
