"""How a demand is chased, through the pages: what comes, the ladder, pauses, a letter at once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from attest.database.tables import Invitation, Letter
from attest.demo.acting import demand_of
from attest.domain.ladder import DUE, LADDER, OFFICER, Rung
from attest.services.facts.ladders import ladder_of
from tests import chase_acts as chase
from tests import stage as play
from tests.services import failing_acts

CHASING = "/chasing"


def text(page: Any) -> str:
    """What a reader reads, without the markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def ladder(pages: Any) -> tuple[Rung, ...]:
    with pages.stage.look() as ctx:
        return ladder_of(ctx, demand_of(ctx, pages.stage))


def rows(page: Any) -> dict[str, Any]:
    """The ladder's inputs as a browser would send them."""
    found: dict[str, Any] = {}
    for name, value in re.findall(r'name="(rung-\d+-(?:days|every))" value="([^"]*)"', page.text):
        found[name] = value
    for name, options in re.findall(
        r'<select[^>]* name="(rung-\d+-\w+)"[^>]*>(.*?)</select>', page.text, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'name="(rung-\d+-to)" value="(\w+)"[^>]* checked', page.text):
        found.setdefault(name, []).append(value)
    return found


def test_the_days_on_which_letters_go_out(pages_at) -> None:
    pages = pages_at("issued")
    chase.name_both(pages.stage, receipt=True)
    handler = pages.visitor(play.CASEWORK)
    found = text(handler.get(f"{pages.base}{CHASING}"))
    assert "These letters will go out on these days if nothing happens." in found
    for day in (
        "Tuesday 5 February 2013 09:00 Please acknowledge the demand",
        "Monday 11 February 2013 09:00 Reminder of what is still open",
        "Tuesday 19 February 2013 09:00 It is overdue",
        "Thursday 21 February 2013 09:00",
        "Monday 25 February 2013 09:00",
    ):
        assert day in found
    assert "3 working days after the due day" in found
    assert "then every 2 working days until nothing is open" in found
    assert "Tom Beck , liaison" in found or "Tom Beck, liaison" in found
    assert "Rita Vance, the contractor’s escalation contact" in found
    assert "Ivor Lane, the lead controller’s escalation contact" in found


def test_what_joint_controllers_and_the_contractor_see(pages_at) -> None:
    pages = pages_at("issued")
    chase.name_both(pages.stage, receipt=False)
    chase.pause(pages.stage)
    joint = pages.visitor(play.JOINT)
    found = text(joint.get(f"{pages.base}{CHASING}"))
    assert "Letters are held back until Monday 11 February 2013." in found
    assert chase.WHY not in found
    assert "Ivor Lane" not in found
    assert "Rita Vance" in found
    assert "signatories" not in found
    for part in ("/ladder", "/pause", "/now", "/contacts"):
        joint.get(f"{pages.base}{CHASING}{part}", 403)
    liaison = pages.visitor(play.LIAISON)
    liaison.get(f"{pages.base}{CHASING}", 403)
    for page in (pages.base, f"{pages.base}/letters", "/", "/dashboard"):
        shown = liaison.get(page).text
        assert "held back" not in shown
        assert chase.WHY not in shown
        assert "/chasing" not in shown
    pages.visitor(play.OTHER_CONTROLLER).get(f"{pages.base}{CHASING}", 404)


def test_a_letter_to_come_is_read_and_nothing_is_made(pages_at) -> None:
    pages = pages_at("issued")
    handler = pages.visitor(play.CASEWORK)
    page = handler.get(f"{pages.base}{CHASING}")
    addresses = re.findall(r'href="([^"]+/letter\?[^"]+)"', page.text)
    assert addresses
    before = counts(pages)
    for address in addresses:
        read = handler.get(address.replace("&amp;", "&")).text
        assert "Dear " in read
        assert "{link}" not in read
        assert "{witness}" not in read
    assert counts(pages) == before
    first = handler.get(addresses[0].replace("&amp;", "&"))
    assert "please acknowledge" in text(first)
    for wrong in ("", "?rung=after_3", "?rung=after_3&due=2013-02-18&to=x", "?rung=x&to=%00"):
        handler.get(f"{pages.base}{CHASING}/letter{wrong}", 404)


