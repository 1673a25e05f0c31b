"""An address that fails, from the report that came back to the liaison who takes over."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

from sqlalchemy import select
from structlog.testing import capture_logs

from attest.database.tables import Demand, FailingAddress, Letter, Person
from attest.demo.acting import account_of, add_person, demand_of, tick
from attest.mail import mailbox
from attest.mail.receipt_link import receipt_token
from attest.mail.return_address import envelope_sender
from attest.services.accounts.invitations import invitation_token
from attest.services.sending import returns
from tests import stage as play
from tests.mail.came_back import POSTFIX, with_status
from tests.services.failing_acts import come_back, nobody_there, the_letter

RIGHT = "t.beck@halden.example"
SECOND_LIAISON = "second.liaison@halden.example"


def links(text: str) -> list[str]:
    return re.findall(r"/invitation/\S+", text)


def link_of(pages, letter: Letter) -> str:
    """The link that a letter brought, without the instance's address."""
    assert letter.invitation_id is not None
    return f"/invitation/{invitation_token(pages.stage.settings, letter.invitation_id)}"


def delivered(pages, to: str) -> list[str]:
    settings = pages.stage.settings
    found = (mailbox.read(settings, name) for name in mailbox.names(settings))
    return [letter.text for letter in found if letter is not None and to in letter.to]


def test_the_new_liaison_gets_the_demand_and_the_old_one_loses_it(pages_at) -> None:
    pages = pages_at("issued")
    stage = pages.stage
    old_link = link_of(pages, the_letter(stage))
    nobody_there(stage)
    stage.now += timedelta(hours=1)
    handler = pages.visitor(play.CASEWORK)
    before = pages.visitor(play.LIAISON)
    before.get(pages.base)
    assert "Correct the address" in handler.get(f"{pages.base}/letters").text
    handler.post(f"{pages.base}/liaison", name="Tom Beck", role="Contract manager", email=RIGHT)
    page = handler.get(f"{pages.base}/letters").text
    assert f"The demand goes to Tom Beck, {RIGHT}." in page
    assert "do not arrive at" not in page
    assert links(page) == []

    tick(stage)
    (text,) = delivered(pages, RIGHT)
    (link,) = links(text)
    stranger = pages.app.test_client()
    assert "Halden" in stranger.get(link).text
    assert stranger.get(old_link).status_code == 410
    # The session that was open at the wrong address is over, and opens nothing.
    assert before.client.get(pages.base).status_code == 302
    assert play.may_see(stage, RIGHT)
    assert not play.may_see(stage, play.LIAISON)
    assert play.problems(stage) == []
    # Nobody else is told, and another controller's page is the same as of what is not there.
    for email in (play.JOINT, play.OTHER_CONTROLLER):
        assert RIGHT not in " ".join(delivered(pages, email))
    pages.visitor(play.OTHER_CONTROLLER).get(f"{pages.base}/liaison", status=404)


def test_another_controllers_demand_keeps_the_liaison_where_they_are(pages_at) -> None:
    """The same contractor, named by another controller: neither learns of the other."""
    pages = pages_at("issued")
    stage = pages.stage
    nobody_there(stage)
    with stage.act() as ctx:
        theirs = account_of(ctx, play.OTHER_CONTROLLER).people[0].organisation_id
        demand = demand_of(ctx, stage)
        columns = {
            column.key: getattr(demand, column.key)
            for column in Demand.__table__.columns
            if column.key not in ("id", "reference", "organisation_id", "officer_id")
        }
        other = Demand(id="9" * 8 + demand.id[8:], reference="EL-2013-001", **columns)
        other.organisation_id = theirs
        ctx.session.add(other)
        ctx.session.flush()
        party = next(each for each in demand.parties if each.role == "contractor")
        copied = {
            column.key: getattr(party, column.key)
            for column in type(party).__table__.columns
            if column.key not in ("id", "demand_id")
        }
        ctx.session.add(type(party)(id="8" * 8 + party.id[8:], demand_id=other.id, **copied))
    handler = pages.visitor(play.CASEWORK)
    page = handler.get(f"{pages.base}/liaison").text
    assert "EL-2013-001" not in page
    assert "Elsewhere" not in page
    answer = handler.post(
        f"{pages.base}/liaison", status=400, name="Tom Beck", role="Manager", email=RIGHT
    )
    assert "Elsewhere" not in answer.text
    assert not play.may_see(stage, RIGHT)


