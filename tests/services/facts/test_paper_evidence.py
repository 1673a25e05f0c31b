"""What the certificate is told of evidence files: the log's word, before and after an erasure."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from attest.database.tables import EvidenceFile, EvidenceOfCopy, EvidenceOfFile
from attest.demo.acting import demand_of
from attest.services.exports import papers
from attest.services.facts.paper_evidence import evidence_parts
from tests import evidence_acts
from tests.documents.papers import words


def paper(stage) -> bytes:
    with stage.look() as ctx:
        return papers.certificate(ctx, demand_of(ctx, stage))


def test_the_certificate_lists_them_and_follows_from_the_log(stage_at) -> None:
    stage = stage_at("answered")
    evidence_acts.prove(stage)
    first = paper(stage)
    text = words(first)
    for said in ("3 evidence files", "Box 14, shredded.jpg JPEG picture", "note.txt text, 12"):
        assert said in text, said
    assert "none; it is about the demand" in text
    assert "evidence E" in text
    stage.now += timedelta(days=400)
    assert paper(stage) == first


def test_what_is_only_attached_is_in_no_cell_before_it_is_signed(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    evidence_acts.show(stage)
    text = words(paper(stage))
    assert "3 evidence files" in text
    assert "evidence E" not in text


def test_an_erased_one_keeps_the_name_that_was_signed(stage_at) -> None:
    stage = stage_at("answered")
    evidence_acts.prove(stage)
    with stage.act() as ctx:
        for table in (EvidenceOfCopy, EvidenceOfFile, EvidenceFile):
            ctx.session.execute(delete(table))
    signed = {"evidence": [{"name": "certificate.pdf", "digest": {"sha256": "a" * 64}}]}
    with stage.look() as ctx:
        (left,) = evidence_parts(ctx, demand_of(ctx, stage), [signed, {}, signed])
    assert (left.name, left.sha256, left.size) == ("certificate.pdf", "a" * 64, None)
    text = words(paper(stage))
    assert "2 evidence files" in text
    assert "was erased after its time" in text
    assert "note.txt" not in text
