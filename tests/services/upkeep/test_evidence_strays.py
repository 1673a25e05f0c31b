"""The store against the rows: what a killed process leaves, what is missing, what was erased."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from attest.attachments.incoming import INCOMING
from attest.attachments.opening import store_of
from attest.database.tables import EvidenceFile
from attest.demo.acting import Stage, demand_of, seat_of
from attest.services.acts import evidence_files
from attest.services.acts.evidence_uses import Places
from attest.services.upkeep import checking, evidence_strays, withholding
from attest.services.upkeep.evidence_strays import Forgotten
from tests import evidence_acts
from tests import stage as play
from tests.erasing import BY, after_retention
from tests.evidence_acts import PDF, cell, kept
from tests.s3_server import S3Server, swift

DIGEST = hashlib.sha256(PDF).hexdigest()


def add(stage: Stage, places: Places | None = None) -> None:
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        evidence_files.add(ctx, seat, [kept(stage)], places or Places())


def days_go_by(stage: Stage) -> None:
    """The store's files are as old as the play's clock says; it is 2013 there."""
    stage.now += timedelta(days=2)
    for path in stage.settings.evidence_path.rglob("*"):
        if path.is_file():
            os.utime(path, ((stage.now - timedelta(days=2)).timestamp(),) * 2)


def tidy(stage: Stage) -> evidence_strays.Strays:
    with stage.look() as ctx:
        return evidence_strays.tidy(ctx)


def test_a_process_that_dies_between_the_file_and_its_row_leaves_a_stray(stage_at):
    stage = stage_at("answered")

    class Killed(BaseException):
        """As a signal ends a process: nothing of ours runs after it."""

    with suppress(Killed), stage.act() as ctx:
        evidence_files.add(ctx, seat_of(ctx, stage, play.OFFICER), [kept(stage)])
        raise Killed
    half = stage.settings.evidence_path / INCOMING / "half"
    half.write_bytes(b"%PDF-1")
    with stage.look() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(EvidenceFile)) == 0
    # Young files may be on their way into a demand.
    assert play.problems(stage) == []
    assert not tidy(stage)
    days_go_by(stage)
    assert play.problems(stage) == [
        "1 file (35 bytes) that no demand names: `attest tidy`.",
        "1 file that never came in whole: `attest tidy`.",
    ]
    found = tidy(stage)
    assert (list(found.digests), found.bytes, found.halves) == ([DIGEST], 35, 1)
    assert play.problems(stage) == []
    with stage.look() as ctx:
        assert list(store_of(ctx.settings).every()) == []
    assert not half.exists()


def test_what_a_demand_names_is_never_tidied(quick_stage_at):
    stage = quick_stage_at("answered")
    add(stage)
    days_go_by(stage)
    assert not tidy(stage)
    assert play.problems(stage) == []


def test_a_stray_that_is_added_again_is_no_stray(quick_stage_at):
    stage = quick_stage_at("answered")
    kept(stage)
    days_go_by(stage)
    with stage.look() as ctx:
        assert evidence_strays.find_strays(ctx)
    add(stage)
    assert not tidy(stage)
    assert play.problems(stage) == []


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_bytes(b"short"), "has 5 bytes, and should have 35"),
        (lambda path: path.write_bytes(PDF[:-1] + b"X"), "does not hash to its name"),
    ],
    ids=["missing", "another size", "changed"],
)
def test_damage_is_named_with_its_demand(quick_stage_at, harm, sentence):
    stage = quick_stage_at("answered")
    add(stage)
    harm(next(stage.settings.evidence_path.rglob(DIGEST)))
    with stage.look() as ctx:
        (finding,) = checking.check(ctx)
        sizes = list(checking.check(ctx, hashes=False))
    assert finding.reference == stage.reference
    assert DIGEST in finding.sentence
    assert sentence in finding.sentence
    assert len(sizes) == (0 if "hash" in sentence else 1)
    # The same file once more puts it right.
    add(stage)
    assert play.problems(stage) == []


def test_rows_that_do_not_say_what_the_log_says_are_found(quick_stage_at):
    stage = quick_stage_at("answered")
    add(stage)
    with stage.act() as ctx:
        ctx.session.get_one(EvidenceFile, (demand_of(ctx, stage).id, DIGEST)).digest = "0" * 64
    assert "The rows do not name the evidence that the log names." in play.problems(stage)


# --- Erasing after its time --------------------------------------------------------------------


def withhold(stage: Stage) -> withholding.Erasable:
    with stage.act() as ctx:
        return withholding.withhold(ctx, demand_of(ctx, stage), {"evidence.added"}, BY)


def forget(stage: Stage, digests, after: timedelta = timedelta(days=2)):
    """Removes the files, `after` they came in."""
    with stage.look() as ctx:
        return evidence_strays.forget(replace(ctx, now=datetime.now(UTC) + after), digests)


def test_erased_evidence_is_in_no_list_no_bundle_and_no_store(stage_at):
    stage = stage_at("answered")
    evidence_acts.prove(stage)
    play.accepted(stage)
    play.closed(stage)
    after_retention(stage)
    found = withhold(stage)
    assert found.bodies["evidence.added"] == len(found.evidence) == 3
    assert forget(stage, found.evidence) == Forgotten(3, 0)
    assert play.problems(stage) == []
    report = play.verified(stage)
    assert report.verified is not None, str(report.failure)
    assert report.verified.attachments == 0
    with stage.look() as ctx:
        assert list(store_of(ctx.settings).every()) == []
        assert not withholding.erasable(ctx, demand_of(ctx, stage), {"evidence.added"})


def test_a_file_that_another_demand_has_too_stays(quick_stage_at):
    stage = quick_stage_at("answered")
    add(stage, Places([cell(stage)]))
    assert forget(stage, [DIGEST]) == Forgotten(0, 0)
    kept(stage, "other.pdf", b"%PDF-other")
    other = hashlib.sha256(b"%PDF-other").hexdigest()
    assert forget(stage, [other]) == Forgotten(1, 0)
    assert forget(stage, [other]) == Forgotten(0, 0)


def test_a_file_that_another_demand_is_adding_stays(quick_stage_at):
    """It lay in the store before the erasing began; its row is written only afterwards."""
    stage = quick_stage_at("answered")
    incoming = kept(stage)
    assert forget(stage, [DIGEST], timedelta(minutes=1)) == Forgotten(0, 1)
    with stage.act() as ctx:
        evidence_files.add(ctx, seat_of(ctx, stage, play.OFFICER), [incoming], Places())
    assert play.problems(stage) == []


# --- S3-compatible storage ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with swift() as running:
        yield running


@pytest.fixture
def in_a_bucket(quick_stage_at, server: S3Server) -> Stage:
    """A stage whose evidence files lie in a bucket of a server on this machine."""
    stage = quick_stage_at("answered")
    settings = replace(
        stage.settings,
        s3_bucket=server.new_bucket(),
        s3_endpoint=server.address,
        s3_region=server.region,
        s3_access_key=server.access_key,
        s3_secret_key=server.secret_key,
    )
    moved: Stage = replace(stage, settings=settings)
    return moved


def later(stage: Stage) -> None:
    """A server's clock is today's, not the play's."""
    stage.now = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)