def test_a_colleague_takes_over(pages_at) -> None:
    pages = pages_at("acknowledged")
    stage = pages.stage
    come_back(stage, POSTFIX)
    with stage.look() as ctx:
        home = account_of(ctx, play.LIAISON).people[0].organisation_id
    add_person(
        stage,
        home,
        name="Second Liaison",
        role="Manager",
        email=SECOND_LIAISON,
        duties=frozenset({"liaison"}),
        password_hash=play.NO_PASSWORD,
    )
    colleague = pages.visitor(SECOND_LIAISON)
    assert "another liaison take over" in unescape(colleague.get("/").text)
    assert "Be its liaison" in colleague.get(f"{pages.base}/letters").text
    # Nobody of the controller's, nor the officer, says who acts for the contractor.
    for email in (play.CASEWORK, play.OFFICER):
        assert "Be its liaison" not in pages.visitor(email).get(f"{pages.base}/letters").text
        pages.visitor(email).post(f"{pages.base}/liaison/me", status=403)
    colleague.post(f"{pages.base}/liaison/me")
    page = colleague.get(f"{pages.base}/letters").text
    assert f"Letters go to {SECOND_LIAISON}." in page
    assert "do not arrive" not in page
    assert "Be its liaison" not in page
    colleague.post(f"{pages.base}/liaison/me", status=400)
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        assert demand.liaison is not None
        assert demand.liaison.account.email == SECOND_LIAISON
        assert demand.chase_at == stage.now
        assert ctx.session.scalars(select(FailingAddress)).all() == []
    # The first one may still act for the contractor, and can take it back.
    assert (
        "in place of Second Liaison"
        in pages.visitor(play.LIAISON).get(f"{pages.base}/letters").text
    )
    assert play.problems(stage) == []


def test_a_hostile_report_is_one_harmless_line_everywhere(pages_at) -> None:
    pages = pages_at("issued")
    stage = pages.stage
    letter = the_letter(stage)
    sender = envelope_sender(stage.settings, letter.id)
    receipt = receipt_token(stage.settings, letter.id)
    link = link_of(pages, letter)
    raw = with_status(
        f"""
        Action: failed
        Status: 5.1.1
        Final-Recipient: rfc822; "><script>alert(1)</script>@halden.example
        Remote-MTA: dns; <img src=x onerror=alert(2)>
        Diagnostic-Code: smtp; 550 =cmd|' /C calc'!A0 </span><b>no</b> {{{{ 7*7 }}}}
         {sender} refused, see
         http://h.example/received/{receipt} and http://h.example{link}
         =?utf-8?b?4oCuZXZpbA==?= \x1b[31m
        """,
        to=sender,
    )
    with capture_logs() as logged:
        taken = returns.take_message(stage.engine, stage.settings, stage.log_key, stage.now, raw)
        stage.now += timedelta(minutes=5)
        tick(stage)
    assert taken == "taken"
    token = sender.partition("+")[2].partition("@")[0]
    secrets = (token, receipt, link.removeprefix("/invitation/"))
    handler = pages.visitor(play.CASEWORK)
    seen = [
        handler.get(place).text
        for place in (
            "/",
            "/dashboard",
            pages.base,
            f"{pages.base}/letters",
            f"{pages.base}/letters/{letter.id}",
            f"{pages.base}/chasing",
            f"{pages.base}/timeline",
            f"{pages.base}/liaison",
        )
    ]
    for page in seen:
        assert not re.search(r"<script>alert|<img src=x|<b>no</b>", page)
        assert "\u202e" not in page
        assert "\x1b" not in page
    assert "&lt;/span&gt;&lt;b&gt;no" in seen[3]
    assert "{{ 7*7 }}" in unescape(seen[3])
    table = handler.get(f"{pages.base}/letters.csv").text
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
    told = delivered(pages, play.CASEWORK)
    assert any("calc" in text for text in told)
    with stage.look() as ctx:
        row = ctx.session.scalars(select(FailingAddress)).one()
        kept = ctx.session.get_one(Letter, letter.id).answer or ""
        assert ctx.session.scalars(select(Person)).first() is not None
    for words in (row.answer, kept):
        assert "\n" not in words
        assert "refused" in words
    everything = "\n".join([*seen, table, *told, row.answer, kept, str(logged)])
    for secret in secrets:
        assert secret not in everything
