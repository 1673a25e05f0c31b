"""The 72 hours on the list of what needs somebody: first, in hours, and for the incident's own."""

from datetime import timedelta

from attest.demo import incident_scenes
from attest.demo.acting import account_of, demand_of
from attest.services.acts import drafts, incident_reporting
from attest.services.facts.incident_access import incident_for
from attest.services.views.needs import needs_of
from tests import stage as play


def told(stage, email):
    with stage.look() as ctx:
        return [
            need
            for need in needs_of(ctx, account_of(ctx, email))
            if need.href.startswith("/incidents")
        ]


def test_whoever_keeps_incidents_hears_what_is_left(stage_at):
    stage = stage_at("drafted")
    for email in (play.CASEWORK, play.SIGNATORY):
        (need,) = told(stage, email)
        assert need.sentence == (
            "Report ND-2013-I01 (“Two files too many”) to the authority, or record why not: "
            "48 hours left."
        )
        assert need.href == "/incidents/ND-2013-I01"
        # No day is shown: "in 3 working days" would be another clock.
        assert (need.late, need.due_on) == (False, None)
    for email in (play.OTHER_CONTROLLER, play.OTHER_CONTRACTOR, play.ADMINISTRATOR):
        assert told(stage, email) == []


def test_what_is_late_says_so_and_stands_first(quick_stage_at):
    stage = quick_stage_at("drafted")
    stage.now += timedelta(hours=49, minutes=30)
    (need,) = told(stage, play.CASEWORK)
    assert need.late
    assert need.sentence.endswith("the 72 hours ended 1 hour 30 minutes ago.")
    with stage.look() as ctx:
        assert needs_of(ctx, account_of(ctx, play.CASEWORK))[0] == need


def test_a_report_ends_it_unless_more_is_to_follow(quick_stage_at):
    stage = quick_stage_at("drafted")
    incident_scenes.report(stage, play.CASEWORK, stage.now)
    assert told(stage, play.CASEWORK) == []
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        seat = incident_for(ctx, account_of(ctx, play.CASEWORK), "ND-2013-I01")
        incident_reporting.report(
            ctx,
            seat,
            incident_reporting.ReportAnswers(
                stage.now, "ICO", "email", "Numbers.", more_to_follow=True
            ),
        )
    (need,) = told(stage, play.CASEWORK)
    assert need.sentence.startswith("You told the authority that more will follow on ND-2013-I01")
    assert need.href == "/incidents/ND-2013-I01/report"


def test_a_decision_ends_it(quick_stage_at):
    stage = quick_stage_at("drafted")
    with stage.act() as ctx:
        seat = incident_for(ctx, account_of(ctx, play.CASEWORK), "ND-2013-I01")
        incident_reporting.decide(
            ctx,
            seat,
            "report",
            incident_reporting.DecisionAnswers(False, "DPO", stage.now.date(), "Encrypted."),
        )
    assert told(stage, play.CASEWORK) == []


def test_contractors_and_joint_controllers_hear_nothing(quick_stage_at):
    stage = quick_stage_at("attested")
    with stage.act() as ctx:
        for row in incident_reporting.reports_of(ctx, demand_of(ctx, stage).incident):
            ctx.session.delete(row)
    assert told(stage, play.CASEWORK)
    for email in (play.LIAISON, play.OFFICER, play.JOINT):
        assert told(stage, email) == []


def test_an_incident_without_a_time_of_notice_waits_in_its_draft(quick_stage_at):
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        drafts.create(ctx, drafts.drafter(account_of(ctx, play.CASEWORK)), "Another one")
    assert told(stage, play.CASEWORK) == []
