"""An incident through its pages: reports, decisions, people told, the letter, the pack."""

import csv
import io
import zipfile
from datetime import timedelta

from sqlalchemy import select, text

from attest.database.tables import IncidentMerge
from tests import stage as play

BASE = "/incidents/ND-2013-I01"


def report(visitor, status=302, **more):
    fields = {
        "reported_on-day": "4",
        "reported_on-month": "2",
        "reported_on-year": "2013",
        "reported_time": "08:15",
        "authority": "ICO",
        "channel": "online",
        "told": "The facts so far.",
        **more,
    }
    return visitor.post(f"{BASE}/report", status, **fields)


def test_only_the_owners_people_learn_of_it(pages_at):
    pages = pages_at("attested")
    for email in (play.CASEWORK, play.SIGNATORY):
        owner = pages.visitor(email)
        assert "ND-2013-I01" in owner.get("/incidents").text
        assert 'href="/incidents"' in owner.get("/").text
        owner.get(BASE)
    for email in (play.LIAISON, play.OFFICER, play.OTHER_CONTRACTOR, play.ADMINISTRATOR):
        other = pages.visitor(email)
        assert "ncident" not in other.get("/").text
        for address in ("/incidents", "/incidents/register.csv", BASE, f"{BASE}/pack.zip"):
            other.get(address, 404)
    for email in (play.JOINT, play.OTHER_CONTROLLER):
        joint = pages.visitor(email)
        assert "ND-2013-I01" not in joint.get("/incidents").text
        assert "ND-2013-I01" not in joint.get("/incidents/register").text
        assert b"ND-2013-I01" not in joint.get("/incidents/register.csv").data
        for page in ("", "/facts", "/authority", "/letter", "/pack.zip", "/facts.pdf"):
            joint.get(BASE + page, 404)


def test_no_page_of_the_demand_tells_the_contractor_of_the_incident(pages_at):
    pages = pages_at("attested")
    for email in (play.LIAISON, play.OFFICER, play.JOINT):
        visitor = pages.visitor(email)
        for page in ("", "/timeline", "/letters", "/stores", "/files/1", "/downloads"):
            shown = visitor.get(pages.base + page).text
            assert "/incidents" not in shown.replace('href="/incidents"', "", 1), page
            assert "ND-2013-I01" not in shown
            assert "They went to a bidder" not in shown


def test_the_clock_and_the_report_that_stops_it(pages_at):
    pages = pages_at("drafted")
    visitor = pages.visitor(play.CASEWORK)
    shown = visitor.get(BASE).text
    assert "48 hours left to report it" in shown
    assert "6 February 2013, 09:00" in shown
    assert "Record the report" in shown
    assert "Report ND-2013-I01" in visitor.get("/").text
    report(visitor)
    shown = visitor.get(f"{BASE}/authority").text
    assert "Reported after 23 hours 15 minutes" in shown
    assert "48 hours 45 minutes before the end of the 72 hours" in shown
    assert "Report ND-2013-I01" not in visitor.get("/").text


def test_a_late_report_keeps_what_was_typed_until_it_has_reasons(pages_at):
    pages = pages_at("drafted")
    pages.stage.now += timedelta(days=5)
    visitor = pages.visitor(play.SIGNATORY)
    late = {"reported_on-day": "7", "reported_time": "10:00"}
    page = report(visitor, 400, **late)
    assert "That was 25 hours after the end of the 72 hours. Say why" in page.text
    assert "The facts so far." in page.text
    report(visitor, late_reasons="Nobody read the mailbox.", **late)
    shown = visitor.get(f"{BASE}/authority").text
    assert "25 hours after the end" in shown
    assert "Nobody read the mailbox." in shown


def test_a_report_that_was_wrong_is_struck_out_and_stays(pages_at):
    pages = pages_at("drafted")
    visitor = pages.visitor(play.CASEWORK)
    report(visitor, told="To the wrong body.")
    page = visitor.get(f"{BASE}/authority").text
    strike = page.split(f'href="{BASE}/strike/report/')[1].split('"')[0]
    visitor.get(f"{BASE}/strike/report/{strike}")
    visitor.post(f"{BASE}/strike/report/{strike}", 400)
    visitor.post(f"{BASE}/strike/report/{strike}", reason="It was another incident.")
    shown = visitor.get(f"{BASE}/authority").text
    assert "It was another incident." in shown
    assert "To the wrong body." in shown
    assert "48 hours left" in shown
    visitor.get(f"{BASE}/strike/report/{strike}", 404)  # once is enough
    visitor.get(f"{BASE}/strike/batch/{strike}", 404)


