"""The files and the stores of a draft: typed, imported, removed."""

import html
import io
import re
from base64 import b64encode

import pytest

from attest.demo import case
from attest.domain.manifest import reading
from attest.web.drafts import files
from tests.web.drafting import Draft, error_of, value_of

HASH = "a" * 64


@pytest.fixture
def draft(house):
    return Draft(house)


def upload(draft, data, status, name="list.csv"):
    return draft.post("/files/import", status, manifest=(io.BytesIO(data), name))


def carried(page):
    found = re.search(r'name="list" value="([^"]*)"', page)
    assert found is not None
    return found[1]


# --- one by one -----------------------------------------------------------------------------


def test_a_file_is_added_with_all_that_is_known(draft):
    draft.post(
        "/files",
        name="list.csv",
        kind="hard_copy",
        sha256=HASH.upper(),
        size="63112",
        description="Everybody",
        channel="email",
        data_categories="pay; health",
        subjects="994",
        **{"sent_on-day": "14", "sent_on-month": "1", "sent_on-year": "2013"},
    )
    (file,) = draft.files()
    assert (file.name, file.kind, file.sha256, file.size) == ("list.csv", "hard_copy", HASH, 63112)
    assert (str(file.sent_on), file.data_categories, file.subjects) == (
        "2013-01-14",
        "pay;health",
        994,
    )
    assert "list.csv" in draft.get("/files")


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"name": ""}, "name", "Type the file&#39;s name."),
        ({"name": "a\u202eb.csv"}, "name", "It holds a control character"),
        ({"name": "there.csv"}, "name", "“there.csv” is on the list already."),
        ({"kind": "stone"}, "kind", "Choose one of these."),
        ({"sha256": "abc"}, "sha256", "The SHA-256 hash has 3 characters, but such a hash has 64."),
        ({"sha256": "g" * 64}, "sha256", "The SHA-256 hash may hold the digits"),
        ({"size": "12 kB"}, "size", "The size “12 kB” is not a number of bytes."),
        ({"subjects": "-1"}, "subjects", "The subjects “-1” is not a number of people."),
        ({"sent_on-day": "40"}, "sent_on", "40 1 2013 is not a date."),
    ],
)
def test_a_refused_file_keeps_what_was_typed(draft, changed, field, sentence):
    draft.post("/files", name="there.csv", kind="electronic")
    typed = {"name": "list.csv", "kind": "electronic", "description": "Everybody", **changed}
    typed |= {"sent_on-month": "1", "sent_on-year": "2013"} if "sent_on-day" in changed else {}
    page = draft.post("/files", 400, **typed)
    assert error_of(page, field).startswith(sentence)
    assert value_of(page, "description") == "Everybody"
    assert '<details class="govuk-details" open>' in page
    assert [file.name for file in draft.files()] == ["there.csv"]


def test_a_file_is_removed_and_a_forged_one_is_not(draft):
    draft.post("/files", name="list.csv", kind="electronic")
    assert f'name="file" value="{draft.files()[0].id}"' in draft.get("/files")
    draft.post("/files/remove", file="made-up")
    assert len(draft.files()) == 1
    draft.post("/files/remove", file=draft.files()[0].id)
    assert draft.files() == []


# --- from a list ----------------------------------------------------------------------------


def test_nothing_is_kept_before_the_button_is_pressed(draft):
    page = upload(draft, case.manifest(), 200)
    assert "Import 5 files" in page
    assert "payroll-deductions-q3.csv" in page
    assert draft.files() == []
    draft.post("/files/import", act="import", list=carried(page))
    assert [file.name for file in draft.files()][:2] == [
        "establishment-list-2012-12.csv",
        "sickness-absence-2011-2012.csv",
    ]
    assert draft.row().files_total == 5


def test_a_listing_fills_in_hashes_and_says_which_directory_went(draft):
    for name in ("establishment-list-2012-12.csv", "payroll-deductions-q3.csv"):
        draft.post("/files", name=name, kind="electronic")
    page = upload(draft, case.checksums(), 200, "SHA256SUMS")
    assert "stands before every name and was taken off." in html.unescape(page)
    assert "3 files to be added" in page
    assert "2 files on the list already, to be filled in" in page
    draft.post("/files/import", act="import", list=carried(page))
    assert all(file.sha256 for file in draft.files())
    assert len(draft.files()) == 5


def test_a_list_with_nothing_new_offers_no_button(draft):
    page = upload(draft, case.manifest(), 200)
    draft.post("/files/import", act="import", list=carried(page))
    page = upload(draft, case.manifest(), 200)
    assert "The list says nothing new." in page
    assert 'value="import"' not in page


