"""The pages that stand alone, as the application offers and sends them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

POLICY = "default-src 'none'; script-src 'sha256-abc'"
PAGE = (
    f'<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>x</title>'
)


@pytest.fixture
def built(house, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of built pages that is this test's own, with one page in it."""
    monkeypatch.setattr(house.app, "static_folder", str(tmp_path))
    folder = tmp_path / "built"
    folder.mkdir()
    (folder / "verify.html").write_text(PAGE)
    return folder


def test_a_page_is_sent_under_its_own_policy(house, built):
    answer = house.visitor().client.get("/verify.html")
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["Content-Security-Policy"] == f"{POLICY}; frame-ancestors 'none'"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert 'filename="attest-verify.html"' in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_is_that_page_s_alone(house, built):
    client = house.visitor().client
    client.get("/verify.html")
    assert "script-src 'self'" in client.get("/verify").headers["Content-Security-Policy"]
    assert client.get("/verify").headers["Cache-Control"] == "no-store"


def test_what_a_browser_has_is_not_sent_again(house, built):
    client = house.visitor().client
    first = client.get("/verify.html")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/verify.html", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    (built / "verify.html").write_text(PAGE + "<p>changed")
    changed = client.get("/verify.html", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.text.endswith("changed")


def test_the_hash_is_that_of_the_file(house, built):
    page = house.visitor().get("/verify").text
    assert hashlib.sha256(PAGE.encode()).hexdigest() in page
    assert 'download="attest-verify.html"' in page


def test_what_was_not_built_is_said_and_not_offered(house, built):
    (built / "verify.html").unlink()
    page = house.visitor().get("/verify").text
    assert "has not built the page" in page
    assert "/verify.html" not in page
    house.visitor().get("/verify.html", 404)
    house.visitor().get("/signer.html", 404)


def test_no_other_file_is_sent(house, built):
    (built / "other.html").write_text(PAGE)
    house.visitor().get("/other.html", 404)


def test_the_real_page_names_its_script_by_its_hash(house):
    answer = house.visitor().client.get("/verify.html")
    script, style = re.findall(r"'(sha256-[^']+)'", answer.headers["Content-Security-Policy"])
    assert script != style
    assert "connect-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
