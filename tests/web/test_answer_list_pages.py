"""Many answers at once, through the pages."""

from __future__ import annotations

from tests import stage as play
from tests.web.test_answer_pages import cells, save, typed

FIRST, SECOND = play.FILES


def answer_first(pages, officer) -> None:
    [cell] = cells(pages, "File share", [FIRST])
    officer.post(f"{pages.base}/answer/copies", 302, cell=cell, **typed(pages))


def test_the_same_as_another_file(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    assert "Nothing is answered yet" in officer.get(f"{pages.base}/answer/same").text
    assert "/answer/same" not in officer.get(f"{pages.base}/answer").text
    answer_first(pages, officer)
    assert "/answer/same" in officer.get(f"{pages.base}/answer").text
    here = f"{pages.base}/answer/same?from={play.files(pages.stage)[FIRST].position}"
    assert f"{here}" in officer.get(f"{pages.base}/answer/same").text
    page = officer.get(here).text
    assert "Nothing is answered for it yet." in page
    assert "Choose at least one file" in officer.post(here, 400, which="some").text
    officer.post(here, which="some", files=str(play.files(pages.stage)[SECOND].position))
    assert "2 of 4 left" in officer.get(f"{pages.base}/answer").text


def test_what_is_replaced_is_said_before(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    save(pages, officer, "File share", **typed(pages, method="file_deletion"))
    answer_first(pages, officer)
    here = f"{pages.base}/answer/same?from={play.files(pages.stage)[FIRST].position}"
    assert "1 answer there would be replaced" in officer.get(here).text


def test_a_place_that_is_none_is_refused(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    officer.get(f"{pages.base}/answer/same?from=99", 404)
    officer.get(f"{pages.base}/answer/same?from=99999999999", 200)
    officer.get(f"{pages.base}/answer/same?from=1", 400)
