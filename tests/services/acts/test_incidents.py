"""What is recorded around an incident stays as it was recorded, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from attest.database.tables import IncidentChange, IncidentReport
from attest.demo import incident_scenes, script
from attest.demo.acting import account_of, demand_of, seat_of
from attest.domain.refusal import NotFound, Refused
from attest.services.acts import (
    drafts,
    incident_changes,
    incident_reporting,
    incident_telling,
    incidents,
)
from attest.services.acts.incident_reporting import DecisionAnswers, ReportAnswers
from attest.services.acts.incident_telling import TellingAnswers
from attest.services.facts.incident_access import incident_for
from attest.services.views import incident_register, incident_timeline, incident_view
from attest.services.views.incident_step import next_step
from tests import stage as play

REFERENCE = "ND-2013-I01"


def seat(ctx, email=play.CASEWORK, reference=REFERENCE):
    return incident_for(ctx, account_of(ctx, email), reference)


def refused(stage, act, *arguments):
    with pytest.raises(Refused) as raised, stage.act() as ctx:
        act(ctx, seat(ctx), *arguments)
    return raised.value.field, raised.value.sentence


def view_of(stage):
    with stage.look() as ctx:
        return incident_view.view(ctx, seat(ctx).incident)


def test_the_reference_case_was_reported_after_70_hours_35_minutes(quick_stage_at):
    stage = quick_stage_at("drafted")
    stage.now = datetime(2013, 2, 4, 9, 0, tzinfo=UTC)
    stage.reference = ""
    script.draft(stage, timedelta(0))
    with stage.look() as ctx:
        incident = demand_of(ctx, stage).incident
        assert incident.reference == "ND-2013-I02"
        found = incident_view.view(ctx, incident)
    assert found.clock.state == "reported"
    assert found.clock.span == timedelta(hours=70, minutes=35)
    assert found.clock.margin == timedelta(hours=1, minutes=25)
    assert found.missing == []
    stage.now = datetime(2013, 2, 11, 12, 0, tzinfo=UTC)
    incident_scenes.tell_staff(stage, play.CASEWORK, timedelta(0))
    with stage.look() as ctx:
        assert incident_view.view(ctx, demand_of(ctx, stage).incident).told.people == 994


def test_each_change_of_a_fact_is_kept_with_who_made_it(stage_at):
    stage = stage_at("drafted")
    with stage.act() as ctx:
        draft = seat_of(ctx, stage, play.CASEWORK, draft=True)
        changed = play.INCIDENT.__class__(
            **{**vars(play.INCIDENT), "what_happened": "They went to two bidders."}
        )
        drafts.save_incident(ctx, draft, changed)
    with stage.act() as ctx:
        kept = incident_changes.save_section(
            ctx, seat(ctx, play.SIGNATORY), "effects", {"consequences": "Distress."}
        )
    assert kept == 1
    with stage.look() as ctx:
        rows = ctx.session.scalars(select(IncidentChange).order_by(IncidentChange.id)).all()
        assert [(row.fact, row.was, row.now) for row in rows[-2:]] == [
            ("what_happened", "They went to a bidder.", "They went to two bidders."),
            ("consequences", None, "Distress."),
        ]
        assert rows[-1].by.account.email == play.SIGNATORY
        assert incident_changes.values_of(ctx, seat(ctx).incident)["consequences"] == "Distress."
    # The same answers again are no change.
    with stage.act() as ctx:
        assert not incident_changes.save_section(
            ctx, seat(ctx), "effects", {"consequences": "Distress."}
        )


def test_reports_come_in_phases_and_none_is_overwritten(stage_at):
    stage = stage_at("drafted")
    incident_scenes.report(stage, play.CASEWORK, stage.now)
    stage.now += timedelta(days=9)
    with stage.act() as ctx:
        incident_reporting.report(
            ctx,
            seat(ctx),
            ReportAnswers(stage.now, "ICO", "email", "The numbers.", "IC-1/13", "", True),
        )
    found = view_of(stage)
    assert [row.told for row in found.reports] == ["The facts so far.", "The numbers."]
    assert (found.clock.state, found.clock.more_to_follow) == ("reported", True)
    assert refused(
        stage, incident_reporting.report, ReportAnswers(stage.now, "", "email", "x")
    ) == ("authority", "Name the authority that was told.")
    assert refused(stage, incident_reporting.report, ReportAnswers(stage.now, "I", "fax", "x"))[
        0
    ] == ("channel")
    assert refused(stage, incident_reporting.report, ReportAnswers(stage.now, "I", "post", " "))[
        0
    ] == ("told")


def test_a_first_report_that_is_struck_out_lets_the_clock_run_again(stage_at):
    stage = stage_at("issued")
    row = view_of(stage).reports[0]
    assert refused(stage, incident_telling.strike, "report", row.id, "")[0] == "reason"
    with stage.act() as ctx:
        incident_telling.strike(ctx, seat(ctx), "report", row.id, "Another incident.")
    found = view_of(stage)
    assert found.clock.state == "running"
    assert found.reports[0].strike_reason == "Another incident."
    with stage.look() as ctx:
        again = incident_view.view(ctx, seat(ctx).incident)
        titles = [one.title for one in incident_timeline.occurrences(ctx, again)]
    assert any("struck out later" in title for title in titles)
    with pytest.raises(NotFound), stage.act() as ctx:
        incident_telling.strike(ctx, seat(ctx), "report", row.id, "Twice.")


def test_a_row_of_another_incident_is_not_found(quick_stage_at):
    stage = quick_stage_at("issued")
    row = view_of(stage).reports[0]
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, play.CASEWORK))
        other = drafts.create(ctx, handler, "Another one").incident.reference
    with pytest.raises(NotFound), stage.act() as ctx:
        incident_telling.strike(ctx, seat(ctx, reference=other), "report", row.id, "Mine.")


def test_decisions_are_taken_and_taken_back(stage_at):
    stage = stage_at("drafted")
    today = stage.now.date()
    no = DecisionAnswers(False, "The DPO", today, "Encrypted.")
    yes = DecisionAnswers(True, "The DPO", today, "The key was lost too.")
    decide = incident_reporting.decide
    assert "nothing to take back" in refused(stage, decide, "report", yes)[1]
    with stage.act() as ctx:
        decide(ctx, seat(ctx), "report", no)
    assert view_of(stage).clock.state == "not_needed"
    assert "decided already" in refused(stage, decide, "report", no)[1]
    with stage.act() as ctx:
        decide(ctx, seat(ctx), "report", yes)
    found = view_of(stage)
    assert (found.clock.state, len(found.decisions)) == ("running", 2)
    late = DecisionAnswers(False, "The DPO", today + timedelta(days=1), "x")
    assert refused(stage, decide, "report", late)[0] == "decided_on"
    assert refused(stage, decide, "tell", no)[0] == "ground"
    incident_scenes.report(stage, play.CASEWORK, stage.now)
    assert "A report is recorded already" in refused(stage, decide, "report", no)[1]
    with stage.act() as ctx:
        decide(ctx, seat(ctx), "tell", DecisionAnswers(False, "DPO", today, "AES.", "protected"))
    assert view_of(stage).not_told.ground == "protected"


def test_people_told_are_summed_over_batches_and_days(stage_at):
    stage = stage_at("issued")
    stage.now += timedelta(days=9)
    day = stage.now.date()
    tell = incident_telling.tell
    for people, batch, back in ((600, "North", 2), (394, "South", 0)):
        with stage.act() as ctx:
            tell(ctx, seat(ctx), TellingAnswers(batch, "post", people, day - timedelta(days=back)))
    told = view_of(stage).told
    assert (told.people, told.batches) == (994, 2)
    assert (told.first_on, told.last_on) == (day - timedelta(days=2), day)
    for answers, field in (
        (TellingAnswers("N", "post", None, day), "people"),
        (TellingAnswers("N", "post", 2**31, day), "people"),
        (TellingAnswers("N", "post", 1, None), "told_on"),
        (TellingAnswers("N", "post", 1, day + timedelta(days=1)), "told_on"),
        (TellingAnswers("N", "post", 1, day - timedelta(days=90)), "told_on"),
        (TellingAnswers("N", "raven", 1, day), "channel"),
        (TellingAnswers("", "post", 1, day), "batch"),
    ):
        assert refused(stage, tell, answers)[0] == field


def test_containment_is_counted_over_the_demands_that_count(stage_at):
    stage = stage_at("accepted")
    with stage.act() as ctx:
        incidents.raise_demand(ctx, seat(ctx))
    found = view_of(stage)
    assert [demand.reference for demand in found.demands] == ["ND-2013-001", "ND-2013-002"]
    assert found.figure.sentence == "4 of 4 copies settled, 0 open, in 1 demand."


def test_nobody_else_has_a_seat(stage_at):
    stage = stage_at("attested")
    for email in (
        play.LIAISON, play.OFFICER, play.JOINT, play.OTHER_CONTROLLER, play.ADMINISTRATOR,
    ):  # fmt: skip
        with pytest.raises(NotFound), stage.look() as ctx:
            seat(ctx, email)
        with stage.look() as ctx:
            account = account_of(ctx, email)
            assert incidents.incidents(ctx, account).total == 0
            assert len(list(incident_register.register_csv(ctx, account))) == 1  # the header
    with pytest.raises(NotFound), stage.look() as ctx:
        seat(ctx, reference="ND-2013-I99")


def test_the_next_thing_to_do_is_the_most_urgent_one(quick_stage_at):
    stage = quick_stage_at("drafted")

    def action():
        return next_step(view_of(stage), may_raise=True).action

    assert action() == "Record the report"
    incident_scenes.report(stage, play.CASEWORK, stage.now)
    assert action() == "Complete the facts"
    incident_scenes.record_facts(stage, play.CASEWORK)
    with stage.act() as ctx:
        incident_changes.save_section(
            ctx, seat(ctx), "affected", {**incident_scenes.FACTS, "people_affected": 994}
        )
    assert action() == "Record who was told"
    with stage.act() as ctx:
        incident_telling.tell(ctx, seat(ctx), TellingAnswers("All", "post", 994, stage.now.date()))
    assert action() == "Download the regulator’s pack"
    with stage.act() as ctx:
        row = ctx.session.scalars(select(IncidentReport)).one()
        row.reported_at += timedelta(days=9)
    assert action() == "Record the reasons"


def test_references_are_handed_out_one_after_the_other(quick_stage_at):
    stage = quick_stage_at("drafted")
    made = []
    with stage.act() as ctx:
        handler = drafts.drafter(account_of(ctx, play.CASEWORK))
        for number in range(101):
            made.append(drafts.create(ctx, handler, f"Incident {number}").incident.reference)
    assert made[:2] == ["ND-2013-I02", "ND-2013-I03"]
    assert made[-3:] == ["ND-2013-I100", "ND-2013-I101", "ND-2013-I102"]
