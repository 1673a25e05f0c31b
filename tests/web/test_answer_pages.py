"""The officer's matrix: select, say what became of it, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest

from attest.demo import script
from attest.domain.outcomes import OFFERED
from tests import stage as play


def cells(pages, label: str, names=play.FILES) -> list[str]:
    """What the page sends for these files in one store."""
    files, stores = play.files(pages.stage), play.stores(pages.stage)
    return [f"{files[name].position}.{stores[label].id}" for name in names]


def day(name: str, value: Any) -> dict[str, Any]:
    """A date field's three inputs."""
    return {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}


def media(*rows: tuple[str, str]) -> dict[str, str]:
    """Model and serial number of each medium, as the rows of the form send them."""
    return {
        f"media-{number}-{part}": value
        for number, row in enumerate(rows)
        for part, value in zip(("model", "serial"), row, strict=True)
    }


def typed(pages, **more: Any) -> dict[str, Any]:
    return {
        "outcome": "deleted",
        "method": "overwrite",
        "performed_by": "Systems administrator",
        **day("performed_on", pages.stage.now.date()),
        **more,
    }


def save(pages, officer, label: str, status: int = 302, **fields: Any):
    tokens = " ".join(cells(pages, label))
    return officer.post(f"{pages.base}/answer/copies", status, cell=tokens, **fields)