def test_a_decision_that_no_report_is_needed_and_its_way_back(pages_at):
    pages = pages_at("drafted")
    visitor = pages.visitor(play.CASEWORK)
    day = {"decided_on-day": "4", "decided_on-month": "2", "decided_on-year": "2013"}
    visitor.post(f"{BASE}/no-report", 400)
    visitor.post(f"{BASE}/no-report", decided_by="A. Person, DPO", reason="Encrypted.", **day)
    shown = visitor.get(BASE).text
    assert "not needed, by decision" in shown
    assert "Encrypted." in visitor.get(f"{BASE}/authority").text
    assert "A. Person, DPO" in visitor.get(f"{BASE}/no-report").text
    visitor.post(f"{BASE}/no-report", decided_by="A. Person, DPO", reason="Key lost.", **day)
    assert "48 hours left" in visitor.get(BASE).text
    history = visitor.get(f"{BASE}/timeline").text
    assert "Encrypted." in history
    assert "Key lost." in history


def test_facts_are_answered_and_what_they_said_before_stays(pages_at):
    pages = pages_at("issued")
    visitor = pages.visitor(play.CASEWORK)
    assert "missing" in visitor.get(f"{BASE}/facts").text
    for section in ("happened", "affected", "effects", "action", "contact"):
        visitor.get(f"{BASE}/facts/{section}")
    visitor.get(f"{BASE}/facts/nonsense", 404)
    visitor.post(
        f"{BASE}/facts/affected",
        data_categories=["health", "union"],
        people_categories=["employees"],
        people_affected="994",
        records_affected="5,000",
    )
    shown = visitor.get(f"{BASE}/facts").text
    assert "trade union membership; health" in shown
    assert "5,000" in shown
    visitor.post(f"{BASE}/facts/affected", people_affected="1,994")
    history = visitor.get(f"{BASE}/timeline").text
    assert "<ins>" in history
    assert "994" in history
    assert "1,994" in history
    assert "trade union membership; health" in history
    visitor.post(f"{BASE}/facts/affected", 400, data_categories=["made up"])
    visitor.post(f"{BASE}/facts/effects", 400, likelihood="certain")
    visitor.post(f"{BASE}/facts/contact", 400, contact_email="nobody")
    visitor.post(f"{BASE}/facts/happened", 400, title="", what_happened="")


def test_who_was_told_is_counted_and_never_named(pages_at):
    pages = pages_at("issued")
    pages.stage.now += timedelta(days=8)
    visitor = pages.visitor(play.CASEWORK)
    told = {"told_on-day": "11", "told_on-month": "2", "told_on-year": "2013"}
    visitor.get(f"{BASE}/people/told?people=7")
    visitor.post(f"{BASE}/people/told", batch="North", channel="post", people="600", **told)
    pages.stage.now += timedelta(minutes=1)  # they stand in the order in which they were recorded
    visitor.post(f"{BASE}/people/told", batch="South", channel="email", people="394", **told)
    shown = visitor.get(f"{BASE}/people").text
    assert "994 told, in 2 batches" in shown
    visitor.post(f"{BASE}/people/told", 400, batch="x", channel="post", people="0", **told)
    visitor.post(f"{BASE}/people/told", 400, batch="x", channel="pigeon", people="1", **told)
    row = shown.split(f"{BASE}/strike/batch/")[1].split('"')[0]
    visitor.post(f"{BASE}/strike/batch/{row}", reason="Counted twice.")
    assert "394 told, in 1 batch" in visitor.get(f"{BASE}/people").text


def test_why_people_need_not_be_told(pages_at):
    pages = pages_at("issued")
    visitor = pages.visitor(play.CASEWORK)
    day = {"decided_on-day": "4", "decided_on-month": "2", "decided_on-year": "2013"}
    who = {"decided_by": "A. Person, DPO", "reason": "AES-256."}
    visitor.post(f"{BASE}/people/not-told", 400, **who, **day)
    visitor.post(f"{BASE}/people/not-told", ground="protected", **who, **day)
    assert "Article 34(3)(a)" in visitor.get(f"{BASE}/people").text
    assert "nobody, by decision" in visitor.get(BASE).text


