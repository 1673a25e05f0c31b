"""Erasing after the retention: what goes, what stays, and that the log still verifies."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, String, Text, func, select, update

from attest.bundle.judge import WITHHOLDABLE
from attest.bundle.report import check
from attest.bundle.report_text import lines
from attest.bundle.trust import parse_trust
from attest.database import engine as engine_module
from attest.database.engine import make_engine
from attest.database.tables import Base, Copy, Demand, Disclosure, Erasure, Letter, LogEntry
from attest.database.tidying import tidy
from attest.demo.acting import Stage, demand_of, seat_of, tick
from attest.domain.refusal import Refused
from attest.mail import mailbox
from attest.services.acts import closing, reopening
from attest.services.exports import evidence
from attest.services.upkeep import withholding
from tests import held
from tests import stage as play
from tests.erasing import BY, after_retention, withhold
from tests.extracts import extract_of
from tests.packing import checked

LETTERS = frozenset({"letter.sent", "letter.failed"})
ALL = WITHHOLDABLE


def refusal(stage: Stage, types: frozenset[str] = ALL) -> str:
    with stage.act() as ctx, pytest.raises(Refused) as refused:
        withholding.withhold(ctx, demand_of(ctx, stage), types, BY)
    return str(refused.value)


def everything(stage: Stage) -> bytes:
    """All that the rows of the demand hold in words."""
    found = []
    with stage.look() as ctx:
        for name in ("log_entry", "letter", "demand", "copy", "erasure", "sent_checkpoint"):
            table = Base.metadata.tables[name]
            columns = [
                column
                for column in table.columns
                if isinstance(column.type, String | Text | LargeBinary)
            ]
            for row in ctx.session.execute(select(*columns)):
                found += [v if isinstance(v, bytes) else str(v).encode() for v in row if v]
    return b"\n".join(found)


def test_letters_go_and_the_log_verifies(stage_at) -> None:
    stage = after_retention(stage_at("closed"))
    before = play.bundle(stage)
    old_trust = None
    with stage.look() as ctx:
        old_trust = parse_trust(evidence.trust_file(ctx, seat_of(ctx, stage, play.SIGNATORY)))
    assert play.OFFICER.encode() in everything(stage)
    found = withhold(stage, LETTERS)
    assert found.bodies["letter.sent"] > 3
    assert found.letters
    # No address is left, and nothing was signed anew.
    for address in (play.OFFICER, play.LIAISON, play.CASEWORK):
        assert address.encode() not in everything(stage)
    assert play.problems(stage) == []
    report = play.verified(stage)
    assert play.reasons(report) == (0, [])
    assert report.head()["withheld"] == {"letter.sent": found.bodies["letter.sent"]}
    assert "of them withheld" in "\n".join(lines(report))
    after = play.bundle(stage)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        for name in ("evidence/checkpoint", "evidence/leaves.jsonl"):
            assert old.read(name) == new.read(name)
        assert play.OFFICER.encode() in old.read("evidence/bodies.jsonl")
        assert play.OFFICER.encode() not in new.read("evidence/bodies.jsonl")
    # A bundle from before verifies as it did. The old trust file does not let bodies be missing.
    assert check(io.BytesIO(before), old_trust).status == 0
    refused = check(io.BytesIO(after), old_trust).failure
    assert refused is not None
    assert (refused.step, refused.reason) == (
        5,
        "the body is withheld, and letter.sent may not be",
    )


def test_a_trust_file_allows_for_what_was_erased_and_for_no_more(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"))
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.LIAISON)
        before = parse_trust(evidence.trust_file(ctx, seat))
    assert before.may_withhold == frozenset()
    withhold(stage, frozenset({"letter.sent", "letter.failed", "demand.acknowledged"}))
    with stage.look() as ctx:
        after = parse_trust(evidence.trust_file(ctx, seat_of(ctx, stage, play.LIAISON)))
    # No letter failed, so none of those bodies was erased.
    assert after.may_withhold == {"letter.sent", "demand.acknowledged"}
    # What proves the times is still there: checkpoints, and when letters brought them.
    assert after.seen == before.seen
    report = play.verified(stage, play.LIAISON)
    assert play.reasons(report) == (0, [])


def test_everything_that_may_go_goes(stage_at) -> None:
    stage = after_retention(stage_at("closed"))
    with stage.act() as ctx:
        ctx.session.execute(update(Demand).values(dispute_reason="Wrong number"))
        named = ctx.session.scalar(select(Copy.answered_by_id).limit(1))
        assert named is not None
        assert ctx.session.scalar(select(func.count()).select_from(Disclosure))
    withhold(stage)
    with stage.look() as ctx:
        session = ctx.session
        kept = session.scalars(select(LogEntry.type).where(LogEntry.body.is_not(None)))
        assert not WITHHOLDABLE & set(kept)
        for row in session.scalars(select(LogEntry).where(LogEntry.body.is_(None))):
            assert row.erased_at == stage.now
        assert demand_of(ctx, stage).dispute_reason is None
        for copy in session.scalars(select(Copy)):
            assert (copy.answer, copy.answered_by_id, copy.answered_at) == (None, None, None)
            assert copy.signed is not None  # what was signed is needed
        for letter in session.scalars(select(Letter).where(Letter.demand_id.is_not(None))):
            assert letter.erased_at == stage.now
            assert not any((letter.to_name, letter.to_email, letter.subject, letter.text))
            assert not any((letter.answer, letter.message_id, letter.invitation_id))
            assert letter.key == f"erased:{letter.id}"
            assert letter.sent_at is not None
            assert letter.organisation_id is not None
        rows = session.scalars(select(Erasure)).all()
        assert {row.type for row in rows} == {"letter.sent", "demand.acknowledged"}
        assert {(row.by, row.at) for row in rows} == {(BY, stage.now)}
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_what_is_signed_stays_to_the_byte(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"))

    def kept() -> list[tuple[int, bytes | None]]:
        with stage.look() as ctx:
            rows = ctx.session.execute(
                select(LogEntry.seq, LogEntry.body).where(LogEntry.type.not_in(WITHHOLDABLE))
            )
            return [(row[0], row[1]) for row in rows]

    before = kept()
    files = list(play.verified(stage).files())
    withhold(stage)
    assert kept() == before
    assert list(play.verified(stage).files()) == files


def test_a_second_time_changes_nothing(stage_at) -> None:
    stage = after_retention(stage_at("closed"))
    assert withhold(stage, LETTERS)
    first = everything(stage)
    stage.now += timedelta(days=1)
    again = withhold(stage, LETTERS)
    assert not again
    assert everything(stage) == first
    # Another type later is another erasure, and each entry keeps its own day.
    withhold(stage, LETTERS | {"demand.acknowledged"}, "Somebody else")
    with stage.look() as ctx:
        rows = [(row.type, row.by) for row in ctx.session.scalars(select(Erasure))]
        days = {row.erased_at for row in ctx.session.scalars(select(LogEntry)) if row.erased_at}
    assert sorted(rows) == [("demand.acknowledged", "Somebody else"), ("letter.sent", BY)]
    assert days == {stage.now, stage.now - timedelta(days=1)}


def test_looking_first_changes_nothing(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"))
    before = everything(stage)
    with stage.look() as ctx:
        found = withholding.erasable(ctx, demand_of(ctx, stage), ALL)
    assert found.bodies["demand.acknowledged"] == 1
    assert found.bodies["copy.recorded"] == 0
    assert everything(stage) == before


def test_the_acknowledgement_alone_takes_the_texts_that_repeat_it(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"))
    withhold(stage, frozenset({"demand.acknowledged"}))
    told = play.letters(stage, "acknowledged")
    assert told
    assert all(letter.text == "" and letter.to_email for letter in told)
    assert all(letter.text for letter in play.letters(stage) if letter.kind != "acknowledged")
    assert play.problems(stage) == []


def close_with_exceptions(stage: Stage) -> None:
    for point in (play.attested, play.accepted):
        point(stage)
    stage.now += timedelta(hours=1)
    envelope = held.closure(stage, "closed_with_exceptions")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY, lead=True, duty="signatory")
        closing.close_demand(ctx, seat, envelope)
    tick(stage)


# --- When it may not be ----------------------------------------------------------------------


def test_not_before_its_day(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"), days=2192)
    said = refusal(stage)
    assert "is kept until" in said
    assert "Nothing is erased before" in said
    stage.now += timedelta(days=1)
    assert withhold(stage)


@pytest.mark.parametrize("point", ["drafted", "issued", "attested", "accepted"])
def test_not_while_the_demand_is_open(quick_stage_at, point: str) -> None:
    stage = after_retention(quick_stage_at(point))
    assert "is not closed" in refusal(stage)


def test_not_once_it_was_reopened(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    until = (stage.now + timedelta(days=30)).date()
    play.fill(stage, "File share", play.beyond_use(until), play.FILES[:1])
    close_with_exceptions(stage)
    stage.now += timedelta(days=31)
    with stage.act() as ctx:
        assert reopening.reopen_ended_exceptions(ctx) == 1
    after_retention(stage)
    assert "is not closed" in refusal(stage)


def test_not_while_a_copy_is_still_kept(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    until = (stage.now + timedelta(days=2300)).date()
    play.fill(stage, "File share", play.beyond_use(until), play.FILES[:1])
    close_with_exceptions(stage)
    after_retention(stage, days=2250)
    assert "is still kept, until" in refusal(stage)


def test_not_while_letters_wait(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    stage.now += timedelta(days=2193)
    with stage.act() as ctx:
        row = ctx.session.scalars(select(Letter).limit(1)).one()
        row.state = "deferred"
    assert "were not sent yet" in refusal(stage)


@pytest.mark.parametrize(
    "kind", ["file.named", "store.named", "demand.issued", "attestation.signed", "file.reopened"]
)
def test_never_what_judges_a_file(quick_stage_at, kind: str) -> None:
    stage = after_retention(quick_stage_at("closed"))
    assert f"{kind} can never be erased" in refusal(stage, frozenset({kind, "letter.sent"}))
    assert "Say what" in refusal(stage, frozenset())


# --- Tampering, and the rest of the house -----------------------------------------------------


def test_check_tells_a_hole_from_an_erasure(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"))
    with stage.act() as ctx:
        of_letters = LogEntry.type == "letter.sent"
        ctx.session.execute(update(LogEntry).where(of_letters).values(body=None))
    assert ["nobody erased it" in said for said in play.problems(stage)] == [True]
    with stage.act() as ctx:
        ctx.session.execute(update(LogEntry).where(of_letters).values(erased_at=stage.now))
    assert ["may not be" in said for said in play.problems(stage)] == [True]


def test_check_sees_a_body_that_came_back(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"))
    with stage.look() as ctx:
        kept = ctx.session.scalars(select(LogEntry).where(LogEntry.type == "letter.sent")).first()
        assert kept is not None
    withhold(stage, LETTERS)
    with stage.act() as ctx:
        row = ctx.session.get_one(LogEntry, (kept.demand_id, kept.seq))
        row.body = kept.body
    assert ["is there again" in said for said in play.problems(stage)] == [True]


def test_an_extract_needs_nothing_that_was_erased(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"))
    before = extract_of(play.bundle(stage), play.FILES[0])
    withhold(stage)
    after = extract_of(play.bundle(stage), play.FILES[0])
    assert after == before
    with stage.look() as ctx:
        trust = parse_trust(evidence.trust_file(ctx, seat_of(ctx, stage, play.SIGNATORY)))
    assert play.reasons(checked(after, trust)) == (3, ["extract"])


def test_letters_in_files_go_too(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    play.closed(stage)
    written = mailbox.names(stage.settings)
    assert written
    (stage.settings.mail_path / "20130204T090000Z-somebody-elses.eml").write_text("To: you")
    after_retention(stage)
    found = withhold(stage, LETTERS)
    assert mailbox.forget(stage.settings, found.letters) >= len(written)
    assert mailbox.names(stage.settings) == ["20130204T090000Z-somebody-elses.eml"]


def test_the_databases_files_forget(stage_at) -> None:
    stage = after_retention(stage_at("closed"))
    marked = "Wrong number, says 0xDEADBEEF"
    with stage.act() as ctx:
        ctx.session.execute(update(Letter).values(answer=marked))
    withhold(stage)
    assert tidy(stage.engine)
    if stage.engine.dialect.name == "sqlite":
        path = stage.settings.instance_path.with_suffix(".db")
        files = [path, path.with_name(f"{path.name}-wal")]
        data = b"".join(file.read_bytes() for file in files if file.exists())
        assert b"0xDEADBEEF" not in data
        assert play.OFFICER.encode() in data  # the account is still somebody's
    assert play.problems(stage) == []


def test_tidying_says_when_somebody_is_at_work(quick_stage_at, monkeypatch) -> None:
    stage = after_retention(quick_stage_at("closed"))
    withhold(stage)
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT", 50)
    waiting = make_engine(stage.settings.database_url)
    with stage.act() as ctx:
        ctx.session.execute(update(Demand).values(dispute_reason=None))
        assert not tidy(waiting)
    assert tidy(waiting)
    waiting.dispose()


def test_the_report_for_programs_counts_what_is_missing(quick_stage_at) -> None:
    stage = after_retention(quick_stage_at("closed"))
    withhold(stage)
    said = json.loads(json.dumps(play.verified(stage).head()))
    assert set(said["withheld"]) == {"letter.sent", "demand.acknowledged"}
    assert said["operatorsWord"]["letter.sent"] == said["withheld"]["letter.sent"]
