from datetime import timedelta

import pytest
from sqlalchemy import delete, event

from attest.database.tables import Disclosure
from attest.demo import script
from attest.demo.acting import account_of, seat_of
from attest.services.acts import acknowledging, drafts
from attest.services.views.needs import needs_of
from tests import stage as play


def needs(stage, email):
    """What needs somebody, without incidents (test_incident_needs.py)."""
    with stage.look() as ctx:
        found = needs_of(ctx, account_of(ctx, email))
    return [need for need in found if not need.href.startswith("/incidents")]


def said(stage, email):
    return [(need.sentence, need.href) for need in needs(stage, email)]


def test_each_point_of_a_demand_needs_those_whose_turn_it_is(stage_at):
    everybody = (play.CASEWORK, play.SIGNATORY, play.LIAISON, play.OFFICER)
    sentences = {
        "drafted": {play.CASEWORK: ["Finish the draft ND-2013-001, “Two files too many”."]},
        "handed": {play.SIGNATORY: ["Read and sign ND-2013-001, “Two files too many”."]},
        "issued": {play.LIAISON: ["Acknowledge ND-2013-001 from Northshire Constabulary."]},
        "acknowledged": {
            play.OFFICER: [
                "Make your signing key. It takes five minutes.",
                "Answer for 4 copies in ND-2013-001.",
            ],
        },
        "ready": {play.OFFICER: ["Answer for 4 copies in ND-2013-001."]},
        "answered": {play.OFFICER: ["Sign 2 attestations for ND-2013-001."]},
        "attested": {play.SIGNATORY: ["Review 2 attestations for ND-2013-001."]},
        "accepted": {play.SIGNATORY: ["Close ND-2013-001: every file is accepted."]},
        "closed": {},
    }
    for point, expected in sentences.items():
        stage = stage_at(point)
        present = [email for email in everybody if email in stage.actors]
        found = {email: [need.sentence for need in needs(stage, email)] for email in present}
        # The officer has an address, and so an account, only from "acknowledged" on.
        assert {email: what for email, what in found.items() if what} == expected, point


def test_each_need_leads_to_the_page_where_it_is_met(quick_stage_at):
    pages = [
        ("drafted", play.CASEWORK, "/demands/ND-2013-001/draft"),
        ("handed", play.SIGNATORY, "/demands/ND-2013-001/issue"),
        ("issued", play.LIAISON, "/demands/ND-2013-001/acknowledge"),
        ("ready", play.OFFICER, "/demands/ND-2013-001/answer"),
        ("answered", play.OFFICER, "/demands/ND-2013-001/sign"),
        ("attested", play.SIGNATORY, "/demands/ND-2013-001/review"),
        ("accepted", play.SIGNATORY, "/demands/ND-2013-001/close"),
    ]
    for point, email, address in pages:
        assert [need.href for need in needs(quick_stage_at(point), email)] == [address], point


def test_nobody_else_is_told_of_a_demand(quick_stage_at):
    for point in ("drafted", "handed", "issued", "attested"):
        stage = quick_stage_at(point)
        for email in (play.OTHER_CONTRACTOR, play.OTHER_CONTROLLER, play.ADMINISTRATOR):
            assert not [need for need in needs(stage, email) if need.reference], (point, email)


def test_whoever_signs_is_asked_for_a_key_first(quick_stage_at):
    stage = quick_stage_at("handed")
    first = needs(stage, play.SECOND)[0]
    with stage.look() as ctx:
        (person,) = account_of(ctx, play.SECOND).people
    assert first.sentence == "Make your signing key. It takes five minutes."
    assert first.href == f"/keys/new?for={person.id}.signatory"


def test_a_returned_draft_says_so(quick_stage_at):
    stage = quick_stage_at("handed")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.SIGNATORY, draft=True)
        drafts.return_with_note(ctx, seat, "The due date is too early.")
    assert said(stage, play.CASEWORK) == [
        (
            "Put right ND-2013-001, “Two files too many”: the signatory returned it.",
            "/demands/ND-2013-001/draft",
        )
    ]
    assert said(stage, play.SIGNATORY) == []


def test_a_disputed_demand_goes_back_to_the_lead_controller(quick_stage_at):
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        acknowledging.dispute(ctx, seat_of(ctx, stage, play.LIAISON), "We never had these files.")
    assert said(stage, play.LIAISON) == []
    told = [
        (
            f"{play.HALDEN} says that ND-2013-001 does not concern them. Read why, and decide.",
            "/demands/ND-2013-001",
        )
    ]
    assert said(stage, play.CASEWORK) == told
    assert said(stage, play.SIGNATORY) == told  # who alone may withdraw it


