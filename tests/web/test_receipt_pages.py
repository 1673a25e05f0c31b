"""The page behind "I have received this": for people who press a button, and for nothing else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from attest.database.tables import Demand, Letter
from attest.mail.receipt_link import receipt_token
from attest.services.letters import receipts
from tests import stage as play
from tests.html import check_page


def letter_of(pages) -> Letter:
    with pages.stage.look() as ctx:
        return ctx.session.scalars(select(Letter).where(Letter.kind == receipts.ISSUE_LETTER)).one()


@pytest.fixture
def pages(pages_at):
    return pages_at("issued")


@pytest.fixture
def address(pages) -> str:
    return f"/received/{receipt_token(pages.stage.settings, letter_of(pages).id)}"


def button(text: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found is not None, text
    return found[1]


def test_only_the_button_counts(pages, address: str) -> None:
    client = pages.app.test_client()
    for method in ("get", "head", "get"):
        answer = getattr(client, method)(address, headers={"Purpose": "prefetch"})
        assert answer.status_code == 200
        # Nobody is signed in, and nothing is remembered.
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert client.options(address).status_code == 200
    page = client.get(address).text
    check_page(page, address)
    assert letter_of(pages).received_at is None
    assert pages.stage.reference in page
    for hidden in (play.LIAISON, "Tom", "Halden", "<script"):
        assert hidden not in page
    answer = client.post(address, data={"csrf_token": button(page)})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "It is noted that this letter was received" in answer.text
    check_page(answer.text, address)
    first = letter_of(pages).received_at
    assert first == pages.stage.now
    # Twice is fine, and later it says when.
    assert client.post(address, data={"csrf_token": button(page)}).status_code == 200
    assert "There is nothing more to do." in client.get(address).text
    assert letter_of(pages).received_at == first
    # It opened no door.
    assert client.get(pages.base).status_code == 302


def test_a_button_that_was_not_on_the_page_counts_nothing(pages, address: str) -> None:
    client = pages.app.test_client()
    signed_in = pages.visitor(play.LIAISON)
    for data in ({}, {"csrf_token": ""}, {"csrf_token": "1.x"}, {"csrf_token": signed_in.token()}):
        answer = client.post(address, data=data)
        assert answer.status_code == 409
        assert "Press the button once more." in answer.text
        check_page(answer.text, address)
    assert signed_in.client.post(address).status_code == 409
    assert client.post(address, json={"csrf_token": button(client.get(address).text)}).status_code
    assert letter_of(pages).received_at is None
    for method in ("put", "delete", "patch"):
        assert getattr(client, method)(address).status_code == 405
    # Another site's form, in a browser that says so.
    answer = client.post(
        address,
        data={"csrf_token": button(client.get(address).text)},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 400
    assert letter_of(pages).received_at is None


def test_too_many_wrong_buttons_have_to_wait(pages, address: str) -> None:
    client = pages.app.test_client()
    right = button(client.get(address).text)
    for _ in range(receipts.MOST_WRONG):
        assert client.post(address).status_code == 409
    held = client.post(address, data={"csrf_token": right})
    assert held.status_code == 429
    assert "Wait fifteen minutes" in held.text
    assert letter_of(pages).received_at is None
    # Looking is never held off.
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("tail", ["x", "..%2f..%2f", "%00", "é", "x" * 43, "x" * 3000])
def test_what_is_no_link_of_ours_says_so(pages, tail: str) -> None:
    client = pages.app.test_client()
    for answer in (client.get(f"/received/{tail}"), client.post(f"/received/{tail}")):
        assert answer.status_code == 404
        if "received" in answer.request.path and "/.." not in answer.request.path:
            assert "This link is not one of ours" in answer.text
            check_page(answer.text, "wrong")


def test_letters_that_are_over(pages, address: str) -> None:
    client = pages.app.test_client()
    right = button(client.get(address).text)
    with pages.stage.act() as ctx:
        ctx.session.execute(update(Demand).values(state="withdrawn"))
    for answer in (client.get(address), client.post(address, data={"csrf_token": right})):
        assert answer.status_code == 410
        assert "was withdrawn" in answer.text
        assert pages.stage.reference not in answer.text
        check_page(answer.text, address)
    with pages.stage.act() as ctx:
        ctx.session.execute(
            update(Letter).values(erased_at=pages.stage.now, subject="", to_name="")
        )
    gone = client.get(address)
    assert gone.status_code == 410
    assert "not kept here any more" in gone.text
    assert letter_of(pages).received_at is None


def test_somebody_who_is_signed_in_stays_who_they_are(pages, address: str) -> None:
    visitor = pages.visitor(play.CASEWORK)
    page = visitor.get(address).text
    assert "Sign out" not in page
    assert visitor.client.post(address, data={"csrf_token": button(page)}).status_code == 200
    assert letter_of(pages).received_at == pages.stage.now
    visitor.get(pages.base)