LETTER = {
    "subject": "Your data",
    "opening": "Dear {name},",
    "nature": "A file went to a bidder.",
    "consequences": "Somebody may know your pay.",
    "measures": "It is being deleted.",
    "contact": "Ring 01632 960 001.",
    "closing": "Yours sincerely",
}


def send(visitor, data, status=200, shape="zip"):
    # Written by hand: Werkzeug's own client puts large bodies into a temporary file.
    fields = {"csrf_token": visitor.token(), "shape": shape}
    body = b"".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    body += b'--edge\r\nContent-Disposition: form-data; name="recipients"; filename="s.csv"\r\n'
    body += b"Content-Type: text/csv\r\n\r\n" + data + b"\r\n--edge--\r\n"
    answer = visitor.client.post(
        f"{BASE}/letter/merge", data=body, content_type="multipart/form-data; boundary=edge"
    )
    assert answer.status_code == status, answer.text[:2000]
    return answer


def test_a_letter_is_looked_at_kept_and_merged_with_a_list_that_is_kept_nowhere(pages_at):
    pages = pages_at("issued")
    visitor = pages.visitor(play.CASEWORK)
    assert "They went to a bidder." in visitor.get(f"{BASE}/letter").text  # from the facts
    preview = visitor.post(f"{BASE}/letter", 200, act="preview", **LETTER).text
    assert "As it will read" in preview
    assert "Nothing is kept yet" in preview
    visitor.post(f"{BASE}/letter", 400, **{**LETTER, "consequences": ""})
    visitor.post(f"{BASE}/letter", **LETTER)
    visitor.post(f"{BASE}/letter", **{**LETTER, "closing": "Yours faithfully"})
    assert "Version 2" in visitor.get(f"{BASE}/letter").text
    people = b"name,note\nAnn Exemplar-Person,=1+1\nBob Exemplar-Person,x\n"
    made = zipfile.ZipFile(io.BytesIO(send(visitor, people).data))
    assert made.namelist() == ["letter-00001.txt", "letter-00002.txt"]
    assert made.testzip() is None
    first = made.read("letter-00001.txt").decode()
    assert "Dear Ann Exemplar-Person," in first
    assert "Yours faithfully" in first
    one = send(visitor, people, shape="text").get_data(as_text=True)
    assert one.count("\f") == 1
    with pages.stage.look() as ctx:
        merges = ctx.session.scalars(select(IncidentMerge)).all()
        assert [(row.letters, row.version) for row in merges] == [(2, 2), (2, 2)]
        tables = ctx.session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table'")
        ).all()
        for table in tables:
            rows = ctx.session.execute(text(f'SELECT * FROM "{table}"')).all()  # noqa: S608
            assert "Exemplar-Person" not in repr(rows), table
    assert "2 letters" in visitor.get(f"{BASE}/people").text


def test_a_list_that_cannot_be_used_is_refused_and_nothing_is_counted(pages_at):
    pages = pages_at("issued")
    visitor = pages.visitor(play.CASEWORK)
    assert "There is no letter yet" in send(visitor, b"name\nAnn\n", 400).text
    visitor.post(f"{BASE}/letter", **LETTER)
    page = send(visitor, b"name\nAnn Exemplar-Person\n\xe9\n", 400).text
    assert "cannot be read as text" in page
    # The first name alone is now and then three letters of the page's tokens.
    assert "Exemplar" not in page
    send(visitor, b"name\n" + b"A" * 5_000_001, 400)
    send(visitor, b"name\n" + b"A" * 5_200_000, 413)
    with pages.stage.look() as ctx:
        assert ctx.session.scalars(select(IncidentMerge)).all() == []


def test_a_list_never_lies_in_a_temporary_file(pages_at, monkeypatch):
    def refuse(*arguments, **more):
        raise AssertionError("a file was opened for a list")

    pages = pages_at("issued")
    visitor = pages.visitor(play.CASEWORK)
    visitor.post(f"{BASE}/letter", **LETTER)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    monkeypatch.setattr("werkzeug.formparser.TemporaryFile", refuse, raising=False)
    rows = b"".join(b"Person %d\n" % number for number in range(19_000))
    padded = b"name,note\n" + rows.replace(b"\n", b"," + b"x" * 40 + b"\n")
    assert len(padded) > 600_000
    assert len(zipfile.ZipFile(io.BytesIO(send(visitor, padded).data)).namelist()) == 19_000