def shown(page: str) -> str:
    """The page without what is hidden: what is there for another outcome."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("hidden") is not None or child.tag == "template":
                parent.remove(child)
    return ElementTree.tostring(root, "unicode")


def test_the_whole_path_without_a_script(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    page = officer.get(f"{pages.base}/answer").text
    assert "4 of 4 left" in page
    # First step: a whole column and an outcome. Second step: what the outcome asks.
    share = play.stores(pages.stage)["File share"].id
    page = officer.post(f"{pages.base}/answer", 200, column=share, outcome="deleted").text
    assert "Save for 2 copies" in page
    save(pages, officer, "File share", **typed(pages))
    assert "2 of 4 left" in officer.get(f"{pages.base}/answer").text
    save(
        pages,
        officer,
        "Filing cabinet",
        outcome="none_found",
        search_scope="Every drawer",
        search_by="Records officer",
        **day("search_on", pages.stage.now.date()),
    )
    page = officer.get(f"{pages.base}/answer").text
    assert "all 4 answered" in page
    assert "Go on to signing" not in page
    officer.post(f"{pages.base}/answer/onward", disclosed="no", which="all")
    assert "Go on to signing" in officer.get(f"{pages.base}/answer").text


@pytest.mark.parametrize("outcome", OFFERED)
def test_an_outcome_asks_only_what_it_needs(pages_at, outcome: str) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    page = officer.post(
        f"{pages.base}/answer", 200, cell=cells(pages, "File share"), outcome=outcome
    ).text
    asked = shown(page)
    fields = {
        "search_scope": outcome in ("none_found", "cannot_locate"),
        "method": outcome in ("deleted", "destroyed"),
        "level": outcome == "destroyed",
        "performed_by": outcome in ("deleted", "destroyed", "crypto_erased", "returned"),
        "returned_to": outcome == "returned",
        "passed_to": outcome == "passed_on",
        "safeguards": outcome == "beyond_use",
    }
    for name, expected in fields.items():
        assert (f'name="{name}"' in asked) is expected, name
    assert ('value="overwrite"' in asked) is (outcome == "deleted")
    # Nothing filled in: every field that is needed says so, at once.
    refused = save(pages, officer, "File share", 400, outcome=outcome).text
    assert refused.count('class="govuk-error-message"') >= (1 if outcome == "passed_on" else 2)


def test_nothing_typed_is_lost_on_a_refusal(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    fields = typed(pages, note="As agreed", count="many", **{"performed_on-year": "20013"})
    page = save(pages, officer, "File share", 400, **fields).text
    assert "is not a date" in page
    assert "whole number" in page
    assert 'value="20013"' in page
    assert 'value="many"' in page
    assert 'value="Systems administrator"' in page
    assert "As agreed" in page
    assert re.search(r'value="overwrite"[^>]* checked', page)
    assert "4 of 4 left" in officer.get(f"{pages.base}/answer").text


def test_what_was_answered_comes_back_filled_in(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    fields = typed(
        pages,
        outcome="destroyed",
        method="shred",
        level="H-4",
        **media(("Travelstar 5K500", "TS5-10441"), ("Travelstar 5K500", "TS5-10442")),
    )
    save(pages, officer, "File share", **fields)
    # Without an outcome: the one that the selected copies share.
    page = officer.post(f"{pages.base}/answer", 200, cell=cells(pages, "File share")).text
    assert re.search(r'value="shred"[^>]* checked', page)
    assert re.search(r'value="H-4"[^>]* selected', page)
    assert "H-4: hard drives, pieces up to 2000 mm²" in page
    assert "TS5-10442" in page
    # A link to one copy does the same; another outcome starts empty.
    link = f"{pages.base}/answer/copies?cell={cells(pages, 'File share')[0]}"
    assert "TS5-10441" in officer.get(link).text
    other = officer.post(
        f"{pages.base}/answer", 200, cell=cells(pages, "File share"), outcome="deleted"
    )
    assert "TS5-10441" not in other.text


def test_going_back_keeps_the_selection(pages_at) -> None:
    pages = pages_at("ready")
    page = pages.visitor(play.OFFICER).post(
        f"{pages.base}/answer", 200, cell=" ".join(cells(pages, "File share")), act="back"
    )
    assert len(re.findall(r'name="cell"[^>]* checked', page.text)) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": "deleted"}, "Choose at least one copy"),
        ({"column": True}, "Choose what became of the copies."),
        ({"column": True, "outcome": "wiped"}, "Choose one of these."),
    ],
)
def test_a_first_step_that_is_incomplete(pages_at, fields, sentence: str) -> None:
    pages = pages_at("ready")
    if "column" in fields:
        fields = {**fields, "column": play.stores(pages.stage)["File share"].id}
    page = pages.visitor(play.OFFICER).post(f"{pages.base}/answer", 400, **fields)
    assert sentence in page.text


@pytest.mark.parametrize("token", ["9.STORE", "1.made-up", "nonsense", "-1.STORE", "1"])
def test_a_forged_copy_is_not_found(pages_at, token: str) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    token = token.replace("STORE", play.stores(pages.stage)["File share"].id)
    officer.post(f"{pages.base}/answer", 404, cell=token, outcome="deleted")
    officer.post(f"{pages.base}/answer/copies", 404, cell=token, **typed(pages))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"method": "degauss"}, "Say which method was used."),
        ({"method": "magic"}, "Choose one of these."),
        ({"outcome": "wiped"}, "Choose what became of the copies"),
    ],
)
def test_a_forged_claim_is_refused(pages_at, more, sentence: str) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    page = save(pages, officer, "File share", 400, **{**typed(pages), **more})
    assert sentence in page.text
    assert "4 of 4 left" in officer.get(f"{pages.base}/answer").text


def test_a_page_that_is_out_of_date_says_so(pages_at) -> None:
    pages = pages_at("attested")
    officer = pages.visitor(play.OFFICER)
    assert "Nothing is left to answer" in officer.get(f"{pages.base}/answer").text
    page = save(pages, officer, "File share", 409, **typed(pages)).text
    assert "has been signed for" in page
    assert f"{pages.base}/answer" in page


def test_a_rejected_file_comes_back_with_the_reason(pages_at) -> None:
    pages = pages_at("attested")
    script.review(pages.stage, "rejected", "Which share?", files=["list.csv"])
    officer = pages.visitor(play.OFFICER)
    page = officer.get(f"{pages.base}/answer").text
    assert "Which share?" in page
    assert "all 2 answered" in page
    assert len(re.findall('name="cell"', page)) == 2
    # Signing the same again is offered quietly; what is changed is offered aloud.
    assert "Go on to signing" not in page
    tokens = " ".join(cells(pages, "File share", ["list.csv"]))
    officer.post(f"{pages.base}/answer/copies", cell=tokens, **typed(pages, note="Share S:"))
    assert "Go on to signing" in officer.get(f"{pages.base}/answer").text


def test_onward_disclosure_of_one_file(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    address = f"{pages.base}/answer/onward"
    page = officer.post(address, 400, disclosed="yes", which="some", files="1", recipients="")
    assert "Name who was given a copy" in page.text
    page = officer.post(address, 400, disclosed="no", which="some")
    assert "Choose at least one file." in page.text
    officer.post(
        address,
        disclosed="yes",
        which="some",
        files="1",
        recipients="Printers Ltd; a printout; 2013-02-01",
    )
    page = officer.get(f"{address}?file=1").text
    assert "Printers Ltd; a printout; 2013-02-01" in page
    assert re.search(r'value="yes"[^>]* checked', page)
    assert "Printers Ltd" not in officer.get(address).text
    officer.post(address, disclosed="no", which="all")
    assert "Printers Ltd" not in officer.get(f"{address}?file=1").text


def test_forged_files_of_a_disclosure(pages_at) -> None:
    pages = pages_at("ready")
    pages.visitor(play.OFFICER).post(
        f"{pages.base}/answer/onward", 400, disclosed="no", which="some", files="99"
    )


def test_nothing_after_the_end(pages_at) -> None:
    pages = pages_at("closed")
    officer = pages.visitor(play.OFFICER)
    for page in ("answer", "answer/onward", "sign"):
        assert "has ended" in officer.get(f"{pages.base}/{page}", 400).text
