"""Forms saved as one types: kept for their person, filled in again, gone when sent."""

from __future__ import annotations

import re

import pytest

from attest.demo.acting import account_of, add_person
from tests import changing
from tests import stage as play
from tests.web.drafting import INCIDENT, PARTIES, TERMS
from tests.web.test_answer_pages import cells, save, shown, typed

COLLEAGUE = "colleague@northshire.example"


def found(pattern: str, page: str) -> str:
    """The first group of the first place that matches."""
    place = re.search(pattern, page)
    assert place is not None
    return place[1]


def ticket(page: str) -> str:
    """What the page's script sends along."""
    return found(r'data-unsent="([^"]+)"', page)


def answer_form(pages, visitor, outcome: str = "deleted") -> str:
    path = f"{pages.base}/answer"
    return visitor.post(path, 200, cell=cells(pages, "File share"), outcome=outcome).text


def keep(visitor, page: str, status: int = 200, /, **fields: str):
    sent = {"ticket": ticket(page), "fields": [list(field) for field in fields.items()]}
    return visitor.send("/unsent", sent, status)


def test_an_answer_comes_back_on_any_computer(pages_at) -> None:
    pages = pages_at("ready")
    page = answer_form(pages, pages.visitor(play.OFFICER))
    assert "It is not sent yet" not in page
    tokens = " ".join(cells(pages, "File share"))
    answer = keep(
        pages.visitor(play.OFFICER),
        page,
        cell=tokens,
        outcome="destroyed",
        note="Half a sen",
        **{"performed_on-day": "3x", "media-0-serial": "TS5"},
    )
    assert re.fullmatch(r"\d\d:\d\d", answer.json["at"])
    elsewhere = pages.visitor(play.OFFICER)
    matrix = elsewhere.get(f"{pages.base}/answer").text
    assert "You began this answer. It is not sent yet." in matrix
    link = found(r'href="([^"]+\?begun=[^"]+)"', matrix)
    page = elsewhere.get(link).text
    assert "You began this on" in page
    assert "Half a sen" in page
    assert 'value="3x"' in page
    assert 'value="TS5"' in page
    assert "Destroyed" in shown(page)
    assert "There is a problem" not in page
    # Chosen in the table again, with another outcome: that one, and the rest as it was.
    page = answer_form(pages, elsewhere)
    assert "Overwriting the file" in shown(page)
    assert "Half a sen" in page
    save(pages, elsewhere, "File share", **typed(pages))
    assert "not sent yet" not in elsewhere.get(f"{pages.base}/answer").text
    assert "Half a sen" not in answer_form(pages, elsewhere)


