"""Many answers at once, through the pages."""

from __future__ import annotations

import io
import re
from base64 import b64encode

from attest.services.acts import answer_lists
from attest.web.answer_lists import sheets
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


def upload(pages, officer, data: bytes, status: int):
    return officer.post(
        f"{pages.base}/answer/list", status, answers=(io.BytesIO(data), "answers.csv")
    ).text


def test_a_list_goes_out_and_comes_back(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    assert "/answer/list" in officer.get(f"{pages.base}/answer").text
    sheet = officer.get(f"{pages.base}/answer/list.xlsx")
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    officer.get(f"{pages.base}/answer/list.ods", 404)
    listed = officer.get(f"{pages.base}/answer/list.csv").data.decode("utf-8-sig").splitlines()
    assert len(listed) == 5
    day = pages.stage.now.date().isoformat()
    data = (
        "file;store;outcome;method;performed_on;performed_by\r\n"
        f"{FIRST};File share;deleted;overwrite;{day};Systems administrator\r\n"
    )
    page = upload(pages, officer, data.encode(), 200)
    assert "Save for 1 copy" in page
    assert "4 of 4 left" in officer.get(f"{pages.base}/answer").text
    kept = re.search(r'name="list" value="([^"]+)"', page)
    assert kept
    officer.post(f"{pages.base}/answer/list", act="import", list=kept[1])
    assert "3 of 4 left" in officer.get(f"{pages.base}/answer").text


def test_a_list_that_is_too_long_to_come_back_says_so(pages_at, monkeypatch) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    monkeypatch.setattr(answer_lists, "MAX_LINES", 4)
    assert "at once" not in officer.get(f"{pages.base}/answer/list").text
    for module in (answer_lists, sheets):
        monkeypatch.setattr(module, "MAX_LINES", 3)
    page = officer.get(f"{pages.base}/answer/list").text
    assert "This list has 4 lines, and at most 3 can be read at once." in page
    lines = officer.get(f"{pages.base}/answer/list.csv").data.splitlines()
    assert len(lines) == 1 + 4


def test_a_list_that_contradicts_what_was_disclosed_leads_there(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    officer.post(f"{pages.base}/answer/onward", 302, disclosed="no", which="all")
    data = f"file,store,outcome,passed_to\n{SECOND},File share,passed_on,Printers Ltd\n".encode()
    kept = b64encode(data).decode()
    done = officer.post(f"{pages.base}/answer/list", 302, act="import", list=kept)
    position = play.files(pages.stage)[SECOND].position
    assert done.headers["Location"] == f"{pages.base}/answer/onward?file={position}"
    page = officer.get(done.headers["Location"]).text
    assert "Saved for 1 copy. Now say here too that a copy went to Printers Ltd." in page


def test_a_bad_list_shows_its_lines_and_keeps_nothing(pages_at) -> None:
    pages = pages_at("ready")
    officer = pages.visitor(play.OFFICER)
    data = b"file,store,outcome\n<b>x</b>,Attic,deleted\n"
    page = upload(pages, officer, data, 400)
    assert "1 line has to be put right first" in page
    assert 'name="list"' not in page
    officer.post(f"{pages.base}/answer/list", 400, act="import", list="!")
    officer.post(f"{pages.base}/answer/list", 400, act="import", list=b64encode(data).decode())
    assert "4 of 4 left" in officer.get(f"{pages.base}/answer").text


def test_a_list_too_large_to_come_back_is_told_before_it_goes_out(pages_at, monkeypatch) -> None:
    pages = pages_at("answered")
    officer = pages.visitor(play.OFFICER)
    said = "no more than 10 MB can be read at once"
    assert said not in officer.get(f"{pages.base}/answer/list").text
    monkeypatch.setattr("attest.services.acts.answer_lists.MAX_BYTES", 100)
    assert said in officer.get(f"{pages.base}/answer/list").text
