"""Where a demand stands, for both sides: overview, one file, timeline, letters, stores."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from attest.database.tables import Letter
from attest.demo import script
from attest.demo.acting import demand_of, tick
from tests import more_time_acts
from tests import stage as play

PAGES = ("", "/files/1", "/timeline", "/letters", "/keys", "/stores", "/stores/new", "/downloads")


@pytest.mark.parametrize(
    "point", ["issued", "acknowledged", "ready", "answered", "attested", "accepted"]
)
@pytest.mark.parametrize("email", [play.CASEWORK, play.SIGNATORY, play.JOINT, play.LIAISON])
def test_every_page_can_be_read_at_every_point(pages_at, point: str, email: str) -> None:
    pages = pages_at(point)
    visitor = pages.visitor(email)
    for page in PAGES:
        assert pages.stage.reference in visitor.get(pages.base + page).text


def test_both_sides_see_the_same_evidence(pages_at) -> None:
    pages = pages_at("attested")
    both = [
        pages.visitor(email).get(f"{pages.base}/files/1").text
        for email in (play.CASEWORK, play.LIAISON)
    ]
    for text in both:
        assert "Done on 5 February 2013 by &#34;Systems administrator&#34;." in text
        assert "I declare that this is true to the best of my knowledge." in text


def test_the_last_letter_stands_at_the_head(pages_at) -> None:
    pages = pages_at("issued")
    pages.stage.now += timedelta(days=1)
    tick(pages.stage)
    with pages.stage.act() as ctx:
        row = ctx.session.scalars(select(Letter).where(Letter.kind == "not_acknowledged")).one()
        row.received_at = pages.stage.now + timedelta(days=1)
    for email in (play.CASEWORK, play.JOINT, play.LIAISON):
        for page in (pages.base, f"{pages.base}/timeline"):
            text = " ".join(pages.visitor(email).get(page).text.split())
            assert f'href="{pages.base}/letters">Last letter</a>: reminder to acknow' in text
            assert "sent 5 February 2013, confirmed 6 February 2013 </p>" in text


def test_the_last_letter_is_one_that_bounced_or_nobody_knows_of_too(pages_at) -> None:
    pages = pages_at("issued")
    pages.stage.now += timedelta(days=1)
    tick(pages.stage)
    for state, words in (
        ("bounced", "of 5 February 2013; it did not arrive </p>"),
        ("unknown", "of 5 February 2013; nobody knows whether it arrived </p>"),
        ("queued", "sent 4 February 2013 </p>"),
    ):
        with pages.stage.act() as ctx:
            row = ctx.session.scalars(select(Letter).where(Letter.kind == "not_acknowledged")).one()
            row.state, row.sent_at = state, None
        for email in (play.CASEWORK, play.LIAISON):
            assert words in " ".join(pages.visitor(email).get(pages.base).text.split())


def test_who_has_asked_for_more_time_is_not_told_to_ask(pages_at) -> None:
    pages = pages_at("ready")
    liaison = pages.visitor(play.LIAISON)
    assert f'{pages.base}/extension/ask"' in liaison.get(pages.base).text
    more_time_acts.asked(pages.stage)
    text = liaison.get(pages.base).text
    assert "See what you asked for" in text
    assert f'{pages.base}/extension/ask"' not in text


def test_a_draft_leads_to_its_task_list(pages_at) -> None:
    pages = pages_at("drafted")
    assert pages.visitor(play.CASEWORK).get(pages.base, 302).location == f"{pages.base}/draft"
    pages.visitor(play.OTHER_CONTRACTOR).get(pages.base, 404)


def test_the_head_says_what_is_asked_of_this_reader(pages_at) -> None:
    pages = pages_at("attested")
    signatory = pages.visitor(play.SIGNATORY).get(pages.base).text
    assert "2 attestations wait for your review." in signatory
    assert f'href="{pages.base}/review"' in signatory
    handler = pages.visitor(play.CASEWORK).get(pages.base).text
    assert f"2 attestations wait for the review of {play.LEAD}." in handler
    assert f'href="{pages.base}/review"' not in handler


def test_what_nobody_signed_is_only_said_to_be_recorded(pages_at) -> None:
    pages = pages_at("answered")
    text = pages.visitor(play.CASEWORK).get(pages.base).text
    assert "action recorded" in text
    assert ">deleted<" not in text
    assert (
        "Systems administrator"
        not in pages.visitor(play.CASEWORK).get(f"{pages.base}/files/1").text
    )


def test_an_exception_that_has_ended_is_late(pages_at) -> None:
    pages = pages_at("ready")
    stage = pages.stage
    script.fill(stage, play.plain_answer(stage))
    play.fill(stage, "File share", play.beyond_use(stage.now.date() + timedelta(days=3)))
    script.attest_all(stage)
    assert "until 7 Feb 2013" in pages.visitor(play.CASEWORK).get(pages.base).text
    stage.now += timedelta(days=4)
    text = pages.visitor(play.CASEWORK).get(pages.base).text
    assert "ended 7 Feb 2013" in text


def test_lateness_is_said_with_the_working_days(pages_at) -> None:
    pages = pages_at("ready")
    pages.stage.now = play.START + timedelta(days=17)
    assert "3 working days late" in pages.visitor(play.LIAISON).get(pages.base).text


def test_the_newest_checkpoint_stands_on_the_demands_page(pages_at) -> None:
    pages = pages_at("issued")
    text = pages.visitor(play.LIAISON).get(pages.base).text
    assert "Newest checkpoint" in text
    assert "Fingerprint of the log’s key" in text


def test_files_can_be_filtered_by_their_state(pages_at) -> None:
    pages = pages_at("attested")
    script.review(pages.stage, "rejected", "The year is missing.", files=["list.csv"])
    visitor = pages.visitor(play.CASEWORK)
    text = visitor.get(f"{pages.base}?state=rejected").text
    assert ">list.csv<" in text
    assert ">costings.xlsx<" not in text
    assert ">costings.xlsx<" in visitor.get(f"{pages.base}?state=made-up&page=99999999999").text


def test_a_file_tells_its_reviews_and_what_each_attestation_changed(pages_at) -> None:
    pages = pages_at("attested")
    stage = pages.stage
    script.review(stage, "rejected", "Say which tool was used.")
    stage.now += timedelta(hours=1)
    play.fill(stage, "File share", play.deleted(stage) | {"tool": "sdelete"})
    script.attest_all(stage)
    text = pages.visitor(play.LIAISON).get(f"{pages.base}/files/1").text
    assert "Say which tool was used." in text
    assert "superseded" in text
    assert (
        '<ins><span class="govuk-visually-hidden">New: </span>Tool: &#34;sdelete&#34;.</ins>'
        in text
    )
    assert text.index("sdelete") < text.index("superseded")


def test_a_file_says_who_has_still_to_review_it(pages_at) -> None:
    pages = pages_at("attested")
    with pages.stage.act() as ctx:
        demand_of(ctx, pages.stage).concurrence = "each"
    address, review = f"{pages.base}/files/1", f'href="{pages.base}/review"'
    signatory = pages.visitor(play.SIGNATORY)
    page = signatory.get(address).text
    assert f"{play.LEAD} and {play.EAST} have not reviewed yet, asked on Tuesday 5" in page
    assert review in page
    with pages.stage.act() as ctx:
        demand_of(ctx, pages.stage).concurrence = "lead"
    assert f"{play.LEAD} has not reviewed yet, asked on" in signatory.get(address).text


def test_there_is_no_third_file(pages_at) -> None:
    pages = pages_at("issued")
    pages.visitor(play.CASEWORK).get(f"{pages.base}/files/3", 404)


def test_the_timeline_tells_all_in_words(pages_at) -> None:
    pages = pages_at("closed")
    text = pages.visitor(play.LIAISON).get(f"{pages.base}/timeline").text
    for said in (
        "2 files named",
        "2 stores named",
        "Deletion demand issued, due Monday 18 February 2013",
        "Deletion demand acknowledged",
        "confirmed over the telephone",
        "2 attestations signed",
        "2 attestations accepted",
        "Deletion demand closed",
    ):
        assert said in text


def test_a_controller_sees_the_contractors_letters_and_not_the_other_way_round(pages_at) -> None:
    pages = pages_at("attested")
    tick(pages.stage)
    controller = pages.visitor(play.CASEWORK).get(f"{pages.base}/letters").text
    assert play.LIAISON in controller
    contractor = pages.visitor(play.LIAISON).get(f"{pages.base}/letters").text
    assert play.LIAISON in contractor
    assert play.CASEWORK not in contractor


STORE = {"medium": "electronic", "kind": "mailbox", "location": "", "custodian": ""}


def test_naming_a_store_says_beforehand_what_it_opens(pages_at) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.LIAISON)
    text = visitor.get(f"{pages.base}/stores/new").text
    assert "This opens 2 files again" in text
    assert "costings.xlsx" in text
    visitor.post(f"{pages.base}/stores/new", label_="Mailbox", told="2", **STORE)
    stores = visitor.get(f"{pages.base}/stores").text
    assert "2 files opened again." in stores
    assert f"Named by {play.HALDEN}" in stores
    assert play.problems(pages.stage) == []


def test_a_store_is_not_named_when_more_opens_than_was_told(pages_at) -> None:
    pages = pages_at("answered")
    visitor = pages.visitor(play.SIGNATORY)
    assert "This opens no file again" in visitor.get(f"{pages.base}/stores/new").text
    script.attest_all(pages.stage)
    late = visitor.post(f"{pages.base}/stores/new", 409, label_="Mailbox", told="0", **STORE).text
    assert "This opens 2 files again" in late
    assert 'value="Mailbox"' in late
    assert "Mailbox" not in play.stores(pages.stage)
    visitor.post(f"{pages.base}/stores/new", label_="Mailbox", told="2", **STORE)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label_": ""}, "Give the store a name."),
        ({"label_": "file share"}, "is on the list already."),
        ({"label_": "A\u202eB"}, ""),
        ({"medium": "vapour"}, "Choose one of these."),
        ({"kind": ""}, "Choose what kind of store it is."),
    ],
)
def test_a_bad_store_is_refused_next_to_its_field(pages_at, fields, sentence: str) -> None:
    pages = pages_at("issued")
    typed = {"label_": "Mailbox", "told": "0"} | STORE | {"location": "Second floor"} | fields
    text = pages.visitor(play.LIAISON).post(f"{pages.base}/stores/new", 400, **typed).text
    assert sentence in text
    assert 'value="Second floor"' in text
    assert len(play.stores(pages.stage)) == 2


def test_nothing_is_named_once_a_demand_has_ended(pages_at) -> None:
    pages = pages_at("closed")
    visitor = pages.visitor(play.LIAISON)
    assert "Name a further store" not in visitor.get(f"{pages.base}/stores").text
    visitor.get(f"{pages.base}/stores/new", 400)