def test_a_liaison_who_acknowledged_names_the_officer(quick_stage_at):
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        acknowledging.acknowledge(ctx, seat_of(ctx, stage, play.LIAISON))
    assert said(stage, play.LIAISON) == [
        ("Name your assurance officer for ND-2013-001.", "/demands/ND-2013-001/officer")
    ]


def test_an_officers_new_key_is_confirmed_by_the_lead_controller_alone(stage_at):
    stage = stage_at("acknowledged")
    script.make_officer_key(stage)
    sentence = "Confirm the key of Ruth Adeyemi, assurance officer, for ND-2013-001."
    assert (sentence, "/demands/ND-2013-001/keys") in said(stage, play.SIGNATORY)
    assert sentence not in [need.sentence for need in needs(stage, play.JOINT)]
    script.compare_signatory(stage)
    script.confirm_officer(stage)
    assert said(stage, play.SIGNATORY) == []


def test_what_is_late_stands_first_and_says_so(quick_stage_at):
    stage = quick_stage_at("ready")
    assert [need.late for need in needs(stage, play.OFFICER)] == [False]
    stage.now += timedelta(days=21)
    with stage.act() as ctx:
        drafts.create(ctx, drafts.drafter(account_of(ctx, play.CASEWORK)), "Another incident")
    late, draft = needs(stage, play.CASEWORK)
    assert late.late
    assert late.due_on == play.TERMS.due_on
    assert late.sentence == f"{play.HALDEN} is late with ND-2013-001: 2 files still open."
    assert not draft.late
    assert needs(stage, play.OFFICER)[0].late


def test_a_rejected_file_is_told_to_the_officer(quick_stage_at):
    stage = quick_stage_at("attested")
    script.review(stage, "rejected", "A serial number is missing.", files=[play.FILES[0]])
    assert (
        "1 file of ND-2013-001 was rejected. Read why, answer again, sign.",
        "/demands/ND-2013-001/answer",
    ) in said(stage, play.OFFICER)
    # The other file waits for its review still.
    assert [need.sentence for need in needs(stage, play.SIGNATORY)] == [
        "Review 1 attestation for ND-2013-001."
    ]


def test_a_file_is_signed_again_once_an_answer_was_put_right(quick_stage_at):
    stage = quick_stage_at("attested")
    script.review(stage, "rejected", "Who searched the cabinet?", files=[play.FILES[0]])
    assert "/demands/ND-2013-001/sign" not in [need.href for need in needs(stage, play.OFFICER)]
    stage.now += timedelta(minutes=1)
    play.fill(stage, "File share", play.deleted(stage), play.FILES[:1])
    assert said(stage, play.OFFICER) == [
        ("Sign 1 attestation for ND-2013-001.", "/demands/ND-2013-001/sign")
    ]


def test_copies_that_are_all_answered_leave_one_question_open(quick_stage_at):
    stage = quick_stage_at("answered")
    with stage.act() as ctx:
        ctx.session.execute(delete(Disclosure))
    assert said(stage, play.OFFICER) == [
        (
            "Say whether any copy was passed to anybody else, in ND-2013-001.",
            "/demands/ND-2013-001/answer/onward",
        )
    ]


@pytest.mark.parametrize("concurrence", ["lead", "each"])
def test_joint_controllers_review_only_where_each_review_counts(quick_stage_at, concurrence):
    stage = quick_stage_at("attested")
    with stage.act() as ctx:
        seat_of(ctx, stage, play.SIGNATORY).demand.concurrence = concurrence
    sentence = "Review 2 attestations for ND-2013-001."
    told = [need.sentence for need in needs(stage, play.JOINT)]
    assert (sentence in told) == (concurrence == "each")


def test_more_demands_take_no_more_queries(quick_stage_at):
    stage = quick_stage_at("attested")

    def queries():
        counted = []

        def listener(connection, cursor, statement, *more):
            counted.append(statement)

        event.listen(stage.engine, "before_cursor_execute", listener)
        try:
            found = needs(stage, play.CASEWORK) + needs(stage, play.SIGNATORY)
        finally:
            event.remove(stage.engine, "before_cursor_execute", listener)
        return len(counted), len(found)

    before, few = queries()
    with stage.act() as ctx:
        for number in range(12):
            handler = drafts.drafter(account_of(ctx, play.CASEWORK))
            demand = drafts.create(ctx, handler, f"Incident {number}")
            demand.handed_at = ctx.now
    after, many = queries()
    assert many == few + 12
    assert after == before