def counts(pages: Any) -> tuple[int, int]:
    with pages.stage.look() as ctx:
        found = [
            ctx.session.scalar(select(func.count()).select_from(t)) for t in (Letter, Invitation)
        ]
        return found[0] or 0, found[1] or 0


def test_rows_come_and_go_without_a_script_and_are_kept(pages_at) -> None:
    pages = pages_at("issued")
    signatory = pages.visitor(play.SIGNATORY)
    address = f"{pages.base}{CHASING}/ladder"
    given = rows(signatory.get(address))
    assert len({name.split("-")[1] for name in given}) == len(LADDER)
    less = rows(signatory.post(address, 200, act="remove-0", **given))
    more = rows(signatory.post(address, 200, act="add", **less))
    assert more["rung-8-when"] == ""
    more |= {"rung-8-days": "9", "rung-8-when": "before", "rung-8-to": ["officer"]}
    seen = signatory.post(address, 200, act="preview", **more)
    assert "Nothing is kept yet." in seen.text
    assert ladder(pages) == LADDER
    assert signatory.post(address, act="save", **more).location == f"{pages.base}{CHASING}"
    assert Rung(DUE, -9, (OFFICER,), "reminder") in ladder(pages)
    assert len(ladder(pages)) == len(LADDER)
    assert "Letters of this demand’s own" in signatory.get(f"{pages.base}{CHASING}").text
    signatory.post(address, act="usual")
    assert ladder(pages) == LADDER


def test_what_the_rules_refuse_stands_at_its_row(pages_at) -> None:
    pages = pages_at("issued")
    handler = pages.visitor(play.CASEWORK)
    address = f"{pages.base}{CHASING}/ladder"
    first = {"rung-0-days": "1", "rung-0-when": "after", "rung-0-to": ["liaison"]}
    for row, sentence, part in (
        ({"days": "2", "when": "after"}, "Tick at least one reader.", "to"),
        ({"days": "x", "when": "after", "to": "liaison"}, "in digits", "days"),
        ({"days": "9" * 12, "when": "after", "to": "liaison"}, "at most 60 working days", "days"),
        ({"days": "0", "when": "issue", "to": "liaison"}, "in digits", "days"),
        ({"days": "2", "when": "never", "to": "liaison"}, "from which day", "when"),
        ({"days": "2", "when": "after", "to": "<b>"}, "these readers only", "to"),
        ({"when": "on", "to": "signatory"}, "Nothing is late before", "to"),
        (
            {"days": "2", "when": "before", "to": "liaison", "letter": "overdue"},
            "would not be true then",
            "letter",
        ),
        ({"days": "1", "when": "after", "to": "liaison"}, "Row 1 writes to the liaison", "days"),
        ({"days": "2", "when": "after", "to": "liaison", "every": "-1"}, "or nothing", "every"),
    ):
        sent = {f"rung-1-{name}": value for name, value in row.items()}
        page = handler.post(address, 400, act="save", **first, **sent)
        assert sentence in page.text
        assert f'href="#rung-1-{part}"' in page.text
        assert f'id="rung-1-{part}"' in page.text
    assert "Keep one letter at least" in handler.post(address, 400, act="save").text
    many = {
        f"rung-{n}-{part}": value
        for n in range(30)
        for part, value in (("days", str(n + 1)), ("when", "after"), ("to", "liaison"))
    }
    assert "20 at most can be kept" in handler.post(address, 400, act="save", **many).text
    assert ladder(pages) == LADDER


def test_a_pause_and_its_end(pages_at) -> None:
    pages = pages_at("issued")
    handler = pages.visitor(play.CASEWORK)
    # Joint controllers are controllers too, and do not read why.
    assert "Only your organisation reads this." in handler.get(f"{pages.base}{CHASING}/pause").text
    address = f"{pages.base}{CHASING}/pause"
    day = {"until-day": "9", "until-month": "2", "until-year": "2013"}
    refused = handler.post(address, 400, reason=chase.WHY, **day)
    assert "no working day. The next one is Monday 11 February 2013" in refused.text
    day["until-day"] = "11"
    assert handler.post(address, reason=chase.WHY, **day).location == f"{pages.base}{CHASING}"
    found = text(handler.get(f"{pages.base}{CHASING}"))
    assert "Letters are held back until Monday 11 February 2013." in found
    assert chase.WHY in found
    # What falls due meanwhile comes together on that morning.
    assert "Tuesday 5 February 2013" not in found
    assert "Letters are held back until Monday 11 February 2013" in text(handler.get(pages.base))
    assert "already" in handler.get(address).text
    handler.post(address, 400, reason=chase.WHY, **day)
    handler.post(f"{address}/end")
    assert "Tuesday 5 February 2013" in text(handler.get(f"{pages.base}{CHASING}"))
    handler.post(f"{address}/end", 400)


