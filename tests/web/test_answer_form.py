"""The form for one answer: outcomes changed on the spot, rows of media, who keeps a store."""

from __future__ import annotations

import re
from typing import Any

import pytest

from attest.database.tables import Copy, Store
from attest.domain.outcomes import METHODS, OUTCOMES
from tests import stage as play
from tests.web.test_answer_pages import cells, day, media, save, shown, typed


def opened(pages, officer, outcome: str, label: str = "File share") -> str:
    return officer.post(f"{pages.base}/answer", 200, cell=cells(pages, label), outcome=outcome).text


def entry(pages, label: str = "File share") -> dict[str, Any]:
    file, store = play.files(pages.stage)[play.FILES[0]], play.stores(pages.stage)[label]
    with pages.stage.look() as ctx:
        return ctx.session.get(Copy, (store.demand_id, file.id, store.id)).answer


def test_the_page_says_which_questions_belong_to_which_outcome(pages_at) -> None:
    pages = pages_at("ready")
    page = opened(pages, pages.visitor(play.OFFICER), "deleted")
    # What the script reads: the groups of all outcomes, and one of them shown.
    groups = dict(re.findall(r'data-when="outcome" data-is="([a-z_ ]+)"( hidden)?', page))
    assert groups["none_found cannot_locate"] == " hidden"
    assert groups["beyond_use legal_hold"] == " hidden"
    assert groups["deleted destroyed crypto_erased returned"] == ""
    assert {name for names in groups for name in names.split()} == set(OUTCOMES)


@pytest.mark.parametrize("outcome", ["deleted", "destroyed", "crypto_erased"])
def test_each_method_says_where_its_rule_stands(pages_at, outcome: str) -> None:
    pages = pages_at("ready")
    page = shown(opened(pages, pages.visitor(play.OFFICER), outcome))
    for method in METHODS.values():
        assert (method.words.capitalize() in page or method.words in page) or (
            outcome not in method.outcomes
        )
        if outcome in method.outcomes:
            assert method.source in page


def test_another_outcome_without_a_script(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    fields = typed(pages, note="As agreed", outcome="destroyed", **{"performed_on-year": "20013"})
    page = save(pages, officer, "File share", 200, act="show", **fields).text
    # The other questions, no mistake pointed out, and nothing typed is lost.
    assert "There is a problem" not in page
    assert "Who witnessed it?" in shown(page)
    assert "Overwriting the file" not in shown(page)
    assert 'value="20013"' in page
    assert "As agreed" in page
    page = save(pages, officer, "File share", 200, act="show", **fields | {"outcome": "deleted"})
    assert re.search(r'value="overwrite"[^>]* checked', page.text)


def test_what_is_hidden_is_not_read(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    hidden = {
        "search_scope": "\u0007",
        "search_on-day": "99",
        "level": "X-9",
        "returned_to": "x" * 600,
        "exception_until-year": "soon",
        "safeguards": "none_such",
        "search_how": "By hand",
    }
    save(pages, officer, "File share", **typed(pages, technique="DoD 5220", **hidden))
    assert entry(pages).keys() == {
        "outcome",
        "method",
        "performedOn",
        "performedBy",
        "technique",
    }


def test_a_search_says_how(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    asked = shown(opened(pages, officer, "none_found"))
    assert "How was it searched?" in asked
    assert 'name="technique"' not in asked
    search = {
        "outcome": "none_found",
        "search_scope": "Every drawer",
        "search_by": "Records officer",
        **day("search_on", pages.stage.now.date()),
    }
    page = save(pages, officer, "File share", 400, **search, search_how="x" * 501).text
    assert 'id="search_how-error"' in page
    save(pages, officer, "File share", **search, search_how="By name", technique="overwritten")
    assert entry(pages)["technique"] == "By name"
    assert 'value="By name"' in opened(pages, officer, "none_found")


def test_rows_of_media_without_a_script(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    fields = typed(pages, outcome="destroyed", method="degauss", **media(("Travelstar", "A")))
    page = save(pages, officer, "File share", 200, act="add", **fields).text
    assert 'id="media-1-serial"' in page
    assert re.search(r'id="media-1-manufacturer"[^>]* autofocus', page)
    assert "There is a problem" not in page
    fields |= media(("Travelstar", "A"), ("", "B"), ("", "C"))
    page = save(pages, officer, "File share", 200, act="remove-1", **fields).text
    assert re.findall(r'id="media-(\d)-serial"[^>]* value="(\w*)"', page)[:3] == [
        ("0", "A"),
        ("1", "C"),
    ]
    # A forged row is none, and the numbers may have gaps.
    page = save(pages, officer, "File share", 200, act="remove-99", **fields).text
    assert 'value="C"' in page
    fields |= {"media-70-serial": "D", "media-x-serial": "E", "media-5-size": "F"}
    save(pages, officer, "File share", **fields)
    assert [each["serial"] for each in entry(pages)["media"]] == ["A", "B", "C", "D"]


def test_a_mistake_in_a_row_names_the_row_and_the_field(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    rows = media(("", ""), ("one; two", "B" * 201))
    fields = typed(pages, outcome="destroyed", method="degauss", **rows)
    page = save(pages, officer, "File share", 400, **fields).text
    assert '<a href="#media-1-model">Medium 2, model: Leave out' in page
    assert '<a href="#media-1-serial">Medium 2, serial number: Use at most 200' in page
    assert page.count('id="media-1-serial-error"') == 1
    # What can't be shown comes back as a picture, which is refused until it is taken out.
    page = save(pages, officer, "File share", 400, **fields | media(("", "A\u0007"))).text
    assert 'value="A␇"' in page
    page = save(pages, officer, "File share", 400, **fields | media(("", "A␇"))).text
    assert "Medium 1, serial number: It still shows" in page


def test_whose_word_it_is_where_somebody_else_keeps_the_store(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    assert "keeps" not in opened(pages, officer, "none_found")
    with pages.stage.act() as ctx:
        ctx.session.get(Store, play.stores(pages.stage)["File share"].id).custodian = "A Museum"
    page = opened(pages, officer, "none_found")
    assert "A Museum keeps “File share”." in page
    assert re.search(r'name="on_word_of"[^>]* value="A Museum"', page)
    assert "On whose word is this?" in page
    # Of several stores, one of them theirs: nobody's word is put into anybody's mouth.
    both = cells(pages, "File share") + cells(pages, "Filing cabinet")
    page = officer.post(f"{pages.base}/answer", 200, cell=both, outcome="none_found").text
    assert "A Museum keeps “File share”." in page
    assert 'value="A Museum"' not in page
    # Emptied by whoever looked for themselves, it stays empty.
    save(pages, officer, "File share", **typed(pages, on_word_of=""))
    assert "onWordOf" not in entry(pages)
    assert 'value="A Museum"' not in opened(pages, officer, "deleted")
