"""A draft from its title to the hand-over."""

import pytest

from tests.web.drafting import INCIDENT, PARTIES, TERMS, Draft, error_of, value_of


@pytest.fixture
def draft(house):
    return Draft(house)


def test_a_demand_begins_with_a_title(house):
    handler = house.visitor("case_handler")
    page = handler.post("/demands/new", 400, title="").text
    assert error_of(page, "title") == "Give the incident a short title."
    answer = handler.post("/demands/new", title="Five files sent to a bidder")
    assert answer.location == "/demands/" + answer.location.split("/")[2] + "/draft"
    assert "0 of 5 parts done" in handler.get(answer.location).text


def test_the_task_list_says_what_is_missing(draft):
    page = draft.get()
    for sentence in (
        "Say what happened.",
        "Name the contractor.",
        "Name at least one file.",
        "Name at least one store to be searched.",
        "Set a due date.",
        "can&#39;t start yet",
    ):
        assert sentence in page
    assert "/check" not in page


def test_a_draft_filled_in_can_be_handed_over(draft):
    draft.fill_in()
    page = draft.get()
    assert "complete" in page
    assert "to do" in page  # the check alone
    assert "Hand over to the signatory" in draft.get("/check")
    draft.post("/hand-over")
    assert draft.row().handed_at is not None
    assert "with the signatory" in draft.get()
    letters = [letter.kind for letter in draft.house.letters()]
    assert "draft_ready" in letters


def test_an_unfinished_draft_is_not_handed_over(draft):
    draft.post("/terms", **TERMS)
    assert "The draft is not ready:" in draft.post("/hand-over", 400)
    assert "Hand over" not in draft.get("/check")
    assert draft.row().handed_at is None


def test_the_check_shows_all_of_it(draft):
    draft.fill_in()
    page = draft.get("/check")
    for words in (
        "Northshire Constabulary",
        "Halden Support Services plc",
        "tom.beck@halden.example",
        "list.csv",
        "File share",
        "Filing cabinets and desks",
        "They were sent in error.",
        "Answer for each file.",
        "Monday 18 February 2013",
        "1 February 2013, 09:40",
    ):
        assert words in page


# --- what happened ------------------------------------------------------------------------


def test_the_incident_comes_back_as_typed(draft):
    draft.post("/incident", **INCIDENT)
    page = draft.get("/incident")
    for name in INCIDENT:
        if name not in ("what_happened", "data_affected", "agreements"):
            assert value_of(page, name) == INCIDENT[name]
    assert "They held more than was needed.&#10;Nobody had asked for them." in page


def test_the_time_is_that_of_the_people_here(draft):
    draft.house.now = draft.house.now.replace(month=8)
    draft.post("/incident", **{**INCIDENT, "noticed_at-month": "7"})
    assert draft.row().incident.noticed_at.isoformat() == "2013-07-01T08:40:00+00:00"


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"what_happened": ""}, "what_happened", "Say what happened."),
        ({"noticed_time": "9 o'clock"}, "noticed_time", "“9 o&#39;clock” is not a time. Enter"),
        ({"noticed_time": "25:00"}, "noticed_time", "“25:00” is not a time. Enter"),
        ({"noticed_at-year": "2014"}, "noticed_at", "This time lies in the future. Check it."),
        ({"noticed_at-day": "31"}, "noticed_at", "31 2 2013 is not a date."),
        ({"occurred_on-year": "2014"}, "occurred_on", "This day lies in the future. Check it."),
        ({"people_affected": "many"}, "people_affected", "Enter a whole number in digits"),
        ({"title": "x" * 201}, "title", "This is 201 characters long. Use 200 or fewer."),
    ],
)
def test_a_refused_incident_keeps_what_was_typed(draft, changed, field, sentence):
    page = draft.post("/incident", 400, **{**INCIDENT, **changed})
    assert error_of(page, field).startswith(sentence)
    assert "<title>Error: " in page
    assert value_of(page, "people_affected") == changed.get("people_affected", "994")
    assert "Nobody had asked for them." in page or "what_happened" in changed
    assert draft.row().incident.what_happened is None