def test_everything_works_from_a_bucket(in_a_bucket):
    stage = in_a_bucket
    evidence_acts.prove(stage)
    assert not [path for path in stage.settings.evidence_path.rglob("*") if path.is_file()]
    assert play.problems(stage) == []
    report = play.verified(stage)
    assert report.verified is not None
    assert report.verified.attachments == 3
    kept(stage, "stray", b"stray")
    assert not tidy(stage)
    later(stage)
    assert len(tidy(stage).digests) == 1
    assert "made-up-secret" not in repr(stage.settings)


def test_parts_that_a_killed_process_left_in_a_bucket_are_found_and_removed(in_a_bucket, server):
    stage = in_a_bucket
    bucket = stage.settings.s3_bucket
    client = server.client()
    client.create_multipart_upload(Bucket=bucket, Key=DIGEST)
    assert play.problems(stage) == []
    later(stage)
    assert play.problems(stage) == ["1 file that never came in whole: `attest tidy`."]
    found = tidy(stage)
    assert (found.halves, len(found.digests)) == (1, 0)
    assert play.problems(stage) == []
    assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket)


def test_a_bucket_that_does_not_answer_is_a_finding(in_a_bucket):
    add(in_a_bucket)
    # Port 9 of this machine: nobody listens there.
    silent = replace(in_a_bucket.settings, s3_endpoint="http://127.0.0.1:9")
    stage = replace(in_a_bucket, settings=silent)
    (sentence,) = play.problems(stage)
    assert sentence.startswith("The storage of evidence files does not answer")
    with pytest.raises(Exception, match="cannot be read where they are kept"):
        play.bundle(stage)
