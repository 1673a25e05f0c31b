"""Evidence files through the services: events, rows, statements, bundles, checks."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from attest.attachments.opening import store_of
from attest.database.tables import EvidenceFile, EvidenceOfCopy, EvidenceOfFile, LogEntry
from attest.demo import script
from attest.demo.acting import demand_of, seat_of, sign
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.acts import answers, attesting, evidence_list, evidence_uses
from attest.services.acts.evidence_files import add, keep
from attest.services.acts.evidence_uses import Places, attach, detach
from attest.services.exports import evidence
from attest.services.log.prepared import Stale
from attest.services.upkeep import checking
from attest.services.views import overview
from tests import stage as play
from tests.attachments import pictures

PDF = b"%PDF-1.7 certificate of destruction"
DIGEST = hashlib.sha256(PDF).hexdigest()


def add_as(stage, email, name="certificate.pdf", data=PDF, places=None):
    file = keep(stage.settings, name, data)
    with stage.act() as ctx:
        return add(ctx, seat_of(ctx, stage, email), [file], places or Places())


def cell(stage, file="list.csv", store="File share"):
    return play.files(stage)[file].id, play.stores(stage)[store].id


def rows(stage, table):
    with stage.look() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(table))


def signed_copies(stage, file="list.csv"):
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        told = overview.attestations(ctx, demand, [play.files(stage)[file].id])
        return {copy["storeId"]: copy for copy in told[0].copies}, told[0].text


def attachments_of(stage):
    """How many attachments the verifier counts in the bundle."""
    report = play.verified(stage)
    assert report.verified is not None, str(report.failure)
    return report.verified.attachments


def everything_holds(stage):
    with stage.look() as ctx:
        assert list(checking.check(ctx)) == []


@pytest.mark.parametrize("email", [play.OFFICER, play.LIAISON, play.CASEWORK, play.JOINT])
def test_either_side_adds_to_the_demand(stage_at, email):
    stage = stage_at("ready")
    added = add_as(stage, email)
    assert added.new == ["certificate.pdf"]
    assert play.log_types(stage)[-1] == "evidence.added"
    with stage.look() as ctx:
        body = json.loads(
            ctx.session.scalars(
                select(LogEntry.body).where(LogEntry.type == "evidence.added")
            ).one()
        )
        seat = seat_of(ctx, stage, email)
    assert (body["name"], body["sha256"], body["size"]) == ("certificate.pdf", DIGEST, len(PDF))
    assert body["mediaType"] == "application/pdf"
    assert body["by"]["organisation"] == seat.organisation
    everything_holds(stage)


def test_the_same_content_again_is_one_file_and_one_event(stage_at):
    stage = stage_at("answered")
    add_as(stage, play.CASEWORK)
    again = add_as(stage, play.OFFICER, "another name.pdf", places=Places([cell(stage)]))
    assert (again.new, again.known) == ([], ["certificate.pdf"])
    assert rows(stage, EvidenceFile) == 1
    assert play.log_types(stage).count("evidence.added") == 1
    assert rows(stage, EvidenceOfCopy) == 1
    everything_holds(stage)


def test_what_is_attached_stands_in_the_statement(stage_at):
    stage = stage_at("answered")
    share = cell(stage)
    add_as(stage, play.OFFICER, places=Places([share]))
    whole = Places(file_ids=[share[0]])
    add_as(stage, play.OFFICER, "photo.jpg", pictures.picture(), whole)
    play.attested(stage)
    copies, text = signed_copies(stage)
    named = [one["name"] for one in copies[share[1]]["evidence"]]
    assert sorted(named) == ["certificate.pdf", "photo.jpg"]
    cabinet = cell(stage, store="Filing cabinet")[1]
    assert [one["name"] for one in copies[cabinet]["evidence"]] == ["photo.jpg"]
    assert f'Evidence: "certificate.pdf", with the SHA-256 {DIGEST}.' in text
    other, _ = signed_copies(stage, "costings.xlsx")
    assert all("evidence" not in copy for copy in other.values())
    everything_holds(stage)
    assert attachments_of(stage) == 2


def test_signed_cells_are_told_from_those_with_new_evidence(quick_stage_at):
    stage = quick_stage_at("answered")
    share = cell(stage)
    add_as(stage, play.OFFICER, places=Places([share]))
    play.attested(stage)
    with stage.look() as ctx:
        found = overview.matrix(ctx, demand_of(ctx, stage), working=True)
    cells = {(one.file_id, one.store_id): one for row in found.rows.items for one in row.cells}
    assert all(one.signed for one in cells.values())
    assert cells[share].evidence == 1
    stage.now += timedelta(hours=1)
    script.review(stage, "rejected", "Show the serial number")
    add_as(stage, play.OFFICER, "serial.jpg", pictures.picture(), Places([share]))
    with stage.look() as ctx:
        found = overview.matrix(ctx, demand_of(ctx, stage), working=True)
    cells = {(one.file_id, one.store_id): one for row in found.rows.items for one in row.cells}
    assert [key for key, one in cells.items() if not one.signed] == [share]


def test_changing_what_is_attached_makes_a_prepared_statement_stale(quick_stage_at):
    stage = quick_stage_at("answered")
    share = cell(stage)

    def prepare(ctx, seat):
        return attesting.prepare_attestations(ctx, seat, [share[0]])

    def too_late(ctx, seat, envelopes):
        file = keep(stage.settings, "certificate.pdf", PDF)
        add(ctx, seat, [file], Places([share]))
        return attesting.sign_attestations(ctx, seat, envelopes)

    with pytest.raises(Stale, match="changed since"):
        sign(stage, play.OFFICER, prepare, too_late)


def test_detaching_before_signing_leaves_the_event(stage_at):
    stage = stage_at("answered")
    share = cell(stage)
    places = Places([share], [share[0]])
    add_as(stage, play.OFFICER, places=places)
    with stage.act() as ctx:
        detach(ctx, seat_of(ctx, stage, play.OFFICER), DIGEST, places)
    assert (rows(stage, EvidenceOfCopy), rows(stage, EvidenceOfFile)) == (0, 0)
    assert rows(stage, EvidenceFile) == 1
    play.attested(stage)
    copies, _ = signed_copies(stage)
    assert all("evidence" not in copy for copy in copies.values())
    everything_holds(stage)


def test_nothing_is_attached_to_what_is_signed(stage_at):
    stage = stage_at("answered")
    share = cell(stage)
    add_as(stage, play.OFFICER, places=Places([share]))
    play.attested(stage)
    for act in (attach, lambda c, s, d, p: detach(c, s, d[0], p)):
        with pytest.raises(Stale), stage.act() as ctx:
            act(ctx, seat_of(ctx, stage, play.OFFICER), [DIGEST], Places([share]))
    with pytest.raises(Stale):
        add_as(stage, play.OFFICER, "late.pdf", b"%PDF-late", Places(file_ids=[share[0]]))
    # Refused as a whole: no event either.
    assert rows(stage, EvidenceFile) == 1
    # The demand itself still takes some, until it is closed.
    assert add_as(stage, play.OFFICER, "late.pdf", b"%PDF-late").new == ["late.pdf"]


@pytest.mark.parametrize("email", [play.LIAISON, play.CASEWORK, play.SIGNATORY])
def test_only_the_officer_attaches(quick_stage_at, email):
    stage = quick_stage_at("answered")
    with pytest.raises(NotAllowed, match="assurance officer"):
        add_as(stage, email, places=Places([cell(stage)]))
    assert rows(stage, EvidenceFile) == 0


def test_other_demands_copies_and_files_are_not_found(quick_stage_at):
    stage = quick_stage_at("answered")
    add_as(stage, play.OFFICER)
    file_id, store_id = cell(stage)
    nobody = "00000000-0000-4000-8000-000000000000"
    for places in (
        Places([(nobody, store_id)]),
        Places([(file_id, nobody)]),
        Places(file_ids=[nobody]),
    ):
        with pytest.raises(NotFound), stage.act() as ctx:
            attach(ctx, seat_of(ctx, stage, play.OFFICER), [DIGEST], places)
    with pytest.raises(NotFound), stage.act() as ctx:
        attach(ctx, seat_of(ctx, stage, play.OFFICER), ["0" * 64], Places([(file_id, store_id)]))


def test_after_the_closure_nobody_adds(quick_stage_at):
    stage = quick_stage_at("closed")
    for email in (play.OFFICER, play.CASEWORK):
        with pytest.raises(Refused, match="has ended"):
            add_as(stage, email)
    assert rows(stage, EvidenceFile) == 0


def test_a_copy_takes_no_more_than_a_statement_can_list(quick_stage_at, monkeypatch):
    monkeypatch.setattr("attest.domain.evidence_files.MAX_EVIDENCE", 2)
    stage = quick_stage_at("answered")
    share = cell(stage)
    add_as(stage, play.OFFICER, "1", b"1", Places(file_ids=[share[0]]))
    add_as(stage, play.OFFICER, "2", b"2", Places([share]))
    with pytest.raises(Refused, match="at most 2 evidence files"):
        add_as(stage, play.OFFICER, "3", b"3", Places([share]))
    add_as(stage, play.OFFICER, "3", b"3", Places([cell(stage, store="Filing cabinet")]))
    assert rows(stage, EvidenceFile) == 3


def test_too_many_at_once(quick_stage_at):
    stage = quick_stage_at("answered")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        file = keep(stage.settings, "a", b"a")
        with pytest.raises(Refused, match="at most 100"):
            add(ctx, seat, [file] * 101)
        with pytest.raises(Refused, match="at least one"):
            add(ctx, seat, [])
        with pytest.raises(Refused, match="at most 5,000"):
            attach(ctx, seat, [file.digest], Places([cell(stage)] * 5001))


def test_a_copy_that_is_not_answered_yet_keeps_its_evidence(quick_stage_at):
    stage = quick_stage_at("ready")
    share = cell(stage)
    add_as(stage, play.OFFICER, places=Places([share]))
    play.answered(stage)
    play.attested(stage)
    assert signed_copies(stage)[0][share[1]]["evidence"][0]["digest"] == {"sha256": DIGEST}


def test_an_answer_typed_again_keeps_its_evidence(quick_stage_at):
    stage = quick_stage_at("answered")
    share = cell(stage)
    add_as(stage, play.OFFICER, places=Places([share]))
    with stage.act() as ctx:
        answers.save(ctx, seat_of(ctx, stage, play.OFFICER), [share], play.deleted(stage))
    play.attested(stage)
    assert "evidence" in signed_copies(stage)[0][share[1]]


# --- The bundle ------------------------------------------------------------------------------


def bundle(stage, **more) -> zipfile.ZipFile:
    out = io.BytesIO()
    with stage.look() as ctx:
        evidence.write_bundle(ctx, demand_of(ctx, stage), out, **more)
    return zipfile.ZipFile(out)


def test_the_bundle_carries_them_and_verifies(stage_at):
    stage = stage_at("answered")
    add_as(stage, play.OFFICER, places=Places([cell(stage)]))
    add_as(stage, play.CASEWORK, "photo.jpg", pictures.picture())
    play.attested(stage)
    packed = bundle(stage)
    assert packed.read(f"attachments/{DIGEST}") == PDF
    assert packed.testzip() is None
    assert len([name for name in packed.namelist() if name.startswith("attachments/")]) == 2
    assert attachments_of(stage) == 2
    assert bundle(stage).fp.getvalue() == packed.fp.getvalue()  # type: ignore[union-attr]


def test_without_them_it_is_smaller_and_verifies_as_well(quick_stage_at):
    stage = quick_stage_at("answered")
    add_as(stage, play.OFFICER, places=Places([cell(stage)]))
    play.attested(stage)
    names = bundle(stage, evidence_files=False).namelist()
    assert not [name for name in names if name.startswith("attachments/")]


def test_one_that_is_missing_where_it_is_kept_is_left_out_and_named(quick_stage_at):
    stage = quick_stage_at("answered")
    add_as(stage, play.OFFICER)
    assert store_of(stage.settings).remove(DIGEST)
    assert f"attachments/{DIGEST}" not in bundle(stage).namelist()
    with stage.look() as ctx:
        found = [(one.reference, one.sentence) for one in checking.check(ctx)]
        assert found == [(stage.reference, f"The evidence file {DIGEST} is missing.")]
        row = evidence_list.one(ctx, demand_of(ctx, stage), DIGEST)
        with pytest.raises(Refused, match="cannot be read where it is kept"):
            evidence_list.pieces_of(ctx, row)


# --- The list --------------------------------------------------------------------------------


def test_the_list_says_who_when_what_and_where(stage_at):
    stage = stage_at("answered")
    share = cell(stage)
    add_as(stage, play.OFFICER, "photo.jpg", pictures.picture(), Places([share], [share[0]]))
    stage.now += timedelta(minutes=1)
    add_as(stage, play.CASEWORK)
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        page = evidence_list.listed(ctx, demand)
        newest, photo = page.items
        assert evidence_list.totals(ctx, demand).number == page.total == 2
        assert newest.row.name == "certificate.pdf"
        assert (newest.kind, newest.picture, newest.uses) == ("PDF", False, [])
        assert play.LEAD in newest.by
        assert (photo.kind, photo.picture, photo.uses_total) == ("JPEG picture", True, 2)
        assert {(use.file, use.store, use.signed) for use in photo.uses} == {
            ("list.csv", "File share", False),
            ("list.csv", None, False),
        }
        assert evidence_list.of_digests(ctx, demand, [DIGEST])[DIGEST].row.name == newest.row.name
        with pytest.raises(NotFound):
            evidence_list.one(ctx, demand, "0" * 64)


def test_of_many_places_the_first_are_shown_and_all_are_counted(quick_stage_at, monkeypatch):
    monkeypatch.setattr(evidence_list, "PLACES_SHOWN", 2)
    stage = quick_stage_at("answered")
    every = [
        (file.id, store.id)
        for file in play.files(stage).values()
        for store in play.stores(stage).values()
    ]
    add_as(stage, play.OFFICER, places=Places(every))
    with stage.look() as ctx:
        (told,) = evidence_list.listed(ctx, demand_of(ctx, stage)).items
        assert len(told.uses) == 2
        assert told.uses_total == 4
        attached = evidence_uses.of_files(ctx, demand_of(ctx, stage), [every[0][0]])
        assert [row.digest for row in attached[every[0][0]].all()] == [DIGEST]