def test_each_bad_line_is_named_with_its_reason_and_nothing_goes_in(draft):
    bad = f"name,size,sha256\na.csv,1,{HASH}\nb.csv,x,\na.csv,2,\nc\u202e.csv,1,abc\n".encode()
    page = html.unescape(upload(draft, bad, 400))
    assert error_of(page, "manifest") == "Nothing was imported: 3 lines have to be put right first."
    lines = re.findall(r'<th scope="row" class="govuk-table__header">(\d+)</th>', page)
    assert lines == ["3", "4", "5", "5"]
    assert "The size “x” is not a number of bytes." in page
    assert "The name is already on line 2." in page
    assert "holds a control character" in page
    assert 'value="import"' not in page
    assert "a.csv" in page  # the line that is well is shown too
    # Pressing a button that isn't there changes nothing.
    refused = draft.post("/files/import", 400, act="import", list=b64encode(bad).decode("ascii"))
    assert error_of(refused, "manifest").startswith("Nothing was imported:")
    assert draft.files() == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The list is empty."),
        (b"size,sha256\n1,2\n", ""),
        (b"just some words\nand more\n", "This is neither a CSV list nor a sha256sum listing."),
        (b"PK\x03\x04 zip", "This looks like a spreadsheet or a zip file"),
        (b"\x00\x01\x02", "This is not a text file."),
    ],
    ids=["empty", "no name column", "words", "zip", "binary"],
)
def test_what_is_no_list_is_refused_beside_the_field(draft, data, sentence):
    page = upload(draft, data, 400)
    assert error_of(page, "manifest").startswith(sentence)
    assert draft.files() == []


def test_a_list_that_is_too_long_is_read_no_further(draft, monkeypatch):
    # Small, so that the test's own client keeps it in memory.
    monkeypatch.setattr(files, "MAX_BYTES", 500)
    monkeypatch.setattr(reading, "MAX_BYTES", 500)
    page = upload(draft, b"name\n" + b"x\n" * 300, 400)
    assert error_of(page, "manifest").startswith("The list is too long:")
    assert draft.files() == []


def test_no_file_at_all(draft):
    assert error_of(draft.post("/files/import", 400), "manifest") == "Choose a list first."


def test_a_list_larger_than_any_request_is_refused_beside_the_field(draft):
    draft.house.app.config["MAX_CONTENT_LENGTH"] = 1000
    page = draft.post("/files/import", 413, manifest=(io.BytesIO(b"x" * 3000), "list.csv"))
    assert error_of(page, "manifest").startswith("The list is too large: 3.")
    stranger = draft.house.visitor("other_contractor")
    path = f"{draft.address}/files/import"
    answer = stranger.post(path, 413, manifest=(io.BytesIO(b"x" * 3000), "list.csv"))
    assert "That is too large" in answer.text
    assert draft.reference not in answer.text.replace(path, "")


@pytest.mark.parametrize("value", ["", "%%%", "bm90aGluZw==", "é"])
def test_a_carried_list_that_was_changed_is_read_like_any_other(draft, value):
    page = draft.post("/files/import", 400, act="import", list=value)
    assert "There is a problem" in page
    assert draft.files() == []


# --- the stores -----------------------------------------------------------------------------


def test_ticked_stores_are_added_and_no_longer_proposed(draft):
    assert "Nightly and weekly runs" in draft.get("/stores")
    draft.post("/stores", electronic=["file_share", "backup"], hard_copy=["filing"])
    assert [store.label for store in draft.stores()] == [
        "File share",
        "Backups",
        "Filing cabinets and desks",
    ]
    assert "Nightly and weekly runs" not in draft.get("/stores")


def test_nothing_ticked_or_forged_is_refused(draft):
    page = draft.post("/stores", 400)
    assert error_of(page, "electronic") == "Tick at least one store, then add."
    draft.post("/stores", 400, electronic=["spaceship"])
    assert draft.stores() == []


def test_a_store_of_ones_own(draft):
    own = {
        "act": "own",
        "label": "Records store, Unit 7",
        "medium": "hard_copy",
        "kind": "records_store",
        "location": "Boxes 700–742",
        "custodian": "Halden",
    }
    draft.post("/stores", **own)
    (store,) = draft.stores()
    assert (store.label, store.location) == ("Records store, Unit 7", "Boxes 700–742")
    page = draft.post("/stores", 400, **own)
    assert error_of(page, "label") == "“Records store, Unit 7” is on the list already."
    assert value_of(page, "location") == "Boxes 700–742"
    page = draft.post("/stores", 400, **{**own, "label": "", "medium": "", "kind": ""})
    assert error_of(page, "label") == "Give the store a name."
    assert error_of(page, "medium") == "Choose electronic or hard copy."
    assert error_of(page, "kind") == "Choose what kind of store it is."


def test_a_store_is_removed(draft):
    draft.post("/stores", electronic=["file_share"])
    assert f'name="store" value="{draft.stores()[0].id}"' in draft.get("/stores")
    draft.post("/stores/remove", store=draft.stores()[0].id)
    assert draft.stores() == []
    assert draft.row().stores_total == 0