def test_start_again(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    page = answer_form(pages, officer)
    keep(officer, page, cell="", outcome="deleted", note="Half a sen")
    page = answer_form(pages, officer)
    assert "Start again" in page
    answer = officer.post("/unsent/again", ticket=ticket(page), next=f"{pages.base}/answer")
    assert answer.headers["Location"] == f"{pages.base}/answer"
    assert "Half a sen" not in answer_form(pages, officer)
    answer = officer.post("/unsent/again", ticket=ticket(page), next="https://elsewhere.example")
    assert answer.headers["Location"] == "/"


def test_nobody_else_reads_or_fills_it(pages_at) -> None:
    pages = pages_at("ready")
    page = answer_form(pages, pages.visitor(play.OFFICER))
    keep(pages.visitor(play.OFFICER), page, note="Half a sen")
    for other in (play.LIAISON, play.SIGNATORY, play.CASEWORK):
        visitor = pages.visitor(other)
        keep(visitor, page, 404, note="Mine")
        visitor.post("/unsent/again", 404, ticket=ticket(page), next="/")
        assert "Half a sen" not in visitor.get(pages.base).text
    assert "Half a sen" in answer_form(pages, pages.visitor(play.OFFICER))


@pytest.mark.parametrize(
    "sent",
    [
        {"fields": []},
        {"ticket": 7, "fields": []},
        {"fields": [["note", 7]], "ticket": True},
        {"fields": "note", "ticket": True},
        {"fields": [["note"]], "ticket": True},
        {"fields": [["note", "x"]] * 10_001, "ticket": True},
        {"fields": [["note", "x" * 400_001]], "ticket": True},
    ],
)
def test_what_cannot_be_read_is_refused(pages_at, sent) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    page = answer_form(pages, officer)
    if sent.get("ticket") is True:
        sent = sent | {"ticket": ticket(page)}
    officer.send("/unsent", sent, 400)
    assert "not sent yet" not in answer_form(pages, officer)


@pytest.mark.parametrize("forged", ["", "x", "WyJhIl0.x", "WyJhbnN3ZXIiLCJ4IixudWxsLG51bGwsIiJd"])
def test_a_forged_ticket_is_nobodys(pages_at, forged: str) -> None:
    pages = pages_at("ready")
    pages.visitor(play.OFFICER).send("/unsent", {"ticket": forged, "fields": []}, 404)


def test_without_a_script_a_button_keeps_it(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    save(pages, officer, "File share", 200, act="add", **typed(pages, note="Half a sen"))
    assert "You began this answer." in officer.get(f"{pages.base}/answer").text
    assert "Half a sen" in answer_form(pages, pages.visitor(play.OFFICER))


def test_without_a_script_what_is_too_much_stays_on_the_page(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    long = "Half a sen" + "x" * 400_000
    answer = save(pages, officer, "File share", 200, act="add", **typed(pages, note=long))
    assert "Half a sen" in answer.text
    assert "not sent yet" not in officer.get(f"{pages.base}/answer").text


def test_a_form_that_was_not_taken_says_that_it_is_nowhere_kept(pages_at) -> None:
    pages = pages_at("drafted")
    visitor = pages.visitor(play.CASEWORK)
    for section in ("incident", "parties", "terms"):
        path = f"{pages.base}/draft/{section}"
        assert 'data-unsent-told="unkept"' not in visitor.get(path).text
        assert 'data-unsent-told="unkept"' in visitor.post(path, 400, act="save").text


def test_what_was_saved_since_is_not_put_back(pages_at) -> None:
    pages = pages_at("drafted")
    stage = pages.stage
    with stage.look() as ctx:
        lead = account_of(ctx, play.CASEWORK).people[0].organisation_id
    add_person(
        stage,
        lead,
        name="A colleague",
        role="Case handler",
        email=COLLEAGUE,
        duties=frozenset({"case_handler"}),
        password_hash=play.NO_PASSWORD,
    )
    visitor, colleague = pages.visitor(play.CASEWORK), pages.visitor(COLLEAGUE)
    for section, fields, name, value in (
        ("terms", TERMS, "basis", "Another basis."),
        ("incident", INCIDENT, "title", "Six files"),
        ("parties", PARTIES, "contractor-contact", "Ann Other"),
    ):
        path = f"{pages.base}/draft/{section}"
        page = visitor.get(path).text
        # What the older page keeps was typed over other words.
        colleague.post(path, 302, **fields | {name: value})
        keep(visitor, page, **fields | {name: "Half a sen"})
        page = visitor.get(path).text
        assert "something else was saved here" in page
        assert "Half a sen" in page.split("<dl")[1].split("</dl>")[0]
        assert "Half a sen" not in page.split("</dl>")[1]
        assert value in page.split("</dl>")[1]
        # Going on from here is over what is saved now.
        keep(visitor, page, **fields | {name: "A sentence"})
        page = visitor.get(path).text
        assert "something else was saved here" not in page
        assert "A sentence" in page


def test_an_answer_saved_since_is_not_put_back(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    page = answer_form(pages, officer)
    play.fill(pages.stage, "File share", play.deleted(pages.stage) | {"note": "Saved meanwhile"})
    keep(officer, page, cell=" ".join(cells(pages, "File share")), outcome="deleted", note="Half")
    page = answer_form(pages, officer)
    assert "something else was saved here" in page
    assert "Saved meanwhile" in page.split("</dl>")[1]
    matrix = officer.get(f"{pages.base}/answer").text
    assert "Saved meanwhile" in officer.get(found(r'href="([^"]+\?begun=[^"]+)"', matrix)).text


def test_a_save_on_its_way_when_the_form_is_sent_comes_too_late(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    page = answer_form(pages, officer)
    save(pages, officer, "File share", **typed(pages))
    late = keep(officer, page, 400, cell=" ".join(cells(pages, "File share")), note="Half a sen")
    assert "This form was sent since this page was opened." in late.json["sentence"]
    assert "not sent yet" not in officer.get(f"{pages.base}/answer").text
    page = answer_form(pages, officer)
    assert "Half a sen" not in page
    keep(officer, page, outcome="deleted", note="Another sentence")
    assert "Another sentence" in answer_form(pages, officer)


def test_disclosure_comes_back(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    path = f"{pages.base}/answer/onward"
    keep(officer, officer.get(path).text, disclosed="yes", recipients="Printers Ltd; a pri")
    page = officer.get(path).text
    assert "You began this on" in page
    assert "Printers Ltd; a pri" in page
    officer.post(path, disclosed="no", which="all")
    assert "Printers" not in officer.get(path).text


@pytest.mark.parametrize(
    ("point", "who", "path", "field"),
    [
        ("attested", play.SIGNATORY, "/review", "reason"),
        ("drafted", play.CASEWORK, "/draft/incident", "what_happened"),
        ("drafted", play.CASEWORK, "/draft/parties", "contractor-name"),
        ("drafted", play.CASEWORK, "/draft/terms", "basis"),
        ("ready", play.LIAISON, "/stores/new", "label_"),
        ("issued", play.LIAISON, "/acknowledge", "note"),
        ("issued", play.LIAISON, "/not-us", "reason"),
        ("drafted", play.CASEWORK, "/draft/files", "description"),
        ("drafted", play.CASEWORK, "/draft/stores", "location"),
        ("ready", play.OFFICER, "/extension/ask", "reason"),
        ("ready", play.LIAISON, "/files/1/never-received", "reason"),
        ("attested", play.SIGNATORY, "/files/1/reopen", "reason"),
        ("accepted", play.SIGNATORY, "/close", "reason"),
        ("acknowledged", play.LIAISON, "/officer", "name"),
        ("issued", play.CASEWORK, "/chasing/now", "line"),
        ("issued", play.CASEWORK, "/chasing/pause", "reason"),
        ("handed", play.SIGNATORY, "/issue", "note"),
    ],
)
def test_other_long_forms_come_back(pages_at, point: str, who: str, path: str, field: str) -> None:
    pages = pages_at(point)
    visitor = pages.visitor(who)
    page = visitor.get(pages.base + path).text
    assert "It is not sent yet" not in page
    # A field has this name: what is kept under another is nowhere shown.
    assert f'name="{field}"' in page
    keep(visitor, page, **{field: "Half a sen"})
    page = pages.visitor(who).get(pages.base + path).text
    assert "You began this on" in page
    assert "Half a sen" in page
    visitor.post("/unsent/again", ticket=ticket(page), next=pages.base + path)
    assert "Half a sen" not in visitor.get(pages.base + path).text


def test_terms_of_an_amendment_come_back_until_they_are_saved(pages_at) -> None:
    pages = pages_at("ready")
    visitor, path = pages.visitor(play.CASEWORK), f"{pages.base}/amendment/terms"
    visitor.post(f"{pages.base}/amendment")
    keep(visitor, visitor.get(path).text, basis="Half a sen")
    assert "Half a sen" in visitor.get(path).text
    terms = {name: value for name, value in TERMS.items() if name != "calendar"}
    visitor.post(path, **terms, concurrence="lead")
    page = visitor.get(path).text
    assert "Half a sen" not in page
    assert TERMS["basis"] in page


def test_a_note_that_returns_something_is_gone_once_it_is_sent(pages_at) -> None:
    for point, path in (("handed", "/issue"), ("ready", "/amendment/sign")):
        pages = pages_at(point)
        if point == "ready":
            changing.draft(pages.stage, files=["annex.docx"])
            changing.hand_over(pages.stage)
        visitor, address = pages.visitor(play.SIGNATORY), pages.base + path
        page = visitor.get(address).text
        keep(visitor, page, note="Half a sen")
        assert "Half a sen" in visitor.get(address).text
        assert "Half a sen" not in visitor.post(address, 400, note="").text
        visitor.post(address, note="Half a sentence.")
        keep(visitor, page, 400, note="Late")


def test_a_pause_is_gone_once_it_is_sent(pages_at) -> None:
    pages = pages_at("issued")
    visitor, path = pages.visitor(play.CASEWORK), f"{pages.base}/chasing/pause"
    page = visitor.get(path).text
    day = {"until-day": "11", "until-month": "2", "until-year": "2013"}
    keep(visitor, page, reason="Half a sen", **day | {"until-day": "9"})
    opened = visitor.get(path).text
    assert "Half a sen" in opened
    assert 'value="9"' in opened
    visitor.post(path, reason="They moved house.", **day)
    visitor.post(f"{path}/end")
    assert "Half a sen" not in visitor.get(path).text
    keep(visitor, page, 400, reason="Late")


def test_a_ladder_that_is_only_looked_at_is_nothing_that_was_saved(pages_at) -> None:
    pages = pages_at("issued")
    visitor, path = pages.visitor(play.CASEWORK), f"{pages.base}/chasing/ladder"
    row = {"rung-0-days": "3", "rung-0-when": "before", "rung-0-to": "liaison"}
    seen = visitor.post(path, 200, act="preview", **row).text
    assert "What these rows mean" in seen
    assert "Back to the usual letters" not in seen
    keep(visitor, seen, **row | {"rung-0-days": "7"})
    page = visitor.get(path).text
    assert "something else was saved here" not in page
    assert 'name="rung-0-days" value="7"' in page


def test_a_draft_s_file_and_store_are_forgotten_once_added(pages_at) -> None:
    pages = pages_at("drafted")
    visitor = pages.visitor(play.CASEWORK)
    for path, sent, field in (
        ("/draft/files", {"name": "third.csv", "kind": "electronic"}, "description"),
        (
            "/draft/stores",
            {"label": "Shed", "medium": "hard_copy", "kind": "filing", "act": "own"},
            "location",
        ),
    ):
        page = visitor.get(pages.base + path).text
        keep(visitor, page, **{field: "Half a sen"})
        if path.endswith("stores"):  # the other form of the page leaves it as it is
            refused = visitor.post(pages.base + path, 400)
            assert "Half a sen" in refused.text
            assert 'data-unsent-told="unkept"' not in refused.text
        visitor.post(pages.base + path, **sent)
        assert "Half a sen" not in visitor.get(pages.base + path).text
        keep(visitor, page, 400, **{field: "Late"})


def test_what_is_sent_is_gone_elsewhere_too(pages_at) -> None:
    pages = pages_at("drafted")
    visitor = pages.visitor(play.CASEWORK)
    for path, fields in (
        ("/draft/terms", TERMS),
        ("/draft/incident", INCIDENT),
        ("/draft/parties", PARTIES),
    ):
        page = visitor.get(pages.base + path).text
        keep(visitor, page, **fields)
        visitor.post(pages.base + path, 302, **fields)
        assert "not sent yet" not in visitor.get(pages.base + path).text


def test_ticks_of_a_review_come_back(pages_at) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.SIGNATORY)
    page = visitor.get(f"{pages.base}/review").text
    chosen = found(r'name="attestation" value="(\w+)"', page)
    keep(visitor, page, attestation=chosen, decision="rejected", reason="Half a sen")
    page = visitor.get(f"{pages.base}/review").text
    assert len(re.findall(r'name="attestation"[^>]* checked', page)) == 1
    assert re.search(r'value="rejected"[^>]* checked', page)


def test_facts_of_an_incident_come_back(pages_at) -> None:
    pages = pages_at("ready")
    visitor = pages.visitor(play.CASEWORK)
    listed = visitor.get("/incidents").text
    (reference,) = set(re.findall(r'href="(/incidents/[A-Z]+-[A-Z0-9-]+)"', listed))
    path = f"{reference}/facts/happened"
    page = visitor.get(path).text
    keep(visitor, page, what_happened="Half a sen")
    assert "Half a sen" in visitor.get(path).text
    keep(pages.visitor(play.OFFICER), page, 404, what_happened="Mine")
    keep(pages.visitor(play.SIGNATORY), page, 404, what_happened="Mine")
    assert "Half a sen" not in pages.visitor(play.SIGNATORY).get(path).text
