"""The parties of a draft: rows that come and go without a script."""

import pytest

from tests.web.drafting import PARTIES, Draft, error_of, value_of

EAST = {"joint-0-name": "Eastshire Police", "joint-0-email": "edith@east.example"}


@pytest.fixture
def draft(house):
    return Draft(house)


def named(draft, role):
    return [party.name for party in draft.row().parties if party.role == role]


def test_the_lead_is_given(draft):
    assert "Northshire Constabulary is the lead controller" in draft.get("/parties")
    draft.post("/parties", **PARTIES)
    assert named(draft, "lead") == ["Northshire Constabulary"]


def test_another_row_keeps_what_was_typed_and_keeps_nothing_else(draft):
    page = draft.post("/parties", 200, act="add-joint", **PARTIES)
    assert value_of(page, "contractor-name") == "Halden Support Services plc"
    assert value_of(page, "joint-0-name") == ""
    page = draft.post("/parties", 200, act="add-joint", **PARTIES, **EAST)
    assert value_of(page, "joint-0-name") == "Eastshire Police"
    assert value_of(page, "joint-0-email") == "edith@east.example"
    assert value_of(page, "joint-1-name") == ""
    assert "There is a problem" not in page
    assert named(draft, "contractor") == []


def test_a_row_in_the_middle_is_removed(draft):
    rows = {f"carrier-{n}-name": name for n, name in enumerate(("One", "Two", "Three"))}
    page = draft.post("/parties", 200, act="remove-carrier-1", **PARTIES, **rows)
    assert [value_of(page, f"carrier-{n}-name") for n in (0, 1)] == ["One", "Three"]
    assert 'name="carrier-2-name"' not in page


def test_all_parties_are_kept_and_shown_again(draft):
    rows = {**PARTIES, **EAST, "joint-1-name": "Westshire Constabulary", "concurrence": "each"}
    draft.post("/parties", **rows, **{"carrier-0-name": "Midshire Police"})
    assert named(draft, "joint") == ["Eastshire Police", "Westshire Constabulary"]
    assert named(draft, "carrier") == ["Midshire Police"]
    page = draft.get("/parties")
    assert value_of(page, "joint-1-name") == "Westshire Constabulary"
    assert value_of(page, "contractor-email") == "tom.beck@halden.example"
    assert draft.row().concurrence == "each"


def test_a_row_left_empty_is_no_party(draft):
    draft.post("/parties", act="save", **PARTIES, **{"joint-0-name": "", "carrier-0-name": " "})
    assert named(draft, "joint") == []


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"contractor-name": ""}, "contractor-name", "Type the contractor&#39;s name."),
        ({"contractor-email": "tom"}, "contractor-email", "Enter an email address like"),
        ({"concurrence": "nobody"}, "concurrence", "Choose one of these."),
        (
            {"joint-0-email": "edith@east.example"},
            "joint-0-name",
            "Type the organisation&#39;s name.",
        ),
        (
            {"joint-0-name": "East", "joint-1-name": "EAST", "joint-2-name": "West"},
            "joint-1-name",
            "“EAST” is named twice.",
        ),
        (
            {"carrier-0-name": "Northshire Constabulary"},
            "carrier-0-name",
            "“Northshire Constabulary” is named twice.",
        ),
    ],
)
def test_a_refusal_stands_in_its_row(draft, changed, field, sentence):
    page = draft.post("/parties", 400, **{**PARTIES, **changed})
    assert error_of(page, field).startswith(sentence)
    for name, value in changed.items():
        if name != "concurrence":
            assert value_of(page, name) == value
    assert named(draft, "contractor") == []


def test_forged_rows_make_no_trouble(draft):
    many = {f"joint-{n}-name": f"Body {n}" for n in range(400)}
    page = draft.post("/parties", 200, act="add-joint", **PARTIES, **many)
    assert 'name="joint-49-name"' in page
    assert 'name="joint-50-name"' not in page
    draft.post("/parties", 200, act="remove-joint-999", **PARTIES)
    draft.post("/parties", 200, act="drop table", **PARTIES)