def test_a_letter_at_once_goes_once(pages_at) -> None:
    pages = pages_at("issued")
    handler = pages.visitor(play.CASEWORK)
    address = f"{pages.base}{CHASING}/now"
    page = handler.get(address)
    (once,) = re.findall(r'name="once" value="(\w+)"', page.text)
    line = "Ring <b>me</b> {link}.\nToday."
    handler.post(address, 400, act="preview", line=line, once=once)
    handler.post(address, 400, act="preview", line="x" * 501, to="liaison", once=once)
    handler.post(address, 400, act="preview", line=line, to="signatory", once=once)
    handler.get(f"{address}/preview", 302)  # nothing to read yet
    sent = handler.post(address, line=line, to="liaison", once=once)
    assert sent.headers["Location"] == f"{address}/preview"
    for _ in range(2):  # it can be loaded again
        seen = handler.get(f"{address}/preview")
        assert "&gt; Ring &lt;b&gt;me&lt;/b&gt; { link }." in seen.text
    assert play.letters(pages.stage, "chase_now") == []
    again = handler.get(address)
    assert once in again.text
    assert "Ring &lt;b&gt;me&lt;/b&gt;" in again.text
    assert re.search(r'value="liaison"[^>]* checked', again.text)
    # A colleague has a form, and a page, of their own.
    pages.visitor(play.SIGNATORY).get(f"{address}/preview", 302)
    for _ in range(2):
        handler.post(address, act="send", line=line, to="liaison", once=once)
    (letter,) = play.letters(pages.stage, "chase_now")
    assert letter.to_email == play.LIAISON
    assert "> Ring <b>me</b> { link }." in letter.text
    assert letter.time_zone is None  # a person decided it: it does not wait for the morning
    handler.post(address, 400, act="send", line=line, to="liaison", once="../x")
    fresh = handler.get(address)
    assert "A letter went there less than ten minutes ago." in fresh.text
    assert "Ring &lt;b&gt;me" not in fresh.text
    handler.get(f"{address}/preview", 302)
    for act in ("preview", "send"):
        refused = handler.post(address, 400, act=act, line=line, to="liaison", once="e" * 32)
        assert "Tick “Write again all the same” if you mean it." in refused.text
    typed = {"line": line, "to": "liaison", "once": "e" * 32, "again": "y"}
    handler.post(address, **typed)
    seen = handler.get(f"{address}/preview")
    assert '<input type="hidden" name="again" value="y">' in seen.text
    assert len(play.letters(pages.stage, "chase_now")) == 1
    handler.post(address, act="send", **typed)
    assert len(play.letters(pages.stage, "chase_now")) == 2


def test_contacts_and_receipts(pages_at) -> None:
    pages = pages_at("issued")
    handler = pages.visitor(play.CASEWORK)
    address = f"{pages.base}{CHASING}/contacts"
    handler.get(address)
    typed = {
        "contractor_name": "Rita Vance",
        "contractor_email": "r.vance@halden.example",
        "contractor_time_zone": "Europe/Lisbon",
        "controller_name": "Ivor Lane",
        "controller_email": "i.lane@northshire.example",
        "receipt": "y",
    }
    handler.post(address, 400, **typed | {"controller_email": "nobody"})
    handler.post(address, 400, **typed | {"contractor_time_zone": "Mars/Olympus"})
    handler.post(address, **typed)
    found = text(handler.get(f"{pages.base}{CHASING}"))
    assert "Rita Vance r.vance@halden.example" in found
    assert "Letters ask their reader to confirm" in found
    page = handler.get(address).text
    assert 'value="Europe/Lisbon" selected' in page
    assert "Ivor Lane" not in pages.visitor(play.LIAISON).get(f"{pages.base}/escalation").text