def test_a_further_demand_copies_nothing_but_the_incident(pages_at):
    pages = pages_at("issued")
    visitor = pages.visitor(play.CASEWORK)
    answer = visitor.post(f"{BASE}/demands")
    assert answer.location == "/demands/ND-2013-002/draft"
    draft = visitor.get("/demands/ND-2013-002/draft").text
    assert play.INCIDENT.title in draft
    assert "0 of 5 parts done" not in draft  # what happened is there already
    assert play.HALDEN not in draft
    shown = visitor.get(BASE).text
    assert "ND-2013-001" in shown
    assert "ND-2013-002" in shown
    assert "in 1 demand." in shown  # a draft has no copies yet
    pages.visitor(play.SIGNATORY).post(f"{BASE}/demands", 403)
    assert "stays" in visitor.get("/demands/ND-2013-002/draft/discard").text
    visitor.post("/demands/ND-2013-002/draft/discard")
    visitor.get(BASE)


def test_an_incident_of_its_own_stays_when_a_draft_about_it_goes(pages_at):
    pages = pages_at("issued")
    visitor = pages.visitor(play.CASEWORK)
    noticed = {"noticed_at-day": "3", "noticed_at-month": "2", "noticed_at-year": "2013"}
    visitor.post("/incidents/new", 400)
    visitor.post("/incidents/new", 400, title="T", what_happened="W", **noticed)
    answer = visitor.post(
        "/incidents/new", title="A lost bag", what_happened="W", noticed_at_time="12:00", **noticed
    )
    assert answer.location == "/incidents/ND-2013-I02"
    visitor.post("/incidents/ND-2013-I02/demands")
    visitor.post("/demands/ND-2013-002/draft/discard")
    assert "A lost bag" in visitor.get("/incidents/ND-2013-I02").text


def test_the_list_is_searched_filtered_and_sorted(pages_at):
    pages = pages_at("issued")
    visitor = pages.visitor(play.CASEWORK)
    noticed = {"noticed_at-day": "3", "noticed_at-month": "2", "noticed_at-year": "2013"}
    visitor.post(
        "/incidents/new", title="A lost bag", what_happened="W", noticed_at_time="12:00", **noticed
    )

    def found(query):
        page = visitor.get(f"/incidents?{query}").text
        return [ref for ref in ("ND-2013-I01", "ND-2013-I02") if f"/incidents/{ref}" in page]

    assert found("") == ["ND-2013-I01", "ND-2013-I02"]
    assert found("search=lost") == ["ND-2013-I02"]
    assert found("search=ND-2013-001") == ["ND-2013-I01"]
    assert found("search=%25") == []
    assert found("state=asks") == ["ND-2013-I02"]
    assert found("state=late") == []
    pages.stage.now += timedelta(days=4)
    assert found("state=late") == ["ND-2013-I02"]
    assert found("state=reported") == ["ND-2013-I01"]
    assert found("state=open") == ["ND-2013-I01"]
    assert found("state=not_needed") == []
    for sort in ("noticed", "oldest", "reference", "people", "made-up"):
        assert len(found(f"sort={sort}&page=9")) == 2


def test_the_register_as_page_and_as_csv(pages_at):
    pages = pages_at("attested")
    visitor = pages.visitor(play.CASEWORK)
    visitor.post(
        f"{BASE}/facts/effects", consequences='=HYPERLINK("http://evil.example")', likelihood=""
    )
    assert "They went to a bidder." in visitor.get("/incidents/register").text
    answer = visitor.get("/incidents/register.csv")
    assert answer.mimetype == "text/csv"
    header, line = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    row = dict(zip(header, line, strict=True))
    assert row["Reference"] == "ND-2013-I01"
    assert row["Likely consequences for them"].startswith("'=HYPERLINK")
    assert row["Copies settled"] == "4"
    assert row["Demands"] == "ND-2013-001"
    assert row["Time zone"] == "Europe/London"
