"""Requests that no page of ours sends: too many fields, numbers without end, nested JSON."""

from __future__ import annotations

import time

import pytest

from tests import stage as play


@pytest.mark.parametrize("path", ["/keys/prepare", "/keys/enrol"])
def test_json_nested_without_end(house, path):
    visitor = house.visitor("signatory")
    answer = visitor.client.post(
        path,
        data=b"[" * 200_000,
        content_type="application/json",
        headers={"X-CSRFToken": visitor.token(), "Accept": "application/json"},
    )
    assert answer.status_code == 400
    assert "can't be read" in answer.json["sentence"]


@pytest.mark.parametrize("position", ["2147483648", "9" * 30])
def test_a_file_at_a_place_that_no_database_counts_to(pages_at, position):
    staged = pages_at("issued")
    staged.visitor(play.SIGNATORY).get(f"/demands/{staged.stage.reference}/files/{position}", 404)


@pytest.mark.parametrize("path", ["/sign-in", "/forgotten", "/demands/ND-2013-004/close"])
def test_a_form_of_millions_of_fields(house, path):
    """Sixteen megabytes kept a thread busy for ten seconds, for anybody who sent them."""
    visitor = house.visitor()
    data = b"csrf_token=" + visitor.token().encode() + b"&a" * 8_000_000
    began = time.thread_time()  # of the processor: by the clock, a busy machine takes longer
    answer = visitor.client.post(path, data=data, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "larger than this installation takes" in answer.text
    assert time.thread_time() - began < 3


def test_a_form_with_as_many_fields_as_a_large_matrix(house):
    visitor = house.visitor("case_handler")
    answer = visitor.post("/people/invite", 400, cell=["1.x"] * 20_000)
    assert "Type the person" in answer.text


def test_asking_for_letters_from_one_place(house):
    """Whether an address is known shows in how long it takes: nobody measures a list of them."""
    asking = house.visitor()
    known = house.people["officer"].account.email
    for number in range(5):
        asking.post("/forgotten", 200, email=f"nobody{number}@x.example")
        asking.post("/forgotten", 200, email=known)
    held = [asking.post("/forgotten", 429, email=email) for email in ("x@x.example", known)]
    assert all("Wait fifteen minutes" in page.text for page in held)
    assert len(house.letters()) == 3
    house.pass_time(minutes=16)
    asking.post("/forgotten", 200, email="x@x.example")