def test_a_draft(pages_at) -> None:
    pages = pages_at("drafted")
    handler = pages.visitor(play.CASEWORK)
    for page in (f"{pages.base}/draft/terms", f"{pages.base}/draft/check"):
        assert f"{pages.base}/chasing" in handler.get(page).text
    found = text(handler.get(f"{pages.base}{CHASING}"))
    assert "Were the demand issued today" in found
    assert "Tuesday 5 February 2013" in found
    assert "The assurance officer, once named" in found
    assert "England and Wales" in found
    chase.keep_own(pages.stage)
    assert "Letters of this demand’s own" in handler.get(f"{pages.base}{CHASING}").text
    handler.get(f"{pages.base}{CHASING}/ladder")
    handler.get(f"{pages.base}{CHASING}/contacts")
    for part in ("/pause", "/now", "/letter?rung=after_1&to=x"):
        handler.get(f"{pages.base}{CHASING}{part}", 404)
    pages.visitor(play.OTHER_CONTROLLER).get(f"{pages.base}{CHASING}", 404)


def test_holidays_and_zones_are_told(pages_at) -> None:
    pages = pages_at("issued")
    chase.name_both(pages.stage, receipt=False)
    with pages.stage.act() as ctx:
        demand = demand_of(ctx, pages.stage)
        demand.due_on = date(2013, 5, 7)  # the Tuesday after a bank holiday
        assert demand.liaison is not None
        demand.liaison.time_zone = "Europe/Berlin"
    found = text(pages.visitor(play.CASEWORK).get(f"{pages.base}{CHASING}"))
    assert "Monday 6 May 2013 is a holiday in England and Wales." in found
    assert "Thursday 2 May 2013 09:00" in found
    assert "(09:00 in Berlin, Europe)" in found


def test_a_letter_to_come_says_on_whose_clock_it_goes_out(pages_at) -> None:
    pages = pages_at("ready")
    with pages.stage.act() as ctx:
        liaison = demand_of(ctx, pages.stage).liaison
        assert liaison is not None
        liaison.time_zone = "Pacific/Auckland"
    handler = pages.visitor(play.CASEWORK)
    page = handler.get(f"{pages.base}{CHASING}")
    addresses = [
        address.replace("&amp;", "&")
        for address in re.findall(r'href="([^"]+/letter\?[^"]+)"', page.text)
    ]
    theirs, officers = (text(handler.get(address)) for address in addresses[:2])
    assert "Monday 11 February 2013, 09:00 in Auckland, Pacific Ocean;" in theirs
    assert "here that is 10 February 2013, 20:00" in theirs
    assert "Goes out Monday 11 February 2013, 09:00 Subject" in officers


def test_letters_in_the_place_of_others_are_not_called_late_before_they_are(pages_at) -> None:
    pages = pages_at("issued")
    failing_acts.nobody_there(pages.stage)
    found = text(pages.visitor(play.CASEWORK).get(f"{pages.base}{CHASING}"))
    first, _, later = found.partition("On the due day")
    assert first.count("To your own side: letters do not arrive") > 2
    assert "To your own side: the contractor is late" not in first
    # The ladder's own letters to the signatories keep their name.
    assert "To your own side: the contractor is late" in later


def test_where_nobody_is_chased_it_says_why(pages_at) -> None:
    pages = pages_at("attested")
    handler = pages.visitor(play.CASEWORK)
    assert "Nothing is open with the contractor" in handler.get(f"{pages.base}{CHASING}").text
    assert "Nothing is open" in handler.get(f"{pages.base}{CHASING}/now").text
    closed = pages_at("closed")
    handler = closed.visitor(play.CASEWORK)
    assert "This demand has ended" in handler.get(f"{closed.base}{CHASING}").text
    for part in ("/ladder", "/pause", "/contacts"):
        assert "This demand has ended" in handler.get(f"{closed.base}{CHASING}{part}", 400).text


@pytest.mark.parametrize("weeks", [0, 6])
def test_with_late_letters_behind(pages_at, weeks: int) -> None:
    pages = pages_at("issued")
    pages.stage.now += timedelta(weeks=weeks)
    found = text(pages.visitor(play.CASEWORK).get(f"{pages.base}{CHASING}"))
    assert ("Please acknowledge the demand" in found) == (weeks == 0)
    assert "until nothing is open" in found