# --- the terms ------------------------------------------------------------------------------


def test_the_terms_offer_an_instruction_and_ten_working_days(draft):
    page = draft.get("/terms")
    assert "Search every store that is named" in page
    assert "Ten working days from today is Monday 18 February 2013." in page
    for name in ("England and Wales", "Scotland", "Northern Ireland", "Germany"):
        assert f">{name}</option>" in page


def test_the_hint_follows_the_calendar(draft):
    draft.house.now = draft.house.now.replace(month=3, day=25)
    assert "Wednesday 10 April 2013" in draft.get("/terms")  # Good Friday and Easter Monday
    draft.post("/terms", **{**TERMS, "due_on-month": "4", "calendar": "GB-SCT"})
    assert "Tuesday 9 April 2013" in draft.get("/terms")  # Scotland works on Easter Monday


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"basis": ""}, "basis", "Say on what basis you may demand this."),
        ({"basis": "a\u202eb"}, "basis", "It holds a control character"),
        ({"action": "burn"}, "action", "Choose one of these."),
        ({"instruction": " "}, "instruction", "Write the instruction."),
        (
            {"due_on-year": "2012"},
            "due_on",
            "The due date is in the past. Choose today or a later day.",
        ),
        ({"due_on-year": "2113"}, "due_on", "The due date is more than five years away."),
        ({"due_on-month": ""}, "due_on", "The date still needs a month."),
        ({"calendar": "XX"}, "calendar", "Choose one of these."),
    ],
)
def test_refused_terms_keep_what_was_typed(draft, changed, field, sentence):
    page = draft.post("/terms", 400, **{**TERMS, **changed})
    assert error_of(page, field).startswith(sentence)
    assert value_of(page, "due_on-day") == "18"
    assert value_of(page, "due_on-year") == changed.get("due_on-year", "2013")
    assert draft.row().due_on is None


def test_what_will_be_signed_says_so(draft):
    for part in ("/files", "/stores", "/terms"):
        assert "This will be signed and is permanent." in draft.get(part), part
    assert "This will be signed" not in draft.get("/incident")


# --- the hand-over, and back ----------------------------------------------------------------


def test_a_draft_with_the_signatory_is_locked(draft):
    draft.hand_over()
    for part in ("/incident", "/parties", "/files", "/files/import", "/stores", "/terms"):
        answer = draft.handler.get(draft.address + part, 302)
        assert answer.location == f"{draft.address}/check"
    assert "Take it back" in draft.get("/check")
    # A page that was open when it was handed over: the sentence, and what was typed.
    page = draft.post("/terms", 400, **{**TERMS, "basis": "Another basis"})
    assert "This draft lies with the signatory. Take it back first, then change it." in page
    assert "Another basis" in page
    assert draft.row().basis == "They were sent in error."
    page = draft.post("/parties", 400, **PARTIES)
    assert "Take it back first" in page
    for part in ("/files/remove", "/stores/remove", "/discard"):
        assert "Take it back first" in draft.post(part, 400)
    assert len(draft.files()) == 1


def test_taking_it_back_unlocks_it(draft):
    draft.hand_over()
    draft.post("/take-back")
    assert draft.row().handed_at is None
    draft.post("/terms", **{**TERMS, "basis": "Another basis"})
    assert draft.row().basis == "Another basis"


def test_a_draft_is_discarded_after_a_question(draft):
    draft.fill_in()
    assert "Discard this draft?" in draft.get("/discard")
    assert not draft.gone()
    draft.post("/discard")
    assert draft.gone()
    draft.get("", 404)


def test_a_draft_that_was_returned_can_be_discarded_too(draft):
    draft.hand_over()
    draft.post("/take-back")
    draft.post("/discard")
    assert draft.gone()
    # The letter that had not gone out would lead to nothing.
    assert "draft_ready" not in [letter.kind for letter in draft.house.letters()]
